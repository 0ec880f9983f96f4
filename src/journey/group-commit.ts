/** So many in a row that cannot be written even alone, and none that can: the store is away, not the items bad. */
const GIVE_UP_AFTER = 3;

/** Where nobody waits for the answer, a write may wait up to `ms` for as many as `least` items: fewer writes cost less. */
export interface Gathering {
  least: number;
  ms: number;
}

/**
 * Group commit, without a timer unless `gathering` asks for one: items join the batch that is being collected while the
 * one before it is written, and each call answers when its item has been written. Under load batches grow by themselves;
 * alone an item goes at once.
 *
 * When a batch cannot be written its items are tried one by one, so that a bad one fails alone. `write` must write
 * all of its items or none.
 */
export function groupCommit<T>(
  write: (items: T[]) => Promise<void>,
  maxBatch: number,
  gathering: Gathering = { least: 1, ms: 0 },
): (item: T) => Promise<void> {
  let waiting: Waiting<T>[] = [];
  let isWriting = false;
  let areEnough: (() => void) | null = null;

  async function writeAll(): Promise<void> {
    isWriting = true;
    while (waiting.length > 0) {
      if (waiting.length < gathering.least) await gather();
      const batch = waiting.slice(0, maxBatch);
      waiting = waiting.slice(maxBatch);
      try {
        await write(batch.map(({ item }) => item));
        for (const { resolve } of batch) resolve();
      } catch (error) {
        await writeSingly(batch, error);
      }
    }
    isWriting = false;
  }

  async function gather(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, gathering.ms);
      areEnough = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    areEnough = null;
  }

  async function writeSingly(batch: Waiting<T>[], batchError: unknown): Promise<void> {
    let written = 0;
    let lastError = batchError;
    for (const [failed, { item, resolve, reject }] of batch.entries()) {
      if (batch.length === 1 || (written === 0 && failed >= GIVE_UP_AFTER)) {
        reject(lastError);
        continue;
      }
      try {
        await write([item]);
        written += 1;
        resolve();
      } catch (error) {
        lastError = error;
        reject(error);
      }
    }
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (!isWriting) void writeAll();
      else if (waiting.length >= gathering.least) areEnough?.();
    });
}

interface Waiting<T> {
  item: T;
  resolve: () => void;
  reject: (error: unknown) => void;
}
