import type { RecordedHit } from '../../domain/tracking/hit.ts';
import { groupCommit } from '../group-commit.ts';
import type { Log, Queue } from '../ports.ts';
import type { Recorded } from '../scoring/ports/ledger.ts';
import type { HitSpool, PendingHitStore } from './ports/hits.ts';

/** Larger batches gain nothing and make the last of a burst wait longer. */
const MOST_AT_ONCE = 500;
/** Between two rounds of taking in, so that each has many hits: a round costs nearly the same for one and for hundreds. */
const GATHER_MS = 50;
/** While Postgres is away it is asked so often. */
const ASK_AGAIN_MS = 1_000;
/** And so often the spool is looked into while it is there: another process may have died and left something. */
const LOOK_AGAIN_MS = 30_000;
/** Hits that neither Postgres nor the disk takes are kept in memory, so many at most. */
const MOST_IN_MEMORY = 100_000;

interface Deps {
  pendingHits: PendingHitStore;
  spool: HitSpool;
  /** Takes in what has arrived. */
  processHits: () => Promise<{ taken: number } & Recorded>;
  queue: Pick<Queue, 'add'>;
  log: Log;
  now: () => Date;
}

export interface HitRecorder {
  /** Resolves when the hit is durable: in Postgres, or in the spool while Postgres is away. */
  record(hit: RecordedHit): Promise<void>;
  /** Loads what earlier processes left in the spool, and takes in what they left in Postgres. */
  recover(): void;
  /** Ends the rounds; hits that are durable are taken in by the next process. */
  stop(): Promise<void>;
}

/**
 * Records opens and clicks: many requests share one write. When Postgres fails or hangs, this and all further hits go to
 * the spool until it takes them again; then the spool is loaded, oldest first, before hits go to Postgres directly.
 */
export function makeRecorder(deps: Deps): HitRecorder {
  const { pendingHits, spool, log } = deps;
  let isAway = false;
  let isStopped = false;
  let inMemory: RecordedHit[] = [];
  let isLoading = false;
  let timer: NodeJS.Timeout | undefined;
  const rounds = makeRounds(deps, () => isStopped);

  const loadIn = (ms: number) => {
    clearTimeout(timer);
    if (!isStopped && !isLoading) timer = setTimeout(load, ms);
  };

  async function write(hits: RecordedHit[]): Promise<void> {
    if (!isAway) {
      try {
        await pendingHits.append(hits);
        rounds.begin();
        return;
      } catch (error) {
        if (!isAway) log.error({ error: String(error) }, 'Postgres takes no hits; they go to the spool');
        isAway = true;
        loadIn(ASK_AGAIN_MS);
      }
    }
    try {
      await spool.append(hits);
    } catch (error) {
      if (inMemory.length + hits.length > MOST_IN_MEMORY) throw error;
      log.error({ error: String(error) }, 'the spool cannot be written; hits are kept in memory only');
      inMemory.push(...hits);
    }
  }

  async function load(): Promise<void> {
    isLoading = true;
    try {
      // Nothing may be in the spool: then this alone says whether Postgres is back.
      await pendingHits.append([]);
      await loadMemory();
      let loaded = await spool.drain((hits) => pendingHits.append(hits));
      // From here on hits go to Postgres again; those that came while the spool was read are its last.
      const wasAway = isAway;
      isAway = false;
      loaded += await spool.drain((hits) => pendingHits.append(hits));
      if (wasAway || loaded > 0) log.info({ hits: loaded }, 'Postgres takes hits; the spool is loaded');
      rounds.begin();
    } catch (error) {
      log.debug({ error: String(error) }, 'Postgres is still away');
      isAway = true;
    }
    isLoading = false;
    loadIn(isAway ? ASK_AGAIN_MS : LOOK_AGAIN_MS);
  }

  async function loadMemory(): Promise<void> {
    while (inMemory.length > 0) {
      await pendingHits.append(inMemory.slice(0, MOST_AT_ONCE));
      inMemory = inMemory.slice(MOST_AT_ONCE);
    }
  }

  return {
    record: groupCommit(write, MOST_AT_ONCE),
    recover: () => loadIn(0),
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await rounds.ended();
      await spool.close();
    },
  };
}

/** Takes in, round after round, until nothing waits. One at a time; what is asked for meanwhile is one further round. */
function makeRounds(deps: Deps, isStopped: () => boolean) {
  let isWanted = false;
  let current: Promise<void> | null = null;

  async function run(): Promise<void> {
    while (isWanted && !isStopped()) {
      isWanted = false;
      try {
        const { taken, qualified } = await deps.processHits();
        // Not waited for: taking in must not hang on a queue that does. It never rejects.
        void remindOfAlerts(deps, qualified);
        if (taken > 0) isWanted = true;
      } catch (error) {
        // They are durable: the schedule takes them in, or the next round does.
        deps.log.warn({ error: String(error) }, 'hits could not be taken in yet');
      }
      if (isWanted) await new Promise((resolve) => setTimeout(resolve, GATHER_MS));
    }
    current = null;
  }

  return {
    begin() {
      isWanted = true;
      current ??= run();
    },
    ended: () => current ?? Promise.resolve(),
  };
}

/**
 * Sets a reminder for each alert that has just been committed. The alerts stand in the outbox: a reminder that cannot
 * be set is made up for by the schedule.
 */
export async function remindOfAlerts(
  deps: Pick<Deps, 'queue' | 'log' | 'now'>,
  qualified: Recorded['qualified'],
): Promise<void> {
  for (const { alertId, alertDueAt } of qualified) {
    const delayMs = Math.max(0, alertDueAt.getTime() - deps.now().getTime());
    try {
      await deps.queue.add({ name: 'send-outbox' }, { key: `alert-${alertId}`, delayMs });
    } catch (error) {
      deps.log.warn(
        { alertId, error: String(error) },
        'no reminder for a sales alert; the schedule will send it',
      );
    }
  }
}
