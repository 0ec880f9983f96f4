import type { FastifyInstance } from 'fastify';
import { CALL_BACK_TARGET } from '../../domain/links.ts';
import { readToken } from '../../domain/tokens.ts';
import type { RecordedHit } from '../../domain/tracking/hit.ts';
import { isOnSite, makeSiteToken, withSiteToken } from '../../domain/tracking/site-token.ts';
import type { WebContext } from '../context.ts';
import { redirectTo } from '../redirect.ts';
import { showBrokenLink } from '../subscriber/broken-link.ts';
import type { MakeHit } from './arrived-hit.ts';

/**
 * A tracked link. Where it leads stands in the issue's link table and nowhere in the request, so nobody can make it
 * lead elsewhere. A click always lands: when it cannot be recorded that is our loss, not the reader's; and when the table
 * can be had from nowhere, the company's site is where it lands.
 */
export function clickRoute(app: FastifyInstance, context: WebContext, makeHit: MakeHit): void {
  const { recorder, linkTables, links, log, programme, secrets } = context;
  const { tracking, hosts, tokenLifetimeMs } = programme.site;
  // Machines are told nothing by which they could be taken for a reader on the site.
  const isFollowed = ({ verdict }: RecordedHit, url: string) =>
    tracking && verdict.class === 'human' && isOnSite(url, hosts);
  const followed = ({ deliveryId, key, at }: RecordedHit, url: string) => {
    const expiresAt = new Date(at.getTime() + tokenLifetimeMs);
    return withSiteToken(url, makeSiteToken(secrets, { deliveryId, click: key, expiresAt }));
  };
  app.route<{ Params: { token: string; number: string } }>({
    method: ['GET', 'HEAD'],
    url: '/c/:token/:number',
    handler: async (request, reply) => {
      reply.header('cache-control', 'no-store, private').header('referrer-policy', 'no-referrer');
      const subject = readToken(context.secrets, request.params.token);
      const linkNumber = readNumber(request.params.number);
      if (subject?.kind !== 'delivery' || linkNumber === null) return showBrokenLink(context, request, reply);
      const { issueId, deliveryId } = subject;
      const table = await linkTables.of(issueId).catch((error) => {
        log.error(
          { issueId, error: String(error) },
          'a link table cannot be read; the click goes to the site',
        );
        return null;
      });
      const link = table?.get(linkNumber);
      if (table && !link) return showBrokenLink(context, request, reply);
      const hit = makeHit(request, { kind: 'click', deliveryId, linkNumber });
      await recorder.record(hit).catch((error) => {
        log.error({ deliveryId, linkNumber, error: String(error) }, 'a click could not be recorded');
      });
      if (!link) return redirectTo(reply, links.absolute(programme.brand.siteUrl));
      if (link.url === CALL_BACK_TARGET) return redirectTo(reply, links.callBack(issueId, deliveryId));
      return redirectTo(reply, isFollowed(hit, link.url) ? followed(hit, link.url) : link.url);
    },
  });
}

/** One spelling per number, so that "3", "03" and "3.0" are not three addresses of one link. */
function readNumber(text: string): number | null {
  return /^(0|[1-9]\d{0,5})$/.test(text) ? Number(text) : null;
}
