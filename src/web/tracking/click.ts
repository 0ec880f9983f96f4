import type { FastifyInstance } from 'fastify';
import { classify } from '../../domain/engagement/classify.ts';
import type { Happening } from '../../domain/engagement/happening.ts';
import { CALL_BACK_TARGET } from '../../domain/links.ts';
import { readToken } from '../../domain/tokens.ts';
import type { WebContext } from '../context.ts';
import { readHit } from '../hit.ts';
import { showBrokenLink } from '../subscriber/broken-link.ts';
import { isDeclaredBot } from './declared-bot.ts';
import type { LinkTables } from './link-tables.ts';

/**
 * A tracked link. Where it leads stands in the issue's link table and nowhere in the request, so nobody can make it
 * lead elsewhere. A click always lands: when it cannot be recorded that is our loss, not the reader's.
 */
export function clickRoute(
  app: FastifyInstance,
  context: WebContext,
  record: (happening: Happening) => Promise<void>,
  tables: LinkTables,
): void {
  app.route<{ Params: { token: string; number: string } }>({
    method: ['GET', 'HEAD'],
    url: '/c/:token/:number',
    handler: async (request, reply) => {
      reply.header('cache-control', 'no-store, private').header('referrer-policy', 'no-referrer');
      const subject = readToken(context.secrets, request.params.token);
      const linkNumber = readNumber(request.params.number);
      const link =
        subject?.kind === 'delivery' && linkNumber !== null
          ? (await tables.of(subject.issueId)).get(linkNumber)
          : undefined;
      if (subject?.kind !== 'delivery' || linkNumber === null || !link)
        return showBrokenLink(context, request, reply);
      const { issueId, deliveryId } = subject;
      const hit = readHit(request);
      const verdict = classify(hit, isDeclaredBot);
      await record({ kind: 'click', at: context.now(), deliveryId, linkNumber, hit, verdict }).catch(
        (error) =>
          context.log.error(
            { deliveryId, linkNumber, error: String(error) },
            'a click could not be recorded',
          ),
      );
      const target = link.url === CALL_BACK_TARGET ? context.links.callBack(issueId, deliveryId) : link.url;
      return reply.redirect(target, 302);
    },
  });
}

/** One spelling per number, so that "3", "03" and "3.0" are not three addresses of one link. */
function readNumber(text: string): number | null {
  return /^(0|[1-9]\d{0,5})$/.test(text) ? Number(text) : null;
}
