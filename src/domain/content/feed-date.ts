const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Zone names of RFC 822 and those that feeds of Europe, Asia and Australia use, in minutes ahead of UTC. */
// biome-ignore format: one line per zone would say no more
const ZONES: Record<string, number> = {
  z: 0, ut: 0, utc: 0, gmt: 0, wet: 0, west: 60, bst: 60, ist: 330, cet: 60, cest: 120, met: 60, mest: 120, mez: 60,
  mesz: 120, eet: 120, eest: 180, msk: 180, est: -300, edt: -240, cst: -360, cdt: -300, mst: -420, mdt: -360, pst: -480,
  pdt: -420, akst: -540, akdt: -480, hst: -600, jst: 540, kst: 540, hkt: 480, sgt: 480, awst: 480, acst: 570, acdt: 630,
  aest: 600, aedt: 660, nzst: 720, nzdt: 780,
};

const TIME = String.raw`(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?`;
const ZONE = String.raw`((?:(?:gmt|utc)\s*)?[+-]\d\d?:?(?:\d\d)?|[a-z]{1,5})?(?:\s*\([^)]*\))?`;
/** 2026-11-21T09:00:00+01:00 and its shorter forms (W3C, RFC 3339, ISO 8601). */
const ISO = new RegExp(String.raw`^(\d{4})(?:-?(\d\d)(?:-?(\d\d)(?:(?:t|\s+)${TIME}\s*${ZONE})?)?)?$`, 'i');
/** Sat, 21 Nov 2026 09:00:00 +0100 (RFC 822, RFC 850). */
const RFC = new RegExp(
  String.raw`^(?:[a-z]+\.?,?\s*)?(\d{1,2})[\s-]+([a-z]{3,9})\.?,?[\s-]+(\d{4}|\d\d),?(?:\s+${TIME}\s*${ZONE})?$`,
  'i',
);
/** Sat Nov 21 09:00:00 2026 (C's asctime), with a zone before or after the year. */
const ASCTIME = new RegExp(
  String.raw`^(?:[a-z]{3,9}\.?,?\s+)?([a-z]{3,9})\.?\s+(\d{1,2}),?\s+${TIME}\s+(?:${ZONE}\s+)?(\d{4})$`,
  'i',
);

/**
 * A feed's date, however it is written. A zone that is missing or unknown counts as UTC, never as the server's own.
 * Null for what is no date, and for years that no article can have.
 */
export function readDate(text: string): Date | null {
  const written = text.trim().replace(/\s+/g, ' ');
  if (written.length > 60) return null;
  const iso = ISO.exec(written);
  if (iso) return dateOf(iso[1]!, Number(iso[2] ?? 1), iso[3] ?? '1', iso.slice(4, 7), iso[7]);
  const rfc = RFC.exec(written);
  if (rfc) return dateOf(rfc[3]!, monthOf(rfc[2]!), rfc[1]!, rfc.slice(4, 7), rfc[7]);
  const asctime = ASCTIME.exec(written);
  if (asctime) return dateOf(asctime[7]!, monthOf(asctime[1]!), asctime[2]!, asctime.slice(3, 6), asctime[6]);
  return null;
}

function dateOf(
  yearText: string,
  month: number,
  dayText: string,
  time: (string | undefined)[],
  zone: string | undefined,
): Date | null {
  // RFC 2822, 4.3: two digits below 50 are this century.
  const short = Number(yearText);
  const year = yearText.length === 4 ? short : short < 50 ? 2000 + short : 1900 + short;
  const day = Number(dayText);
  const [hour = 0, minute = 0, second = 0] = time.map((part) => Number(part ?? 0));
  const isOnCalendar = new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day;
  if (year < 1980 || year > 2100 || month < 1 || month > 12 || !isOnCalendar) return null;
  if (hour > 24 || minute > 59 || second > 60) return null;
  return new Date(Date.UTC(year, month - 1, day, hour, minute, second) - offsetMinutes(zone) * 60_000);
}

function monthOf(name: string): number {
  return MONTHS.indexOf(name.slice(0, 3).toLowerCase()) + 1;
}

function offsetMinutes(zone: string | undefined): number {
  if (zone === undefined) return 0;
  const parts = /([+-])(\d\d?):?(\d\d)?$/.exec(zone);
  if (!parts) return ZONES[zone.toLowerCase()] ?? 0;
  return (parts[1] === '-' ? -1 : 1) * (Number(parts[2]) * 60 + Number(parts[3] ?? 0));
}
