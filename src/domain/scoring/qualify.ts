import type { Scoring } from '../programme.ts';
import { EVENT_KINDS, type LeadEvent } from './lead-event.ts';
import { REVERSED_RULE } from './reversal.ts';
import type { ScoredLead } from './score.ts';
import { type CompiledRules, DECIDED_RULE, FADED_RULE, FLOOR_RULE, RETURNED_RULE } from './score-rules.ts';

export interface QualificationTrigger {
  /** The score at the crossing. */
  score: number;
  /** The rule that carried the lead over; 'mail-sent' when only the mail gate was still closed. */
  rule: string;
  /** A person pressed a button: the alert need not wait out the hold window. */
  byPost: boolean;
}

/** The score at which this lead is ready for sales. Customers are qualified faster. */
export function thresholdFor(
  lead: Pick<ScoredLead, 'isCustomer'>,
  scoring: Pick<Scoring, 'threshold' | 'customerThreshold'>,
): number {
  return lead.isCustomer ? scoring.customerThreshold : scoring.threshold;
}

/**
 * Something the person did on purpose: everything but being sent a mail, having its images loaded, what anybody could have
 * typed, and what may be a machine's.
 */
export function isAct(leadEvent: LeadEvent): boolean {
  return EVENT_KINDS[leadEvent.kind].isAct && !isTyped(leadEvent) && !isInDoubt(leadEvent);
}

/** Rules whose entries stand in the ledger beside what the lead did. */
export const NOT_BY_LEAD: readonly string[] = [
  'further-mail',
  RETURNED_RULE,
  REVERSED_RULE,
  FLOOR_RULE,
  FADED_RULE,
  DECIDED_RULE,
];

/** … and those of opens, which are no act either. */
export const NO_ACT_RULES: readonly string[] = ['open', ...NOT_BY_LEAD];

/**
 * When the lead itself did something, if only load the images of a mail: our mails, machines and what sales says are no doing
 * of the lead. Null: it did nothing.
 */
export function actTime(leadEvent: LeadEvent): Date | null {
  if (!EVENT_KINDS[leadEvent.kind].isByLead) return null;
  return 'verdict' in leadEvent && leadEvent.verdict?.class === 'machine' ? null : leadEvent.at;
}

/** It counts, and may be a machine's. */
export function isInDoubt(leadEvent: LeadEvent): boolean {
  return 'verdict' in leadEvent && leadEvent.verdict?.class === 'doubtful';
}

function isTyped(leadEvent: LeadEvent): boolean {
  return leadEvent.kind === 'download' && leadEvent.isTyped === true;
}

/** The same, or it is taken for a person's and something speaks against that. */
export function isDoubted(leadEvent: LeadEvent): boolean {
  if (isInDoubt(leadEvent)) return true;
  if (leadEvent.kind !== 'open' && leadEvent.kind !== 'click') return false;
  return leadEvent.verdict.class === 'human' && leadEvent.verdict.reasons.length > 0;
}

/**
 * Does the lead become an SQL now? Asked after every event that counted, with the lead as it is after it, and
 * after every mail sent, because the mail gate may be what opened: only the mail that opens it can carry a lead over. A
 * lead that is over the threshold since the rules were changed waits for its own next act. Null: no.
 *
 * `rule` is the rule that just gave points, null when none did (a first mail, a mail to a customer).
 */
export function qualificationTrigger(
  lead: ScoredLead,
  leadEvent: LeadEvent,
  rule: string | null,
  book: CompiledRules,
): QualificationTrigger | null {
  if (lead.stage === 'sql' || lead.hasOpenQualification) return null;
  // Being sent back is not an act of the lead, and what is in doubt may be none.
  if (!EVENT_KINDS[leadEvent.kind].mayQualify || isInDoubt(leadEvent)) return null;
  // A typed address must not send sales to somebody who asked for nothing: the lead's next own act does.
  if (isTyped(leadEvent)) return null;
  const crossed = {
    score: lead.score,
    rule: rule === null || rule === 'further-mail' ? leadEvent.kind : rule,
    byPost: leadEvent.kind === 'form',
  };
  if (rule !== null && book.isSqlAtOnce(rule)) return crossed;
  // Who took back the permission is not handed to sales for having clicked an old mail.
  if (lead.status !== 'active') return null;
  // Opens warm a lead, and never make an SQL on their own: images are loaded by programs too.
  if (!isAct(leadEvent) && lead.hasActed === false) return null;
  const { scoring } = book;
  if (leadEvent.kind === 'mail-sent' && lead.mailsSent !== scoring.mailsBeforeSql + 1) return null;
  const isReady =
    lead.score - pointsInDoubt(lead) >= thresholdFor(lead, scoring) &&
    lead.mailsSent > scoring.mailsBeforeSql;
  return isReady ? crossed : null;
}

function pointsInDoubt({ inDoubt }: ScoredLead): number {
  let sum = 0;
  for (const points of inDoubt?.values() ?? []) sum += Math.max(0, points);
  return sum;
}
