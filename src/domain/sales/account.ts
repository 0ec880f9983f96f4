/** What an account's joint warmth is made of: the points of its active leads, as far as they are warm at all. */
export interface AccountLead {
  status: string;
  score: number;
  /** Sales wants to hear nothing of this lead now. */
  isQuiet: boolean;
}

/** The leads of an account as they are on a day (YYYY-MM-DD, at the sales desk). */
export function asAccountLeads<Member extends { notBefore: string | null }>(
  members: readonly Member[],
  today: string,
): (Member & { isQuiet: boolean })[] {
  return members.map((member) => ({
    ...member,
    isQuiet: member.notBefore !== null && member.notBefore > today,
  }));
}

/** Those whose points count. */
export function warmLeads<Lead extends AccountLead>(leads: readonly Lead[]): Lead[] {
  return leads.filter(({ status, score, isQuiet }) => status === 'active' && score > 0 && !isQuiet);
}

/** The points of all warm leads together, and how many leads they come from. */
export function jointWarmth(leads: readonly AccountLead[]): { warmth: number; warm: number } {
  const warm = warmLeads(leads);
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
