import type { Stage } from '../audience/subscriber.ts';
import { thresholdFor } from '../engagement/qualify.ts';
import type { Scoring } from '../programme.ts';

export type AlertVerdict =
  | { send: true }
  /** `returnsLead`: the lead had not earned it after all and is warmed again. */
  | { send: false; reason: string; returnsLead: boolean };

/**
 * Is the lead still to be called, now that its alert is about to be sent? Points may have been reversed while the
 * alert waited, or sales may have found the lead by itself. A lead that pressed a button is called whatever its score.
 */
export function checkAlert(
  lead: { stage: Stage; score: number; isCustomer: boolean },
  qualification: { score: number; byPost: boolean; closedAt: Date | null },
  scoring: Pick<Scoring, 'threshold' | 'customerThreshold'>,
): AlertVerdict {
  if (qualification.closedAt !== null)
    return { send: false, reason: 'sales has answered already', returnsLead: false };
  if (lead.stage !== 'sql')
    return { send: false, reason: `the lead is ${lead.stage}, not SQL any more`, returnsLead: true };
  // An act that makes an SQL at once may have crossed below the threshold: then its own score is the measure.
  const needed = Math.min(thresholdFor(lead, scoring), qualification.score);
  if (!qualification.byPost && lead.score < needed)
    return { send: false, reason: `the score fell to ${lead.score}, under ${needed}`, returnsLead: true };
  return { send: true };
}
