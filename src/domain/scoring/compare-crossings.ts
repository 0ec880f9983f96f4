import type { OutcomeStatus } from '../sales/outcome.ts';
import type { PastCrossing } from './replay.ts';

/** How a qualification ended: what sales said last, or that it has said nothing yet. */
export type QualificationEnd = OutcomeStatus | 'unanswered';

export interface RealQualification {
  at: number;
  closedAt: number | null;
  end: QualificationEnd;
}

/** One line of the comparison. Times are milliseconds since 1970. */
export type Difference =
  /** Sales had it, and would have had it. */
  | { kind: 'both'; realAt: number; supposedAt: number; score: number; rule: string; end: QualificationEnd }
  /** Sales did not have it, and would have. */
  | { kind: 'gained'; supposedAt: number; score: number; rule: string }
  /** Sales had it, and would not. */
  | { kind: 'lost'; realAt: number; end: QualificationEnd };

/**
 * Sets the crossings of a replay beside what really went to sales, for one lead. A supposed crossing is the same as the first
 * real one that was not over yet then; else, when it comes later, as the real one before it.
 */
export function compareCrossings(
  real: readonly RealQualification[],
  supposed: readonly PastCrossing[],
): Difference[] {
  const left = [...real];
  const differences: Difference[] = [];
  for (const { at, score, rule } of supposed) {
    const going = left.findIndex(({ closedAt }) => closedAt === null || closedAt >= at);
    const place = going >= 0 ? going : left.length - 1;
    const [match] = left.splice(place < 0 ? left.length : place, 1);
    if (match)
      differences.push({ kind: 'both', realAt: match.at, supposedAt: at, score, rule, end: match.end });
    else differences.push({ kind: 'gained', supposedAt: at, score, rule });
  }
  return [...differences, ...left.map(({ at, end }): Difference => ({ kind: 'lost', realAt: at, end }))];
}

/** How many of a group were good, by the answers of sales. */
export interface Tally {
  all: number;
  /** Taken on: won, in progress, or lost after treatment. */
  good: number;
  won: number;
  rejected: number;
  unanswered: number;
}

export function tally(ends: readonly QualificationEnd[]): Tally {
  const count = (...which: QualificationEnd[]) => ends.filter((end) => which.includes(end)).length;
  return {
    all: ends.length,
    good: count('won', 'in-progress', 'lost'),
    won: count('won'),
    rejected: count('rejected'),
    unanswered: count('unanswered'),
  };
}
