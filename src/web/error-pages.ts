import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { StoreAway } from '../domain/store-away.ts';
import type { WebContext } from './context.ts';
import { languageOf } from './language.ts';
import { currentStaff } from './staff/session/session.ts';
import { showStaffPage } from './staff/staff-page.ts';
import { languageLinks } from './subscriber/page.ts';

/** Which text a status is told with: web.error.KEY in the locales. */
type Kind = 'missing' | 'tooMany' | 'tooLarge' | 'bad' | 'broken' | 'away';

/** Seconds after which it is worth trying again while the database is away. */
const RETRY_AFTER = '10';

/** Whatever goes wrong ends in a page in the visitor's language (or JSON, where JSON was asked for). Faults are logged. */
export function errorPages(app: FastifyInstance, context: WebContext): void {
  app.setNotFoundHandler((request, reply) => answer(context, request, reply, 404, 'missing'));

  app.setErrorHandler<FastifyError>((error, request, reply) => {
    // It is told of elsewhere, once; whoever is here now is told to come back.
    if (error instanceof StoreAway)
      return answer(context, request, reply.header('retry-after', RETRY_AFTER), 503, 'away');
    const status = error.statusCode !== undefined && error.statusCode >= 400 ? error.statusCode : 500;
    if (status >= 500) {
      const where = request.routeOptions.url ?? 'unknown route';
      context.log.error(
        { error: error.message, stack: error.stack, method: request.method, route: where },
        'a request failed',
      );
    }
    return answer(context, request, reply, status, kindOf(status));
  });
}

function kindOf(status: number): Kind {
  if (status === 404) return 'missing';
  if (status === 429) return 'tooMany';
  if (status === 413) return 'tooLarge';
  return status < 500 ? 'bad' : 'broken';
}

async function answer(
  context: WebContext,
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  kind: Kind,
) {
  const language = languageOf(request, context.programme);
  reply.code(status).header('cache-control', 'no-store');
  if (wantsJson(request)) return reply.send({ error: kind, status });
  if (/^\/staff(\/|$)/.test(request.url)) {
    // Whoever is signed in keeps the way around; when Postgres is what is broken, the page stands without it.
    request.staff ??= await currentStaff(context, request).catch(() => null);
    return showStaffPage(context, request, reply, 'missing', { kind, status, isMissing: kind === 'missing' });
  }
  return reply.type('text/html; charset=utf-8').send(
    context.page('error', language, {
      languageLinks: request.method === 'GET' ? languageLinks(context, request, language) : [],
      kind,
      status,
      isMissing: kind === 'missing',
      isBroken: kind === 'broken',
    }),
  );
}

function wantsJson(request: FastifyRequest): boolean {
  const path = request.url.split('?')[0] ?? '';
  const accept = request.headers.accept ?? '';
  return (
    /^\/(api|health)\//.test(path) ||
    path.endsWith('.json') ||
    (accept.includes('application/json') && !accept.includes('text/html'))
  );
}
