import { mailDomain } from '../../../domain/mail/headers.ts';
import type { Programme } from '../../../domain/programme.ts';
import { assignmentList, inTurn } from '../../../domain/sales/assignment.ts';
import { firstMomentOf } from '../../../domain/sales/office-hours.ts';
import type { QualificationTrigger } from '../../../domain/scoring/qualify.ts';
import { scanLastsMs } from '../../../domain/tracking/judge-mail.ts';
import type { Recorded } from '../../../journey/scoring/ports/ledger.ts';
import { subscriberStore } from '../audience/subscriber-store.ts';
import { outboxStore } from '../delivery/outbox-store.ts';
import type { Queryable } from '../pool.ts';

export interface CrossingRow {
  subscriberId: number;
  at: Date;
  qualificationTrigger: QualificationTrigger;
}

/**
 * Opens a qualification for each crossing, hands the lead to somebody, and plans the alert: at once when a person
 * pressed a button, else after the hold window, and not before the day sales asked for. In the crossing's transaction,
 * with the leads' rows held. The table allows one open qualification per lead.
 */
export async function openQualifications(
  tx: Queryable,
  crossings: readonly CrossingRow[],
  programme: Programme,
): Promise<Recorded['qualified']> {
  if (crossings.length === 0) return [];
  const { sales } = programme;
  const outbox = outboxStore(tx, mailDomain(programme.brand.from.address));
  const owners = await handOut(tx, crossings, programme);
  const quiet = await quietUntil(tx, crossings);
  const scanned = await scannedUntil(tx, crossings, scanLastsMs(sales.holdMs));
  const qualified: Recorded['qualified'] = [];
  // Few leads cross at a time, so they are written one by one.
  for (const { subscriberId, at, qualificationTrigger } of crossings) {
    const handedTo = owners.get(subscriberId)!;
    const day = quiet.get(subscriberId);
    const until =
      day === undefined || qualificationTrigger.byPost ? null : firstMomentOf(day, sales.officeHours);
    const heldUntil = until && until > at ? until : null;
    const { rows } = await tx.query<{ id: number }>(
      `insert into qualifications (subscriber_id, at, score, rule, by_post, handed_to, held_until)
       values ($1, $2, $3, $4, $5, $6, $7) returning id`,
      [
        subscriberId,
        at,
        qualificationTrigger.score,
        qualificationTrigger.rule,
        qualificationTrigger.byPost,
        handedTo,
        heldUntil,
      ],
    );
    const qualificationId = rows[0]!.id;
    const unproven = Math.max(at.getTime() + sales.holdMs, scanned.get(subscriberId) ?? 0);
    const held = Math.max(qualificationTrigger.byPost ? at.getTime() : unproven, heldUntil?.getTime() ?? 0);
    const alertDueAt = new Date(held);
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
    await tx.query('update qualifications set alert_id = $2 where id = $1 and alert_id is null', [
      qualificationId,
      alertId,
    ]);
    qualified.push({ subscriberId, qualificationId, alertId, alertDueAt });
  }
  return qualified;
}

/** For leads who had a mail just before they crossed: when no scanner can still be at work on it. Milliseconds since 1970. */
async function scannedUntil(
  tx: Queryable,
  crossings: readonly CrossingRow[],
  scanMs: number,
): Promise<Map<number, number>> {
  const { rows } = await tx.query<{ id: number; sentAt: Date }>(
    `select c.id, max(d.sent_at) as "sentAt"
       from unnest($1::bigint[], $2::timestamptz[]) as c (id, at)
       join deliveries d on d.subscriber_id = c.id and d.sent_at between c.at - $3 * interval '1 millisecond' and c.at
      group by c.id`,
    [crossings.map(({ subscriberId }) => subscriberId), crossings.map(({ at }) => at), scanMs],
  );
  return new Map(rows.map(({ id, sentAt }) => [id, sentAt.getTime() + scanMs]));
}

/**
 * Somebody pressed a button while the alert still waited: now it is known to be a person, and the alert goes at once.
 * Call it for leads whose open qualification is older than that act.
 */
export async function expediteAlerts(
  tx: Queryable,
  acts: readonly { subscriberId: number; at: Date }[],
): Promise<void> {
  if (acts.length === 0) return;
  await tx.query(
    `with hastened as (
       update qualifications q set by_post = true, held_until = null
         from unnest($1::bigint[], $2::timestamptz[]) as a (subscriber_id, at)
        where q.subscriber_id = a.subscriber_id and q.closed_at is null and not q.by_post
        returning q.alert_id, a.at)
     update outbox o set due_at = least(o.due_at, h.at)
       from hastened h where o.id = h.alert_id and o.status = 'planned'`,
    [acts.map(({ subscriberId }) => subscriberId), acts.map(({ at }) => at)],
  );
}

/**
 * Hits in doubt came in while the alert waited: it waits on, until whatever follows the links has stopped. Then more is known
 * of it, be it a person or not.
 */
export async function postponeAlerts(
  tx: Queryable,
  hits: readonly { subscriberId: number; at: Date }[],
  holdMs: number,
): Promise<void> {
  if (hits.length === 0) return;
  await tx.query(
    `update outbox o set due_at = greatest(o.due_at, h.at + $3 * interval '1 millisecond')
       from (select subscriber_id, max(at) as at from unnest($1::bigint[], $2::timestamptz[]) as h (subscriber_id, at)
              group by subscriber_id) h
       join qualifications q on q.subscriber_id = h.subscriber_id and q.closed_at is null and not q.by_post
      where o.id = q.alert_id and o.status = 'planned'`,
    [hits.map(({ subscriberId }) => subscriberId), hits.map(({ at }) => at), holdMs],
  );
}

/** Whom each lead goes to. Lists whose people take turns are gone through in order, so that no two wait for each other. */
async function handOut(
  tx: Queryable,
  crossings: readonly CrossingRow[],
  { sales }: Programme,
): Promise<Map<number, string>> {
  const lists = new Map<number, readonly string[]>();
  for (const { subscriberId } of crossings) {
    const lead = await subscriberStore(tx).find(subscriberId);
    if (!lead) throw new Error(`lead ${subscriberId} went away while it was held`);
    lists.set(subscriberId, assignmentList(lead, sales.handOut));
  }
  const owners = new Map<number, string>();
  for (const [subscriberId, list] of [...lists].sort(([, a], [, b]) => (String(a) < String(b) ? -1 : 1)))
    owners.set(subscriberId, inTurn(list, list.length > 1 ? await nextTurn(tx, list) : 0));
  return owners;
}

async function nextTurn(tx: Queryable, list: readonly string[]): Promise<number> {
  const { rows } = await tx.query<{ turns: number }>(
    `insert into hand_out_turns (list, turns) values ($1, 1)
     on conflict (list) do update set turns = hand_out_turns.turns + 1
     returning turns`,
    [list.join(' ')],
  );
  return rows[0]!.turns - 1;
}

/** The day before which sales wants to hear nothing: what it said last about the lead. */
async function quietUntil(tx: Queryable, crossings: readonly CrossingRow[]): Promise<Map<number, string>> {
  const { rows } = await tx.query<{ subscriber_id: number; not_before: string | null }>(
    `select distinct on (q.subscriber_id) q.subscriber_id, o.not_before::text as not_before
       from outcomes o join qualifications q on q.id = o.qualification_id
      where q.subscriber_id = any($1::bigint[])
      order by q.subscriber_id, o.id desc`,
    [crossings.map(({ subscriberId }) => subscriberId)],
  );
  return new Map(
    rows.flatMap(({ subscriber_id, not_before }) => (not_before ? [[subscriber_id, not_before]] : [])),
  );
}
