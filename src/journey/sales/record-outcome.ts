import { accountDomain } from '../../domain/audience/free-mail.ts';
import type { Subscriber } from '../../domain/audience/subscriber.ts';
import { localDay } from '../../domain/delivery/schedule.ts';
import type { Links } from '../../domain/links.ts';
import type { Programme } from '../../domain/programme.ts';
import { asAccountLeads, jointWarmth } from '../../domain/sales/account.ts';
import { effectOf, IN_PROGRESS_REASON, type OutcomeStatus } from '../../domain/sales/outcome.ts';
import { outcomeData } from '../../domain/sales/webhook-data.ts';
import type { Database, Stores } from '../ports.ts';
import type { Outcome } from './ports/qualifications.ts';

export interface RecordOutcomeDeps {
  database: Pick<Database, 'inTransaction'>;
  programme: Programme;
  links: Links;
}

export interface OutcomeInput {
  /** The qualification the form was shown for: an answer to an old one must not close a new one. */
  qualificationId: number;
  status: OutcomeStatus;
  isDuplicate: boolean;
  hasRunningDeal: boolean;
  note: string;
  /** YYYY-MM-DD, checked by domain/sales/not-before.ts. It only means something when the lead is sent back. */
  notBefore?: string | null;
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
 * stage and the entry that starts its score again, so that the next crossing alerts anew; so does the account's. While
 * a lead is in progress its issue mails pause. Other programs are told.
 */
export async function recordOutcome(
  deps: RecordOutcomeDeps,
  input: OutcomeInput,
  now: Date,
): Promise<OutcomeAnswer> {
  return deps.database.inTransaction(async (stores) => {
    const { sales, subscribers, ledger } = stores;
    const found = await sales.findQualification(input.qualificationId);
    const lead = found && (await subscribers.lock(found.subscriberId));
    // Read again under the lock: two colleagues may press at the same moment.
    const qualification = lead && (await sales.findQualification(input.qualificationId));
    if (!qualification || !lead) return { result: 'unknown' };

    const effect = effectOf(input.status, lead);
    const returns = effect.closes && input.status !== 'won';
    const said = { ...input, notBefore: returns ? (input.notBefore ?? null) : null };
    const before = await sales.latestOutcome(qualification.id);
    if (before && isSame(before, said)) return { result: 'unchanged', subscriberId: lead.id };
    if (qualification.closedAt !== null)
      return { result: 'closed', subscriberId: lead.id, status: before?.status ?? null };

    const outcome: Outcome = { ...said, at: now };
    const outcomeId = await sales.addOutcome(outcome);
    // Who answers has taken it, if nobody had.
    await sales.claim(qualification.id, input.staffEmail, now);
    if (effect.closes) {
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
      await closeAccount(stores, deps.programme, lead, now);
    } else if (deps.programme.sales.pauseMailsInProgress) {
      await sales.skipPlanned(lead.id, IN_PROGRESS_REASON);
    }
    await stores.audit.add({
      at: now,
      staffEmail: input.staffEmail,
      act: 'outcome-recorded',
      subject: `qualification ${qualification.id}`,
      details: { status: said.status, notBefore: said.notBefore, before: before?.status ?? null },
      subscriberId: lead.id,
    });
    await tell(stores, deps.links, outcome, { outcomeId, subscriberId: lead.id, returns });
    return { result: 'recorded', subscriberId: lead.id, stage: effect.closes ? effect.stage : lead.stage };
  });
}

/** The account was told about; what is warm of it now is the base that its next crossing counts from. */
async function closeAccount(
  { accounts }: Stores,
  { sales }: Programme,
  lead: Subscriber,
  now: Date,
): Promise<void> {
  const domain = accountDomain(lead.email, sales.freeMailDomains);
  if (domain === null) return;
  const today = localDay(now, sales.officeHours.timeZone);
  const { warmth } = jointWarmth(asAccountLeads(await accounts.members(domain), today));
  await accounts.close(domain, warmth, now);
}

async function tell(
  { subscribers, webhooks }: Stores,
  links: Links,
  outcome: Outcome,
  { outcomeId, subscriberId, returns }: { outcomeId: number; subscriberId: number; returns: boolean },
): Promise<void> {
  const lead = await subscribers.find(subscriberId);
  if (!lead) throw new Error(`lead ${subscriberId} went away while it was held`);
  const data = outcomeData(lead, outcome.qualificationId, outcome, links);
  const at = outcome.at;
  await webhooks.announce({ type: 'lead.outcome', dedupeKey: `outcome:${outcomeId}`, at, data });
  if (returns)
    await webhooks.announce({ type: 'lead.returned', dedupeKey: `returned:${outcomeId}`, at, data });
}

type Said = Pick<Outcome, 'status' | 'isDuplicate' | 'hasRunningDeal' | 'note' | 'notBefore'>;

function isSame(a: Said, b: Said): boolean {
  return (
    a.status === b.status &&
    a.isDuplicate === b.isDuplicate &&
    a.hasRunningDeal === b.hasRunningDeal &&
    a.note === b.note &&
    a.notBefore === b.notBefore
  );
}
