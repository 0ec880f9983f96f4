import type { FastifyInstance } from 'fastify';
import { readToken } from '../../domain/tokens.ts';
import type { WebContext } from '../context.ts';
import type { MakeHit } from './arrived-hit.ts';

/** One transparent pixel, 43 bytes. */
const PIXEL = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

/** The open pixel. Whatever is wrong, a picture is the answer: a broken image in a mail helps nobody. */
export function openRoute(app: FastifyInstance, context: WebContext, makeHit: MakeHit): void {
  const { recorder, log } = context;
  app.route<{ Params: { token: string } }>({
    method: ['GET', 'HEAD'],
    url: '/o/:token',
    handler: async (request, reply) => {
      const subject = readToken(context.secrets, request.params.token);
      if (subject?.kind === 'delivery') {
        const { deliveryId } = subject;
        const hit = makeHit(request, { kind: 'open', deliveryId, linkNumber: null });
        await recorder.record(hit).catch((error) => {
          log.error({ deliveryId, error: String(error) }, 'an open could not be recorded');
        });
      }
      return reply
        .header('content-type', 'image/gif')
        .header('cache-control', 'no-store, private')
        .header('cross-origin-resource-policy', 'cross-origin')
        .send(PIXEL);
    },
  });
}
