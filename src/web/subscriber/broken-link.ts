import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { WebContext } from '../context.ts';
import { pageLanguage, showPage } from './page.ts';

/** Where a link leads whose token is wrong, altered or cut off by a mail program: says so, and what to do. */
export function brokenLinkPage(app: FastifyInstance, context: WebContext): void {
  app.get('/broken-link', (request, reply) => showBrokenLink(context, request, reply));
}

export function showBrokenLink(
  context: WebContext,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  return showPage(context, reply.code(404), 'broken-link', pageLanguage(context, request));
}
