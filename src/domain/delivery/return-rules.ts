/** What follows from mails that do not arrive: `returns` in the programme. */
export interface ReturnRules {
  /** So many mails in a row that came back soft, the first and last at least so far apart, pause a reader … */
  softBounces: number;
  softBouncesOverMs: number;
  /** … for so long. */
  pauseReaderMs: number;
  /** An issue is paused when more than `share` of at least `minimum` mails failed or came back; null: never. */
  brake: { share: number; minimum: number } | null;
  /** So many refusals that are our own fault in one issue are worth a mail to the marketer. */
  faultsToTell: number;
}

export const DEFAULT_RETURN_RULES: ReturnRules = {
  softBounces: 3,
  softBouncesOverMs: 7 * 86_400_000,
  pauseReaderMs: 30 * 86_400_000,
  brake: { share: 0.05, minimum: 100 },
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

/** Whether so many failures stop an issue. */
export function brakes(
  brake: ReturnRules['brake'],
  { done, failed }: { done: number; failed: number },
): boolean {
  return brake !== null && done >= brake.minimum && failed > done * brake.share;
}
