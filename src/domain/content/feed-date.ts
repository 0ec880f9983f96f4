/** Month names by how they begin (three letters or more, without accents), in the languages that feeds write dates in. */
// biome-ignore format: one line per month would say no more
const MONTHS: readonly (readonly string[])[] = [
  ['jan', 'ene', 'gen', 'янв', 'sty', 'led', 'ιαν', 'oca'],
  ['feb', 'fev', 'fév', 'фев', 'lut', 'uno', 'φεβ', 'sub'],
  ['mar', 'maa', 'mrt', 'mär', 'mae', 'мар', 'bre', 'μαρ', 'márc'],
  ['apr', 'abr', 'avr', 'апр', 'kwi', 'dub', 'απρ', 'ápr', 'nis'],
  ['may', 'mai', 'mei', 'mag', 'maj', 'máj', 'мая', 'май', 'kve', 'μαι', 'μάι'],
  ['jun', 'juin', 'giu', 'июн', 'cze', 'červen', 'ιουν', 'ιούν', 'haz', 'jún'],
  ['jul', 'juil', 'lug', 'июл', 'lip', 'červenec', 'ιουλ', 'ιούλ', 'tem', 'júl'],
  ['aug', 'ago', 'aou', 'aoû', 'авг', 'sie', 'srp', 'αυγ', 'αύγ', 'ağu'],
  ['sep', 'set', 'сен', 'wrz', 'zář', 'σεπ', 'szept', 'eyl'],
  ['oct', 'okt', 'out', 'ott', 'окт', 'paź', 'říj', 'οκτ', 'eki'],
  ['nov', 'noy', 'ноя', 'lis', 'νοε', 'νοέ', 'kas'],
  ['dec', 'dez', 'dic', 'déc', 'дек', 'gru', 'pro', 'δεκ', 'ara'],
];

/** Zone names of RFC 822 and those that feeds of Europe, Asia and Australia use, in minutes ahead of UTC. */
// biome-ignore format: one line per zone would say no more
const ZONES: Record<string, number> = {
  z: 0, ut: 0, utc: 0, gmt: 0, wet: 0, west: 60, bst: 60, ist: 330, cet: 60, cest: 120, met: 60, mest: 120, mez: 60,
  mesz: 120, eet: 120, eest: 180, msk: 180, est: -300, edt: -240, cst: -360, cdt: -300, mst: -420, mdt: -360, pst: -480,
  pdt: -420, et: -300, ct: -360, mt: -420, pt: -480, akst: -540, akdt: -480, hst: -600, brt: -180, art: -180, sast: 120,
  jst: 540, kst: 540, hkt: 480, sgt: 480, awst: 480, acst: 570, acdt: 630, aest: 600, aedt: 660, nzst: 720, nzdt: 780,
};

const ZONE = String.raw`((?:(?:gmt|utc)\s*)?[+-]\d{1,2}:?(?:\d\d)?|[a-z]{1,5})?(?:\s*\([^)]*\))?`;
/** 2026-11-21T09:00:00+01:00 and its shorter forms (W3C, RFC 3339, ISO 8601), SQL's, and 2026/11/21. */
const ISO = new RegExp(
  String.raw`^(\d{4})(?:[-/.]?(\d{1,2})(?:[-/.]?(\d{1,2})(?:(?:t|\s+)(\d{1,2})(?::?(\d{1,2})(?::?(\d{1,2})(?:[.,:]\d+)?)?)?\s*${ZONE})?)?)?$`,
  'i',
);
/** 2026-325 and 2026325: the day of the year (ISO 8601). */
const ORDINAL = /^(\d{4})-?(\d{3})$/;
/** 13/05/2026 and 05/13/2026: where both can be months, the month is first after "/", the day after ".". */
const DAY_MONTH = /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d\d)$/;
/** Seconds or milliseconds since 1970. */
const UNIX = /^(\d{9,10})(\d{3})?$/;

const TIME =
  /(?<![\d+-])(\d{1,2})(?::(\d\d)(?:[:.](\d\d)(?:[.,]\d+)?)?\s*([ap]\.?\s?m\b\.?)?|\s?([ap]\.?m\b\.?))/iu;
const OFFSET = /(?<!\d)(?:(?:gmt|utc)\s*)?([+-])(\d{1,2}):?(\d\d)?(?!\d)/i;

/**
 * A feed's date, however it is written. A zone that is missing or unknown counts as UTC, never as the server's own.
 * Null for what is no date, and for years that no article can have.
 */
export function readDate(text: string): Date | null {
  if (text.length > 200) return null;
  const written = western(text.trim().replace(/\s+/g, ' '));
  if (written.length > 60) return null;
  const unix = UNIX.exec(written);
  if (unix) return inRange(new Date(Number(unix[1]) * 1000 + Number(unix[2] ?? 0)));
  const ordinal = ORDINAL.exec(written);
  if (ordinal) return dayOfYear(Number(ordinal[1]), Number(ordinal[2]));
  const iso = ISO.exec(written);
  if (iso) {
    const [, year, month = '1', day = '1', hour = '0', minute = '0', second = '0', zone] = iso;
    return dateOf(Number(year), Number(month), Number(day), [hour, minute, second].map(Number), zoneOf(zone));
  }
  return inWords(written);
}

/** East Asian dates in the form of others: "2026년 11월 21일 오후 9:00", "2026年11月21日 09時00分". */
function western(text: string): string {
  if (!/[년年월月]|오전|오후|上午|下午/.test(text)) return text;
  const isAfternoon = /오후|下午/.test(text);
  const plain = text
    .replace(/오전|오후|上午|下午/g, ' ')
    .replace(/[년年월月]\s*/g, '-')
    .replace(/[일日]/g, ' ')
    .replace(/[시時时]\s*|[분分]\s*(?=\d)/g, ':')
    .replace(/[분分초秒]|\([^)]*\)/g, '')
    .replace(/\s+/g, ' ')
    .trim();
  if (!isAfternoon) return plain;
  return plain.replace(/(?<=\s)(\d{1,2})(?=:)/, (hour) => String((Number(hour) % 12) + 12));
}

/** Dates with a month in words, or with slashes: RFC 822, RFC 850, C's asctime, and what people type. */
function inWords(written: string): Date | null {
  let rest = written.replace(/\([^)]*\)/g, ' ');
  const time = TIME.exec(rest);
  if (time) rest = `${rest.slice(0, time.index)} | ${rest.slice(time.index + time[0].length)}`;
  const clock = time ? clockOf(time) : [0, 0, 0];
  const afterTime = time ? rest.slice(rest.indexOf('|') + 1) : '';
  const offset = OFFSET.exec(afterTime);
  if (offset) rest = rest.replace(offset[0], ' ');
  const words = rest.match(/\p{L}+/gu) ?? [];
  const zone = offset
    ? zoneOf(offset[0])
    : (words.map((word) => ZONES[word.toLowerCase()]).find((minutes) => minutes !== undefined) ?? 0);

  const slashed = rest.match(/\d{1,4}([/.-])\d{1,2}\1\d{1,4}/)?.[0];
  if (slashed) {
    const year = /^(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})$/.exec(slashed);
    if (year) return dateOf(Number(year[1]), Number(year[2]), Number(year[3]), clock, zone);
    const turned = DAY_MONTH.exec(slashed);
    if (!turned) return null;
    const [first, second] = [Number(turned[1]), Number(turned[3])];
    // ISO with a short year: 26-11-21.
    if (turned[2] === '-' && turned[4]!.length === 2 && second <= 12) {
      return dateOf(fullYear(turned[1]!.padStart(2, '0')), second, Number(turned[4]), clock, zone);
    }
    const isDayFirst = first > 12 || (turned[2] !== '/' && second <= 12);
    return dateOf(
      fullYear(turned[4]!),
      isDayFirst ? second : first,
      isDayFirst ? first : second,
      clock,
      zone,
    );
  }
  // The last one: a day's name may look like a month's ("mar., 03 févr.").
  const month = words.map(monthOf).findLast((number) => number > 0) ?? 0;
  const numbers = rest.match(/\d+/g) ?? [];
  if (month === 0 || numbers.length !== 2) return null;
  const [one, two] = numbers as [string, string];
  const [day, year] = one.length === 4 ? [two, one] : [one, two];
  if (![2, 4].includes(year.length) || day.length > 2) return null;
  return dateOf(fullYear(year), month, Number(day), clock, zone);
}

function clockOf(time: RegExpExecArray): number[] {
  const [, hour, minute, second, half = time[5]] = time;
  const isAfternoon = half === undefined ? null : /^p/i.test(half);
  const hours = isAfternoon === null ? Number(hour) : (Number(hour) % 12) + (isAfternoon ? 12 : 0);
  return [hours, Number(minute ?? 0), Number(second ?? 0)];
}

function monthOf(word: string): number {
  const name = word.toLowerCase();
  if (name.length < 3) return 0;
  return MONTHS.findLastIndex((starts) => starts.some((start) => name.startsWith(start))) + 1;
}

/** RFC 2822, 4.3: two digits below 50 are this century. */
function fullYear(text: string): number {
  const year = Number(text);
  if (text.length === 4) return year;
  return year < 50 ? 2000 + year : 1900 + year;
}

function dayOfYear(year: number, day: number): Date | null {
  const date = new Date(Date.UTC(year, 0, day));
  return day >= 1 && date.getUTCFullYear() === year ? inRange(date) : null;
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

/** Minutes ahead of UTC. */
function zoneOf(zone: string | undefined): number {
  if (zone === undefined) return 0;
  const parts = /([+-])(\d\d?):?(\d\d)?$/.exec(zone);
  if (!parts) return ZONES[zone.toLowerCase()] ?? 0;
  return (parts[1] === '-' ? -1 : 1) * (Number(parts[2]) * 60 + Number(parts[3] ?? 0));
}
