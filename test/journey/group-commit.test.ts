import { describe, expect, it } from 'vitest';
import { groupCommit } from '../../src/journey/group-commit.ts';

const tick = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('group commit', () => {
  it('writes alone what comes alone, and gathers while a batch is being written', async () => {
    const batches: number[][] = [];
    const commit = groupCommit<number>(async (items) => {
      batches.push(items);
      await tick();
    }, 3);
    await Promise.all([1, 2, 3, 4, 5, 6].map(commit));
    expect(batches).toEqual([[1], [2, 3, 4], [5, 6]]);
    await commit(7);
    expect(batches.at(-1)).toEqual([7]);
  });

  it('waits for company when asked to, until there is enough of it or the time is over', async () => {
    const batches: number[][] = [];
    const commit = groupCommit<number>(
      async (items) => {
        batches.push(items);
        await tick();
      },
      10,
      { least: 3, ms: 3_600_000 },
    );
    await Promise.all([1, 2, 3].map(commit));
    const first = commit(4);
    await tick();
    await Promise.all([first, commit(5), commit(6), commit(7)]);
    expect(batches).toEqual([
      [1, 2, 3],
      [4, 5, 6, 7],
    ]);
  });

  it('waits no longer for company than it was told to', async () => {
    const batches: number[][] = [];
    const commit = groupCommit<number>(async (items) => void batches.push(items), 10, { least: 3, ms: 100 });
    const began = performance.now();
    await commit(1);
    expect(performance.now() - began).toBeGreaterThan(95);
    expect(batches).toEqual([[1]]);
  });

  it('answers only when the item has been written', async () => {
    const written: number[] = [];
    const commit = groupCommit<number>(async (items) => {
      await tick();
      written.push(...items);
    }, 10);
    await Promise.all([1, 2, 3].map((item) => commit(item).then(() => expect(written).toContain(item))));
  });

  it('lets a bad item fail alone', async () => {
    const written: number[] = [];
    const commit = groupCommit<number>(async (items) => {
      await tick();
      if (items.includes(13)) throw new Error('unlucky');
      written.push(...items);
    }, 10);
    const results = await Promise.allSettled([1, 2, 13, 4, 5].map(commit));
    expect(results.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
    ]);
    expect(written.sort()).toEqual([1, 2, 4, 5]);
  });

  it('does not try hundreds one by one when nothing can be written at all, and recovers', async () => {
    let calls = 0;
    let isAway = true;
    const commit = groupCommit<number>(async () => {
      calls += 1;
      await tick();
      if (isAway) throw new Error('the store is away');
    }, 1000);
    const results = await Promise.allSettled(Array.from({ length: 300 }, (_, item) => commit(item)));
    expect(results.every(({ status }) => status === 'rejected')).toBe(true);
    expect(calls).toBeLessThan(10);
    isAway = false;
    await commit(1);
  });
});
