import { thresholdFor } from '../../domain/engagement/qualify.ts';
import type { ScoreBook } from '../../domain/engagement/rules.ts';
import { ruleOfHappening, type ScoredLead } from '../../domain/engagement/score.ts';
import type { Resolved } from './ledger-rows.ts';
import type { Queryable } from './pool.ts';

/** Rules whose entries are no act of the lead. */
const NO_ACTS = ['open', 'further-mail', 'returned', 'reversed', 'floor', 'faded'];

/**
 * Notes of those leads that could become an SQL now whether they did more than open mails since sales had them last.
 * They are few, so mostly this asks nothing.
 */
export async function noteActs(
  db: Queryable,
  leads: Map<number, ScoredLead>,
  arrived: readonly Resolved[],
  book: ScoreBook,
): Promise<void> {
  const reach = new Map<number, number>();
  for (const { happening, subscriberId, link } of arrived) {
    const points = Math.max(0, ruleOfHappening(happening, link, book)?.points ?? 0);
    reach.set(subscriberId, (reach.get(subscriberId) ?? 0) + points);
  }
  const near = [...leads.values()].filter(
    (lead) =>
      lead.stage !== 'sql' &&
      !lead.hasOpenQualification &&
      lead.score + (reach.get(lead.id) ?? 0) >= thresholdFor(lead, book.scoring),
  );
  if (near.length === 0) return;
  const acted = await actedSinceReturn(
    db,
    near.map(({ id }) => id),
  );
  for (const lead of near) leads.set(lead.id, { ...lead, hasActed: acted.has(lead.id) });
}

/** Those of the leads who did more than open mails since sales had them last, by entries that stand. */
export async function actedSinceReturn(db: Queryable, ids: readonly number[]): Promise<Set<number>> {
  const { rows } = await db.query<{ id: number }>(
    `select s.id from unnest($1::bigint[]) as s (id)
      where exists (select from score_entries e left join events v on v.id = e.event_id
                     where e.subscriber_id = s.id and e.points > 0 and e.rule <> all($2) and v.kind is distinct from 'open'
                       and coalesce(v.details ->> 'typed', '') <> 'true'
                       and not exists (select from score_entries r where r.reverses = e.id)
                       -- A change of rules that gives more for something of before is no new act.
                       and position('#' in e.once_key) = 0
                       and e.at > coalesce((select max(b.at) from score_entries b
                                             where b.subscriber_id = s.id and b.rule = 'returned'), '-infinity'))`,
    [ids, NO_ACTS],
  );
  return new Set(rows.map(({ id }) => id));
}
