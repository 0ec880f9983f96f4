import type { Feed } from '../programme.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** The pause after the first, second … failure in a row. The first are short: most faults are over soon. */
const GAPS = [0.5 * MINUTE, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, 2 * HOUR, 6 * HOUR, 24 * HOUR];
/** A server that asks for more patience than this is asked again anyway. */
const MOST_PATIENCE = 7 * 24 * HOUR;

/**
 * When to read a feed again: after its poll interval, or later and later while it fails, never before the server
 * allows it. `jitter` is 0 to 1: it makes the pause up to a fifth longer, so that feeds do not all come together.
 */
export function nextCheck(
  feed: Pick<Feed, 'pollEveryMs'>,
  outcome: { failures: number; retryAfterMs: number | null },
  now: Date,
  jitter: number,
): Date {
  const gap = outcome.failures === 0 ? feed.pollEveryMs : GAPS[Math.min(outcome.failures, GAPS.length) - 1]!;
  const asked = Math.min(outcome.retryAfterMs ?? 0, MOST_PATIENCE);
  return new Date(now.getTime() + Math.round(Math.max(gap, asked) * (1 + jitter / 5)));
}
