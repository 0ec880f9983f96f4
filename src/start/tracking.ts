import { join } from 'node:path';
import { pendingHitStore } from '../adapters/postgres/tracking/pending-hit-store.ts';
import { hitSpool } from '../adapters/spool/hit-spool.ts';
import { linkSnapshot } from '../adapters/spool/link-snapshot.ts';
import type { Log, Queue } from '../journey/ports.ts';
import type { Recorded } from '../journey/scoring/ports/ledger.ts';
import { type HitRecorder, makeRecorder } from '../journey/tracking/record-hits.ts';
import type { Runtime } from '../runtime.ts';
import { type LinkTables, makeLinkTables } from '../web/tracking/link-tables.ts';

/** One write is under way at a time; the second connection is there when the first one hangs. */
const CONNECTIONS = 2;

interface Deps {
  program: Pick<Runtime, 'connect' | 'database'> & {
    settings: Pick<Runtime['settings'], 'dataDir'>;
  };
  queue: Pick<Queue, 'add'>;
  log: Log;
  now: () => Date;
  processHits: () => Promise<{ taken: number } & Recorded>;
}

/**
 * What opens and clicks need, with connections of its own: a page that waits for Postgres must not make a reader wait.
 * What an earlier process left behind is loaded.
 */
export async function startTracking({ program, queue, log, now, processHits }: Deps): Promise<{
  recorder: HitRecorder;
  linkTables: LinkTables;
  stop(): Promise<void>;
}> {
  const { dataDir } = program.settings;
  const pool = program.connect(CONNECTIONS);
  const recorder = makeRecorder({
    pendingHits: pendingHitStore(pool),
    spool: hitSpool(join(dataDir, 'spool'), log),
    processHits,
    queue,
    log,
    now,
  });
  const linkTables = makeLinkTables({
    issues: program.database.stores.issues,
    snapshot: linkSnapshot(join(dataDir, 'link-tables.txt')),
    log,
  });
  await linkTables.start();
  recorder.recover();
  return {
    recorder,
    linkTables,
    async stop() {
      linkTables.stop();
      await recorder.stop();
      await pool.end();
    },
  };
}
