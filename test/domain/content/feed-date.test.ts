import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDate } from '../../../src/domain/content/feed-date.ts';

describe('readDate', () => {
  it.each([
    ['2026-11-21T09:00:00Z', '2026-11-21T09:00:00.000Z'],
    ['2026-11-21T09:00:00.123456+01:00', '2026-11-21T08:00:00.000Z'],
    ['2026-11-21T09:00+0100', '2026-11-21T08:00:00.000Z'],
    ['2026-11-21 09:00:00', '2026-11-21T09:00:00.000Z'],
    ['20261121T090000Z', null],
    ['2026-11-21', '2026-11-21T00:00:00.000Z'],
    ['20261121', '2026-11-21T00:00:00.000Z'],
    ['2026-11', '2026-11-01T00:00:00.000Z'],
    ['2026', '2026-01-01T00:00:00.000Z'],
    ['Sat, 21 Nov 2026 09:00:00 +0100', '2026-11-21T08:00:00.000Z'],
    ['Sat, 21 Nov 2026 09:00:00 GMT', '2026-11-21T09:00:00.000Z'],
    ['  21  November 2026 9:00 EST ', '2026-11-21T14:00:00.000Z'],
    ['Saturday, 21-Nov-26 09:00:00 CEST', '2026-11-21T07:00:00.000Z'],
    ['Sat, 21 Nov 1999 09:00:00 GMT+2', '1999-11-21T07:00:00.000Z'],
    ['21 Nov 96 09:00:00 -0330 (NST)', '1996-11-21T12:30:00.000Z'],
    ['Sat, 21 Nov 2026', '2026-11-21T00:00:00.000Z'],
    ['Sat Nov 21 09:00:00 2026', '2026-11-21T09:00:00.000Z'],
    ['Sat Nov 21 09:00:00 CET 2026', '2026-11-21T08:00:00.000Z'],
    ['Sat, 21 Nov 2026 09:00:00 XYZ', '2026-11-21T09:00:00.000Z'],
    ['31 Feb 2026 09:00:00 GMT', null],
    ['Sat, 21 Nov 2026 25:00:00 GMT', null],
    ['21 Foo 2026', null],
    ['1021-11-21', null],
    ['yesterday', null],
    ['', null],
  ])('reads %j', (text, expected) => {
    expect(readDate(text)?.toISOString() ?? null).toBe(expected);
  });

  it('reads what Date writes, in both its forms', () => {
    const times = fc.integer({ min: 315_532_800, max: 4_000_000_000 });
    fc.assert(
      fc.property(times, (seconds) => {
        const date = new Date(seconds * 1000);
        expect(readDate(date.toISOString())).toEqual(date);
        expect(readDate(date.toUTCString())).toEqual(date);
      }),
    );
  });

  it('is never held up by what is no date', () => {
    const started = performance.now();
    for (const part of ['1', 'a', ' ', 'a ', '1 ', '+0', '1:', '(', 'nov ']) readDate(part.repeat(200_000));
    for (const part of ['1', 'a', 'a ', '1 ', '+0', '1:', '(', 'nov '])
      readDate(part.repeat(60).slice(0, 60));
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
