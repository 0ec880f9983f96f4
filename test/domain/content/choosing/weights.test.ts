import { describe, expect, it } from 'vitest';
import {
  because,
  decayed,
  feedWeight,
  interestWeight,
  lean,
} from '../../../../src/domain/content/choosing/weights.ts';

const DAY = 86_400_000;
const now = new Date('2026-11-21T09:00:00Z');
const nothing = { affinities: {}, leanings: {} };

describe('interestWeight', () => {
  it('is 1 for a chosen interest of which nothing more is known', () => {
    expect(interestWeight('payroll', nothing, 0)).toBe(1);
  });

  it('grows with clicks towards 2, and half as old clicks count double', () => {
    const taste = { affinities: { at: now.getTime(), weights: { payroll: 3 } }, leanings: {} };
    expect(interestWeight('payroll', taste, 1)).toBe(1.5);
    expect(interestWeight('payroll', taste, 0.5)).toBeCloseTo(1 + 1.5 / 4.5, 10);
    expect(interestWeight('hr', taste, 1)).toBe(1);
    expect(decayed(taste.affinities, 60 * DAY, new Date(now.getTime() + 120 * DAY))).toBe(0.25);
    expect(decayed({}, 60 * DAY, now)).toBe(0);
  });

  it('follows what the reader asked for, and says so', () => {
    const taste = { affinities: {}, leanings: { 'interest:hr': 1, 'interest:tax': -2 } };
    expect(interestWeight('hr', taste, 0)).toBeGreaterThan(1);
    expect(interestWeight('tax', taste, 0)).toBeLessThan(0.2);
    expect(because('hr', 1.8, taste.leanings)).toBe('asked');
    expect(because('payroll', 1, taste.leanings)).toBe('chosen');
    expect(because('payroll', 1.6, {})).toBe('read');
  });
});

describe('lean', () => {
  const about = { interest: 'hr', feedUrl: 'https://f.example/' };

  it('leans to the interest and the source, twice at most, and back', () => {
    const once = lean({}, about, 'more');
    expect(once).toEqual({ 'interest:hr': 1, 'feed:https://f.example/': 1 });
    expect(lean(lean(once, about, 'more'), about, 'more')).toEqual({
      'interest:hr': 2,
      'feed:https://f.example/': 2,
    });
    expect(lean(once, about, 'less')).toEqual({});
    expect(feedWeight(once, 'https://f.example/')).toBeGreaterThan(1);
    expect(feedWeight(once, 'https://g.example/')).toBe(1);
  });
});
