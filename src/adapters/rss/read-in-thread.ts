import { Worker } from 'node:worker_threads';
import type { FeedBytes, ReadFeed } from './read-feed.ts';

export interface ReadLimits {
  /** CPU time and waiting of one feed, once its reading has begun. */
  milliseconds: number;
  /** Of the thread. A feed that needs more is given up, and nothing else is. */
  megabytes: number;
}

/** A feed of 5 MB takes a fifth of the time and a third of the memory. */
export const READ_LIMITS: ReadLimits = { milliseconds: 8_000, megabytes: 256 };
/** Starting the thread: it loads the parsers. */
const START_MS = 60_000;

type Answer = 'ready' | { read: ReadFeed } | { error: string };

/**
 * Reads feeds in a thread of their own, one at a time: a hostile one takes no time or memory from the mails and pages of
 * this process. A thread that passes its limits is ended, and the next feed gets a new one. The thread starts with the
 * first feed, and never keeps the process alive.
 */
export function feedThread(limits: ReadLimits = READ_LIMITS): (bytes: FeedBytes) => Promise<ReadFeed> {
  let thread: Worker | null = null;
  let last: Promise<unknown> = Promise.resolve();

  const started = async (): Promise<Worker> => {
    if (thread) return thread;
    const worker = new Worker(new URL('./read-thread.mjs', import.meta.url), {
      resourceLimits: {
        maxOldGenerationSizeMb: limits.megabytes,
        maxYoungGenerationSizeMb: 32,
        stackSizeMb: 4,
      },
      // What a test runner or a debugger put there is not for this thread.
      execArgv: [],
    });
    const first = await nextAnswer(worker, START_MS);
    if (first !== 'ready') throw new Error('the thread that reads feeds did not start');
    worker.on('exit', () => {
      if (thread === worker) thread = null;
    });
    worker.on('error', () => {});
    worker.unref();
    thread = worker;
    return worker;
  };

  const readOne = async (bytes: FeedBytes): Promise<ReadFeed> => {
    const worker = await started();
    // A buffer of a pool is copied, so that others' bytes stay where they are.
    const body = new Uint8Array(bytes.body);
    worker.ref();
    worker.postMessage({ ...bytes, body }, [body.buffer]);
    try {
      const answer = await nextAnswer(worker, limits.milliseconds);
      if (answer !== 'ready' && 'read' in answer) return answer.read;
      throw new Error(answer === 'ready' ? 'the thread that reads feeds began anew' : answer.error);
    } catch (error) {
      if (error instanceof ThreadFault) {
        if (thread === worker) thread = null;
        await worker.terminate();
      }
      throw error;
    } finally {
      worker.unref();
    }
  };

  return (bytes) => {
    const reading = last.then(() => readOne(bytes));
    last = reading.catch(() => {});
    return reading;
  };
}

/** The thread itself failed; the feed's own faults are plain errors. */
class ThreadFault extends Error {}

function nextAnswer(worker: Worker, withinMs: number): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
    };
    const fail = (words: string) => {
      end();
      reject(new ThreadFault(words));
    };
    const onMessage = (answer: Answer) => {
      end();
      resolve(answer);
    };
    const onError = (error: NodeJS.ErrnoException) =>
      fail(
        error.code === 'ERR_WORKER_OUT_OF_MEMORY'
          ? 'reading it takes more memory than a feed is given'
          : `reading it failed: ${error.message}`,
      );
    const onExit = () => fail('reading it ended without an answer');
    const timer = setTimeout(
      () => fail(`reading it takes longer than the ${withinMs / 1000} seconds that a feed is given`),
      withinMs,
    );
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
  });
}
