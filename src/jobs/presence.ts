import { takeOver } from '../journey/delivery/deliver/take-over.ts';
import { OUTBOX_LEASE_MS } from '../journey/delivery/send-outbox.ts';
import type { Database, Log } from '../journey/ports.ts';
import type { InHand, Patience, WorkerIdentity, WorkerStore } from '../journey/worker-ports.ts';

export interface PresenceDeps {
  /** Over a connection of its own: a worker with all hands full is not a dead one. */
  workers: WorkerStore;
  database: Pick<Database, 'stores'>;
  identity: WorkerIdentity;
  /** Whether a process of this machine has certainly ended. */
  hasEnded: (process: string) => boolean;
  /** What this worker knows to hold: else what is in its name, such as of a claim whose answer was lost, it gives up. */
  inHand: Readonly<InHand>;
  log: Log;
  now: () => Date;
  /** Milliseconds that have passed since some moment, sleep of the machine included; never less than before. */
  elapsed: () => number;
}

export interface Rhythm extends Patience {
  /** How often a worker says that it is there. */
  beatMs: number;
}

/** Others take over within half a minute and a beat; a process of the same machine within a beat. */
export const RHYTHM: Rhythm = { beatMs: 5_000, silentMs: 30_000, steadyMs: 15_000 };

export interface Presence {
  name: string;
  /**
   * Tells, from now on and whenever it is asked, whether this worker was certainly taken for alive all the time since. As soon
   * as it does not, others may have taken over what it holds.
   */
  hold(): () => boolean;
  /** To be called when all that it held is handed back. */
  stop(): Promise<void>;
}

/**
 * Says every few seconds that this worker is there, and takes over what dead ones held. A worker that cannot say so, as it was
 * stopped or the database is away, knows by its own clock before the others can.
 */
export async function startPresence(deps: PresenceDeps, rhythm: Rhythm = RHYTHM): Promise<Presence> {
  const { workers, identity, log, elapsed } = deps;
  const { beatMs, silentMs, steadyMs } = rhythm;
  /** It is taken for alive so long after it last said so; the rest is for what is just on its way. */
  const heldMs = silentMs - beatMs;
  let saidAt = Number.NEGATIVE_INFINITY;
  let lapses = 0;
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;

  const takeOverFromDead = taker(deps, rhythm);
  /**
   * Beside the beats: counting what a dead worker left may take longer than others wait for the next one. One that hangs, on a
   * connection that is dead, is not waited for for ever.
   */
  let takingOver: { since: number; end: Promise<void> } | null = null;
  const lookForDead = (at: number) => {
    if (takingOver && at - takingOver.since <= silentMs) return;
    const end = takeOverFromDead()
      .catch((error: Error) => log.warn({ error: error.message }, 'could not take over from dead workers'))
      .finally(() => {
        if (takingOver?.end === end) takingOver = null;
      });
    takingOver = { since: at, end };
  };

  const beat = async () => {
    const at = elapsed();
    try {
      await workers.beat(identity, steadyMs);
      if (at - saidAt > heldMs) lapses += 1;
      saidAt = at;
      lookForDead(at);
    } catch (error) {
      log.warn({ error: (error as Error).message }, 'could not say that this worker is there');
    }
    if (!isStopped) timer = setTimeout(next, beatMs);
  };
  let current = Promise.resolve();
  const next = () => {
    current = beat();
  };
  next();
  await current;
  return {
    name: identity.name,
    hold() {
      const then = lapses;
      return () => lapses === then && elapsed() - saidAt <= heldMs;
    },
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await current;
      await takingOver?.end;
      await workers.leave(identity.name).catch(() => {});
    },
  };
}

function taker(
  { workers, database, identity, hasEnded, inHand, log, now }: PresenceDeps,
  patience: Patience,
): () => Promise<void> {
  /** Leases were ended, or may have been, and what they were for is not free yet. */
  let isOwing = false;
  return async () => {
    const neighbours = identity.boot === null ? [] : await workers.neighbours(identity);
    const gone = neighbours.filter(({ process }) => hasEnded(process)).map(({ name }) => name);
    if (gone.length > 0) await workers.noteGone(gone);
    const at = now();
    const wasOwing = isOwing;
    isOwing = true;
    const times = { graceMs: patience.silentMs, mailLeaseMs: OUTBOX_LEASE_MS };
    const lost = await workers.endLostLeases(identity.name, inHand, times, at);
    const held = await workers.endLeasesOfDead(identity.name, patience, at);
    if (wasOwing || lost + held > 0) await takeOver({ database, log }, at);
    isOwing = false;
  };
}
