import { describe, expect, it } from 'vitest';
import { parseSchedule } from '../../../src/domain/delivery/schedule.ts';
import { describeRhythm } from '../../../src/domain/mail/rhythm.ts';

describe('describeRhythm', () => {
  it.each([
    ['every week on tuesday at 09:00', 'every week', 'elke week', 'jede Woche'],
    ['every 2 weeks on tuesday at 09:00', 'every two weeks', 'elke twee weken', 'alle zwei Wochen'],
    ['every 9 weeks on tuesday at 09:00', 'every 9 weeks', 'elke 9 weken', 'alle 9 Wochen'],
    ['every day at 09:00', 'every day', 'elke dag', 'jeden Tag'],
    ['every 3 days at 09:00', 'every three days', 'elke drie dagen', 'alle drei Tage'],
    [
      'every day on monday, friday at 09:00',
      'on Monday and Friday',
      'op maandag en vrijdag',
      'am Montag und Freitag',
    ],
    [
      'every 2 weeks on monday, tuesday, friday at 09:00',
      'every two weeks, on Monday, Tuesday, and Friday',
      'elke twee weken, op maandag, dinsdag en vrijdag',
      'alle zwei Wochen, am Montag, Dienstag und Freitag',
    ],
  ])('says %s in every language', (text, en, nl, de) => {
    const schedule = parseSchedule(text);
    expect(['en', 'nl', 'de'].map((language) => describeRhythm(schedule, language))).toEqual([en, nl, de]);
  });

  it('names the languages it knows', () => {
    expect(() => describeRhythm(parseSchedule('every day at 09:00'), 'fr')).toThrow('there are en, nl, de');
  });
});
