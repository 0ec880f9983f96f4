import type { IssueRow, LeadRow, Overview, StaffViews, UncertainMail } from '../../journey/sales/views.ts';
import type { Queryable } from './pool.ts';

/** The reading side of the staff pages: counts and lists, straight from the tables. */
export function staffViews(db: Queryable): StaffViews {
  return {
    async overview(now, days) {
      const since = new Date(now.getTime() - days * 86_400_000);
      const { rows } = await db.query(OVERVIEW, [since, now]);
      const { subscribers, stages, hits, ...period } = rows[0] ?? {};
      return {
        subscribers: { pending: 0, active: 0, unsubscribed: 0, suppressed: 0, ...subscribers },
        stages: { mql: 0, sql: 0, customer: 0, ...stages },
        period: { days, ...period },
        hits: hits ?? [],
      } as Overview;
    },

    async leads({ stage, search, limit, offset }) {
      const { rows } = await db.query(LEADS, [
        stage,
        `%${search.replace(/[\\%_]/g, '\\$&')}%`,
        limit,
        offset,
      ]);
      return { leads: rows.map(({ total: _, ...lead }) => lead as LeadRow), total: rows[0]?.total ?? 0 };
    },

    async issues(limit) {
      const { rows } = await db.query(ISSUES, [limit]);
      return rows as IssueRow[];
    },

    async uncertain(limit) {
      const { rows } = await db.query(UNCERTAIN, [limit]);
      return rows as UncertainMail[];
    },
  };
}

// Counts of people, not of hits: somebody who clicks five links clicked once.
const OVERVIEW = `
  select
    (select jsonb_object_agg(status, n) from (select status, count(*)::int n from subscribers group by 1) s) as subscribers,
    (select jsonb_object_agg(stage, n)
       from (select stage, count(*)::int n from subscribers where status = 'active' group by 1) s) as stages,
    (select count(*)::int from subscribers where created_at between $1 and $2) as "signUps",
    (select count(*)::int from subscribers where confirmed_at between $1 and $2) as "confirmed",
    (select count(*)::int from deliveries where status = 'sent' and sent_at between $1 and $2) as "mailsSent",
    (select count(distinct subscriber_id)::int from deliveries
      where status = 'sent' and sent_at between $1 and $2) as "reached",
    (select count(distinct subscriber_id)::int from events
      where kind = 'click' and class = 'human' and at between $1 and $2) as "clicked",
    (select count(distinct f.subscriber_id)::int from events f
      where f.kind = 'form' and f.at between $1 and $2
        and exists (select from events c where c.subscriber_id = f.subscriber_id
                     and c.kind = 'click' and c.class = 'human' and c.at between $1 and f.at)) as "converted",
    (select count(*)::int from subscribers where unsubscribed_at between $1 and $2) as "unsubscribed",
    (select count(*)::int from qualifications where at between $1 and $2) as "qualified",
    (select jsonb_agg(h) from (
        select kind,
               count(*) filter (where class = 'human')::int as human,
               count(*) filter (where class = 'proxied')::int as proxied,
               count(*) filter (where class = 'machine')::int as machine
          from events where kind in ('open', 'click') and at between $1 and $2
         group by kind order by kind desc) h) as hits`;

const LEADS = `
  select s.id, s.email, s.name, s.company, s.job_title as "jobTitle", s.status, s.stage, s.score,
         s.last_act_at as "lastActAt", q.at as "qualifiedAt", o.status as outcome,
         count(*) over ()::int as total
    from subscribers s
    left join qualifications q on q.subscriber_id = s.id and q.closed_at is null
    left join lateral (select status from outcomes where qualification_id = q.id order by id desc limit 1) o on true
   where ($1::text is null or s.stage = $1)
     and (s.email ilike $2 or s.name ilike $2 or s.company ilike $2)
   order by (q.id is not null and o.status is null) desc, s.score desc, s.last_act_at desc nulls last, s.id
   limit $3 offset $4`;

const ISSUES = `
  select i.id, i.digest_id as "digestId", i.slot, i.status, i.planned_at as "plannedAt",
         coalesce((select jsonb_object_agg(status, n)
                     from (select status, count(*)::int n from deliveries where issue_id = i.id group by 1) d), '{}')
           as deliveries,
         (select count(distinct e.delivery_id)::int from events e join deliveries d on d.id = e.delivery_id
           where d.issue_id = i.id and e.kind = 'open' and e.class <> 'machine') as opened,
         (select count(distinct e.delivery_id)::int from events e join deliveries d on d.id = e.delivery_id
           where d.issue_id = i.id and e.kind = 'click' and e.class = 'human') as clicked,
         (select count(distinct e.delivery_id)::int from events e join deliveries d on d.id = e.delivery_id
           where d.issue_id = i.id and e.kind = 'unsubscribe') as unsubscribed
    from issues i
   order by i.id desc
   limit $1`;

const UNCERTAIN = `
  (select 'issue' as kind, d.id, s.email as to, s.id as "subscriberId", b.claimed_at as since, d.reason
     from deliveries d join subscribers s on s.id = d.subscriber_id left join batches b on b.id = d.batch_id
    where d.status = 'uncertain')
  union all
  (select kind, id, to_address, subscriber_id, created_at, reason from outbox where status = 'uncertain')
  order by since desc nulls last
  limit $1`;
