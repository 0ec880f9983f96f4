import { asText } from '../../../domain/reason.ts';
import type { RuleOutcomeStats } from '../../../domain/scoring/rule-proposals.ts';
import type { Queryable } from '../pool.ts';

/**
 * What sales made of the qualifications that each rule, and each article, had a part in: one that gave points in that round
 * before the crossing. Taken-back points have no part. Only qualifications that sales has said something about.
 */
export async function ruleOutcomeStats(
  db: Queryable,
  since: Date | null,
): Promise<{ rules: RuleOutcomeStats[]; articles: RuleOutcomeStats[] }> {
  const { rows } = await db.query<Omit<RuleOutcomeStats, 'name'> & { of: 'rule' | 'article'; words: string }>(
    SWAYS,
    [since],
  );
  const of = (what: string) =>
    rows
      .filter((row) => row.of === what)
      .map(({ of: _, words, ...sway }): RuleOutcomeStats => ({ ...sway, name: asText(words) }));
  return { rules: of('rule'), articles: of('article') };
}

const SWAYS = `
  with answered as materialized (
    select q.id, q.subscriber_id, q.at, q.rule, o.status,
           coalesce(lag(q.closed_at) over (partition by q.subscriber_id order by q.id), '-infinity') as since
      from qualifications q
      join lateral (select status from outcomes where qualification_id = q.id order by id desc limit 1) o on true
     where $1::timestamptz is null or q.at >= $1
  ), parts as materialized (
    select a.id, a.status, a.rule as carried_by, s.rule, d.issue_id, e.link_number, e.kind
      from answered a
      join score_entries s on s.subscriber_id = a.subscriber_id and s.at > a.since and s.at <= a.at
                          and s.points > 0 and s.reverses is null
                          and not exists (select from score_entries r where r.reverses = s.id)
                          and s.rule not in ('floor', 'faded', 'returned', 'reversed')
      left join events e on e.id = s.event_id
      left join deliveries d on d.id = e.delivery_id
  ), by_rule as (
    select 'rule' as of, rule as id, rule as words, id as qualification, status, bool_or(carried_by = rule) as carried
      from parts group by rule, id, status
  ), by_article as (
    select 'article' as of, l.target_id as id, l.label as words, p.id as qualification, p.status, false as carried
      from parts p
      join issue_links l on l.issue_id = p.issue_id and l.number = p.link_number
     where p.kind = 'click' and l.role = 'article'
     group by l.target_id, l.label, p.id, p.status
  )
  select of, id, max(words) as words,
         count(*)::int as answered,
         count(*) filter (where status <> 'rejected')::int as accepted,
         count(*) filter (where status = 'won')::int as won,
         count(*) filter (where status = 'rejected')::int as rejected,
         count(*) filter (where carried)::int as carried
    from (select * from by_rule union all select * from by_article) b
   group by of, id
   order by of desc, count(*) desc, id`;
