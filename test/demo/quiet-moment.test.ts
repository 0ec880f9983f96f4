import { describe, expect, it } from 'vitest';
import { quietMoment } from '../../src/demo/quiet-moment.ts';
import { parseSchedule } from '../../src/domain/delivery/schedule.ts';
import { testProgramme } from '../support/programme.ts';

const ZONE = 'Europe/Amsterdam';
const TEN_MINUTES = 600_000;

/** Digests at these times, each on the reader's own clock, and when a walk of ten minutes may begin. */
function quiet(from: string, ...schedules: string[]): string {
  const programme = testProgramme();
  const [digest] = programme.digests;
  programme.digests = schedules.map((text, n) => ({
    ...digest!,
    id: `digest-${n}`,
    schedule: parseSchedule(text),
  }));
  return quietMoment(programme, new Date(from), ZONE, TEN_MINUTES).toISOString();
}

describe('the moment a walk begins', () => {
  const TUESDAYS = 'every 2 weeks on tuesday at 09:00';

  it.each([
    ['the evening before an issue', '2026-11-30T20:00:00.000Z'],
    ['ten minutes and more before it', '2026-12-01T07:49:59.999Z'],
    ['just after it', '2026-12-01T08:00:00.001Z'],
    ['the Tuesday between two issues', '2026-12-08T07:59:00.000Z'],
  ])('is now: %s', (_, now) => {
    expect(quiet(now, TUESDAYS)).toBe(now);
  });

  it.each([
    ['when one is about to come due', '2026-12-01T07:59:00.000Z', '2026-12-01T08:00:00.001Z'],
    ['at its very moment', '2026-12-01T08:00:00.000Z', '2026-12-01T08:00:00.001Z'],
    ['by the clocks of summer', '2027-04-06T06:55:00.000Z', '2027-04-06T07:00:00.001Z'],
  ])('is just after the issue %s', (_, now, then) => {
    expect(quiet(now, TUESDAYS)).toBe(then);
  });

  it('is after all of them when issues of several digests follow each other', () => {
    const daily = ['every day at 09:00', 'every day at 09:05', 'every day at 09:12', 'every day at 10:00'];
    expect(quiet('2026-12-01T07:55:00.000Z', ...daily)).toBe('2026-12-01T08:12:00.001Z');
  });

  it('is in the night in which clocks change as on any other day', () => {
    // 02:30 does not exist on this day: the mail is due at 03:30, which is 01:30 UTC.
    expect(quiet('2027-03-28T01:25:00.000Z', 'every day at 02:30')).toBe('2027-03-28T01:30:00.001Z');
    // 02:30 comes twice on this one: the first counts.
    expect(quiet('2027-10-31T00:25:00.000Z', 'every day at 02:30')).toBe('2027-10-31T00:30:00.001Z');
    expect(quiet('2027-10-31T01:25:00.000Z', 'every day at 02:30')).toBe('2027-10-31T01:25:00.000Z');
  });

  it('is now without a digest', () => {
    expect(quiet('2026-12-01T08:00:00.000Z')).toBe('2026-12-01T08:00:00.000Z');
  });
});
