import type {} from '@fastify/rate-limit';
import type { FastifyError, FastifyInstance } from 'fastify';
import { redact } from '../../domain/redact.ts';
import type { WebContext } from '../context.ts';
import { eventsApi } from './events.ts';
import { ApiProblem, hasGoodKey, keyHash } from './key.ts';
import { openApi } from './openapi.ts';
import { outcomesApi } from './outcomes.ts';
import { subscribersApi } from './subscribers.ts';

const API_VERSION = '1.0.0';
/** Per key that has opened something, whatever its header's spelling; per network address for all else, made-up keys too. */
const LIMIT = { max: 600, timeWindow: '1 minute' };
const MOST_KEYS = 1000;

/** /api/v1: for other programs of the company, with keys. Errors are application/problem+json. */
export async function apiRoutes(app: FastifyInstance, context: WebContext): Promise<void> {
  const known = new Set<string>();
  await app.register(
    async (api) => {
      api.setErrorHandler<FastifyError | ApiProblem>((error, request, reply) => {
        const problem = problemOf(error);
        if (problem.status >= 500)
          context.log.error(
            { error: error.message, stack: error.stack, route: request.routeOptions.url },
            'an API request failed',
          );
        if (problem.status === 401) reply.header('www-authenticate', 'Bearer');
        return reply.code(problem.status).type('application/problem+json').send(problem);
      });
      api.addHook('onRequest', async (_request, reply) => {
        reply.header('cache-control', 'no-store');
      });
      api.addHook(
        'onRequest',
        api.rateLimit({
          ...LIMIT,
          keyGenerator: (request) => {
            const hash = keyHash(request);
            return hash !== null && known.has(hash) ? hash : request.ip;
          },
        }),
      );
      api.addHook('onResponse', async (request) => {
        const hash = keyHash(request);
        if (hash === null || !hasGoodKey(request)) return;
        if (known.size >= MOST_KEYS) known.clear();
        known.add(hash);
      });
      api.get('/openapi.json', (_request, reply) => reply.send(openApi(context.publicUrl, API_VERSION)));
      eventsApi(api, context);
      outcomesApi(api, context);
      subscribersApi(api, context);
    },
    { prefix: '/api/v1' },
  );
}

function problemOf(error: FastifyError | ApiProblem) {
  if (error instanceof ApiProblem) {
    const { title, status, message, errors } = error;
    return { title, status, detail: message, ...(errors ? { errors } : {}) };
  }
  const status = error.statusCode !== undefined && error.statusCode >= 400 ? error.statusCode : 500;
  if (status >= 500)
    return { title: 'Simmer failed', status, detail: 'Try again; the log of the server says more.' };
  return { title: 'The request cannot be taken', status, detail: redact(error.message) };
}
