import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadTexts, sayer } from '../../../src/adapters/templates/texts.ts';
import { parseSchedule } from '../../../src/domain/delivery/schedule.ts';
import { describeRhythm } from '../../../src/domain/mail/rhythm.ts';

const say = sayer(loadTexts(join(import.meta.dirname, '../../../templates/locales')));
const rhythmIn = (text: string, language: string) =>
  describeRhythm(parseSchedule(text), language, (part, values) =>
    say(language, `common.rhythm.${part}`, values),
  );

describe('describeRhythm', () => {
  it.each([
    ['every week on tuesday at 09:00', 'every week', 'elke week', 'jede Woche', 'toutes les semaines'],
    [
      'every 2 weeks on tuesday at 09:00',
      'every two weeks',
      'elke twee weken',
      'alle zwei Wochen',
      'toutes les deux semaines',
    ],
    [
      'every 9 weeks on tuesday at 09:00',
      'every 9 weeks',
      'elke 9 weken',
      'alle 9 Wochen',
      'toutes les 9 semaines',
    ],
    ['every day at 09:00', 'every day', 'elke dag', 'jeden Tag', 'tous les jours'],
    [
      'every 3 days at 09:00',
      'every three days',
      'elke drie dagen',
      'alle drei Tage',
      'tous les trois jours',
    ],
    [
      'every day on monday, friday at 09:00',
      'on Monday and Friday',
      'op maandag en vrijdag',
      'am Montag und Freitag',
      'le lundi et le vendredi',
    ],
    [
      'every 2 weeks on monday, tuesday, friday at 09:00',
      'every two weeks, on Monday, Tuesday, and Friday',
      'elke twee weken, op maandag, dinsdag en vrijdag',
      'alle zwei Wochen, am Montag, Dienstag und Freitag',
      'toutes les deux semaines, le lundi, le mardi et le vendredi',
    ],
  ])('says %s in every language', (text, en, nl, de, fr) => {
    expect(['en', 'nl', 'de', 'fr'].map((language) => rhythmIn(text, language))).toEqual([en, nl, de, fr]);
  });

  it('in a language without texts is a fault that names the file', () => {
    expect(() => rhythmIn('every day at 09:00', 'xx')).toThrow('there is no file xx.json');
  });
});
