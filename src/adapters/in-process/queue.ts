import type { Job, Log, Queue } from '../../journey/ports.ts';

/** Reminders can be dropped: the schedule hands on again. So a process that never works must not fill up with them. */
const MOST_WAITING = 10_000;

interface Waiting {
  job: Job;
  key: string | null;
}

/** The queue of a set-up that is one process. Whatever waits is gone when the process ends, which is harmless. */
export function inProcessQueue(log: Log): Queue {
  const waiting: Waiting[] = [];
  const keys = new Set<string>();
  const timers = new Set<NodeJS.Timeout>();
  const running = new Set<Promise<void>>();
  let handle: ((job: Job) => Promise<void>) | null = null;
  let slots = 0;
  let closed = false;

  function fill(): void {
    while (!closed && handle !== null && running.size < slots) {
      const next = waiting.shift();
      if (next === undefined) return;
      // From here on the same key may be added again: what it reminds of may be newer than what this run will see.
      if (next.key !== null) keys.delete(next.key);
      const run: Promise<void> = attempt(handle, next.job, log).finally(() => {
        running.delete(run);
        fill();
      });
      running.add(run);
    }
  }

  return {
    async add(job, { key, delayMs = 0 } = {}) {
      // A reminder for later must not swallow one for now.
      const own = key === undefined ? null : delayMs > 0 ? `${key} later` : key;
      if (closed || waiting.length >= MOST_WAITING || (own !== null && keys.has(own))) return;
      if (own !== null) keys.add(own);
      const enter = () => {
        waiting.push({ job, key: own });
        fill();
      };
      if (delayMs <= 0) return enter();
      const timer = setTimeout(() => {
        timers.delete(timer);
        enter();
      }, delayMs);
      timers.add(timer);
    },
    work(handler, concurrency) {
      handle = handler;
      slots = concurrency;
      fill();
    },
    isReady: async () => !closed,
    async close() {
      closed = true;
      for (const timer of timers) clearTimeout(timer);
      await Promise.all(running);
    },
  };
}

/** A job that fails is logged and forgotten: the row it was about still says what is to be done. */
async function attempt(handle: (job: Job) => Promise<void>, job: Job, log: Log): Promise<void> {
  try {
    await handle(job);
  } catch (error) {
    log.error({ err: error, job }, 'a job failed; the schedule will hand it on again');
  }
}
