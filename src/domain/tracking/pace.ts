import { type MailHit, sourceOf } from './mail-hit.ts';

/** Longer than this between two clicks, and the reader had put the mail away. Milliseconds. */
const PAUSE_MS = 300_000;
/** Two clicks on a link so close together are one, made twice. */
export const TWICE_MS = 5_000;
/** From so many pauses on it can be said whether they are a clock's. */
const ENOUGH_GAPS = 3;
/** By how much a clock may be off: half a second with the fewest pauses, more with each further one. */
const OFF_MS = { first: 500, further: 500, most: 3_000 };
/** From so many links on an average says something. */
const ENOUGH_LINKS = 5;
/** Who opens page after page waits for none of them, and still needs longer than this to find the next link. */
const NO_HAND_MS = 3_000;
/** In so long a page can be looked at before the next one is opened. */
const A_LOOK_MS = 15_000;

/** The clicks of one browser on one mail, one soon after the other: what one reader does at a sitting. In order of time. */
export type Sitting = readonly MailHit[];

/** The sittings that clicks belong to. `clicks` are in order of time. */
export function sittingsOf(clicks: readonly MailHit[]): Map<MailHit, Sitting> {
  const found = new Map<MailHit, Sitting>();
  const last = new Map<string, MailHit[]>();
  for (const click of clicks) {
    const source = sourceOf(click);
    const current = last.get(source);
    const sitting = current && +click.at - +current.at(-1)!.at <= PAUSE_MS ? current : [];
    sitting.push(click);
    last.set(source, sitting);
    found.set(click, sitting);
  }
  return found;
}

/** The pauses between one link and the next. Milliseconds. */
function gapsOf(sitting: Sitting): number[] {
  const gaps: number[] = [];
  let before: MailHit | undefined;
  for (const click of sitting) {
    if (before && click.linkNumber === before.linkNumber && +click.at - +before.at < TWICE_MS) continue;
    if (before) gaps.push(+click.at - +before.at);
    before = click;
  }
  return gaps;
}

/**
 * Links followed at even intervals, as a clock does it: programs wait the same time after each, people never do. The more
 * pauses there are, the less even they need to be for chance to be out of the question.
 */
export function isByTheClock(sitting: Sitting): boolean {
  const gaps = gapsOf(sitting);
  if (gaps.length < ENOUGH_GAPS) return false;
  const off = Math.min(OFF_MS.first + OFF_MS.further * (gaps.length - ENOUGH_GAPS), OFF_MS.most);
  return Math.max(...gaps) - Math.min(...gaps) <= off;
}

/** So many links one after the other that no hand is that fast: the seconds from one to the next, else null. */
export function secondsPerLink(sitting: Sitting): number | null {
  const links = new Set(sitting.map(({ linkNumber }) => linkNumber)).size;
  if (links < ENOUGH_LINKS) return null;
  const ms = (+sitting.at(-1)!.at - +sitting[0]!.at) / (links - 1);
  return ms < NO_HAND_MS ? Math.round(ms / 100) / 10 : null;
}

/** Most pages had the time to be looked at before the next one was opened, and the pauses are not a clock's. */
export function isReading(sitting: Sitting): boolean {
  const gaps = gapsOf(sitting).sort((a, b) => a - b);
  return gaps.length >= ENOUGH_GAPS && gaps[gaps.length >> 1]! >= A_LOOK_MS && !isByTheClock(sitting);
}
