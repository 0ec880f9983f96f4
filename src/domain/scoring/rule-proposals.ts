import type { Reason } from '../reason.ts';

/** What sales made of the qualifications that one rule (or one article) had a part in. */
export interface RuleOutcomeStats {
  /** The rule's id, or the article's. */
  id: string;
  /** What it is called. */
  name: Reason;
  /** Qualifications before which it gave points, and that sales answered. */
  answered: number;
  /** Taken on: won, in progress, or lost after treatment. */
  accepted: number;
  won: number;
  rejected: number;
  /** How often it was the one that carried the lead over. */
  carried: number;
}

export interface Share {
  share: number;
  /** The true share is between these with 95 % certainty (Wilson). */
  low: number;
  high: number;
}

const Z = 1.959963984540054;

/** Wilson's interval: honest for few cases and for shares near 0 and 1. Of nothing the share is anything. */
export function wilson(part: number, whole: number): Share {
  if (whole === 0) return { share: 0, low: 0, high: 1 };
  const p = part / whole;
  const z2 = Z * Z;
  const middle = (p + z2 / (2 * whole)) / (1 + z2 / whole);
  const half = (Z / (1 + z2 / whole)) * Math.sqrt((p * (1 - p)) / whole + z2 / (4 * whole * whole));
  return { share: p, low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}

export interface Proposal {
  rule: string;
  points: number;
  proposed: number;
  why: Reason;
}

/** With fewer answers than this nothing is proposed, however clear they look. */
export const ENOUGH_ANSWERS = 12;

/**
 * What the answers of sales say about the rules: a rule whose leads are rejected plainly more often than all others' is
 * proposed to be worth less, one whose leads are taken on plainly more often, more. Plainly: the intervals of both do
 * not touch. A person decides.
 */
export function proposals(
  sways: readonly RuleOutcomeStats[],
  all: { answered: number; rejected: number },
  rules: readonly { id: string; points: number; name: Reason }[],
): Proposal[] {
  return rules.flatMap(({ id, points, name }): Proposal[] => {
    const sway = sways.find((one) => one.id === id);
    if (!sway || points <= 0 || sway.answered < ENOUGH_ANSWERS) return [];
    const others = { answered: all.answered - sway.answered, rejected: all.rejected - sway.rejected };
    const own = wilson(sway.rejected, sway.answered);
    // Where every lead did it there is nobody to compare with: then the rule is measured against one half.
    const rest =
      others.answered >= ENOUGH_ANSWERS
        ? wilson(others.rejected, others.answered)
        : { share: 0.5, low: 0.5, high: 0.5 };
    const beside: Reason =
      others.answered >= ENOUGH_ANSWERS
        ? { code: 'answers.without-it', values: { n: others.rejected, all: others.answered } }
        : { code: 'answers.hardly-without' };
    const { answered, rejected, accepted, won } = sway;
    if (own.low > rest.high) {
      const proposed = Math.max(0, Math.min(points - 1, Math.round(points * (1 - own.share))));
      const values = { rule: name, n: rejected, all: answered, beside };
      return [{ rule: id, points, proposed, why: { code: 'answers.rejected', values } }];
    }
    if (own.high < rest.low) {
      const values = { rule: name, all: answered, n: accepted, won, rejected, beside };
      const proposed = points + Math.max(1, Math.round(points / 3));
      return [{ rule: id, points, proposed, why: { code: 'answers.taken-on', values } }];
    }
    return [];
  });
}
