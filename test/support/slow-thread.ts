/** A thread that works for as long as it is told, or (Infinity) waits for ever. */
import { answerInThread } from '../../src/adapters/answer-in-thread.ts';

answerInThread(async ({ workMs }: { workMs: number }) => {
  if (workMs === Number.POSITIVE_INFINITY) await new Promise(() => {});
  const end = performance.now() + workMs;
  while (performance.now() < end);
  return 'read';
});
