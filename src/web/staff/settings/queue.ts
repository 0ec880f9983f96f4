import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import type { BoardRequest } from '../../../journey/ports.ts';
import type { WebContext } from '../../context.ts';
import { staffOnly } from '../session/session.ts';

/** Where the queue's own page lives, when it has one. */
export const QUEUE_BOARD = '/staff/queue/';

/** It writes styles of its own into the page and names the base of its links; scripts come from its folder alone. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri 'self'; form-action 'none'; frame-ancestors 'self'";

/** The board of a queue on Redis, for administrators: what waits, what runs. For reading only. */
export async function staffQueue(scope: FastifyInstance, context: WebContext): Promise<void> {
  const board = context.queue.board?.(QUEUE_BOARD);
  if (!board) return;
  scope.addHook('preHandler', staffOnly(context, []));
  const below = (path: string) => QUEUE_BOARD + path.replace(/^\//, '');
  for (const path of board.pages)
    scope.get(below(path), (_request, reply) =>
      reply
        .type('text/html; charset=utf-8')
        .headers({ 'cache-control': 'no-store', 'content-security-policy': POLICY })
        .send(board.page),
    );
  for (const { path, answer } of board.answers)
    scope.get<{ Querystring: BoardRequest['query']; Params: BoardRequest['params'] }>(
      below(path),
      async (request, reply) => {
        const { status, body } = await answer({ query: request.query, params: request.params });
        return reply.code(status).header('cache-control', 'no-store').send(body);
      },
    );
  await scope.register(fastifyStatic, {
    root: board.assets,
    prefix: below('static/'),
    decorateReply: false,
    index: false,
  });
}
