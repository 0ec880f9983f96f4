import type { Log } from '../../journey/ports.ts';
import type { CachedCounts } from '../../journey/staff/ports/overview.ts';

/** What is counted within this time is counted for every visit. */
const QUICK_MS = 150;
const FRESH_MS = 10 * 60_000;

export interface Counted<T> {
  value: T;
  countedAt: Date;
}

/**
 * Counts for a page. Where there is little to count, every visit sees it as it is now. Where it takes long, the last
 * count is kept and shown with its time; when that is some minutes old, it is counted anew behind the visitor's back.
 * Only the very first visitor waits. `revive` makes of JSON what was counted (times are texts there).
 */
export function keeper(kept: CachedCounts, log: Log) {
  const running = new Map<string, Promise<Counted<unknown>>>();

  return async <T>(
    key: string,
    now: Date,
    count: () => Promise<T>,
    revive: (json: unknown) => T,
  ): Promise<Counted<T>> => {
    const last = await kept.find(key);
    if (last === null || last.tookMs <= QUICK_MS) return countNow(key, now, count);
    if (now.getTime() - last.countedAt.getTime() > FRESH_MS) {
      countNow(key, now, count).catch((error: Error) =>
        log.warn({ key, error: error.message }, 'the numbers of a page could not be counted anew'),
      );
    }
    return { value: revive(last.value), countedAt: last.countedAt };
  };

  /** Several visitors at once share one count. */
  function countNow<T>(key: string, now: Date, count: () => Promise<T>): Promise<Counted<T>> {
    const going = running.get(key) as Promise<Counted<T>> | undefined;
    if (going) return going;
    const started = performance.now();
    const counting = count()
      .then(async (value) => {
        await kept.keep(key, { countedAt: now, tookMs: performance.now() - started, value });
        return { value, countedAt: now };
      })
      .finally(() => running.delete(key));
    running.set(key, counting);
    return counting;
  }
}
