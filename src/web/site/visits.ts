import type {} from '@fastify/rate-limit';
import type { FastifyInstance } from 'fastify';
import { readPageVisit } from '../../domain/scoring/touchpoint-form.ts';
import { classify } from '../../domain/tracking/classify.ts';
import { isOnSite, readSiteToken } from '../../domain/tracking/site-token.ts';
import { recordVisit } from '../../journey/tracking/record-visit.ts';
import type { WebContext } from '../context.ts';
import { readHit } from '../hit.ts';
import { isDeclaredBot } from '../tracking/declared-bot.ts';

/** Whole offices share an address. */
const PER_NETWORK_ADDRESS = { max: 600, timeWindow: '10 minutes' };

/**
 * POST /t, what /s.js tells. Whatever is wrong, the answer is the same: nothing here is worth probing. A browser that asks
 * not to be followed is not, whatever its script said.
 */
export function siteVisits(app: FastifyInstance, context: WebContext): void {
  app.addContentTypeParser('text/plain', { parseAs: 'string' }, (_request, body, done) => done(null, body));

  app.post(
    '/t',
    { bodyLimit: 8 * 1024, config: { rateLimit: PER_NETWORK_ADDRESS } },
    async (request, reply) => {
      reply.code(204).header('cache-control', 'no-store');
      if (request.headers['sec-gpc'] === '1' || request.headers.dnt === '1') return reply.send();
      const told = readTold(request.body);
      const now = context.now();
      const visitor = told && readSiteToken(context.secrets, told.token, now);
      const visit = told && readPageVisit(told.page, told.referrer);
      if (!visitor || !visit || !isOnSite(visit.page, context.programme.site.hosts)) return reply.send();
      const hit = readHit(request);
      if (classify(hit, isDeclaredBot).class === 'machine') return reply.send();
      try {
        await recordVisit(context, { visitor, visit, hit }, now);
      } catch (error) {
        context.log.warn({ error: String(error) }, 'a visit of the site could not be recorded');
      }
      return reply.send();
    },
  );
}

function readTold(body: unknown): { token: string; page: string; referrer: string } | null {
  try {
    const { token, page, referrer } = JSON.parse(String(body)) as Record<string, unknown>;
    if (typeof token !== 'string' || typeof page !== 'string') return null;
    return { token, page, referrer: typeof referrer === 'string' ? referrer : '' };
  } catch {
    return null;
  }
}
