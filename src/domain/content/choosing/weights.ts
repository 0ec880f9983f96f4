import type { Because } from './pick.ts';

/** What a reader's clicks have taught. */
export interface Affinities {
  /** The last click, in ms since 1970; what is below was decayed up to then. */
  at?: number;
  /** Interest → clicks, of which an older one counts for less. */
  weights?: Readonly<Record<string, number>>;
}

/** What the reader said with "more of this" (+1) and "less of this" (-1): `interest:payroll`, `feed:https://…`. */
export type PreferenceAdjustments = Readonly<Record<string, number>>;

export interface Taste {
  affinities: Affinities;
  leanings: PreferenceAdjustments;
}

/** How far "more" and "less" can be pressed. */
export const MOST_LEANING = 2;
/** By what a leaning of -2 … 2 multiplies an interest's weight, and a feed's. */
const INTEREST_LEANING = [0.12, 0.35, 1, 1.8, 2.5];
const FEED_LEANING = [0.35, 0.6, 1, 1.25, 1.5];
/** Clicks bring an interest up to twice its weight; with this many it is half way there. */
const MOST_LEARNT = 1;
const HALF_LEARNT_CLICKS = 3;
/** From here on, what was learnt is told as a reason. */
const WORTH_TELLING = 1.25;

/** What is left of the clicks at `now`: 0 to 1. */
export function decayed({ at }: Affinities, halfLifeMs: number, now: Date): number {
  return at === undefined ? 0 : 0.5 ** (Math.max(0, now.getTime() - at) / halfLifeMs);
}

/** What an interest that the reader chose is worth to the reader: 1 when nothing more is known. */
export function interestWeight(interest: string, { affinities, leanings }: Taste, decay: number): number {
  const clicks = (affinities.weights?.[interest] ?? 0) * decay;
  const learnt = 1 + (MOST_LEARNT * clicks) / (clicks + HALF_LEARNT_CLICKS);
  if (isEmpty(leanings)) return learnt;
  return learnt * (INTEREST_LEANING[leaning(leanings[`interest:${interest}`])] ?? 1);
}

export function feedWeight(leanings: PreferenceAdjustments, feedUrl: string): number {
  return FEED_LEANING[leaning(leanings[`feed:${feedUrl}`])] ?? 1;
}

/** What the reader's line says of an interest that has this weight for the reader. */
export function because(interest: string, weight: number, leanings: PreferenceAdjustments): Because {
  if (!isEmpty(leanings) && (leanings[`interest:${interest}`] ?? 0) > 0) return 'asked';
  return weight >= WORTH_TELLING ? 'read' : 'chosen';
}

/** The leanings after "more" or "less" was pressed for an article of this interest and feed. */
export function lean(
  leanings: PreferenceAdjustments,
  about: { interest: string; feedUrl: string },
  wish: 'more' | 'less',
): Record<string, number> {
  const step = wish === 'more' ? 1 : -1;
  const after: Record<string, number> = { ...leanings };
  for (const key of [`interest:${about.interest}`, `feed:${about.feedUrl}`]) {
    const value = clamp((after[key] ?? 0) + step);
    if (value === 0) delete after[key];
    else after[key] = value;
  }
  return after;
}

/** Most readers never asked for anything: they are spared the making of keys. */
function isEmpty(leanings: PreferenceAdjustments): boolean {
  for (const _ in leanings) return false;
  return true;
}

const clamp = (value: number) => Math.max(-MOST_LEANING, Math.min(MOST_LEANING, Math.round(value)));
const leaning = (value: number | undefined) => clamp(value ?? 0) + MOST_LEANING;
