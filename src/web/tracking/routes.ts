import type { FastifyInstance } from 'fastify';
import type { WebContext } from '../context.ts';
import { makeHits } from './arrived-hit.ts';
import { clickRoute } from './click.ts';
import { openRoute } from './open.ts';

/** Opens and clicks. Both share the context's recorder, so that they share its batches. */
export function trackingRoutes(app: FastifyInstance, context: WebContext): void {
  const makeHit = makeHits(context);
  openRoute(app, context, makeHit);
  clickRoute(app, context, makeHit);
}
