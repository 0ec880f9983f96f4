import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type DeliveryLimits,
  limitsOf,
  pauseMs,
  placesIn,
  type Rate,
  ratesOf,
  recipientDomain,
  recoveringSlots,
  warmUpLimit,
} from '../../../src/domain/delivery/rate-limits.ts';

/** Workers that ask again and again; gives the times at which mails may leave. */
function departures(rate: Rate, asks: { afterMs: number; wanted: number }[]): number[] {
  const times: number[] = [];
  let now = 1_000_000;
  let nextAt = now;
  for (const { afterMs, wanted } of asks) {
    now += afterMs;
    const { count, from, stepMs } = placesIn(rate, nextAt, wanted, now);
    if (count > 0) nextAt = from + count * stepMs;
    for (let at = 0; at < count; at += 1) times.push(rate.isSpread ? from + at * stepMs : now);
  }
  return times;
}

function mostIn(times: number[], windowMs: number): number {
  let most = 0;
  let first = 0;
  times.forEach((time, at) => {
    while (times[first]! <= time - windowMs) first += 1;
    most = Math.max(most, at - first + 1);
  });
  return most;
}

const asks = fc.array(
  fc.record({ afterMs: fc.integer({ min: 0, max: 400_000 }), wanted: fc.integer({ min: 1, max: 500 }) }),
  {
    minLength: 1,
    maxLength: 300,
  },
);

describe('rates', () => {
  it('never let more mails go in any second than they say', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), asks, (perSecond, all) => {
        const [rate] = ratesOf('all', { perSecond, perHour: null });
        const soon = all.map(({ afterMs, wanted }) => ({ afterMs: afterMs / 1000, wanted }));
        expect(mostIn(departures(rate!, soon), 1000 - 1e-6)).toBeLessThanOrEqual(perSecond);
      }),
    );
  });

  it('never let more mails go in any hour than they say, and come to that in the long run', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 5000 }), asks, (perHour, all) => {
        const [rate] = ratesOf('all', { perSecond: null, perHour });
        expect(mostIn(departures(rate!, all), 3_600_000)).toBeLessThanOrEqual(perHour);
      }),
    );
    const [rate] = ratesOf('all', { perSecond: null, perHour: 1200 });
    const greedy = Array.from({ length: 10 * 360 }, () => ({ afterMs: 10_000, wanted: 500 }));
    expect(departures(rate!, greedy).length).toBeGreaterThan(10 * 1200 * 0.9);
  });

  it('without limits there are none', () => {
    expect(ratesOf('all', { perSecond: null, perHour: null })).toEqual([]);
  });
});

describe('the warm-up', () => {
  const warmUp = { startingOn: '2026-11-01', firstDay: 200, growth: 1.5, until: 1000 };
  it.each([
    ['2026-10-30', 200],
    ['2026-11-01', 200],
    ['2026-11-02', 300],
    ['2026-11-04', 675],
    ['2026-11-05', null],
    ['2027-11-05', null],
  ])('on %s: %s', (day, mails) => {
    expect(warmUpLimit(warmUp, day)).toBe(mails);
  });
  it('is over when there is none', () => {
    expect(warmUpLimit(null, '2026-11-01')).toBeNull();
  });
});

describe('domains', () => {
  const limits: DeliveryLimits = {
    perSecond: null,
    perHour: null,
    warmUp: null,
    tries: 9,
    perDomain: {
      'googlemail.com': { perSecond: 5, perHour: null, connections: null },
      '*': { perSecond: 1, perHour: null, connections: null },
    },
  };
  it('of one provider count together, under whichever name', () => {
    expect(recipientDomain('Ann@GoogleMail.com')).toBe('gmail.com');
    expect(recipientDomain('ann@company.example')).toBe('company.example');
    expect(limitsOf(limits, 'gmail.com')?.perSecond).toBe(5);
    expect(limitsOf(limits, 'company.example')?.perSecond).toBe(1);
    expect(limitsOf({ ...limits, perDomain: {} }, 'gmail.com')).toBeNull();
  });

  it('that say 421 are left alone, for longer each time; Gmail’s 4.7.28 for ten minutes at least', () => {
    expect([1, 2, 3].map((strikes) => pauseMs('421 4.7.0 later', strikes))).toEqual([
      60_000, 120_000, 240_000,
    ]);
    expect(pauseMs('421-4.7.28 too many', 1)).toBe(600_000);
    expect(pauseMs('421 4.7.28 too many', 20)).toBe(7_200_000);
    expect(pauseMs(null, 3)).toBe(0);
  });

  it('come back one mail at a time', () => {
    const pausedUntil = new Date('2026-11-21T10:00:00Z');
    const at = (seconds: number) =>
      recoveringSlots({ domain: 'x', pausedUntil }, new Date(pausedUntil.getTime() + seconds * 1000));
    expect([-1, 0, 29, 30, 60, 300].map(at)).toEqual([0, 1, 1, 2, 3, 11]);
  });
});
