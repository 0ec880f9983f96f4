import Bull from 'bull';
import type { Job, Log, Queue } from '../../journey/ports.ts';
import { bullBoard } from './board.ts';
import { readRedisUrl } from './redis-url.ts';

/** An add that Redis does not answer by then is given up: the schedule hands on again. */
const ADD_PATIENCE_MS = 2000;
/** Frees a key whose job was lost (a flushed Redis, a worker that was killed with it). */
const KEY_LIFE_MS = 30_000;
const COMPLAIN_EVERY_MS = 10_000;

/**
 * The queue of a set-up with several processes: Bull on Redis. A Redis that is away, at the start or later, is complained
 * about and connected to again; it never ends the process.
 */
export function bullQueue(redisUrl: string, log: Log): Queue {
  const bull = new Bull<Job>('jobs', {
    prefix: 'simmer',
    redis: { ...readRedisUrl(redisUrl), retryStrategy: (times: number) => Math.min(times * 200, 2000) },
    defaultJobOptions: { removeOnComplete: true, removeOnFail: true },
  });
  const running = new Set<Promise<void>>();
  const complain = seldom((error: string, message: string) => log.warn({ error }, message));
  let everReady = false;
  let closing: Promise<void> | null = null;

  bull.on('error', (error) => complain(error.message, 'Redis cannot be reached; trying again'));
  bull.client.on('ready', () => {
    if (everReady) log.info({}, 'Redis is back');
    everReady = true;
  });

  /** Bull dedupes a key until its job has ended; a reminder must be free to come again as soon as it has begun. */
  async function begin(handle: (job: Job) => Promise<void>, job: Bull.Job<Job>): Promise<void> {
    const key = job.opts.debounce?.id;
    if (key !== undefined) await within(1000, bull.client.del(`${bull.toKey('de')}:${key}`)).catch(() => {});
    try {
      await handle(job.data);
    } catch (error) {
      log.error({ err: error, job: job.data }, 'a job failed; the schedule will hand it on again');
    }
  }

  return {
    async add(job, { key, delayMs = 0 } = {}) {
      if (closing !== null) return;
      if (everReady && bull.client.status !== 'ready') {
        return complain('not connected', 'a job was not handed on; the schedule will do it again');
      }
      // A reminder for later must not swallow one for now.
      const debounce = key === undefined ? {} : { debounce: { id: delayMs > 0 ? `${key} later` : key } };
      if (debounce.debounce) Object.assign(debounce.debounce, { ttl: delayMs + KEY_LIFE_MS });
      try {
        await within(ADD_PATIENCE_MS, bull.add(job, { ...debounce, delay: delayMs }));
      } catch (error) {
        complain((error as Error).message, 'a job was not handed on; the schedule will do it again');
      }
    },
    work(handle, concurrency) {
      const start = async () => {
        // Bull gives up for good when Redis is away at this moment, so it is only asked once it is there.
        while (closing === null && bull.client.status !== 'ready') await pause(200);
        if (closing !== null) return;
        await bull.process(concurrency, (job) => {
          const run: Promise<void> = begin(handle, job).finally(() => running.delete(run));
          running.add(run);
          return run;
        });
      };
      start().catch((error: Error) => {
        if (closing === null) log.error({ err: error }, 'the queue stopped working jobs off');
      });
    },
    async isReady() {
      if (closing !== null || bull.client.status !== 'ready') return false;
      return within(1000, bull.client.ping()).then(
        () => true,
        () => false,
      );
    },
    board: (base) => bullBoard(bull, base),
    close() {
      closing ??= (async () => {
        const closed = bull.close();
        closed.catch(() => {});
        await Promise.all(running);
        // With Redis away Bull would wait for it for ever.
        await within(5000, closed).catch(() => {});
        for (const client of bull.clients) client.disconnect();
      })();
      return closing;
    },
  };
}

const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer from Redis within ${ms} ms`)), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** Redis away means an error several times a second. */
function seldom(say: (error: string, message: string) => void): typeof say {
  const last = new Map<string, number>();
  return (error, message) => {
    const now = performance.now();
    if (now - (last.get(message) ?? Number.NEGATIVE_INFINITY) < COMPLAIN_EVERY_MS) return;
    last.set(message, now);
    say(error, message);
  };
}
