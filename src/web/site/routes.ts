import type { FastifyInstance } from 'fastify';
import type { WebContext } from '../context.ts';
import { siteForms } from './forms.ts';
import { siteScript } from './script.ts';
import { siteVisits } from './visits.ts';

/** What the company's own site uses of Simmer: the script, the visits it tells, and forms that post here. */
export async function siteRoutes(app: FastifyInstance, context: WebContext): Promise<void> {
  siteScript(app);
  await app.register(async (scope) => siteVisits(scope, context));
  await app.register(async (scope) => siteForms(scope, context));
}
