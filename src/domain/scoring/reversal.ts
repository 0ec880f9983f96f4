import type { Reason } from '../reason.ts';

/** The rule of entries that take another one back: what was counted turned out to be a machine's. */
export const REVERSED_RULE = 'reversed';

export interface CountedEntry {
  id: number;
  points: number;
  cause: Reason;
  dedupeKey: string;
}

export interface Reversal {
  /** The entry that is taken back. */
  reverses: number;
  points: number;
  rule: string;
  cause: Reason;
  /** What the entry's own key becomes, so that the same act counts when a person does it. */
  freedKey: string;
  /** Its beginning, up to "#", is that key: both lines are of one cause (balance.ts), which is as if it never was. */
  dedupeKey: string;
}

/** The entry that takes one back, whole. What that means for the floor and for fading is balanced afterwards. */
export function reversalOf({ id, points, cause, dedupeKey }: CountedEntry): Reversal {
  const [plain = dedupeKey] = dedupeKey.split('#');
  const freedKey = `${plain} taken back ${id}`;
  return {
    reverses: id,
    points: points === 0 ? 0 : -points,
    rule: REVERSED_RULE,
    cause: { code: 'score.taken-back', values: { cause } },
    freedKey,
    dedupeKey: `${freedKey}#${REVERSED_RULE}`,
  };
}
