import type { Schedule } from '../programme.ts';

/** What of a schedule is said to readers. */
export type Rhythm = Pick<Schedule, 'every' | 'unit' | 'weekdays'>;

/** Says one of the texts below common.rhythm in the reader's language. */
export type SayRhythm = (part: RhythmText, values?: Record<string, unknown>) => string;

type RhythmText = 'week' | 'weeks' | 'day' | 'days' | 'on' | 'weekday' | 'both' | `number.${number}`;

/** Numbers up to here are written as words. */
const LAST_WORD = 6;

/**
 * How often mail comes, in words that fit "We write to you …": "every two weeks". Several weekdays are named.
 */
export function describeRhythm(schedule: Rhythm, language: string, say: SayRhythm): string {
  const { every, unit, weekdays } = schedule;
  const count = every <= LAST_WORD ? () => say(`number.${every}`) : () => String(every);
  const one = { weeks: 'week', days: 'day' } as const;
  const rhythm = every === 1 ? say(one[unit]) : say(unit, { n: every, count: count() });
  const days = () => say('on', { days: listOfDays(weekdays, language, say) });
  if (unit === 'days') return weekdays.length > 0 && weekdays.length < 7 ? days() : rhythm;
  return weekdays.length > 1 ? say('both', { rhythm, days: days() }) : rhythm;
}

function listOfDays(weekdays: number[], language: string, say: SayRhythm): string {
  const name = new Intl.DateTimeFormat(language, { weekday: 'long', timeZone: 'UTC' });
  // 2024-01-01 was a Monday, so day n of that month is weekday n.
  const names = weekdays.map((number) =>
    say('weekday', { day: name.format(new Date(Date.UTC(2024, 0, number))) }),
  );
  return new Intl.ListFormat(language, { type: 'conjunction' }).format(names);
}
