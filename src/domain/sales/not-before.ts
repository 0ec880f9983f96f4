import { dayAfter, type LocalDay, localDay } from '../delivery/schedule.ts';
import { cut } from '../text.ts';

/** Further ahead nobody plans a call; it is a slip of the hand. */
const MOST_DAYS_AHEAD = 2 * 366;

/**
 * Reads the day before which sales does not want to hear of a lead: after today in the desk's zone, and within two
 * years. Null when nothing was written.
 */
export function readNotBefore(
  written: string,
  now: Date,
  timeZone: string,
): { day: LocalDay | null } | { problem: string } {
  const text = written.trim();
  if (text === '') return { day: null };
  const today = localDay(now, timeZone);
  const latest = dayAfter(today, MOST_DAYS_AHEAD).day;
  const isDay =
    /^\d{4}-\d\d-\d\d$/.test(text) &&
    new Date(Date.parse(`${text}T00:00:00Z`) || 0).toISOString().startsWith(text);
  if (isDay && text > today && text <= latest) return { day: text };
  return {
    problem: `found "${cut(text, 40)}"; allowed is a day as YYYY-MM-DD after ${today} and up to ${latest}`,
  };
}
