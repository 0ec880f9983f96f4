import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  afterComplaint,
  type Rate,
  ratesOf,
  reservePlaces,
} from '../../../../src/domain/delivery/rate-limits.ts';
import type { DayLimit, RateLimitStore } from '../../../../src/journey/delivery/ports/rate-limits.ts';
import { type TestDatabase, testDatabase } from '../../../support/database.ts';

const NOW = new Date('2026-11-21T10:00:00Z');
const later = (ms: number) => new Date(NOW.getTime() + ms);
let db: TestDatabase;
let pace: RateLimitStore;

beforeEach(async () => {
  db = await testDatabase();
  pace = db.database.stores.pace;
});
afterEach(() => db.close());

const reserve = (rates: Rate[], day: DayLimit | null, wanted: number, now: Date) =>
  pace.reserve(rates, day, wanted, now, reservePlaces);
const slowDown = (domain: string, reply: string | null, now: Date) =>
  pace.slowDown(domain, reply, now, afterComplaint);
const perSecond = (mails: number) => ratesOf('all', { perSecond: mails, perHour: null });
const perHour = (mails: number) => ratesOf('all', { perSecond: null, perHour: mails });

describe('rates', () => {
  it('are one for all workers: places are given once, evenly', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => reserve(perSecond(50), null, 7, NOW)));
    const times = all
      .flatMap(({ count, from, stepMs }) => Array.from({ length: count }, (_, at) => from + at * stepMs))
      .sort((a, b) => a - b);
    expect(times).toHaveLength(51);
    times.forEach((time, at) => {
      expect(time).toBeCloseTo(NOW.getTime() + at * 20, 1);
    });
    const none = await reserve(perSecond(50), null, 7, NOW);
    expect(none.count).toBe(0);
    // When to ask again: places are given a second ahead.
    expect(none.from).toBeCloseTo(NOW.getTime() + 51 * 20 - 1000, 1);
  });

  it('that are kept together all have to have a place', async () => {
    const both = [...perSecond(1000), ...perHour(120)];
    expect((await reserve(both, null, 500, NOW)).count).toBe(10);
    expect((await reserve(both, null, 500, NOW)).count).toBe(0);
    // Not taken from the rate that had some: a second later they are there.
    expect((await reserve(perSecond(1000), null, 500, later(10))).count).toBe(500);
  });

  it('get back what was not sent', async () => {
    expect((await reserve(perHour(120), null, 500, NOW)).count).toBe(10);
    await pace.giveBack(perHour(120), null, 4);
    expect((await reserve(perHour(120), null, 500, NOW)).count).toBe(4);
  });

  it('give those who find no place a time, one after the other', async () => {
    const [rate] = perHour(120);
    await reserve([rate!], null, 10, NOW);
    const first = await pace.queueUp(rate!, 3, NOW);
    const second = await pace.queueUp(rate!, 2, NOW);
    expect(first.from).toBeGreaterThan(NOW.getTime());
    expect(second.from).toBeCloseTo(first.from + 3 * rate!.stepMs, 0);
  });
});

it('a day has its number of mails, whoever sends them', async () => {
  const day = { day: '2026-11-21', mails: 200 };
  const counts = await Promise.all(
    Array.from({ length: 10 }, async () => (await reserve([], day, 30, NOW)).count),
  );
  expect(counts.reduce((a, b) => a + b)).toBe(200);
  expect(await reserve([], day, 30, NOW)).toMatchObject({ count: 0, from: Date.parse('2026-11-22') });
  await pace.giveBack([], day, 5);
  expect((await reserve([], day, 30, NOW)).count).toBe(5);
  expect((await reserve([], { day: '2026-11-22', mails: 300 }, 30, later(86_400_000))).count).toBe(30);
});

describe('slow domains', () => {
  it('are paused for longer each time they complain again, and once for complaints that come together', async () => {
    const first = await Promise.all([1, 2, 3].map(() => slowDown('gmail.com', '421 4.7.28 slow', NOW)));
    for (const one of first) expect(one.pausedUntil).toEqual(later(600_000));
    expect(await pace.slowDomains()).toEqual([{ domain: 'gmail.com', pausedUntil: later(600_000) }]);
    const again = await slowDown('gmail.com', '421 4.7.28 slow', later(700_000));
    expect(again.pausedUntil).toEqual(later(700_000 + 1_200_000));
  });

  it('that lose a connection are not paused, but begin again with one', async () => {
    expect(await slowDown('x.example', null, NOW)).toEqual({ domain: 'x.example', pausedUntil: NOW });
    // A pause it had stays.
    await slowDown('x.example', '421 busy', NOW);
    expect((await slowDown('x.example', null, later(1000))).pausedUntil).toEqual(later(60_000));
  });

  it('are forgotten some hours after their last complaint', async () => {
    await slowDown('x.example', '421 busy', NOW);
    await pace.forgetRecovered(later(3_600_000));
    expect(await pace.slowDomains()).toHaveLength(1);
    await pace.forgetRecovered(later(7 * 3_600_000));
    expect(await pace.slowDomains()).toEqual([]);
  });
});

describe('slots of a domain', () => {
  const batch = async (leaseMs = 600_000) => {
    const { rows } = await db.pool.query(
      `with issue as (insert into issues (digest_id, slot, planned_at, first_due_at, last_due_at)
                      values ('news', 'test-' || gen_random_uuid(), $1, $1, $1) returning id)
       insert into batches (issue_id, worker, claimed_at, lease_until) select id, 'w', $1, $2 from issue returning id`,
      [NOW, later(leaseMs)],
    );
    return rows[0].id as number;
  };

  it('are shared by all batches, for as long as their leases', async () => {
    const [a, b, c] = [await batch(), await batch(60_000), await batch()];
    const taken = await Promise.all([a, b, c].map((id) => pace.takeSlots('gmail.com', id, 5, 3, NOW)));
    expect([...taken].sort()).toEqual([0, 2, 3]);
    expect(await pace.takeSlots('other.example', c, 5, 3, NOW)).toBe(3);
    await pace.freeSlots(a);
    await pace.freeSlots(c);
    await pace.takeSlots('gmail.com', b, 5, 5, NOW);
    expect(await pace.takeSlots('gmail.com', c, 5, 5, NOW)).toBe(0);
    expect(await pace.takeSlots('gmail.com', c, 5, 5, later(61_000))).toBe(5);
  });
});
