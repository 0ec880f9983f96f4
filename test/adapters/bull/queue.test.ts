import Bull from 'bull';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bullQueue } from '../../../src/adapters/bull/queue.ts';
import { silentLog } from '../../../src/adapters/log.ts';
import type { Job, Queue } from '../../../src/journey/ports.ts';
import { waited } from '../../support/own-time.ts';
import { freePort, startRedis, type TestRedis } from '../../support/redis.ts';
import { lacks } from '../../support/services.ts';
import { queueContract, until } from '../queue.contract.ts';

const feed = (url: string): Job => ({ name: 'collect-feed', url });

describe.skipIf(lacks('redis-server'))('the queue on Redis', () => {
  let redis: TestRedis;
  let database = 0;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  // Each test has a Redis database of its own (there are 16).
  queueContract(async () => bullQueue(`${redis.url}/${database++}`, silentLog));

  it('shares the jobs among processes, each job once', async () => {
    const queues = [0, 1, 2].map(() => bullQueue(`${redis.url}/15`, silentLog));
    const done: string[][] = [[], [], []];
    queues.forEach((queue, i) => {
      queue.work(async (job) => {
        if (job.name === 'collect-feed') done[i]?.push(job.url);
        await new Promise((next) => setTimeout(next, 5));
      }, 1);
    });
    const all = Array.from({ length: 30 }, (_, i) => String(i));
    for (const url of all) await queues[0]?.add(feed(url));
    await until(() => done.flat().length === 30);
    expect(done.flat().toSorted()).toEqual(all.toSorted());
    expect(done.filter((own) => own.length > 0).length).toBeGreaterThan(1);
    await Promise.all(queues.map((queue) => queue.close()));
  });
});

describe.skipIf(lacks('redis-server'))('the queue when Redis is away', () => {
  let queue: Queue | undefined;
  let redis: TestRedis | undefined;
  afterEach(async () => {
    await queue?.close();
    await redis?.stop();
  });

  it('at the start: adding gives up soon, closing too, and work begins when it comes', async () => {
    const port = await freePort();
    const done: Job[] = [];
    queue = bullQueue(`redis://127.0.0.1:${port}`, silentLog);
    queue.work(async (job) => {
      done.push(job);
    }, 1);
    expect(await waited(queue.add(feed('early')))).toBeLessThan(2500);
    expect(await queue.isReady()).toBe(false);
    redis = await startRedis(port);
    await until(() => done.length > 0);
    expect(await queue.isReady()).toBe(true);
  });

  it('for a while: adding returns, and work goes on when it is back', async () => {
    redis = await startRedis();
    const done: string[] = [];
    queue = bullQueue(redis.url, silentLog);
    queue.work(async (job) => {
      if (job.name === 'collect-feed') done.push(job.url);
    }, 1);
    await queue.add(feed('before'));
    await until(() => done.length === 1);
    await redis.stop();
    expect(await waited(queue.add(feed('while away')))).toBeLessThan(2500);
    expect(await queue.isReady()).toBe(false);
    redis = await startRedis(redis.port);
    const own = queue;
    const tick = setInterval(() => own.add(feed('after'), { key: 'after' }), 100);
    await until(() => done.includes('after'));
    clearInterval(tick);
  });

  it('a key that a killed worker took with it is free again within half a minute', async () => {
    redis = await startRedis();
    queue = bullQueue(redis.url, silentLog);
    const bull = new Bull('jobs', { prefix: 'simmer', redis: redis.url });
    try {
      await queue.add(feed('left'), { key: 'left' });
      const life = await bull.client.pttl(`${bull.toKey('de')}:left`);
      expect(life).toBeGreaterThan(0);
      expect(life).toBeLessThanOrEqual(30_000);
    } finally {
      await bull.close();
    }
  });

  it('at the end: closing does not wait for it', async () => {
    redis = await startRedis();
    queue = bullQueue(redis.url, silentLog);
    queue.work(async () => {}, 2);
    await queue.add(feed('one'));
    await redis.stop();
    expect(await waited(queue.close())).toBeLessThan(8000);
  });
});
