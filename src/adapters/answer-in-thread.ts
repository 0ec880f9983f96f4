import { parentPort } from 'node:worker_threads';

/** What a thread says: that it has begun, what it read, or in words what is wrong with it. */
export type Answer<Read> = 'ready' | { read: Read } | { error: string };

/** The thread's side: takes one thing at a time from reading-thread.ts and answers with what is in it. */
export function answerInThread<Job, Read>(read: (job: Job) => Read | Promise<Read>): void {
  const say = (answer: Answer<Read>) => parentPort?.postMessage(answer);
  parentPort?.on('message', async (job: Job) => {
    try {
      say({ read: await read(job) });
    } catch (error) {
      say({ error: (error as Error).message });
    }
  });
  say('ready');
}
