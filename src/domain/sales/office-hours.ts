import { dayAfter, dueAt, type LocalDay, localDay } from '../delivery/schedule.ts';
import type { OfficeHours } from '../programme.ts';

/** ISO weekday 1 to 7, as the programme writes them. */
export const WEEKDAYS = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const;

/** Enough for any wait that makes sense, with holidays to spare: about a year. */
const MOST_DAYS = 400;

/** The moment at which so many ms of office time have passed since `from`. 0: the first moment at work from then on. */
export function afterOfficeTime(from: Date, ms: number, hours: OfficeHours): Date {
  let left = ms;
  const first = localDay(from, hours.timeZone);
  for (let days = 0; days < MOST_DAYS; days++) {
    const { day, weekday } = dayAfter(first, days);
    if (!hours.weekdays.includes(weekday)) continue;
    const opens = Math.max(clock(day, hours.fromMinute, hours).getTime(), from.getTime());
    const closes = clock(day, hours.toMinute, hours).getTime();
    if (opens >= closes) continue;
    if (left < closes - opens) return new Date(opens + left);
    left -= closes - opens;
  }
  return new Date(from.getTime() + MOST_DAYS * 86_400_000);
}

/** The first moment at work on that day or after it: when what sales put off until then may come. */
export function firstMomentOf(day: LocalDay, hours: OfficeHours): Date {
  return afterOfficeTime(clock(day, 0, hours), 0, hours);
}

function clock(day: LocalDay, minute: number, { timeZone }: OfficeHours): Date {
  return dueAt({ hour: Math.floor(minute / 60), minute: minute % 60 }, day, timeZone);
}
