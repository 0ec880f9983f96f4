import type { LeadEvent } from '../../../domain/scoring/lead-event.ts';
import type { ClickedLink } from '../../../domain/scoring/score-rules.ts';
import type {
  Causes,
  CountedCause,
  EntryRow,
  EventContext,
  ResolvedEvent,
} from '../../../journey/scoring/ports/ledger.ts';
import type { Queryable } from '../pool.ts';
import { keptReason } from '../reason-column.ts';

// The ledger's statements about events and entries, each for many at once: a batch of hundreds costs a handful of them.

/**
 * Finds whose deliveries these are and what was clicked. Events of deliveries that are gone are left out. What an
 * article is about is looked up only `withInterests`: few programmes have rules that ask. Who does not want to be measured
 * is left out too, unless `isRecorded`: what happened before is counted by the same rules as everybody's.
 */
export async function resolve(
  db: Queryable,
  leadEvents: readonly LeadEvent[],
  { withInterests, isRecorded }: { withInterests: boolean; isRecorded: boolean },
): Promise<ResolvedEvent[]> {
  // Whose it is, is known of most: sent mails above all, by the thousand.
  const wanted = leadEvents.flatMap((leadEvent) =>
    'subscriberId' in leadEvent
      ? []
      : [
          {
            delivery: leadEvent.deliveryId,
            link: leadEvent.kind === 'click' ? leadEvent.linkNumber : null,
          },
        ],
  );
  const found = new Map<string, { subscriberId: number; link: ClickedLink | null }>();
  if (wanted.length > 0) {
    const { rows } = await db.query(
      `select w.delivery_id, w.link_number, d.subscriber_id, l.role, l.target_id, l.url, l.label,
              ${withInterests ? ARTICLE_INTERESTS : 'null'} as interests
         from unnest($1::bigint[], $2::integer[]) as w (delivery_id, link_number)
         join deliveries d on d.id = w.delivery_id
         -- Who does not want to be measured is not: also not by links of mails from before.
         join subscribers s on s.id = d.subscriber_id and (s.tracking or $3)
         left join issue_links l on l.issue_id = d.issue_id and l.number = w.link_number
              -- A number that was changed by hand lands, but an article that was not in this mail counts for nothing.
              and (l.role <> 'article' or d.picks is null
                   or exists (select from jsonb_array_elements(d.picks) p where p ->> 'articleId' = l.target_id))`,
      [wanted.map(({ delivery }) => delivery), wanted.map(({ link }) => link), isRecorded],
    );
    for (const row of rows) {
      const link = row.role
        ? {
            role: row.role,
            targetId: row.target_id,
            url: row.url,
            label: row.label,
            ...(row.interests ? { interests: row.interests } : {}),
          }
        : null;
      found.set(`${row.delivery_id}:${row.link_number}`, { subscriberId: Number(row.subscriber_id), link });
    }
  }
  return leadEvents.flatMap((leadEvent): ResolvedEvent[] => {
    if ('subscriberId' in leadEvent) return [{ leadEvent, subscriberId: leadEvent.subscriberId, link: null }];
    const target = found.get(
      `${leadEvent.deliveryId}:${leadEvent.kind === 'click' ? leadEvent.linkNumber : null}`,
    );
    return target ? [{ leadEvent, ...target }] : [];
  });
}

const ARTICLE_INTERESTS = `case when l.role = 'article' and l.target_id ~ '^[0-9]{1,18}$'
                   then (select a.interests from articles a where a.id = l.target_id::bigint) end`;

/** Rare: something earlier in the same batch changed what these found. */
export async function writeStages(db: Queryable, contexts: readonly EventContext[]): Promise<void> {
  if (contexts.length === 0) return;
  await db.query(
    `update events e set details = e.details || jsonb_build_object('stage', c.stage)
       from unnest($1::bigint[], $2::text[]) as c (id, stage) where e.id = c.id`,
    [contexts.map(({ eventId }) => eventId), contexts.map(({ stage }) => stage)],
  );
}

/** Which of these causes have been counted before, and since when. */
export async function countedBefore(
  db: Queryable,
  { entries, sentDeliveryIds }: Causes,
): Promise<CountedCause[]> {
  const counted: CountedCause[] = [];
  if (entries.length > 0) {
    const { rows } = await db.query<CountedCause>(
      `select e.subscriber_id as "subscriberId", e.once_key as "dedupeKey",
              -- An earlier hit that came in late moved its cause back in time, by an entry without points.
              least(e.at, (select min(m.at) from score_entries m
                            where m.subscriber_id = e.subscriber_id and m.points = 0
                              and starts_with(m.once_key, e.once_key || '#since '))) as at
         from unnest($1::bigint[], $2::text[]) as w (subscriber_id, once_key)
         join score_entries e using (subscriber_id, once_key)`,
      [entries.map(({ subscriberId }) => subscriberId), entries.map(({ dedupeKey }) => dedupeKey)],
    );
    counted.push(...rows);
  }
  if (sentDeliveryIds.length > 0) {
    const { rows } = await db.query<CountedCause>(
      `select subscriber_id as "subscriberId", 'mail:d' || delivery_id as "dedupeKey", at
         from events where delivery_id = any($1::bigint[]) and kind = 'mail-sent'`,
      [sentDeliveryIds],
    );
    counted.push(...rows);
  }
  return counted;
}

/**
 * No "on conflict do nothing" here: the leads' rows are held and counted causes were left out, so a conflict would mean
 * that the score is about to differ from its ledger. Better that nothing happens at all.
 */
export async function insertEntries(
  db: Queryable,
  entries: readonly EntryRow[],
  ruleVersion: string,
): Promise<void> {
  if (entries.length === 0) return;
  await db.query(
    `insert into score_entries
       (subscriber_id, at, points, rule, rule_version, once_key, cause, event_id, delivery_id)
     select subscriber_id, at, points, rule, $9, once_key, cause, event_id, delivery_id
       from unnest($1::bigint[], $2::timestamptz[], $3::integer[], $4::text[], $5::text[], $6::text[],
                   $7::bigint[], $8::bigint[])
            with ordinality as e (subscriber_id, at, points, rule, once_key, cause, event_id, delivery_id, n)
      order by n`,
    [
      entries.map(({ subscriberId }) => subscriberId),
      entries.map(({ at }) => at),
      entries.map(({ points }) => points),
      entries.map(({ rule }) => rule),
      entries.map(({ dedupeKey }) => dedupeKey),
      entries.map(({ cause }) => keptReason(cause)),
      entries.map(({ eventId }) => eventId),
      entries.map(({ deliveryId }) => deliveryId),
      ruleVersion,
    ],
  );
}
