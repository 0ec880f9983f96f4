/** What an account's joint warmth is made of: the points of its active leads, as far as they are warm at all. */
export interface AccountLead {
  status: string;
  score: number;
  /** Sales wants to hear nothing of this lead now. */
  isQuiet: boolean;
}

/** The points of all warm leads together, and how many leads they come from. */
export function jointWarmth(leads: readonly AccountLead[]): { warmth: number; warm: number } {
  const warm = leads.filter(({ status, score, isQuiet }) => status === 'active' && score > 0 && !isQuiet);
  return { warmth: warm.reduce((sum, { score }) => sum + score, 0), warm: warm.length };
}

/**
 * Does the account cross its own threshold? `base` is what was left when sales last answered about it, or the least since:
 * what was warm then counts as told. One lead alone is no account: it has its own alert.
 */
export function accountCrosses(
  { warmth, warm }: { warmth: number; warm: number },
  base: number,
  threshold: number,
): boolean {
  return warm >= 2 && warmth - base >= threshold;
}
