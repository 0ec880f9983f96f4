import { fileURLToPath } from 'node:url';
import cookie from '@fastify/cookie';
import formbody from '@fastify/formbody';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import fastifyStatic from '@fastify/static';
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import type { InboxStore } from '../journey/delivery/inbox-ports.ts';
import { apiRoutes } from './api/routes.ts';
import type { WebContext } from './context.ts';
import { errorPages } from './error-pages.ts';
import { health, type ReadyChecks } from './health.ts';
import { inboxRoutes } from './inbox/routes.ts';
import { type ReturnIntake, returnRoutes } from './returns/routes.ts';
import { sampleFeeds } from './sample/feeds.ts';
import { sampleSite } from './sample/site.ts';
import { securityHeaders } from './security.ts';
import { siteRoutes } from './site/routes.ts';
import { staffPages } from './staff/routes.ts';
import { subscriberPages } from './subscriber/routes.ts';
import { trackingRoutes } from './tracking/routes.ts';

export interface AppOptions {
  trustProxy: boolean | number | string[];
  ready: ReadyChecks;
  /** Null outside the embedded set-up: then there is no /inbox. */
  inbox: InboxStore | null;
  /** How posts of mail providers are proved; left out, there is no /returns. */
  returns?: ReturnIntake;
}

const ASSETS = fileURLToPath(new URL('../../templates/pages/assets/', import.meta.url));
/** Forms and one-click posts are small; anything larger is not one of them. */
const LARGEST_BODY = 64 * 1024;

/** The web application, not yet listening. Every folder's routes are registered here by name. */
export async function buildApp(context: WebContext, options: AppOptions): Promise<FastifyInstance> {
  const app = Fastify({
    logger: false,
    trustProxy: trusted(options.trustProxy),
    bodyLimit: LARGEST_BODY,
    routerOptions: { ignoreTrailingSlash: false, maxParamLength: 500 },
    forceCloseConnections: 'idle',
  });
  errorPages(app, context);
  logRequests(app, context);
  await app.register(helmet, securityHeaders(context.publicUrl));
  await app.register(cookie);
  await app.register(formbody);
  takeMultipart(app);
  // Nothing is limited unless its route says so.
  await app.register(rateLimit, { global: false });
  await app.register(fastifyStatic, { root: ASSETS, prefix: '/assets/', index: false, maxAge: '1h' });

  health(app, options.ready);
  const routes: ((app: FastifyInstance, context: WebContext) => void | Promise<void>)[] = [
    subscriberPages,
    trackingRoutes,
    siteRoutes,
    apiRoutes,
    staffPages,
    sampleSite,
    sampleFeeds,
  ];
  for (const register of routes) await app.register(async (scope) => register(scope, context));
  const { inbox, returns } = options;
  if (returns) await app.register(async (scope) => returnRoutes(scope, context, returns));
  if (inbox) await app.register(async (scope) => inboxRoutes(scope, context, inbox));
  return app;
}

/** Whose X-Forwarded-For is believed: with a number, that many proxies in front. */
function trusted(setting: AppOptions['trustProxy']) {
  if (typeof setting !== 'number') return setting;
  return (_address: string, hop: number) => hop < setting;
}

/** One line a request, by its route: the address itself holds tokens, and its query what people typed. */
function logRequests(app: FastifyInstance, { log }: WebContext): void {
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'no such page';
    if (route.startsWith('/health/')) return;
    const details = {
      method: request.method,
      route,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
    };
    log.debug(details, 'request');
  });
}

/** Mail programs post the one-click unsubscribe of RFC 8058 as multipart/form-data too. Only its text fields are read. */
function takeMultipart(app: FastifyInstance): void {
  app.addContentTypeParser<Buffer>(
    'multipart/form-data',
    { parseAs: 'buffer' },
    async (request: FastifyRequest, body: Buffer) => {
      const headers = { 'content-type': request.headers['content-type'] ?? '' };
      const fields: Record<string, string> = {};
      try {
        const form = await new Response(new Uint8Array(body), { headers }).formData();
        form.forEach((value, name) => {
          if (typeof value === 'string') fields[name] = value;
        });
      } catch (error) {
        throw Object.assign(new Error('the form cannot be read', { cause: error }), { statusCode: 400 });
      }
      return fields;
    },
  );
}
