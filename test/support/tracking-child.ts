/**
 * A web process for tests that kill it and for benchmarks: opens and clicks, and nothing else. It starts whether or not
 * Postgres is there.
 * node --import tsx test/support/tracking-child.ts DATABASE_URL DATA_DIR PORT
 */
import Fastify from 'fastify';
import { makeLog, silentLog } from '../../src/adapters/log.ts';
import { makePool } from '../../src/adapters/postgres/pool.ts';
import { makeDatabase } from '../../src/database.ts';
import { shortenAddress } from '../../src/domain/tracking/network.ts';
import { processHits } from '../../src/journey/tracking/process-hits.ts';
import { startTracking } from '../../src/start/tracking.ts';
import type { WebContext } from '../../src/web/context.ts';
import { trackingRoutes } from '../../src/web/tracking/routes.ts';
import { testLinks, testProgramme, testPublicUrl, testSecrets } from './programme.ts';

const [databaseUrl, dataDir, port] = process.argv.slice(2) as [string, string, string];
const programme = testProgramme();
const log = process.env.LOG_LEVEL ? makeLog(process.env.LOG_LEVEL) : silentLog;
const pool = makePool(databaseUrl, log, 4);
const database = makeDatabase(pool, { programme, links: testLinks });
const now = () => new Date();
const { recorder, linkTables } = await startTracking({
  program: {
    settings: { dataDir },
    connect: (connections) => makePool(databaseUrl, log, connections),
    database,
  },
  queue: { add: async () => {} },
  log,
  now,
  processHits: () => processHits({ database, machines: programme.machines }, now()),
});
const app = Fastify({ routerOptions: { maxParamLength: 500 } });
trackingRoutes(app, {
  programme,
  links: testLinks,
  secrets: testSecrets,
  publicUrl: testPublicUrl,
  log,
  recorder,
  linkTables,
  keepAddress: shortenAddress,
  now,
  // Redirects use nothing else of it.
} as Partial<WebContext> as WebContext);
await app.listen({ host: '127.0.0.1', port: Number(port) });
process.stdout.write('listening\n');
