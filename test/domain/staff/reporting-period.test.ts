import { describe, expect, it } from 'vitest';
import {
  changeSince,
  costWithin,
  partsOf,
  periodBefore,
  periodEnding,
} from '../../../src/domain/staff/reporting-period.ts';

const day = (text: string) => new Date(`${text}T00:00:00Z`);

describe('a period', () => {
  it('ends now, and the one before ends where it begins', () => {
    const period = periodEnding(day('2026-11-21'), 30);
    expect(period).toEqual({ from: day('2026-10-22'), to: day('2026-11-21') });
    expect(periodBefore(period)).toEqual({ from: day('2026-09-22'), to: day('2026-10-22') });
  });

  it('falls into equal parts', () => {
    expect(partsOf({ from: day('2026-11-01'), to: day('2026-11-07') }, 3)).toEqual([
      day('2026-11-01'),
      day('2026-11-03'),
      day('2026-11-05'),
    ]);
  });
});

describe('the cost within a period', () => {
  const costs = [
    { month: '2026-10-01', amount: 3100 },
    { month: '2026-11-01', amount: 3000 },
  ];

  it('takes each month by its days', () => {
    // Ten days of October at 100 a day, twenty of November at 100 a day.
    expect(costWithin(costs, { from: day('2026-10-22'), to: day('2026-11-21') })).toBe(3000);
    expect(costWithin(costs, { from: day('2026-11-01'), to: day('2026-12-01') })).toBe(3000);
    expect(costWithin(costs, { from: day('2026-11-30'), to: day('2026-12-30') })).toBe(100);
  });

  it('is unknown, not nothing, where no cost is entered', () => {
    expect(costWithin(costs, { from: day('2026-01-01'), to: day('2026-02-01') })).toBeNull();
    expect(
      costWithin([{ month: '2026-01-01', amount: 0 }], { from: day('2026-01-01'), to: day('2026-02-01') }),
    ).toBe(0);
  });
});

it('a change is told only where there is something to compare with', () => {
  expect(changeSince(3, 4)).toBe(-0.25);
  expect(changeSince(3, 0)).toBeNull();
  expect(changeSince(null, 4)).toBeNull();
});
