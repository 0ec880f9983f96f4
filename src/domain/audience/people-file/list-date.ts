import { readDate } from '../../content/reading/feed-date.ts';

/** A day that spreadsheets count from: the last of 1899. */
const SPREADSHEET_DAY_ZERO = Date.UTC(1899, 11, 30);
const DAY_MS = 86_400_000;

/**
 * A day, perhaps with its time, as lists write them: 2026-03-12, 12.03.2026, 1-3-2026, 03/12/2026 2:05 PM, 12 mrt 2026,
 * a spreadsheet's number of days. Without a zone it is UTC. `isDayFirst` decides where both parts can be months. Null for
 * what is none.
 */
export function readListDate(text: string, isDayFirst: boolean): Date | null {
  const written = text.trim().replace(/(?<!\s)\s+(?:uhr|uur|h)$/i, '');
  if (/^[34]\d{4}(?:[.,]\d+)?$/.test(written))
    return new Date(SPREADSHEET_DAY_ZERO + Math.round(Number(written.replace(',', '.')) * DAY_MS));
  const isWhole = /\d\D+\d+\D+\d|^\d{8}$|^\d{10}$|^\d{13}$/.test(written) || /\p{L}{3}/u.test(written);
  return isWhole ? readDate(written, isDayFirst) : null;
}
