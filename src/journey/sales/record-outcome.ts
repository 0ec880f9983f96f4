import { effectOf, type OutcomeStatus } from '../../domain/sales/outcome.ts';
import type { Database } from '../ports.ts';

export interface OutcomeInput {
  /** The qualification the form was shown for: an answer to an old one must not close a new one. */
  qualificationId: number;
  status: OutcomeStatus;
  isDuplicate: boolean;
  hasRunningDeal: boolean;
  note: string;
  staffEmail: string;
}

export type OutcomeAnswer =
  | { result: 'recorded'; subscriberId: number; stage: 'mql' | 'sql' | 'customer' }
  /** The same answer again: nothing was changed. */
  | { result: 'unchanged'; subscriberId: number }
  /** Sales has answered for good before; `status` is that answer (null: its alert was withdrawn). */
  | { result: 'closed'; subscriberId: number; status: OutcomeStatus | null }
  | { result: 'unknown' };

/**
 * What sales says after the call. In one transaction: the outcome, and if it closes the qualification the lead's
 * stage and the entry that starts its score again, so that the next crossing alerts anew.
 */
export async function recordOutcome(
  deps: { database: Pick<Database, 'inTransaction'> },
  input: OutcomeInput,
  now: Date,
): Promise<OutcomeAnswer> {
  return deps.database.inTransaction(async ({ sales, subscribers, ledger }) => {
    const found = await sales.findQualification(input.qualificationId);
    const lead = found && (await subscribers.lock(found.subscriberId));
    // Read again under the lock: two colleagues may press at the same moment.
    const qualification = lead && (await sales.findQualification(input.qualificationId));
    if (!qualification || !lead) return { result: 'unknown' };

    const before = await sales.latestOutcome(qualification.id);
    if (before && isSame(before, input)) return { result: 'unchanged', subscriberId: lead.id };
    if (qualification.closedAt !== null)
      return { result: 'closed', subscriberId: lead.id, status: before?.status ?? null };

    await sales.addOutcome({ ...input, at: now });
    const effect = effectOf(input.status, lead);
    if (!effect.closes) return { result: 'recorded', subscriberId: lead.id, stage: lead.stage };
    await sales.closeQualification(qualification.id, now);
    await sales.setStage(lead.id, effect.stage, effect.isCustomer);
    await ledger.record([
      {
        kind: 'returned',
        at: now,
        subscriberId: lead.id,
        qualificationId: qualification.id,
        outcome: input.status,
        staffEmail: input.staffEmail,
      },
    ]);
    return { result: 'recorded', subscriberId: lead.id, stage: effect.stage };
  });
}

type Said = Pick<OutcomeInput, 'status' | 'isDuplicate' | 'hasRunningDeal' | 'note'>;

function isSame(a: Said, b: Said): boolean {
  return (
    a.status === b.status &&
    a.isDuplicate === b.isDuplicate &&
    a.hasRunningDeal === b.hasRunningDeal &&
    a.note === b.note
  );
}
