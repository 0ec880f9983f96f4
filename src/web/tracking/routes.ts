import type { FastifyInstance } from 'fastify';
import { makeRecorder } from '../../journey/engagement/record-engagement.ts';
import type { WebContext } from '../context.ts';
import { clickRoute } from './click.ts';
import { makeLinkTables } from './link-tables.ts';
import { openRoute } from './open.ts';

/** Opens and clicks. Both share one recorder, so that they share its batches. */
export function trackingRoutes(app: FastifyInstance, context: WebContext): void {
  const record = makeRecorder(context);
  openRoute(app, context, record);
  clickRoute(app, context, record, makeLinkTables(context.database.stores.issues));
}
