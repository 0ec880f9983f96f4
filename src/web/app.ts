import { fileURLToPath } from 'node:url';
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import fastifyStatic from '@fastify/static';
import Fastify, { type FastifyInstance } from 'fastify';
import type { InboxStore } from '../journey/delivery/ports/inbox.ts';
import { apiRoutes } from './api/routes.ts';
import type { WebContext } from './context.ts';
import { errorPages } from './error-pages.ts';
import { health, type ReadyChecks } from './health.ts';
import { inboxRoutes } from './inbox/routes.ts';
import { connectionOf, takePlainAddresses } from './network-address.ts';
import { readQuery, takeForms } from './read-form.ts';
import { type ReturnIntake, returnRoutes } from './returns/routes.ts';
import { sampleFeeds } from './sample/feeds.ts';
import { usesSample } from './sample/in-use.ts';
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
  /** Told of each route as it is registered. */
  onRoute?: (method: string, url: string) => void;
  /** How long a request may take to arrive, headers and body. */
  requestMs?: number;
}

const ASSETS = fileURLToPath(new URL('../../templates/pages/assets/', import.meta.url));
/** Forms and one-click posts are small; anything larger is not one of them. */
const LARGEST_BODY = 64 * 1024;
/** The largest list of people over a slow line arrives in this time; who sends a byte now and then does not. */
const REQUEST_MS = 60_000;

/** The web application, not yet listening. Every folder's routes are registered here by name. */
export async function buildApp(context: WebContext, options: AppOptions): Promise<FastifyInstance> {
  const requestMs = options.requestMs ?? REQUEST_MS;
  const app = Fastify({
    logger: false,
    requestTimeout: requestMs,
    http: { headersTimeout: requestMs / 4, connectionsCheckingInterval: requestMs / 12 },
    trustProxy: trusted(options.trustProxy),
    bodyLimit: LARGEST_BODY,
    routerOptions: { ignoreTrailingSlash: false, maxParamLength: 500, querystringParser: readQuery },
    forceCloseConnections: 'idle',
  });
  takePlainAddresses(app);
  const { onRoute } = options;
  if (onRoute)
    app.addHook('onRoute', ({ method, url }) => {
      for (const one of [method].flat()) onRoute(one, url);
    });
  errorPages(app, context);
  logRequests(app, context);
  await app.register(helmet, securityHeaders(context.publicUrl));
  await app.register(cookie);
  takeForms(app);
  // Nothing is limited unless its route says so.
  await app.register(rateLimit, { global: false, keyGenerator: connectionOf });
  await app.register(fastifyStatic, { root: ASSETS, prefix: '/assets/', index: false, maxAge: '1h' });

  health(app, options.ready);
  const routes: ((app: FastifyInstance, context: WebContext) => void | Promise<void>)[] = [
    subscriberPages,
    trackingRoutes,
    siteRoutes,
    apiRoutes,
    staffPages,
    ...(usesSample(context.programme, context.publicUrl) ? [sampleSite, sampleFeeds] : []),
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
