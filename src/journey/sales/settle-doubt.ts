import type { Programme } from '../../domain/programme.ts';
import { doubtsOf } from '../../domain/sales/doubts.ts';
import { DECIDED_RULE } from '../../domain/scoring/score-rules.ts';
import type { HitClass } from '../../domain/tracking/hit.ts';
import type { Database, Queue, Stores } from '../ports.ts';
import type { Recorded } from '../scoring/ports/ledger.ts';
import { judgeHeld, neighboursMs } from '../tracking/judging/judge-held.ts';

export interface SettleDoubtDeps {
  database: Pick<Database, 'inTransaction'>;
  queue: Pick<Queue, 'add'>;
  programme: Pick<Programme, 'machines'>;
}

export interface SettleDoubtInput {
  subscriberId: number;
  deliveryId: number;
  was: 'person' | 'machine';
  staffEmail: string;
}

/**
 * Somebody of the staff says what followed the links of a mail: a person or a machine. It holds against every rule, now and
 * later; points follow, and what was held back may make an SQL. False when the mail has nothing that could be said so.
 */
export async function settleDoubt(
  { database, queue, programme }: SettleDoubtDeps,
  { subscriberId, deliveryId, was, staffEmail }: SettleDoubtInput,
  now: Date,
): Promise<boolean> {
  const isSettled = await database.inTransaction(async (stores) => {
    const lead = await stores.subscribers.lock(subscriberId);
    const facts = lead && (await stores.profiles.find(subscriberId));
    const doubt = facts && doubtsOf(facts.events).find((one) => one.deliveryId === deliveryId);
    if (!doubt) return false;
    const changes = doubt.hits.map(({ id, class: takenFor, arrivedAs }) => ({
      eventId: id,
      verdict: verdictOf(was, arrivedAs ?? takenFor),
      decidedBy: staffEmail,
    }));
    await stores.ledger.reclass(changes, now);
    await judgeAgain(stores, programme, deliveryId, doubt.hits, now);
    await stores.ledger.note({
      subscriberId,
      deliveryId,
      at: now,
      rule: DECIDED_RULE,
      dedupeKey: `${DECIDED_RULE}:d${deliveryId}:${now.toISOString()}`,
      cause:
        was === 'person'
          ? { code: 'score.said-person', values: { who: staffEmail } }
          : { code: 'score.said-machine', values: { who: staffEmail } },
    });
    await stores.audit.add({
      at: now,
      staffEmail,
      act: was === 'person' ? 'said-person' : 'said-machine',
      subject: lead.email,
      details: { deliveryId, hits: doubt.hits.length },
      subscriberId,
    });
    return true;
  });
  // An alert may have become due.
  if (isSettled) await queue.add({ name: 'send-outbox' }, { key: 'send-outbox' });
  return isSettled;
}

function verdictOf(was: SettleDoubtInput['was'], arrivedAs: HitClass) {
  if (was === 'machine') return { class: 'machine' as const, reasons: [{ code: 'machine.staff' as const }] };
  return { class: arrivedAs === 'proxied' ? ('proxied' as const) : ('human' as const), reasons: [] };
}

/** What else the mail's hits are, now that this is known: the images that the same browser loaded, above all. */
async function judgeAgain(
  { ledger, heldMails }: Pick<Stores, 'ledger' | 'heldMails'>,
  { machines }: Pick<Programme, 'machines'>,
  deliveryId: number,
  hits: readonly { at: Date }[],
  now: Date,
): Promise<Recorded> {
  const times = hits.map(({ at }) => at.getTime());
  const around = { from: new Date(Math.min(...times)), to: new Date(Math.max(...times)) };
  const [mail] = await heldMails.hold([deliveryId], around, neighboursMs(machines));
  const changes = mail ? judgeHeld(mail, [], around, machines).changes : [];
  return changes.length > 0 ? ledger.reclass(changes, now) : { qualified: [] };
}
