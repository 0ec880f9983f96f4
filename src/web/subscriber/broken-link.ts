import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { WebContext } from '../context.ts';
import { pageLanguage, showPage } from './page.ts';

/** What is wrong with a link: wrong, altered or cut off by a mail program; too old; or it has done what it was for. */
export type LinkFault = 'broken' | 'expired' | 'used';

/** Where a link leads that does not work (any more): says why, and what to do. */
export function brokenLinkPage(app: FastifyInstance, context: WebContext): void {
  app.get('/broken-link', (request, reply) => showBrokenLink(context, request, reply));
}

export function showBrokenLink(
  context: WebContext,
  request: FastifyRequest,
  reply: FastifyReply,
  fault: LinkFault = 'broken',
): FastifyReply {
  const status = fault === 'broken' ? 404 : 410;
  return showPage(context, reply.code(status), 'broken-link', pageLanguage(context, request), { fault });
}

/** A secret as we make them, and whole: if it is not known it has been used, or replaced by a newer one. */
export function isWholeSecret(secret: string): boolean {
  return /^[\w-]{43}$/.test(secret);
}
