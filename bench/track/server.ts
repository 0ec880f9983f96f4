/**
 * The tracking routes in a process of their own, over one way of storing.
 * node --import tsx bench/track/server.ts MODE DATABASE_URL DATA_DIR; says its port on stdout.
 */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import { silentLog } from '../../src/adapters/log.ts';
import { makePool } from '../../src/adapters/postgres/pool.ts';
import { APPEND_HITS } from '../../src/adapters/postgres/tracking/pending-hit-store.ts';
import { makeDatabase } from '../../src/database.ts';
import { shortenAddress } from '../../src/domain/tracking/network.ts';
import { processHits } from '../../src/journey/tracking/process-hits.ts';
import type { HitRecorder } from '../../src/journey/tracking/record-hits.ts';
import { startTracking } from '../../src/start/tracking.ts';
import type { WebContext } from '../../src/web/context.ts';
import { trackingRoutes } from '../../src/web/tracking/routes.ts';
import { testLinks, testProgramme, testPublicUrl, testSecrets } from '../../test/support/programme.ts';

/** none: nothing is stored · single: one INSERT per request · durable: as Simmer does, scored later · scored: and scored. */
export type Mode = 'none' | 'single' | 'durable' | 'scored';

const [mode, databaseUrl, dataDir] = process.argv.slice(2) as [Mode, string, string];
const programme = testProgramme();
const pool = makePool(databaseUrl, silentLog, 10);
const database = makeDatabase(pool, { programme, links: testLinks });
const now = () => new Date();
const queue = { add: async () => {} };
const processPending =
  mode === 'scored'
    ? () => processHits({ database, machines: programme.machines }, now())
    : async () => ({ taken: 0, qualified: [] });
const tracking = await startTracking({
  program: {
    settings: { dataDir },
    connect: (connections) => makePool(databaseUrl, silentLog, connections),
    database,
  },
  queue,
  log: silentLog,
  now,
  processHits: processPending,
});

const idle = { recover: () => {}, stop: async () => {} };
const recorders: Record<Mode, HitRecorder> = {
  none: { record: async () => {}, ...idle },
  single: {
    record: async (hit) => {
      await pool.query({
        name: 'append-hits',
        text: APPEND_HITS,
        values: [JSON.stringify([hit]), 1, hit.at],
      });
    },
    ...idle,
  },
  durable: tracking.recorder,
  scored: tracking.recorder,
};
const app = Fastify({ routerOptions: { maxParamLength: 500 } });
trackingRoutes(app, {
  programme,
  links: testLinks,
  secrets: testSecrets,
  publicUrl: testPublicUrl,
  log: silentLog,
  recorder: recorders[mode],
  linkTables: tracking.linkTables,
  keepAddress: shortenAddress,
  now,
  // Redirects use nothing else of it.
} as Partial<WebContext> as WebContext);
await app.listen({ host: '127.0.0.1', port: 0 });
process.stdout.write(`${(app.server.address() as AddressInfo).port}\n`);
await once(process, 'SIGTERM');
await app.close();
await tracking.stop();
await pool.end();
