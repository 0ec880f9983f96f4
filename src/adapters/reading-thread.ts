import { Worker } from 'node:worker_threads';
import { counted } from '../domain/text.ts';
import type { Answer } from './answer-in-thread.ts';

export interface ReadLimits {
  /** Of one job, once its reading has begun: of the clock, and of processor, which a busy machine gives it later. */
  milliseconds: number;
  /** Of the thread. A job that needs more is given up, and nothing else is. */
  megabytes: number;
}

/** What a thread runs, and how it is spoken of when it gives up. */
export interface ThreadProgram {
  /** Of the file that calls `answerInThread`. */
  url: URL;
  /** "a feed": what is read. */
  what: string;
}

/** What was read took more time or memory than it is given, or ended the thread: it would do so again. */
export class UnreadableError extends Error {
  readonly isUnreadable = true;
}

/** Starting the thread: it loads what reads. */
const START_MS = 60_000;
/** After so many times its milliseconds a job is given up whatever it has worked: it waits for what does not come. */
const MOST_WAITS = 15;

/** Milliseconds of processor that this process has had, all threads together: one of them has had no more. */
function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/**
 * Reads what comes from outside in a thread of its own, one job at a time: a hostile one takes no time or memory from the
 * mails and pages of this process. A thread that passes its limits is ended, and the next job gets a new one. The thread
 * starts with the first job, and never keeps the process alive. `worked` tells how much processor it has had at the most.
 */
export function readingThread<Job, Read>(
  { url, what }: ThreadProgram,
  limits: ReadLimits,
  worked: () => number = processorMs,
): (job: Job) => Promise<Read> {
  let thread: Worker | null = null;
  let last: Promise<unknown> = Promise.resolve();

  const started = async (): Promise<Worker> => {
    if (thread) return thread;
    const worker = new Worker(new URL('./reading-thread.mjs', import.meta.url), {
      workerData: { program: url.href },
      resourceLimits: {
        maxOldGenerationSizeMb: limits.megabytes,
        maxYoungGenerationSizeMb: 32,
        stackSizeMb: 4,
      },
      // What a test runner or a debugger put there is not for this thread.
      execArgv: [],
    });
    const first = await nextAnswer<Read>(worker, START_MS, what, worked);
    if (first !== 'ready') throw new Error(`the thread that reads ${what} did not start`);
    worker.on('exit', () => {
      if (thread === worker) thread = null;
    });
    worker.on('error', () => {});
    worker.unref();
    thread = worker;
    return worker;
  };

  const readOne = async (job: Job): Promise<Read> => {
    const worker = await started();
    worker.ref();
    worker.postMessage(job);
    try {
      const answer = await nextAnswer<Read>(worker, limits.milliseconds, what, worked);
      if (answer !== 'ready' && 'read' in answer) return answer.read;
      throw new Error(answer === 'ready' ? `the thread that reads ${what} began anew` : answer.error);
    } catch (error) {
      if (error instanceof UnreadableError) {
        if (thread === worker) thread = null;
        await worker.terminate();
      }
      throw error;
    } finally {
      worker.unref();
    }
  };

  return (job) => {
    const reading = last.then(() => readOne(job));
    last = reading.catch(() => {});
    return reading;
  };
}

function nextAnswer<Read>(
  worker: Worker,
  withinMs: number,
  what: string,
  worked: () => number,
): Promise<Answer<Read>> {
  return new Promise((resolve, reject) => {
    const before = worked();
    let waits = 0;
    let timer: NodeJS.Timeout;
    const end = () => {
      clearTimeout(timer);
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
    };
    const fail = (words: string) => {
      end();
      reject(new UnreadableError(words));
    };
    const onMessage = (answer: Answer<Read>) => {
      end();
      resolve(answer);
    };
    const onError = (error: NodeJS.ErrnoException) =>
      fail(
        error.code === 'ERR_WORKER_OUT_OF_MEMORY'
          ? `reading it takes more memory than ${what} is given`
          : `reading it failed: ${error.message}`,
      );
    const onExit = () => fail('reading it ended without an answer');
    const wait = () => {
      timer = setTimeout(look, withinMs);
    };
    const look = () => {
      waits += 1;
      if (waits < MOST_WAITS && worked() - before < withinMs) wait();
      else
        fail(`reading it takes longer than the ${counted(withinMs / 1000, 'second')} that ${what} is given`);
    };
    wait();
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
  });
}
