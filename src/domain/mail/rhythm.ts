import type { Schedule } from '../programme.ts';

interface Words {
  one: { weeks: string; days: string };
  many: { weeks: (count: string) => string; days: (count: string) => string };
  on: string;
  numbers: string[];
}

// Here and not in templates/locales: the sign-up stage writes these words into the mail's data, and stages see no templates.
const LANGUAGES: Record<string, Words> = {
  en: {
    one: { weeks: 'every week', days: 'every day' },
    many: { weeks: (count) => `every ${count} weeks`, days: (count) => `every ${count} days` },
    on: 'on',
    numbers: ['two', 'three', 'four', 'five', 'six'],
  },
  nl: {
    one: { weeks: 'elke week', days: 'elke dag' },
    many: { weeks: (count) => `elke ${count} weken`, days: (count) => `elke ${count} dagen` },
    on: 'op',
    numbers: ['twee', 'drie', 'vier', 'vijf', 'zes'],
  },
  de: {
    one: { weeks: 'jede Woche', days: 'jeden Tag' },
    many: { weeks: (count) => `alle ${count} Wochen`, days: (count) => `alle ${count} Tage` },
    on: 'am',
    numbers: ['zwei', 'drei', 'vier', 'fünf', 'sechs'],
  },
};

export const RHYTHM_LANGUAGES: readonly string[] = Object.keys(LANGUAGES);

/**
 * How often mail comes, in words that fit "We write to you …": "every two weeks". Several weekdays are named.
 * Throws for a language without words.
 */
export function describeRhythm(schedule: Schedule, language: string): string {
  const words = LANGUAGES[language];
  if (!words) {
    throw new Error(
      `there are no words for the rhythm in language "${language}"; there are ${RHYTHM_LANGUAGES.join(', ')}`,
    );
  }
  const { every, unit, weekdays } = schedule;
  const rhythm = every === 1 ? words.one[unit] : words.many[unit](words.numbers[every - 2] ?? String(every));
  const days = `${words.on} ${listOfDays(weekdays, language)}`;
  if (unit === 'days') return weekdays.length > 0 && weekdays.length < 7 ? days : rhythm;
  return weekdays.length > 1 ? `${rhythm}, ${days}` : rhythm;
}

function listOfDays(weekdays: number[], language: string): string {
  const name = new Intl.DateTimeFormat(language, { weekday: 'long', timeZone: 'UTC' });
  // 2024-01-01 was a Monday, so day n of that month is weekday n.
  const names = weekdays.map((number) => name.format(new Date(Date.UTC(2024, 0, number))));
  return new Intl.ListFormat(language, { type: 'conjunction' }).format(names);
}
