import { StoreAway } from '../../domain/store-away.ts';
import type { Log } from '../../journey/ports.ts';
import { isAway } from './database-fault.ts';

/** Tells once when the database goes away, and once when it is back, for all connections of a process. */
export interface Outage {
  /** Of an error: StoreAway when it says that the database is away, else the error itself. */
  seen(error: unknown): unknown;
  /** To be called before something is asked; what it gives, when an answer came. */
  asking(): () => void;
}

/** How long single connections of a server that has died may still answer. */
const DYING_MS = 250;

export function watchOutage(log: Log, elapsed: () => number = () => performance.now()): Outage {
  let since: number | null = null;
  let outages = 0;
  return {
    seen(error) {
      if (error instanceof StoreAway || !isAway(error)) return error;
      if (since === null) {
        since = elapsed();
        outages += 1;
        const { message, code } = error as Error & { code?: string };
        log.error(
          { error: message || code },
          'the database is away: clicks land, all else waits until it is back',
        );
      }
      return new StoreAway(error);
    },
    asking() {
      const then = outages;
      const askedAt = elapsed();
      return () => {
        // What was asked before it went away may be answered still, and other connections live on for a moment.
        if (since === null || then !== outages || askedAt - since < DYING_MS) return;
        log.info({ awayForMs: Math.round(elapsed() - since) }, 'the database answers again');
        since = null;
      };
    },
  };
}
