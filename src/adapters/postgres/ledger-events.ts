import type { Happening, Hit, HitClass, Verdict } from '../../domain/engagement/happening.ts';
import type { KeepAddress } from '../../domain/engagement/network.ts';
import { pastHappening } from '../../domain/engagement/replay.ts';
import { cut } from '../../domain/text.ts';
import { asJson } from './as-json.ts';
import type { Circumstance, Resolved } from './ledger-rows.ts';
import type { Queryable } from './pool.ts';

/**
 * Keeps every happening raw, whatever the rules make of it. Returns the event ids, in the given order; null for one
 * whose key is known already.
 */
export async function insertEvents(
  db: Queryable,
  resolved: readonly Resolved[],
  keepAddress: KeepAddress,
  circumstances: readonly Circumstance[],
): Promise<(number | null)[]> {
  if (resolved.every(isSentMail)) return insertSentMails(db, resolved, circumstances);
  const events = resolved.map(({ happening, subscriberId }, place) => {
    const hit: Hit | null = 'hit' in happening ? happening.hit : null;
    const verdict: Verdict = ('verdict' in happening && happening.verdict) || { class: 'human', reasons: [] };
    return {
      subscriber_id: subscriberId,
      delivery_id: 'deliveryId' in happening ? happening.deliveryId : null,
      kind: happening.kind === 'returned' ? 'outcome' : happening.kind,
      link_number: happening.kind === 'click' ? happening.linkNumber : null,
      at: happening.at,
      class: verdict.class,
      arrived_class:
        'arrivedAs' in happening && happening.arrivedAs !== verdict.class ? happening.arrivedAs : null,
      class_reasons: verdict.reasons,
      method: hit?.method ?? null,
      ip: keepAddress(hit?.ip ?? null),
      key: ('key' in happening && happening.key) || null,
      signs: ('signs' in happening && happening.signs) || [],
      user_agent: hit?.userAgent ? cut(hit.userAgent, 500) : null,
      details: { ...detailsOf(happening), ...circumstances[place] },
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

interface SentMail extends Resolved {
  happening: Extract<Happening, { kind: 'mail-sent' }>;
}

const isSentMail = (one: Resolved): one is SentMail => one.happening.kind === 'mail-sent';

/** Sent mails come by the thousand and have little to tell. */
async function insertSentMails(
  db: Queryable,
  mails: readonly SentMail[],
  circumstances: readonly Circumstance[],
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
      mails.map(({ happening }) => happening.deliveryId),
      mails.map(({ happening }) => happening.at.toISOString()),
      circumstances,
    ],
  );
  return rows.map(({ id }) => id);
}

/** Events as happenings, to be counted once more: opens, clicks and visits. */
export async function readHappenings(db: Queryable, ids: readonly number[]): Promise<Map<Happening, number>> {
  const { rows } = await db.query<{
    id: number;
    subscriberId: number;
    kind: string;
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
      const happening = pastHappening({ ...row, at: row.at.getTime(), link: null }, row.subscriberId);
      return happening ? [[happening, row.id] as const] : [];
    }),
  );
}

function detailsOf(happening: Happening): Record<string, unknown> {
  switch (happening.kind) {
    case 'form':
      return { ...happening.details, form: happening.form };
    case 'download':
      return { name: happening.name, ...(happening.isTyped ? { typed: true } : {}) };
    case 'visit':
      return { ...happening.details, page: happening.page };
    case 'touchpoint':
      return { ...happening.details, name: happening.name };
    case 'returned':
      return {
        outcome: happening.outcome,
        staffEmail: happening.staffEmail,
        qualificationId: happening.qualificationId,
      };
    default:
      return {};
  }
}
