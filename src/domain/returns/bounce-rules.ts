/** What follows from mails that do not arrive: `returns` in the programme. */
export interface ReturnRules {
  /** So many mails in a row that came back soft, the first and last at least so far apart, pause a reader … */
  softBounces: number;
  softBouncesOverMs: number;
  /** … for so long. */
  pauseReaderMs: number;
  /** When an issue pauses by itself; null: never. */
  brake: BrakeRules | null;
  /** So many refusals that are our own fault in one issue are worth a mail to the marketer. */
  faultsToTell: number;
}

export interface BrakeRules {
  /** More than this share of at least `minimum` mails failed or came back … */
  share: number;
  minimum: number;
  /** … or nobody knows of too many whether they arrived. */
  uncertain: UncertainRules;
}

export interface UncertainRules {
  /** More than this share of all, and at least `minimum`, that the mail server took and left without an answer … */
  share: number;
  minimum: number;
  /** … or so many in all, what killed workers had on the wire with them … */
  most: number;
  /** … or the mail server broke off so often without a single answer in between. Connections that break together count once. */
  inARow: number;
}

export const DEFAULT_BRAKE: BrakeRules = {
  share: 0.05,
  minimum: 100,
  uncertain: { share: 0.02, minimum: 30, most: 500, inARow: 3 },
};

export const DEFAULT_RETURN_RULES: ReturnRules = {
  softBounces: 3,
  softBouncesOverMs: 7 * 86_400_000,
  pauseReaderMs: 30 * 86_400_000,
  brake: DEFAULT_BRAKE,
  faultsToTell: 20,
};

/** Whether a reader whose mails keep coming back is to be paused. */
export function pausesReader(
  rules: Pick<ReturnRules, 'softBounces' | 'softBouncesOverMs'>,
  soft: { count: number; first: Date | null; last: Date | null },
): boolean {
  if (soft.count < rules.softBounces || soft.first === null || soft.last === null) return false;
  return soft.last.getTime() - soft.first.getTime() >= rules.softBouncesOverMs;
}

/** What stops an issue of which so many mails failed, or are uncertain; null: nothing does. */
export function brakes(
  brake: ReturnRules['brake'],
  {
    done,
    failed,
    uncertain,
    unanswered,
  }: { done: number; failed: number; uncertain: number; unanswered: number },
  /** How often in a row the mail server broke off. */
  inARow = 0,
): 'failed' | 'uncertain' | null {
  if (brake === null) return null;
  if (done >= brake.minimum && failed > done * brake.share) return 'failed';
  const rules = brake.uncertain;
  const areMany = unanswered >= rules.minimum && unanswered > done * rules.share;
  return areMany || uncertain >= rules.most || inARow >= rules.inARow ? 'uncertain' : null;
}

/** Below this many of either nothing is to be told or stopped. */
export function fewestToLookAt({ brake, faultsToTell }: Pick<ReturnRules, 'brake' | 'faultsToTell'>): number {
  if (brake === null) return Math.max(1, faultsToTell);
  const { minimum, most } = brake.uncertain;
  return Math.max(1, Math.min(faultsToTell, Math.ceil(brake.minimum * brake.share), minimum, most));
}
