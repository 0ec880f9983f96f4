import { cut } from '../../text.ts';
import { minutesAt, monthOf, placeIn, zoneNamed, zoneOf } from './date-words.ts';
import { asWritten, KOREAN_TIME } from './east-asian-date.ts';

const ZONE = String.raw`((?:(?:gmt|utc)\s*)?[+-]\d{1,2}:?(?:\d\d)?|[a-z]{1,5})?`;
/** 2026-11-21T09:00:00+01:00 and its shorter forms (W3C, RFC 3339, ISO 8601), SQL's, and 2026/11/21. */
const ISO = new RegExp(
  String.raw`^(\d{4})(?:[-/.]?(\d{1,2})(?:[-/.]?(\d{1,2})(?:(?:t|\s+)(\d{1,2})(?::?(\d{1,2})(?::?(\d{1,2})(?:[.,:]\d+)?)?)?\s*${ZONE})?)?)?$`,
  'i',
);
/** ISO 8601's other dates: 2026-325 and 2026325 (day of the year), 2026-W47-6 (week and its day). */
const ORDINAL = /^(\d{4})-?(\d{3})$/;
const WEEK = /^(\d{4})-?W(\d\d)(?:-?([1-7]))?$/i;
/** Its short forms of before 2000: 031231, 03335, -0312, -03-12. */
const SHORT = /^(?:(\d\d)(\d\d)(\d\d)|(\d\d)(\d{3})|-(\d\d)-?(\d\d))$/;
/** Where both can be months, the day is first after "." and "-", after "/" as the caller says. */
const DAY_MONTH = /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d\d)$/;
/** Seconds or milliseconds since 1970. */
const UNIX = /^(\d{9,10})(\d{3})?(?:\.\d+)?$/;

const TIME =
  /(?<![\d+-])(\d{1,2})(?::(\d{1,2})(?:[:.](\d{1,2})(?:[.,]\d+)?)?\s*([ap]\.?\s?m\b\.?)?|\s?([ap]\.?m\b\.?))/iu;
/** "09.00", "09.00.00" and "9h30", where no time with a colon is. */
const DOTTED_TIME = /(?<=\s)(\d{1,2})[.h](\d\d)(?:\.(\d\d))?(?=\s|$)/i;
const OFFSET = /(?<!\d)(?:(?:gmt|utc)\s*)?([+-])(\d{1,2}):?(\d\d)?(?!\d)/i;

const MOST_WRITTEN = 60;

/**
 * A feed's date, however it is written. A zone that is missing or unknown counts as UTC, never as the server's own.
 * `isDayFirst` says which of 5/6/2026 is the day, where both can be; `language` which month a word is that is of several. Null for what is no date, and for years that no
 * article can have.
 */
export function readDate(text: string, isDayFirst = false, language = ''): Date | null {
  if (text.length > 200) return null;
  const plain = text
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replace(/\([^()]*\)/g, ' ')
    .trim()
    .replace(/\s+/g, ' ')
    // Offsets with seconds.
    .replace(/([+-]\d\d:\d\d):\d\d$/, '$1')
    // 2003-012-31, as Google Groups wrote it, and "2026. 11. 21.", as Koreans and Hungarians do.
    .replace(/^(\d{4}-)0(\d\d-)/, '$1$2')
    .replace(/^(\d{4})\. ?(\d{1,2})\. ?(\d{1,2})\.(?!\d)/, '$1-$2-$3');
  const written = asWritten(plain);
  if (written === null || written.length > MOST_WRITTEN) return null;
  const date = inNumbers(written) ?? atPlace(written, isDayFirst, language);
  // Korean forms come without a zone, and from nowhere else.
  return date && KOREAN_TIME.isMeantBy(plain) ? inRange(KOREAN_TIME.of(date)) : date;
}

/**
 * Whether the day is first in a feed's dates with slashes: as one of them shows that cannot be read otherwise, else as is
 * usual in the feed's language.
 */
export function isDayFirstIn(texts: Iterable<string>, language: string): boolean {
  for (const text of texts) {
    const [, first, second] = /(?<![\d/])(\d{1,2})\/(\d{1,2})\/\d{2,4}(?![\d/])/.exec(cut(text, 100)) ?? [];
    if (Number(first) > 12) return true;
    if (Number(second) > 12) return false;
  }
  return !/^en\b/i.test(language) || /^en-(?:gb|au|nz|ie|in|za)\b/i.test(language);
}

function inNumbers(written: string): Date | null {
  const unix = UNIX.exec(written);
  if (unix) return inRange(new Date(Number(unix[1]) * 1000 + Number(unix[2] ?? 0)));
  const ordinal = ORDINAL.exec(written);
  if (ordinal) return dayOfYear(Number(ordinal[1]), Number(ordinal[2]));
  const week = WEEK.exec(written);
  if (week) return dayOfWeek(Number(week[1]), Number(week[2]), Number(week[3] ?? 1));
  const short = SHORT.exec(written);
  if (short) {
    const [, year, month, day, ofDay, dayInYear, ofMonth, monthInYear] = short;
    if (ofDay !== undefined) return dayOfYear(fullYear(ofDay), Number(dayInYear));
    return dateOf(fullYear(year ?? ofMonth!), Number(month ?? monthInYear), Number(day ?? 1), [], 0);
  }
  const iso = ISO.exec(written);
  if (!iso) return null;
  const [, year, month = '1', day = '1', hour = '0', minute = '0', second = '0', zone] = iso;
  return dateOf(Number(year), Number(month), Number(day), [hour, minute, second].map(Number), zoneOf(zone));
}

/** A date with the place whose clocks it is by, or with an offset or none. */
function atPlace(written: string, isDayFirst: boolean, language: string): Date | null {
  const place = placeIn(written);
  if (place === null) return inWords(written, isDayFirst, language);
  const clock = readDate(written.replace(/(?<!\S)[^\s/]+\/\S+\s*$/, ''), isDayFirst, language);
  return clock && new Date(clock.getTime() - minutesAt(place, clock) * 60_000);
}

/** Dates with a month in words, or with slashes: RFC 822, RFC 850, C's asctime, and what people type. */
function inWords(written: string, isDayFirst: boolean, language: string): Date | null {
  let rest = written;
  const time = TIME.exec(rest) ?? DOTTED_TIME.exec(rest);
  if (time) rest = `${rest.slice(0, time.index)} | ${rest.slice(time.index + time[0].length)}`;
  const clock = time ? clockOf(time) : [];
  const afterTime = time ? rest.slice(rest.indexOf('|') + 1) : '';
  const offset = OFFSET.exec(afterTime);
  if (offset) rest = rest.replace(offset[0], ' ');
  const wordsOf = (part: string): string[] => part.match(/\p{L}+/gu) ?? [];
  // Before the time "at" is no zone.
  const named = wordsOf(afterTime).map(zoneNamed);
  const zone = offset ? zoneOf(offset[0]) : (named.find((minutes) => minutes !== undefined) ?? 0);

  const slashed = rest.match(/\d{1,4}([/.-])\d{1,2}\1\d{1,4}/);
  if (slashed) {
    // What is left of the numbers has a meaning that is not known here.
    if (/\d/.test(rest.replace(slashed[0], ''))) return null;
    return withSlashes(slashed[0], isDayFirst, clock, zone);
  }
  const numbers = rest.match(/\d+/g) ?? [];
  if (numbers.length !== 2) return null;
  // The last one: a day's name may look like a month's ("mar., 03 févr.").
  const month =
    wordsOf(rest)
      .map((word) => monthOf(word, language))
      .findLast((number) => number > 0) ?? 0;
  if (month === 0) return null;
  const [one, two] = numbers as [string, string];
  const [day, year] = one.length >= 3 ? [two, one] : [one, two];
  if (year.length < 2 || year.length > 4 || day.length > 2) return null;
  return dateOf(fullYear(year), month, Number(day), clock, zone);
}

function withSlashes(slashed: string, isDayFirst: boolean, clock: number[], zone: number): Date | null {
  const year = /^(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})$/.exec(slashed);
  if (year) return dateOf(Number(year[1]), Number(year[2]), Number(year[3]), clock, zone);
  const turned = DAY_MONTH.exec(slashed);
  if (!turned) return null;
  const [, one = '', mark, two = '', end = ''] = turned;
  const [first, second] = [Number(one), Number(two)];
  // ISO with a short year: 26-11-21.
  if (mark === '-' && end.length === 2 && second <= 12) {
    return dateOf(fullYear(one.padStart(2, '0')), second, Number(end), clock, zone);
  }
  const hasDayFirst = first > 12 || (second <= 12 && (mark !== '/' || isDayFirst));
  const [day, month] = hasDayFirst ? [first, second] : [second, first];
  return dateOf(fullYear(end), month, day, clock, zone);
}

function clockOf(time: RegExpExecArray): number[] {
  const [, hour, minute, second, half = time[5]] = time;
  const isAfternoon = half === undefined ? null : /^p/i.test(half);
  // "21:00 PM" is nine in the evening all the same.
  const hours =
    isAfternoon === null || Number(hour) > 12 ? Number(hour) : (Number(hour) % 12) + (isAfternoon ? 12 : 0);
  return [hours, Number(minute ?? 0), Number(second ?? 0)];
}

/** RFC 2822, 4.3: two digits below 50 are this century; three are years since 1900, of programs that do not add it. */
function fullYear(text: string): number {
  const year = Number(text);
  if (text.length === 4) return year;
  return text.length === 2 && year < 50 ? 2000 + year : 1900 + year;
}

function dayOfYear(year: number, day: number): Date | null {
  const date = new Date(Date.UTC(year, 0, day));
  return day >= 1 && date.getUTCFullYear() === year ? inRange(date) : null;
}

/** The first week is the one with 4 January in it (ISO 8601). */
function dayOfWeek(year: number, week: number, day: number): Date | null {
  if (week < 1 || week > 53) return null;
  const fourth = new Date(Date.UTC(year, 0, 4));
  const monday = 4 - ((fourth.getUTCDay() + 6) % 7);
  return inRange(new Date(Date.UTC(year, 0, monday + (week - 1) * 7 + day - 1)));
}

function dateOf(year: number, month: number, day: number, time: number[], zoneMinutes: number): Date | null {
  const [hour = 0, minute = 0, second = 0] = time;
  const isOnCalendar = new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day;
  if (month < 1 || month > 12 || !isOnCalendar) return null;
  if (hour > 24 || minute > 59 || second > 60) return null;
  return inRange(new Date(Date.UTC(year, month - 1, day, hour, minute, second) - zoneMinutes * 60_000));
}

function inRange(date: Date): Date | null {
  const year = date.getUTCFullYear();
  return year >= 1980 && year <= 2100 ? date : null;
}
