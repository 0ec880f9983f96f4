import { expect, it } from 'vitest';
import { readingThread } from '../../src/adapters/reading-thread.ts';

const program = { url: new URL('../support/slow-thread.ts', import.meta.url), what: 'a job' };
const LIMITS = { milliseconds: 100, megabytes: 128 };
const TOO_LONG = 'takes longer than the 0.1 seconds that a job is given';

it('what works longer than it may is given up', async () => {
  const read = readingThread<{ workMs: number }, string>(program, LIMITS);
  await expect(read({ workMs: 60_000 })).rejects.toThrow(TOO_LONG);
  expect(await read({ workMs: 0 })).toBe('read');
});

it('what is only kept from working, by all else that the machine does, is not', async () => {
  const read = readingThread<{ workMs: number }, string>(program, LIMITS, () => 0);
  expect(await read({ workMs: 400 })).toBe('read');
});

it('what waits for something that does not come is given up, though it does no work', async () => {
  const read = readingThread<{ workMs: number }, string>(program, LIMITS, () => 0);
  await expect(read({ workMs: Number.POSITIVE_INFINITY })).rejects.toThrow(TOO_LONG);
});
