import type { FastifyInstance } from 'fastify';
import { classify } from '../../domain/engagement/classify.ts';
import type { Happening } from '../../domain/engagement/happening.ts';
import { readToken } from '../../domain/tokens.ts';
import type { WebContext } from '../context.ts';
import { readHit } from '../hit.ts';
import { isDeclaredBot } from './declared-bot.ts';

/** One transparent pixel, 43 bytes. */
const PIXEL = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

/** The open pixel. Whatever is wrong, a picture is the answer: a broken image in a mail helps nobody. */
export function openRoute(
  app: FastifyInstance,
  context: WebContext,
  record: (happening: Happening) => Promise<void>,
): void {
  app.route<{ Params: { token: string } }>({
    method: ['GET', 'HEAD'],
    url: '/o/:token',
    handler: async (request, reply) => {
      const subject = readToken(context.secrets, request.params.token);
      if (subject?.kind === 'delivery') {
        const hit = readHit(request);
        const { deliveryId } = subject;
        const verdict = classify(hit, isDeclaredBot);
        await record({ kind: 'open', at: context.now(), deliveryId, hit, verdict }).catch((error) =>
          context.log.error({ deliveryId, error: String(error) }, 'an open could not be recorded'),
        );
      }
      return reply
        .header('content-type', 'image/gif')
        .header('cache-control', 'no-store, private')
        .header('cross-origin-resource-policy', 'cross-origin')
        .send(PIXEL);
    },
  });
}
