import { readReason } from '../../../domain/reason.ts';
import { RECORDED_NOT_BY_LEAD } from '../../../domain/scoring/lead-event.ts';
import type { CountedEntry, Reversal } from '../../../domain/scoring/reversal.ts';
import type { ChangedEvent, ClassChange } from '../../../journey/scoring/ports/ledger.ts';
import { asJson } from '../as-json.ts';
import type { Queryable } from '../pool.ts';
import { keptReason, keptReasons } from '../reason-column.ts';

// What events are taken for, and what is taken back when that changes.

/** The entries of these events that stand, but for those of `noActs`, oldest first. */
export async function standingEntries(
  db: Queryable,
  eventIds: readonly number[],
  noActs: readonly string[],
): Promise<(CountedEntry & { subscriberId: number })[]> {
  const { rows } = await db.query<Omit<CountedEntry, 'cause'> & { subscriberId: number; cause: string }>(
    `select e.id, e.subscriber_id as "subscriberId", e.points, e.cause, e.once_key as "dedupeKey"
       from score_entries e
      where e.event_id = any($1::bigint[]) and e.reverses is null and e.rule <> all($2)
        and not exists (select from score_entries r where r.reverses = e.id)
      order by e.id`,
    [eventIds, noActs],
  );
  return rows.map((entry) => ({ ...entry, cause: readReason(entry.cause) }));
}

/** What people did and a machine did before them: the machine's counted, and now theirs does. */
export async function sameActs(db: Queryable, machines: readonly number[]): Promise<number[]> {
  const { rows } = await db.query<{ id: number }>(
    `select distinct same.id
       from events m
       join events same on same.subscriber_id = m.subscriber_id and same.kind = m.kind and same.class <> 'machine'
                       and (m.kind = 'visit' or (same.delivery_id = m.delivery_id
                                                 and same.link_number is not distinct from m.link_number))
      where m.id = any($1::bigint[])`,
    [machines],
  );
  return rows.map(({ id }) => id);
}

/** Changes what events are taken for and keeps what they were; so it does with the visits that a click led to. */
export async function changeClasses(
  db: Queryable,
  changes: readonly ClassChange[],
  at: Date,
): Promise<ChangedEvent[]> {
  const { rows } = await db.query<ChangedEvent>(
    `with wanted as (
       select e.id, e.subscriber_id, e.class as from_class, c.to_class, c.reasons, c.decided_by
         from jsonb_to_recordset($1::jsonb) as c (id bigint, to_class text, reasons text[], decided_by text)
         join events e on e.id = c.id
        where e.class <> c.to_class
           -- A person's with a doubt is something else than a person's.
           or (e.class = 'human' and (e.class_reasons <> '{}') <> (c.reasons <> '{}'))
           or (c.decided_by is not null and e.decided_by is distinct from c.decided_by)
       union all
       -- The visits that a click led to are whatever the click is.
       select v.id, v.subscriber_id, v.class, c.to_class, c.reasons, null
         from jsonb_to_recordset($1::jsonb) as c (id bigint, to_class text, reasons text[])
         join events e on e.id = c.id
         join events v on v.subscriber_id = e.subscriber_id and v.kind = 'visit' and v.class <> c.to_class
                      and v.details ->> 'click' = e.key::text
     ), noted as (
       insert into event_class_changes (event_id, at, from_class, to_class, reasons)
       select id, $2, from_class, to_class, reasons from wanted
     )
     update events e set class = w.to_class, class_reasons = w.reasons, arrived_class = coalesce(e.arrived_class, e.class),
                         decided_by = coalesce(w.decided_by, e.decided_by)
       from wanted w where e.id = w.id and e.class = w.from_class
     returning e.id, e.subscriber_id as "subscriberId", e.class`,
    [
      asJson(
        changes.map(({ eventId, verdict, decidedBy }) => ({
          id: eventId,
          to_class: verdict.class,
          reasons: keptReasons(verdict.reasons),
          decided_by: decidedBy ?? null,
        })),
      ),
      at,
    ],
  );
  return rows;
}

/** The entry that is taken back stays as it is, its points and its cause; only its key is freed. */
export async function writeReversals(
  db: Queryable,
  reversals: readonly Reversal[],
  at: Date,
  ruleVersion: string,
): Promise<void> {
  if (reversals.length === 0) return;
  await db.query(
    `with taken_back as (
       select * from jsonb_to_recordset($1::jsonb) as r (
         reverses bigint, points integer, rule text, cause text, "freedKey" text, "dedupeKey" text)
     ), freed as (
       update score_entries e set once_key = t."freedKey" from taken_back t where e.id = t.reverses
       returning e.id, e.subscriber_id, e.event_id, e.delivery_id
     )
     insert into score_entries
       (subscriber_id, at, points, rule, rule_version, once_key, cause, event_id, delivery_id, reverses)
     select f.subscriber_id, $2, t.points, t.rule, $3, t."dedupeKey", t.cause, f.event_id, f.delivery_id, f.id
       from taken_back t join freed f on f.id = t.reverses
      order by f.id`,
    [asJson(reversals.map((one) => ({ ...one, cause: keptReason(one.cause) }))), at, ruleVersion],
  );
}

/** The score is the sum of the ledger, and the last act is a person's again. */
export async function correctLeads(db: Queryable, ids: readonly number[], at: Date): Promise<void> {
  await db.query(
    `update subscribers s
        set score = (select coalesce(sum(points), 0) from score_entries e where e.subscriber_id = s.id),
            -- What was balanced depends on the order: things of before count as late from here on.
            scored_until = greatest(s.scored_until, $2),
            order_matters_until = greatest(s.order_matters_until, $2),
            last_act_at = (select max(e.at) from events e
                            where e.subscriber_id = s.id and e.class <> 'machine'
                              and e.kind <> all($3))
      where s.id = any($1::bigint[])`,
    [ids, at, RECORDED_NOT_BY_LEAD],
  );
}
