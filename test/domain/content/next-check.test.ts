import { describe, expect, it } from 'vitest';
import { nextCheck } from '../../../src/domain/content/next-check.ts';

const NOW = new Date('2026-11-21T09:00:00Z');
const feed = { pollEveryMs: 30 * 60_000 };
const minutes = (failures: number, retryAfterMs: number | null = null, jitter = 0) =>
  (nextCheck(feed, { failures, retryAfterMs }, NOW, jitter).getTime() - NOW.getTime()) / 60_000;

describe('nextCheck', () => {
  it('is the poll interval after a success, a little spread', () => {
    expect([minutes(0), minutes(0, null, 1)]).toEqual([30, 36]);
  });

  it('comes later the more often a feed failed, once a day at last', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 8, 500].map((failures) => minutes(failures))).toEqual([
      0.5, 2, 10, 30, 120, 360, 1440, 1440, 1440,
    ]);
  });

  it('keeps to what the server asks for, a week at most', () => {
    expect(minutes(1, 3_600_000)).toBe(60);
    expect(minutes(5, 1000)).toBe(120);
    expect(minutes(1, 1e15)).toBe(7 * 24 * 60);
  });
});
