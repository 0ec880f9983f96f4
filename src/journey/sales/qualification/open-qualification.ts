import type { Programme } from '../../../domain/programme.ts';
import { assignmentList, inTurn } from '../../../domain/sales/assignment.ts';
import { firstMomentOf } from '../../../domain/sales/office-hours.ts';
import type { QualificationTrigger } from '../../../domain/scoring/qualify.ts';
import { scanLastsMs } from '../../../domain/tracking/judge-mail.ts';
import type { Stores } from '../../ports.ts';
import type { Recorded } from '../../scoring/ports/ledger.ts';

/** A lead that becomes an SQL now. */
export interface Crossing {
  subscriberId: number;
  at: Date;
  qualificationTrigger: QualificationTrigger;
}

type SalesStores = Pick<Stores, 'qualifications' | 'subscribers' | 'outbox'>;

/**
 * Opens a qualification for each crossing, assigns the lead to somebody, and plans the alert. In the crossing's
 * transaction, with the leads' rows held. The table allows one open qualification per lead.
 */
export async function openQualifications(
  stores: SalesStores,
  crossings: readonly Crossing[],
  programme: Programme,
): Promise<Recorded['qualified']> {
  if (crossings.length === 0) return [];
  const { sales } = programme;
  const { qualifications, outbox } = stores;
  const owners = await assign(stores, crossings, programme);
  const ids = crossings.map(({ subscriberId }) => subscriberId);
  const quiet = await qualifications.quietUntil(ids);
  const scanMs = scanLastsMs(sales.holdMs);
  const sent = await qualifications.lastSentWithin(crossings, scanMs);
  const qualified: Recorded['qualified'] = [];
  // Few leads cross at a time, so they are written one by one.
  for (const crossing of crossings) {
    const { subscriberId, at } = crossing;
    const { score, rule, byPost } = crossing.qualificationTrigger;
    const handedTo = owners.get(subscriberId)!;
    const heldUntil = putOff(crossing, quiet.get(subscriberId), programme);
    const scannedUntil = (sent.get(subscriberId)?.getTime() ?? Number.NEGATIVE_INFINITY) + scanMs;
    const alertDueAt = alertDue(crossing, { heldUntil, scannedUntil, holdMs: sales.holdMs });
    const qualificationId = await qualifications.open({
      subscriberId,
      at,
      score,
      rule,
      byPost,
      handedTo,
      heldUntil,
    });
    const alertId = await outbox.add({
      kind: 'sales-alert',
      dedupeKey: `alert:${qualificationId}`,
      to: handedTo,
      language: programme.defaultLanguage,
      // Written when it is sent, as things stand then.
      data: null,
      subscriberId,
      dueAt: alertDueAt,
      at,
    });
    if (alertId === null)
      throw new Error(`there is an alert for the new qualification ${qualificationId} already`);
    await qualifications.setAlert(qualificationId, alertId);
    qualified.push({ subscriberId, qualificationId, alertId, alertDueAt });
  }
  return qualified;
}

/** Until the day that sales asked for, when that is still to come; null: not. A person who pressed a button is not put off. */
function putOff({ at, qualificationTrigger }: Crossing, day: string | undefined, { sales }: Programme) {
  if (day === undefined || qualificationTrigger.byPost) return null;
  const until = firstMomentOf(day, sales.officeHours);
  return until > at ? until : null;
}

/**
 * When the alert goes out: at once when a person pressed a button, else after the hold window and when no scanner can still be
 * at work on the last mail; and not before the day that sales asked for.
 */
function alertDue(
  { at, qualificationTrigger: { byPost } }: Crossing,
  { heldUntil, scannedUntil, holdMs }: { heldUntil: Date | null; scannedUntil: number; holdMs: number },
): Date {
  const proven = byPost ? at.getTime() : Math.max(at.getTime() + holdMs, scannedUntil);
  return new Date(Math.max(proven, heldUntil?.getTime() ?? 0));
}

/** Whom each lead goes to. Lists whose people take turns are gone through in order, so that no two wait for each other. */
async function assign(
  { subscribers, qualifications }: SalesStores,
  crossings: readonly Crossing[],
  { sales }: Programme,
): Promise<Map<number, string>> {
  const lists = new Map<number, readonly string[]>();
  for (const { subscriberId } of crossings) {
    const lead = await subscribers.find(subscriberId);
    if (!lead) throw new Error(`lead ${subscriberId} went away while it was held`);
    lists.set(subscriberId, assignmentList(lead, sales.handOut));
  }
  const owners = new Map<number, string>();
  for (const [subscriberId, list] of [...lists].sort(([, a], [, b]) => (String(a) < String(b) ? -1 : 1)))
    owners.set(subscriberId, inTurn(list, list.length > 1 ? await qualifications.nextTurn(list) : 0));
  return owners;
}
