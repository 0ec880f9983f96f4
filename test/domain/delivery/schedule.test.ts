import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  dueAt,
  FIRST_DAY,
  isTimeZone,
  parseSchedule,
  planningWindow,
  slotsBetween,
} from '../../../src/domain/delivery/schedule.ts';

const zones = [...Intl.supportedValuesOf('timeZone'), 'UTC', 'Pacific/Kiritimati', 'Etc/GMT+12'];
const weekdayNames = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const DAY = 86_400_000;
const dayArb = fc
  .integer({ min: 19_723, max: 25_000 })
  .map((n) => new Date(n * DAY).toISOString().slice(0, 10));
const scheduleArb = fc
  .record({
    every: fc.integer({ min: 1, max: 8 }),
    unit: fc.constantFrom('weeks', 'days'),
    days: fc.uniqueArray(fc.constantFrom(...weekdayNames), { minLength: 1, maxLength: 4 }),
    hour: fc.integer({ min: 0, max: 23 }),
    minute: fc.integer({ min: 0, max: 59 }),
    start: dayArb,
  })
  .map(({ every, unit, days, hour, minute, start }) => {
    const on = unit === 'weeks' ? ` on ${days.join(', ')}` : '';
    const two = (n: number) => String(n).padStart(2, '0');
    return parseSchedule(`every ${every} ${unit}${on} at ${two(hour)}:${two(minute)}`, start);
  });

function clockIn(zone: string, at: Date): string {
  return at.toLocaleString('sv-SE', { timeZone: zone }).slice(0, 16);
}

describe('parseSchedule', () => {
  it('reads all the ways of writing it', () => {
    expect(parseSchedule('every 2 weeks on tuesday at 09:00')).toEqual({
      every: 2,
      unit: 'weeks',
      weekdays: [2],
      hour: 9,
      minute: 0,
      startingOn: FIRST_DAY,
    });
    expect(parseSchedule('Every week on Thursday, Monday and monday at 7:05', '2026-03-01')).toEqual({
      every: 1,
      unit: 'weeks',
      weekdays: [1, 4],
      hour: 7,
      minute: 5,
      startingOn: '2026-03-01',
    });
    expect(parseSchedule('every day at 00:00').weekdays).toEqual([]);
    expect(parseSchedule('every week at 10:00', '2026-11-21').weekdays).toEqual([6]);
  });

  it.each([
    ['weekly', 'found the schedule "weekly"; allowed is "every [N] week(s)'],
    ['every 0 weeks on monday at 09:00', 'found "every 0 weeks"'],
    ['every 53 weeks on monday at 09:00', 'allowed is 1 to 52 weeks'],
    ['every week on tusday at 09:00', 'found the weekday "tusday"'],
    ['every week on monday at 24:00', 'found the time "24:00"'],
    ['every 3 days on monday at 09:00', 'found weekdays with "every 3 days"'],
  ])('says what is wrong with %s', (text, message) => {
    expect(() => parseSchedule(text)).toThrow(message);
  });

  it('refuses a day that is not on the calendar', () => {
    expect(() => parseSchedule('every day at 09:00', '2026-02-30')).toThrow('found the day "2026-02-30"');
  });
});

describe('slotsBetween', () => {
  it('gives every second Tuesday, counted in calendar weeks from the starting day', () => {
    const schedule = parseSchedule('every 2 weeks on tuesday, monday at 09:00', '2026-11-04');
    const slots = slotsBetween(schedule, new Date('2026-11-01T00:00Z'), new Date('2026-12-16T00:00Z'));
    // The starting week's Monday and Tuesday were before the starting day.
    expect(slots).toEqual([
      '2026-11-16',
      '2026-11-17',
      '2026-11-30',
      '2026-12-01',
      '2026-12-14',
      '2026-12-15',
    ]);
  });

  it('sees a slot as soon as it is due on the date line', () => {
    const schedule = parseSchedule('every day at 09:00');
    const first = new Date('2026-11-20T19:00:00Z');
    expect(slotsBetween(schedule, first, first)).toContain('2026-11-21');
    expect(slotsBetween(schedule, new Date(+first - 2), new Date(+first - 1))).not.toContain('2026-11-21');
  });

  it('splits at any moment without losing a slot', () => {
    fc.assert(
      fc.property(scheduleArb, dayArb, fc.nat(60 * DAY), fc.nat(60 * DAY), (schedule, day, a, b) => {
        const from = new Date(day);
        const middle = new Date(+from + a);
        const to = new Date(+middle + b);
        const parts = [...slotsBetween(schedule, from, middle), ...slotsBetween(schedule, middle, to)];
        expect([...new Set(parts)]).toEqual(slotsBetween(schedule, from, to));
      }),
    );
  });
});

describe('office days', () => {
  const slots = (text: string, holidays: string[], from: string, to: string) =>
    slotsBetween(
      { ...parseSchedule(text), officeDays: { holidays } },
      new Date(`${from}T12:00Z`),
      new Date(`${to}T12:00Z`),
    );

  it('moves what falls on a weekend or holiday to the next office day', () => {
    expect(slots('every week on saturday at 12:00', [], '2026-11-20', '2026-12-01')).toEqual([
      '2026-11-23',
      '2026-11-30',
    ]);
    const christmas = ['2026-12-25', '2026-12-28'];
    expect(slots('every week on friday at 12:00', christmas, '2026-12-17', '2027-01-02')).toEqual([
      '2026-12-18',
      '2026-12-29',
      '2027-01-01',
    ]);
  });

  it('makes one issue of days that fall together, and finds a moved one from whatever side', () => {
    expect(slots('every day at 12:00', [], '2026-11-20', '2026-11-24')).toEqual([
      '2026-11-20',
      '2026-11-23',
      '2026-11-24',
    ]);
    expect(slots('every week on saturday at 12:00', [], '2026-11-23', '2026-11-23')).toEqual(['2026-11-23']);
    expect(slots('every week on saturday at 12:00', [], '2026-11-21', '2026-11-21')).toEqual([]);
  });
});

describe('dueAt', () => {
  const at = (time: string, day: string, zone: string) =>
    dueAt(parseSchedule(`every day at ${time}`), day, zone).toISOString();

  it('is the clock of the zone, also around changes of the clock', () => {
    expect(at('09:00', '2026-07-01', 'Europe/Amsterdam')).toBe('2026-07-01T07:00:00.000Z');
    expect(at('09:00', '2026-12-01', 'Europe/Amsterdam')).toBe('2026-12-01T08:00:00.000Z');
    // 29 March 2026: 02:00 becomes 03:00. 25 October 2026: 03:00 becomes 02:00.
    expect(at('02:30', '2026-03-29', 'Europe/Amsterdam')).toBe('2026-03-29T01:30:00.000Z');
    expect(at('02:30', '2026-10-25', 'Europe/Amsterdam')).toBe('2026-10-25T00:30:00.000Z');
    expect(at('03:00', '2026-10-25', 'Europe/Amsterdam')).toBe('2026-10-25T02:00:00.000Z');
    // Behind UTC the change lies between the day's beginning here and there: 8 March 2026, 02:00 becomes 03:00.
    expect(at('09:00', '2026-03-08', 'America/Los_Angeles')).toBe('2026-03-08T16:00:00.000Z');
    expect(at('01:30', '2026-03-08', 'America/Los_Angeles')).toBe('2026-03-08T09:30:00.000Z');
    expect(at('09:00', '2026-01-01', 'Pacific/Kiritimati')).toBe('2025-12-31T19:00:00.000Z');
    expect(at('09:00', '2026-01-01', 'Asia/Kathmandu')).toBe('2026-01-01T03:15:00.000Z');
    expect(at('02:15', '2026-10-04', 'Australia/Lord_Howe')).toBe('2026-10-03T15:45:00.000Z');
    // Samoa had no 30 December 2011.
    expect(at('09:00', '2011-12-30', 'Pacific/Apia')).toBe('2011-12-30T19:00:00.000Z');
  });

  it('shows the schedule’s time on that day in every zone, or up to an hour later when clocks skip it', () => {
    fc.assert(
      fc.property(scheduleArb, dayArb, fc.constantFrom(...zones), (schedule, day, zone) => {
        const shown = clockIn(zone, dueAt(schedule, day, zone));
        const wanted = `${day} ${String(schedule.hour).padStart(2, '0')}:${String(schedule.minute).padStart(2, '0')}`;
        const late = Date.parse(`${shown}Z`) - Date.parse(`${wanted}Z`);
        expect(late).toBeGreaterThanOrEqual(0);
        expect(late).toBeLessThanOrEqual(3_600_000);
        // Late only if no moment of that day shows the wanted time.
        if (late > 0) {
          for (const minutes of [-180, -120, -90, -60, -30, 30, 60, 90, 120, 180]) {
            const other = new Date(+dueAt(schedule, day, zone) + minutes * 60_000);
            expect(clockIn(zone, other)).not.toBe(wanted);
          }
        }
      }),
      { numRuns: 400 },
    );
  });

  it('lies in the planning window, whatever the zone', () => {
    fc.assert(
      fc.property(scheduleArb, dayArb, fc.constantFrom(...zones), (schedule, day, zone) => {
        const window = planningWindow(schedule, day, 'reader');
        const due = dueAt(schedule, day, zone);
        expect(+due).toBeGreaterThanOrEqual(+window.firstDueAt);
        expect(+due).toBeLessThanOrEqual(+window.lastDueAt);
        expect(planningWindow(schedule, day, zone)).toEqual({ firstDueAt: due, lastDueAt: due });
      }),
    );
  });
});

describe('isTimeZone', () => {
  it('knows zones from other words', () => {
    expect(isTimeZone('Europe/Berlin')).toBe(true);
    expect(isTimeZone('Mars/Olympus')).toBe(false);
    expect(isTimeZone('')).toBe(false);
  });
});
