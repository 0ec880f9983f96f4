import { RECORDED_NO_ACTS } from '../../../domain/scoring/lead-event.ts';
import type { Queryable } from '../pool.ts';

/** Events of which sales is told that they may be a machine's. As the index events_in_doubt has them. */
export const IN_DOUBT = `(class = 'doubtful' or (class = 'human' and class_reasons <> '{}'))`;

/** Whether the event of this alias is in doubt and no person did the same: then what came of it makes no SQL. */
export const onlyInDoubt = (event: string): string =>
  `(${event}.class = 'doubtful'
    and not exists (select from events same
                     where same.subscriber_id = ${event}.subscriber_id and same.kind = ${event}.kind and same.class = 'human'
                       and same.delivery_id is not distinct from ${event}.delivery_id
                       and same.link_number is not distinct from ${event}.link_number
                       and (same.details ->> 'page') is not distinct from (${event}.details ->> 'page')))`;

/**
 * The points of causes that only hits in doubt stand for, by lead and cause, since sales had the lead last. Where a person
 * did the same, they are not in doubt.
 */
export async function doubtsSinceReturn(
  db: Queryable,
  ids: readonly number[],
): Promise<Map<number, Map<string, number>>> {
  const { rows } = await db.query<{ id: number; cause: string; points: number }>(
    `select s.id, split_part(e.once_key, '#', 1) as cause, sum(e.points)::int as points
       from unnest($1::bigint[]) as s (id)
       join events v on v.subscriber_id = s.id and v.class = 'doubtful'
                    and v.at > coalesce((select max(b.at) from score_entries b
                                          where b.subscriber_id = s.id and b.rule = 'returned'), '-infinity')
       join score_entries e on e.event_id = v.id and e.reverses is null
                           and not exists (select from score_entries r where r.reverses = e.id)
      where ${onlyInDoubt('v')}
      group by 1, 2`,
    [ids],
  );
  const found = new Map<number, Map<string, number>>();
  for (const { id, cause, points } of rows)
    found.set(id, (found.get(id) ?? new Map<string, number>()).set(cause, points));
  return found;
}

/** Those of the leads who did more than open mails since sales had them last, by entries that stand. As isAct says it. */
export async function actedSinceReturn(
  db: Queryable,
  ids: readonly number[],
  noActs: readonly string[],
): Promise<Set<number>> {
  const { rows } = await db.query<{ id: number }>(
    `select s.id from unnest($1::bigint[]) as s (id)
      where exists (select from score_entries e left join events v on v.id = e.event_id
                     where e.subscriber_id = s.id and e.points > 0 and e.rule <> all($2)
                       and coalesce(v.kind, '') <> all($3)
                       and coalesce(v.details ->> 'typed', '') <> 'true' and (v.id is null or not ${onlyInDoubt('v')})
                       and not exists (select from score_entries r where r.reverses = e.id)
                       -- A change of rules that gives more for something of before is no new act.
                       and position('#' in e.once_key) = 0
                       and e.at > coalesce((select max(b.at) from score_entries b
                                             where b.subscriber_id = s.id and b.rule = 'returned'), '-infinity'))`,
    [ids, noActs, RECORDED_NO_ACTS],
  );
  return new Set(rows.map(({ id }) => id));
}
