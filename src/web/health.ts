import Fastify, { type FastifyInstance } from 'fastify';

/** What has to work before requests may be sent here, each with a name for the answer. */
export type ReadyChecks = Readonly<Record<string, () => Promise<boolean>>>;

/**
 * /health/live: the process answers. /health/ready: what it needs answers too; else 503 with what does not. A load
 * balancer takes a process out on the second, an orchestrator restarts it on the first.
 */
export function health(app: FastifyInstance, checks: ReadyChecks): void {
  const quiet = { logLevel: 'silent' as const };

  app.get('/health/live', quiet, (_request, reply) =>
    reply.header('cache-control', 'no-store').send({ status: 'live' }),
  );

  app.get('/health/ready', quiet, async (_request, reply) => {
    const results = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => {
        const works = await check().catch(() => false);
        return [name, works ? 'answers' : 'does not answer'] as const;
      }),
    );
    const isReady = results.every(([, state]) => state === 'answers');
    return reply
      .code(isReady ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ status: isReady ? 'ready' : 'not ready', ...Object.fromEntries(results) });
  });
}

/** A worker has no pages; with HEALTH_PORT set it answers these two addresses and nothing else. */
export async function buildHealthApp(checks: ReadyChecks): Promise<FastifyInstance> {
  const app = Fastify({ logger: false, forceCloseConnections: true });
  health(app, checks);
  return app;
}
