import type { LedgerHistory } from '../../../domain/scoring/apply-event.ts';
import { causeOfKey, type LedgerLine } from '../../../domain/scoring/ledger-balance.ts';
import type { Queryable } from '../pool.ts';

/** The ledgers of these leads, in order of time. For leads to whom something happened late: few, and one statement. */
export async function readLedgerHistories(
  db: Queryable,
  ids: readonly number[],
): Promise<Map<number, LedgerHistory>> {
  if (ids.length === 0) return new Map();
  const { rows } = await db.query(
    `select e.subscriber_id, e.at, e.points, e.rule, e.reverses is not null as takes_back,
            coalesce(r.once_key, e.once_key) as key
       from score_entries e
       left join score_entries r on r.id = e.reverses
      where e.subscriber_id = any($1::bigint[])
      order by e.subscriber_id, e.at, e.id`,
    [ids],
  );
  const { rows: known } = await db.query<{ fadedUntil: Date | null; id: number; returnedAt: Date | null }>(
    `select s.id, (select max(q.closed_at) from qualifications q
                    where q.subscriber_id = s.id
                      and exists (select from outcomes o where o.qualification_id = q.id)) as "returnedAt",
            (select max(day)::timestamp at time zone 'UTC' from fade_days) as "fadedUntil"
       from unnest($1::bigint[]) as s (id)`,
    [ids],
  );
  const lines = new Map<number, LedgerLine[]>();
  for (const row of rows) {
    const line: LedgerLine = {
      at: row.at.getTime(),
      points: row.points,
      rule: row.rule,
      cause: causeOfKey(row.key),
      isCorrection: row.takes_back || row.key.includes('#'),
    };
    const ofLead = lines.get(row.subscriber_id);
    if (ofLead) ofLead.push(line);
    else lines.set(row.subscriber_id, [line]);
  }
  return new Map(
    known.map(({ id, fadedUntil, returnedAt }) => [
      id,
      { lines: lines.get(id) ?? [], fadedUntil: fadedUntil?.getTime() ?? null, returnedAt },
    ]),
  );
}
