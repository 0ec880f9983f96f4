import type { Stage, SubscriberStatus } from '../audience/subscriber.ts';
import type { Scoring } from '../programme.ts';
import { thresholdFor } from '../scoring/qualify.ts';
import { counted } from '../text.ts';

export type AlertVerdict =
  | { send: true }
  /** `returnsLead`: the lead had not earned it after all and is warmed again. */
  | { send: false; reason: string; returnsLead: boolean };

export interface AlertLead {
  status: SubscriberStatus;
  stage: Stage;
  score: number;
  isCustomer: boolean;
  mailsSent: number;
}

export interface AlertQualification {
  byPost: boolean;
  closedAt: Date | null;
  /** An act that makes an SQL at once, and that no machine turned out to have done, stands in this round's ledger. */
  hasActAtOnce: boolean;
  /** The lead did more than open mails in this round, and that stands. */
  hasActed: boolean;
  /** Of the score: what came of hits that may be a machine's. Left out: none. */
  pointsInDoubt?: number;
}

/**
 * Is the lead still to be called, now that its alert is about to be sent? Points may have been reversed while the
 * alert waited, or sales may have found the lead by itself. What made it an SQL must still hold: an act at once that
 * stands (a call asked for by a button counts whatever the score), or the threshold with the mail gate open.
 */
export function checkAlert(
  lead: AlertLead,
  qualification: AlertQualification,
  scoring: Pick<Scoring, 'threshold' | 'customerThreshold' | 'mailsBeforeSql'>,
): AlertVerdict {
  if (qualification.closedAt !== null)
    return { send: false, reason: 'sales has answered already', returnsLead: false };
  const withdrawn = (reason: string): AlertVerdict => ({ send: false, reason, returnsLead: true });
  if (lead.stage !== 'sql') return withdrawn(`the lead is ${lead.stage}, not SQL any more`);
  // Who asked for a call wants one, also after having left the newsletter.
  if (qualification.byPost && qualification.hasActAtOnce) return { send: true };
  if (lead.status !== 'active') return withdrawn(`the lead is ${lead.status} since`);
  if (qualification.hasActAtOnce) return { send: true };
  const needed = thresholdFor(lead, scoring);
  if (lead.score < needed) return withdrawn(`the score fell to ${lead.score}, under ${needed}`);
  const inDoubt = qualification.pointsInDoubt ?? 0;
  if (lead.score - inDoubt < needed)
    return withdrawn(
      `${inDoubt} of its ${counted(lead.score, 'point')} ${inDoubt === 1 ? 'is' : 'are'} in doubt, as a machine may have made them`,
    );
  if (!qualification.hasActed) return withdrawn('it only opened mails: all else was a machine');
  if (lead.mailsSent <= scoring.mailsBeforeSql)
    return withdrawn(
      `the act that made it an SQL at once was a machine's, and only ${counted(lead.mailsSent, 'mail was', 'mails were')} sent`,
    );
  return { send: true };
}
