import { createHash } from 'node:crypto';

/**
 * When the sample articles appear. Each of an interest's 32 articles has its own day in a cycle of 32 days, so a
 * reader always finds about 32 articles of the last month, and a new one appears every morning. In the next cycle
 * the same text comes out again as a new edition with its own address: a try-out that runs for months never dries up.
 */
const DAY = 86_400_000;
const CYCLE_DAYS = 32;
const FIRST_CYCLE = Date.UTC(2020, 0, 1);

export interface Publication {
  /** The number of the cycle, from 1. It is part of the article's address. */
  edition: number;
  publishedAt: Date;
}

/** `place` is the article's place in its list, 0 to 31: its day in the cycle. */
export function publicationOf(slug: string, place: number, edition: number): Publication {
  const day = (edition - 1) * CYCLE_DAYS + place;
  return { edition, publishedAt: new Date(FIRST_CYCLE + day * DAY + minuteOfDay(slug) * 60_000) };
}

/** The newest edition that is out at `now`. */
export function latestPublication(slug: string, place: number, now: Date): Publication {
  const first = publicationOf(slug, place, 1).publishedAt.getTime();
  const edition = Math.floor((now.getTime() - first) / (CYCLE_DAYS * DAY)) + 1;
  return publicationOf(slug, place, edition);
}

/** Between 04:00 and 07:59 UTC: before any digest of the day goes out, and not all at the same minute. */
function minuteOfDay(slug: string): number {
  return 240 + (createHash('sha256').update(slug).digest().readUInt32BE(0) % 240);
}
