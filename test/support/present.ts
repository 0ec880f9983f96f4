import { silentLog } from '../../src/adapters/log.ts';
import { workerStore } from '../../src/adapters/postgres/delivery/worker-store.ts';
import { elapsedTime } from '../../src/adapters/process/elapsed.ts';
import { hasEnded, ownIdentity } from '../../src/adapters/process/identity.ts';
import { type Presence, RHYTHM, startPresence } from '../../src/jobs/presence.ts';
import type { Database } from '../../src/journey/ports.ts';
import { emptyHands } from '../../src/journey/worker-ports.ts';

/** This process as a worker that others know to live; `faster`: so many times as fast as in earnest. */
export function present(
  db: { pool: Parameters<typeof workerStore>[0]; database: Database },
  faster = 1,
  inHand = emptyHands(),
  identity = ownIdentity(),
): Promise<Presence> {
  const { beatMs, silentMs, steadyMs } = RHYTHM;
  return startPresence(
    {
      workers: workerStore(db.pool),
      database: db.database,
      identity,
      hasEnded,
      inHand,
      log: silentLog,
      now: () => new Date(),
      elapsed: elapsedTime(),
    },
    { beatMs: beatMs / faster, silentMs: silentMs / faster, steadyMs: steadyMs / faster },
  );
}
