/** So many in a row that cannot be written even alone, and none that can: the store is away, not the items bad. */
const GIVE_UP_AFTER = 3;

/**
 * Group commit without a timer: items join the batch that is being collected while the one before it is written, and
 * each call answers when its item has been written. Under load batches grow by themselves; alone an item goes at once.
 *
 * When a batch cannot be written its items are tried one by one, so that a bad one fails alone. `write` must write
 * all of its items or none.
 */
export function groupCommit<T>(
  write: (items: T[]) => Promise<void>,
  maxBatch: number,
): (item: T) => Promise<void> {
  let waiting: Waiting<T>[] = [];
  let isWriting = false;

  async function writeAll(): Promise<void> {
    isWriting = true;
    while (waiting.length > 0) {
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
    });
}

interface Waiting<T> {
  item: T;
  resolve: () => void;
  reject: (error: unknown) => void;
}
