import type { Stage, SubscriberStatus } from '../audience/subscriber.ts';
import type { Scoring } from '../programme.ts';
import type { Reason } from '../reason.ts';
import { thresholdFor } from '../scoring/qualify.ts';

export type AlertVerdict =
  | { send: true }
  /** `returnsLead`: the lead had not earned it after all and is warmed again. */
  | { send: false; reason: Reason; returnsLead: boolean };

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
    return { send: false, reason: { code: 'alert.answered' }, returnsLead: false };
  const withdrawn = (reason: Reason): AlertVerdict => ({ send: false, reason, returnsLead: true });
  if (lead.stage !== 'sql') return withdrawn({ code: 'alert.stage', values: { stage: lead.stage } });
  // Who asked for a call wants one, also after having left the newsletter.
  if (qualification.byPost && qualification.hasActAtOnce) return { send: true };
  if (lead.status !== 'active') return withdrawn({ code: 'alert.status', values: { status: lead.status } });
  if (qualification.hasActAtOnce) return { send: true };
  const needed = thresholdFor(lead, scoring);
  if (lead.score < needed)
    return withdrawn({ code: 'alert.score-fell', values: { score: lead.score, needed } });
  const inDoubt = qualification.pointsInDoubt ?? 0;
  if (lead.score - inDoubt < needed)
    return withdrawn({ code: 'alert.in-doubt', values: { n: inDoubt, score: lead.score } });
  if (!qualification.hasActed) return withdrawn({ code: 'alert.only-opens' });
  if (lead.mailsSent <= scoring.mailsBeforeSql)
    return withdrawn({ code: 'alert.machine-act', values: { n: lead.mailsSent } });
  return { send: true };
}
