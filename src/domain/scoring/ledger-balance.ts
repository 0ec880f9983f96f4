import type { Scoring } from '../programme.ts';
import { FADED_RULE, FLOOR_RULE, RETURNED_RULE } from './score-rules.ts';

const DAY_MS = 86_400_000;

export type Limits = Pick<Scoring, 'floor' | 'scoreAfterReturn' | 'halfLifeDays'>;

/**
 * A score on its way through time. What acts are worth is added as it happened; what depends on the order of things (the
 * floor, the return from sales, fading) is worked out here, and only here, so that the live ledger, a replay of history
 * and a test come to the same points. Times are milliseconds since 1970 and must not go back.
 */
export interface ScoreTimeline {
  readonly score: number;
  /** What was given so far to stay above the floor; 0 or more. */
  readonly floor: number;
  /** What fading took so far; 0 or less. */
  readonly faded: number;
  add(at: number, points: number): void;
  /** Sales sends the lead back. Returns the points that bring the score to the programme's value. */
  resetAfterReturn(at: number): number;
  /** Lets points fade up to the day of `at`, or to the last that fading goes on. */
  fade(at: number): void;
}

/** `fadesUntil`: later than that nothing has faded yet. */
export function startTimeline(
  { floor, scoreAfterReturn, halfLifeDays }: Limits,
  fadesUntil = Number.POSITIVE_INFINITY,
): ScoreTimeline {
  let score = 0;
  let heldUp = 0;
  let faded = 0;
  // Only acts that earned something fade, and only while they count for the present round.
  let acts: { day: number; points: number }[] = [];
  let fadedOfRound = 0;

  const hold = (before: number) => {
    // A score that was under the floor already (it was raised since) is left where it is.
    const lowest = Math.min(floor, before);
    if (score >= lowest) return;
    heldUp += lowest - score;
    score = lowest;
  };
  const fade = (at: number) => {
    if (halfLifeDays === null || acts.length === 0 || fadesUntil === Number.NEGATIVE_INFINITY) return;
    const today = Math.floor(Math.min(at, fadesUntil) / DAY_MS);
    let lost = 0;
    for (const { day, points } of acts) lost += points - worthAfter(points, today - day, halfLifeDays);
    const before = score;
    score -= lost - fadedOfRound;
    faded -= lost - fadedOfRound;
    fadedOfRound = lost;
    hold(before);
  };
  return {
    get score() {
      return score;
    },
    get floor() {
      return heldUp;
    },
    get faded() {
      return faded;
    },
    add(at, points) {
      fade(at);
      const before = score;
      score += points;
      if (points < 0) hold(before);
      else if (halfLifeDays !== null) acts.push({ day: Math.floor(at / DAY_MS), points });
    },
    resetAfterReturn(at) {
      fade(at);
      const points = scoreAfterReturn - score;
      score = scoreAfterReturn;
      acts = [];
      fadedOfRound = 0;
      return points;
    },
    fade,
  };
}

/** What points of so many days ago are still worth, rounded to whole points. Days are those of UTC. */
export function worthAfter(points: number, days: number, halfLifeDays: number): number {
  return days <= 0 ? points : Math.round(points * 2 ** (-days / halfLifeDays));
}

/** The first moment of the day, UTC: when the points of that day's fading are dated. */
export function startOfDay(at: number): number {
  return Math.floor(at / DAY_MS) * DAY_MS;
}

/** A line of a lead's ledger, as far as balancing needs it. */
export interface LedgerLine {
  at: number;
  points: number;
  rule: string;
  /** The cause: the once key of the entry, or of the one that it takes back or corrects, without what follows "#". */
  cause: string;
  /** It takes back or corrects another line of the same cause. */
  isCorrection: boolean;
}

export interface Correction {
  rule: typeof FLOOR_RULE | typeof FADED_RULE | typeof RETURNED_RULE;
  points: number;
  /** The cause that is corrected (returned:q5), for a return; else the rule's name. */
  cause: string;
}

/** The cause that a once key belongs to: corrections carry "#" and something that makes them unique. */
export function causeOfKey(dedupeKey: string): string {
  const end = dedupeKey.indexOf('#');
  return end < 0 ? dedupeKey : dedupeKey.slice(0, end);
}

/**
 * What is missing in a ledger for its sum to be what the walk through time gives: nothing when everything was
 * recorded in its order. `lines` are in order of time, ties in order of recording. `fadedUntil` is the last moment fading
 * was written for, so far it is worked out; null when it never was. The points of acts are taken as they stand.
 */
export function balance(
  lines: readonly LedgerLine[],
  limits: Limits,
  fadedUntil: number | null,
): { score: number; corrections: Correction[] } {
  // Corrections count at the time of their cause: an act that was taken back never happened.
  const causes = new Map<string, { at: number; points: number; isReturn: boolean }>();
  const amends: LedgerLine[] = [];
  const written = { [FLOOR_RULE]: 0, [FADED_RULE]: 0 };
  for (const line of lines) {
    const { at, points, rule, cause, isCorrection } = line;
    if (rule === FLOOR_RULE || rule === FADED_RULE) written[rule] += points;
    else if (isCorrection || causes.has(cause)) amends.push(line);
    else causes.set(cause, { at, points, isReturn: rule === RETURNED_RULE });
  }
  for (const { cause, points, at } of amends) {
    const amended = causes.get(cause);
    if (!amended) continue;
    amended.points += points;
    // An earlier hit of the same cause came in late: the cause counts from there.
    if (!amended.isReturn) amended.at = Math.min(amended.at, at);
  }
  const inTime = [...causes].sort(([, a], [, b]) => a.at - b.at);
  const walk = startTimeline(limits, fadedUntil ?? Number.NEGATIVE_INFINITY);
  const corrections: Correction[] = [];
  const correct = (rule: Correction['rule'], cause: string, points: number) => {
    if (points !== 0) corrections.push({ rule, points, cause });
  };
  for (const [cause, { at, points, isReturn }] of inTime) {
    if (!isReturn) walk.add(at, points);
    else correct(RETURNED_RULE, cause, walk.resetAfterReturn(at) - points);
  }
  if (fadedUntil !== null) walk.fade(fadedUntil);
  correct(FADED_RULE, FADED_RULE, walk.faded - written[FADED_RULE]);
  correct(FLOOR_RULE, FLOOR_RULE, walk.floor - written[FLOOR_RULE]);
  return { score: walk.score, corrections };
}
