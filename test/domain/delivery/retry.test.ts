import { expect, it } from 'vitest';
import { MOST_TRIES, retryAt, retryUnreachableAt } from '../../../src/domain/delivery/retry.ts';

const now = new Date('2026-11-21T10:00:00Z');
const minutes = (at: Date | null) => (at!.getTime() - now.getTime()) / 60_000;

it('waits longer after each try, and gives up after the last', () => {
  const gaps = Array.from({ length: MOST_TRIES - 1 }, (_, at) => minutes(retryAt(at + 1, now, 0)));
  expect(gaps).toEqual([1, 5, 15, 60, 120, 240, 480, 720]);
  expect(retryAt(MOST_TRIES, now, 0)).toBeNull();
  expect(retryAt(MOST_TRIES + 5, now, 0)).toBeNull();
});

it('makes a pause up to a fifth longer', () => {
  expect(minutes(retryAt(2, now, 0.5))).toBe(5.5);
  expect(minutes(retryAt(2, now, 1))).toBe(6);
});

it('tries an unreachable server every two minutes or so', () => {
  expect(minutes(retryUnreachableAt(now, 0))).toBe(2);
  expect(minutes(retryUnreachableAt(now, 1))).toBeCloseTo(2.4);
});
