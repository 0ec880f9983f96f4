import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Job, Queue } from '../../src/journey/ports.ts';

const feed = (url: string): Job => ({ name: 'collect-feed', url });
export const wait = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

/** The limit ends a hang; it does not measure. */
export async function until(holds: () => boolean): Promise<void> {
  for (let looks = 0; !holds(); looks++) {
    if (looks > 6_000) throw new Error(`did not come true: ${holds}`);
    await wait(5);
  }
}

/** What every driver of the queue promises. */
export function queueContract(make: () => Promise<Queue>): void {
  let queue: Queue;
  let done: string[];
  const note = async (job: Job) => {
    done.push(job.name === 'collect-feed' ? job.url : job.name);
  };
  beforeEach(async () => {
    queue = await make();
    done = [];
  });
  afterEach(() => queue.close());

  it('works off what was added before and after work began, with its data', async () => {
    await queue.add(feed('before'));
    queue.work(note, 1);
    await queue.add(feed('after'));
    await queue.add({ name: 'send-outbox' });
    await until(() => done.length === 3);
    expect(done).toEqual(['before', 'after', 'send-outbox']);
  });

  it('is ready', async () => {
    await queue.add(feed('first'));
    expect(await queue.isReady()).toBe(true);
  });

  it('runs no more jobs at once than it was told', async () => {
    let now = 0;
    let most = 0;
    for (let i = 0; i < 8; i++) await queue.add(feed(String(i)));
    queue.work(async (job) => {
      most = Math.max(most, ++now);
      await wait(20);
      now--;
      await note(job);
    }, 3);
    await until(() => done.length === 8);
    expect(most).toBe(3);
  });

  it('adds a key once while its job waits', async () => {
    for (let i = 0; i < 3; i++) await queue.add(feed('same'), { key: 'same' });
    await queue.add(feed('other'), { key: 'other' });
    await queue.add(feed('keyless'));
    await queue.add(feed('keyless'));
    queue.work(note, 1);
    await until(() => done.length === 4);
    await wait(100);
    expect(done.toSorted()).toEqual(['keyless', 'keyless', 'other', 'same']);
  });

  it('takes a key again as soon as its job has begun, and once more when that one waits', async () => {
    let begun = 0;
    let release = () => {};
    const gate = new Promise<void>((open) => {
      release = open;
    });
    queue.work(async (job) => {
      begun++;
      await gate;
      await note(job);
    }, 1);
    await queue.add(feed('key'), { key: 'k' });
    await until(() => begun === 1);
    await queue.add(feed('key'), { key: 'k' });
    await queue.add(feed('key'), { key: 'k' });
    release();
    await until(() => done.length === 2);
    await wait(100);
    expect(done).toHaveLength(2);
    await queue.add(feed('key'), { key: 'k' });
    await until(() => done.length === 3);
  });

  it('keeps a key taken that was added again while its former job ran, after that one ended', async () => {
    const gates: (() => void)[] = [];
    queue.work(
      (job) =>
        new Promise<void>((open) => {
          gates.push(() => {
            void note(job);
            open();
          });
        }),
      2,
    );
    await queue.add(feed('a'), { key: 'k' });
    await until(() => gates.length === 1);
    await queue.add(feed('holds the other slot'));
    await until(() => gates.length === 2);
    await queue.add(feed('b'), { key: 'k' });
    await queue.add(feed('c'), { key: 'k' });
    gates[0]?.();
    await until(() => gates.length === 3);
    gates[1]?.();
    gates[2]?.();
    await until(() => done.length === 3);
    await wait(100);
    expect(done.toSorted()).toEqual(['a', 'b', 'holds the other slot']);
  });

  it('holds a job back for its delay, and does not let it swallow one for now', async () => {
    queue.work(note, 2);
    const start = performance.now();
    await queue.add(feed('later'), { key: 'k', delayMs: 300 });
    await queue.add(feed('later'), { key: 'k', delayMs: 300 });
    await queue.add(feed('now'), { key: 'k' });
    await until(() => done.length > 0);
    expect(done[0]).toBe('now');
    await until(() => done.length === 2);
    expect(performance.now() - start).toBeGreaterThan(290);
    await wait(400);
    expect(done).toEqual(['now', 'later']);
  });

  it('goes on after a job that failed, and forgets that one', async () => {
    queue.work(async (job) => {
      await note(job);
      if (job.name === 'collect-feed' && job.url === 'bad') throw new Error('on purpose');
    }, 1);
    await queue.add(feed('bad'), { key: 'k' });
    await queue.add(feed('good'));
    await until(() => done.length === 2);
    await queue.add(feed('again'), { key: 'k' });
    await until(() => done.length === 3);
    expect(done).toEqual(['bad', 'good', 'again']);
  });

  it('closes when the jobs under way are done, and begins no other', async () => {
    let begun = 0;
    queue.work(async (job) => {
      begun++;
      await wait(200);
      await note(job);
    }, 1);
    await queue.add(feed('under way'));
    await queue.add(feed('not begun'));
    await until(() => begun === 1);
    await queue.close();
    expect(done).toEqual(['under way']);
    await queue.add(feed('after the end'));
    await wait(50);
    expect([begun, await queue.isReady()]).toEqual([1, false]);
  });
}
