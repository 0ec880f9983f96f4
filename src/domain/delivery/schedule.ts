import type { Schedule } from '../programme.ts';

/** A day on the calendar, the same everywhere: YYYY-MM-DD. */
export type LocalDay = string;

const DAY_MS = 24 * 60 * 60_000;
const HOUR_MS = 60 * 60_000;
/** Local clocks run from 12 hours behind UTC to 14 hours ahead of it (IANA time zone database). */
const FURTHEST_AHEAD_MS = 14 * HOUR_MS;
const FURTHEST_BEHIND_MS = 12 * HOUR_MS;
/** A Monday long past: schedules without a starting day all count their weeks from it, so their rhythm never jumps. */
export const FIRST_DAY: LocalDay = '2024-01-01';
const MOST = { weeks: 52, days: 366 } as const;
const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const ALLOWED =
  'allowed is "every [N] week(s)|day(s) [on WEEKDAY[, WEEKDAY …]] at HH:MM", such as "every 2 weeks on tuesday at 09:00"';

/**
 * Reads "every 2 weeks on tuesday at 09:00". Weeks without a weekday run on the weekday of `startingOn`.
 * Throws an Error that names what was found and what is allowed.
 */
export function parseSchedule(text: string, startingOn: LocalDay = FIRST_DAY): Schedule {
  const first = dayNumber(startingOn);
  const parts = /^every(?: (\d+))? (weeks?|days?)(?: on (.+?))? at (\S+)$/i.exec(
    text.trim().replace(/\s+/g, ' '),
  );
  if (!parts) throw new Error(`found the schedule "${text}"; ${ALLOWED}`);
  const unit = parts[2]!.toLowerCase().startsWith('week') ? 'weeks' : 'days';
  const every = Number(parts[1] ?? 1);
  if (every < 1 || every > MOST[unit]) {
    throw new Error(`found "every ${parts[1]} ${unit}" in "${text}"; allowed is 1 to ${MOST[unit]} ${unit}`);
  }
  const weekdays = parts[3] === undefined ? [] : parseWeekdays(parts[3], text);
  if (unit === 'days' && every > 1 && weekdays.length > 0) {
    throw new Error(
      `found weekdays with "every ${every} days" in "${text}"; allowed with weekdays is "every day" or weeks`,
    );
  }
  if (unit === 'weeks' && weekdays.length === 0) weekdays.push(weekday(first));
  const time = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(parts[4]!);
  if (!time)
    throw new Error(`found the time "${parts[4]}" in "${text}"; allowed is HH:MM from 00:00 to 23:59`);
  return { every, unit, weekdays, hour: Number(time[1]), minute: Number(time[2]), startingOn };
}

function parseWeekdays(words: string, text: string): number[] {
  const numbers = words
    .toLowerCase()
    .split(/ ?, ?(?:and )?| and /)
    .map((word) => {
      const number = WEEKDAYS.indexOf(word.trim()) + 1;
      if (number === 0) {
        throw new Error(
          `found the weekday "${word.trim()}" in "${text}"; allowed are ${WEEKDAYS.join(', ')}`,
        );
      }
      return number;
    });
  return [...new Set(numbers)].sort((a, b) => a - b);
}

/**
 * The schedule's days (moved to office days where it says so) whose due time falls, somewhere on earth, between the two
 * moments (both included), oldest first. A digest in one fixed zone still has to look at `planningWindow` for the very moment.
 */
export function slotsBetween(schedule: Schedule, from: Date, to: Date): LocalDay[] {
  const time = timeOfDayMs(schedule);
  const earliest = Math.ceil((from.getTime() - FURTHEST_BEHIND_MS - time) / DAY_MS);
  const latest = Math.floor((to.getTime() + FURTHEST_AHEAD_MS - time) / DAY_MS);
  const days = new Set<LocalDay>();
  const firstDay = schedule.officeDays ? earliest - LONGEST_HOLIDAY_DAYS : earliest;
  for (let day = Math.max(firstDay, dayNumber(schedule.startingOn)); day <= latest; day++) {
    if (!isSlot(schedule, day)) continue;
    const slot = officeDayFrom(schedule, day);
    if (slot >= earliest && slot <= latest) days.add(dayName(slot));
  }
  return [...days];
}

/** A row of free days is never as long as this. */
const LONGEST_HOLIDAY_DAYS = 31;

/**
 * With office days only: the day itself, or the next one that is neither on a weekend nor a holiday. Several days of the
 * schedule that fall on the same office day make one issue.
 */
function officeDayFrom({ officeDays }: Schedule, day: number): number {
  if (!officeDays) return day;
  for (let shift = 0; shift <= LONGEST_HOLIDAY_DAYS; shift++) {
    const isWeekend = weekday(day + shift) > 5;
    if (!isWeekend && !officeDays.holidays.includes(dayName(day + shift))) return day + shift;
  }
  return day;
}

function isSlot(schedule: Schedule, day: number): boolean {
  const first = dayNumber(schedule.startingOn);
  if (day < first) return false;
  if (schedule.weekdays.length > 0 && !schedule.weekdays.includes(weekday(day))) return false;
  const passed = schedule.unit === 'days' ? day - first : (monday(day) - monday(first)) / 7;
  return passed % schedule.every === 0;
}

/** When a slot is due first and last: for readers' own zones anywhere on earth, for a fixed zone one and the same moment. */
export function planningWindow(
  schedule: Schedule,
  day: LocalDay,
  timeZone: 'reader' | string,
): { firstDueAt: Date; lastDueAt: Date } {
  if (timeZone !== 'reader') {
    const at = dueAt(schedule, day, timeZone);
    return { firstDueAt: at, lastDueAt: at };
  }
  const clock = dayNumber(day) * DAY_MS + timeOfDayMs(schedule);
  return { firstDueAt: new Date(clock - FURTHEST_AHEAD_MS), lastDueAt: new Date(clock + FURTHEST_BEHIND_MS) };
}

/**
 * The moment when clocks in the zone show the schedule's time on that day. A time that clocks skip (spring) is
 * taken as long after the last moment before the gap as it would have been: 02:30 becomes 03:30. One they show
 * twice (autumn) is the first of the two. Throws RangeError for a zone that does not exist.
 */
export function dueAt(schedule: Pick<Schedule, 'hour' | 'minute'>, day: LocalDay, timeZone: string): Date {
  const clock = dayNumber(day) * DAY_MS + timeOfDayMs(schedule);
  const before = clock - offsetMs(clock - DAY_MS, timeZone);
  const after = clock - offsetMs(clock + DAY_MS, timeZone);
  const real = [before, after].filter((at) => at + offsetMs(at, timeZone) === clock);
  return new Date(real.length > 0 ? Math.min(...real) : before);
}

/** The day that calendars in the zone show at a moment. */
export function localDay(at: Date, timeZone: string): LocalDay {
  return dayName(Math.floor((at.getTime() + offsetMs(at.getTime(), timeZone)) / DAY_MS));
}

/** The day so many days later, and its ISO weekday (1 is Monday). */
export function dayAfter(day: LocalDay, days: number): { day: LocalDay; weekday: number } {
  const number = dayNumber(day) + days;
  return { day: dayName(number), weekday: weekday(number) };
}

export function isTimeZone(name: string): boolean {
  try {
    formatter(name);
    return true;
  } catch {
    return false;
  }
}

/** How far the zone's clocks are ahead of UTC at a moment, in ms. */
function offsetMs(at: number, timeZone: string): number {
  const shown: Record<string, number> = {};
  for (const part of formatter(timeZone).formatToParts(at)) shown[part.type] = Number(part.value);
  const clock = Date.UTC(
    shown.year!,
    shown.month! - 1,
    shown.day!,
    shown.hour!,
    shown.minute!,
    shown.second!,
  );
  return clock - Math.floor(at / 1000) * 1000;
}

// Making a formatter costs some hundred times as much as using it; there are about 600 zones at most.
const formatters = new Map<string, Intl.DateTimeFormat>();
function formatter(timeZone: string): Intl.DateTimeFormat {
  let found = formatters.get(timeZone);
  if (!found) {
    found = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formatters.set(timeZone, found);
  }
  return found;
}

function timeOfDayMs(schedule: Pick<Schedule, 'hour' | 'minute'>): number {
  return schedule.hour * HOUR_MS + schedule.minute * 60_000;
}

/** Days since 1970-01-01. Throws for anything that is not a day of the calendar. */
function dayNumber(day: LocalDay): number {
  const at = /^\d{4}-\d\d-\d\d$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(at) || dayName(at / DAY_MS) !== day) {
    throw new Error(`found the day "${day}"; allowed is a day as YYYY-MM-DD, such as ${FIRST_DAY}`);
  }
  return at / DAY_MS;
}

function dayName(number: number): LocalDay {
  return new Date(number * DAY_MS).toISOString().slice(0, 10);
}

/** ISO: 1 is Monday. 1970-01-01 was a Thursday. */
function weekday(number: number): number {
  return ((((number + 3) % 7) + 7) % 7) + 1;
}

function monday(number: number): number {
  return number - weekday(number) + 1;
}
