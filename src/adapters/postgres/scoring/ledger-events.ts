import { EVENT_KINDS, type LeadEvent, type RecordedKind } from '../../../domain/scoring/lead-event.ts';
import { pastLeadEvent } from '../../../domain/scoring/replay.ts';
import { cut } from '../../../domain/text.ts';
import type { Hit, HitClass, Verdict } from '../../../domain/tracking/hit.ts';
import type { KeepAddress } from '../../../domain/tracking/network.ts';
import type { EventContext, ResolvedEvent } from '../../../journey/scoring/ports/ledger.ts';
import { asJson } from '../as-json.ts';
import type { Queryable } from '../pool.ts';
import { keptReasons } from '../reason-column.ts';

/** What is kept of the name that a browser gives itself. */
export const LONGEST_AGENT = 500;

/**
 * Keeps every event raw, whatever the rules make of it. Returns the event ids, in the given order; null for one
 * whose key is known already.
 */
export async function insertEvents(
  db: Queryable,
  resolved: readonly ResolvedEvent[],
  keepAddress: KeepAddress,
  contexts: readonly EventContext[],
): Promise<(number | null)[]> {
  if (resolved.every(isSentMail)) return insertSentMails(db, resolved, contexts);
  const events = resolved.map(({ leadEvent, subscriberId }, place) => {
    const hit: Hit | null = 'hit' in leadEvent ? leadEvent.hit : null;
    const verdict: Verdict = ('verdict' in leadEvent && leadEvent.verdict) || { class: 'human', reasons: [] };
    return {
      subscriber_id: subscriberId,
      delivery_id: 'deliveryId' in leadEvent ? leadEvent.deliveryId : null,
      kind: EVENT_KINDS[leadEvent.kind].recordedAs,
      link_number: leadEvent.kind === 'click' ? leadEvent.linkNumber : null,
      at: leadEvent.at,
      class: verdict.class,
      arrived_class:
        'arrivedAs' in leadEvent && leadEvent.arrivedAs !== verdict.class ? leadEvent.arrivedAs : null,
      class_reasons: keptReasons(verdict.reasons),
      method: hit?.method ?? null,
      ip: keepAddress(hit?.ip ?? null),
      key: ('key' in leadEvent && leadEvent.key) || null,
      signs: ('signs' in leadEvent && leadEvent.signs) || [],
      user_agent: hit?.userAgent ? cut(hit.userAgent, LONGEST_AGENT) : null,
      details: { ...detailsOf(leadEvent), ...contexts[place] },
    };
  });
  const { rows } = await db.query(
    `with arrived as materialized (
       select nextval(pg_get_serial_sequence('events', 'id')) as id, e.*
         from rows from (json_to_recordset($1) as (
                subscriber_id bigint, delivery_id bigint, kind text, link_number integer, at timestamptz, class text,
                arrived_class text, class_reasons text[], method text, ip text, user_agent text, details jsonb,
                key uuid, signs text[]))
              with ordinality as e (subscriber_id, delivery_id, kind, link_number, at, class, arrived_class,
                                    class_reasons, method, ip, user_agent, details, key, signs, place)
     ), written as (
       insert into events (id, subscriber_id, delivery_id, kind, link_number, at, class, arrived_class, class_reasons,
                           method, ip, user_agent, details, key, signs)
       overriding system value
       select id, subscriber_id, delivery_id, kind, link_number, at, class, arrived_class, class_reasons,
              method, ip, user_agent, details, key, signs
         from arrived order by place
       on conflict (key) where key is not null do nothing
       returning id
     )
     select w.id from arrived a left join written w using (id) order by a.place`,
    [asJson(events)],
  );
  return rows.map(({ id }) => id);
}

interface SentMail extends ResolvedEvent {
  leadEvent: Extract<LeadEvent, { kind: 'mail-sent' }>;
}

const isSentMail = (one: ResolvedEvent): one is SentMail => one.leadEvent.kind === 'mail-sent';

/** Sent mails come by the thousand and have little to tell. */
async function insertSentMails(
  db: Queryable,
  mails: readonly SentMail[],
  contexts: readonly EventContext[],
): Promise<number[]> {
  const { rows } = await db.query<{ id: number }>(
    `with sent as materialized (
       select nextval(pg_get_serial_sequence('events', 'id')) as id, e.*
         from unnest($1::bigint[], $2::bigint[], $3::timestamptz[], $4::jsonb[])
              with ordinality as e (subscriber_id, delivery_id, at, details, place)
     ), written as (
       insert into events (id, subscriber_id, delivery_id, kind, at, class, details) overriding system value
       select id, subscriber_id, delivery_id, 'mail-sent', at, 'human', details from sent order by place)
     select id from sent order by place`,
    [
      mails.map(({ subscriberId }) => subscriberId),
      mails.map(({ leadEvent }) => leadEvent.deliveryId),
      mails.map(({ leadEvent }) => leadEvent.at.toISOString()),
      contexts,
    ],
  );
  return rows.map(({ id }) => id);
}

/** Events as events, to be counted once more: opens, clicks and visits. */
export async function readLeadEvents(db: Queryable, ids: readonly number[]): Promise<Map<LeadEvent, number>> {
  const { rows } = await db.query<{
    id: number;
    subscriberId: number;
    kind: RecordedKind;
    class: HitClass;
    at: Date;
    deliveryId: number | null;
    linkNumber: number | null;
    details: Record<string, unknown>;
  }>(
    `select id, subscriber_id as "subscriberId", kind, class, at, delivery_id as "deliveryId",
            link_number as "linkNumber", details
       from events where id = any($1::bigint[]) order by at, id`,
    [ids],
  );
  return new Map(
    rows.flatMap((row) => {
      const leadEvent = pastLeadEvent({ ...row, at: row.at.getTime(), link: null }, row.subscriberId);
      return leadEvent ? [[leadEvent, row.id] as const] : [];
    }),
  );
}

function detailsOf(leadEvent: LeadEvent): Record<string, unknown> {
  switch (leadEvent.kind) {
    case 'form':
      return { ...leadEvent.details, form: leadEvent.form };
    case 'download':
      return { name: leadEvent.name, ...(leadEvent.isTyped ? { typed: true } : {}) };
    case 'visit':
      return { ...leadEvent.details, page: leadEvent.page };
    case 'touchpoint':
      return { ...leadEvent.details, name: leadEvent.name };
    case 'returned':
      return {
        outcome: leadEvent.outcome,
        staffEmail: leadEvent.staffEmail,
        qualificationId: leadEvent.qualificationId,
      };
    case 'mail-sent':
    case 'open':
    case 'click':
    case 'confirm':
    case 'unsubscribe':
      return {};
  }
}
