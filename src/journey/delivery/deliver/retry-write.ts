import type { Log } from '../../ports.ts';

export interface Persistence {
  /** What is written, for the log: "could not write {what}". */
  what: string;
  log: Log;
  /** Aborted when the process is to stop: then it is tried for half a minute more, not for ever. */
  signal: AbortSignal | undefined;
}

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;
const TRIES_WHEN_STOPPING = 10;

/** So many tries of one item while others could be written: it is this item that cannot be. */
const TRIES_OF_A_BAD_ITEM = 10;

/**
 * Makes a write that does not give up while the database is away. It does give up, with the last error, on an item
 * that cannot be written although others can, and some time after the process was told to stop.
 */
export function writeUntilWritten<Item>(
  write: (item: Item) => Promise<void>,
  { what, log, signal }: Persistence,
): (item: Item) => Promise<void> {
  let written = 0;
  return async (item) => {
    const writtenBefore = written;
    let triesSinceStop = 0;
    for (let tries = 1; ; tries += 1) {
      try {
        await write(item);
        written += 1;
        return;
      } catch (error) {
        if (signal?.aborted) triesSinceStop += 1;
        const isBadItem = tries >= TRIES_OF_A_BAD_ITEM && written > writtenBefore;
        if (isBadItem || triesSinceStop >= TRIES_WHEN_STOPPING) throw error;
        log.warn({ tries, error: (error as Error).message }, `could not write ${what}; trying again`);
        await pause(Math.min(FIRST_PAUSE_MS * 2 ** (tries - 1), LONGEST_PAUSE_MS));
      }
    }
  };
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
