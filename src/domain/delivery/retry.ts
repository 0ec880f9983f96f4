const MINUTE = 60_000;

/** The pause after the first, second … try that the server refused for now. Together about 27 hours. */
const GAPS = [1, 5, 15, 60, 120, 240, 480, 720].map((minutes) => minutes * MINUTE);

/** The pause when no server could be reached: its trouble, not this mail's, so it does not grow. */
const UNREACHABLE_GAP = 2 * MINUTE;

/** After this many tries a one-off mail has failed for good; for issues the programme says. */
export const MOST_TRIES = GAPS.length + 1;

/**
 * When to try again after `tries` tries, or null when these were `mostTries` and it is time to give up. `jitter` is 0 to
 * 1: it makes the pause up to a fifth longer, so that mails that were refused together do not all come back together.
 */
export function retryAt(tries: number, now: Date, jitter: number, mostTries = MOST_TRIES): Date | null {
  if (tries >= mostTries) return null;
  return later(now, GAPS[Math.max(tries, 1) - 1] ?? GAPS.at(-1)!, jitter);
}

/** When to try again after no server could be reached. */
export function retryUnreachableAt(now: Date, jitter: number): Date {
  return later(now, UNREACHABLE_GAP, jitter);
}

function later(now: Date, gap: number, jitter: number): Date {
  return new Date(now.getTime() + Math.round(gap * (1 + jitter / 5)));
}
