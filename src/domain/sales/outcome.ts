import type { Stage } from '../audience/subscriber.ts';
import type { Reason } from '../reason.ts';
import type { OutcomeStatus } from '../statuses.ts';

export type { OutcomeStatus } from '../statuses.ts';

export const OUTCOME_STATUSES: readonly OutcomeStatus[] = ['in-progress', 'won', 'lost', 'rejected'];

/** What becomes of a lead by what sales says after the call. */
export type OutcomeEffect =
  | { closes: false }
  /** The qualification is closed, the score starts again, and the next crossing alerts anew. */
  | { closes: true; stage: Exclude<Stage, 'sql'>; isCustomer: boolean };

/**
 * Rejected or lost: back to be warmed again, as a customer if it is one. Won: a customer from now on. In progress:
 * stays with sales. A lead is never dropped.
 */
export function effectOf(status: OutcomeStatus, lead: { isCustomer: boolean }): OutcomeEffect {
  if (status === 'in-progress') return { closes: false };
  const isCustomer = lead.isCustomer || status === 'won';
  return { closes: true, stage: isCustomer ? 'customer' : 'mql', isCustomer };
}

/** Why a lead that sales has in progress gets no issue mail. */
export const IN_PROGRESS_REASON: Reason = { code: 'skip.in-progress' };
