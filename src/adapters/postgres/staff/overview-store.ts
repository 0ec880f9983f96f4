import { type Stage, type SubscriberStatus, shownStage } from '../../../domain/audience/subscriber.ts';
import type {
  BestArticle,
  BestInterest,
  CachedCount,
  CachedCounts,
  EnteredCost,
  OverviewStore,
  PartNumbers,
  PeriodNumbers,
  Standing,
} from '../../../journey/staff/ports/overview.ts';
import { asJson } from '../as-json.ts';
import { TO_ONE_PERSON } from '../delivery/counted-mails.ts';
import type { Queryable } from '../pool.ts';

/** The overview's numbers, straight from the tables. `since` is included, `until` is not. */
export function overviewStore(db: Queryable): OverviewStore {
  return {
    async standing() {
      const { rows } = await db.query<{ status: SubscriberStatus; stage: Stage; people: number }>(
        'select status, stage, count(*)::int as people from subscribers where erased_at is null group by 1, 2',
      );
      const standing: Standing = {
        people: 0,
        active: 0,
        stages: { unconfirmed: 0, mql: 0, sql: 0, customer: 0, left: 0 },
      };
      for (const row of rows) {
        standing.people += row.people;
        if (row.status === 'active') standing.active += row.people;
        standing.stages[shownStage(row)] += row.people;
      }
      return standing;
    },

    async numbers({ from, to }) {
      const [funnel, mails, acts, times, hits] = await Promise.all(
        [FUNNEL, MAILS, ACTS, TIMES, HITS].map((sql) => db.query(sql, [from, to])),
      );
      return {
        funnel: funnel!.rows[0],
        timeInStage: times!.rows[0],
        ...mails!.rows[0],
        ...acts!.rows[0],
        hits: hits!.rows,
      } as PeriodNumbers;
    },

    async parts({ from, to }, parts) {
      const seconds = (to.getTime() - from.getTime()) / 1000 / parts;
      const { rows } = await db.query<PartNumbers & { part: number }>(PARTS, [from, to, seconds]);
      return Array.from({ length: parts }, (_, at) => {
        const { part: _part, ...counts } = { ...NOTHING, part: at, ...rows.find(({ part }) => part === at) };
        return { ...counts, from: new Date(from.getTime() + at * seconds * 1000) };
      });
    },

    async bestArticles({ from, to }, by, limit) {
      const { rows } = await db.query<BestArticle>(BEST_ARTICLES, [from, to, by, limit]);
      return rows;
    },

    async bestInterests({ from, to }) {
      const { rows } = await db.query<BestInterest>(BEST_INTERESTS, [from, to]);
      return rows;
    },

    async customersByMonth(since) {
      const { rows } = await db.query<{ month: string; customers: number }>(
        `with ${WON}
         select to_char(date_trunc('month', at at time zone 'UTC'), 'YYYY-MM-DD') as month, count(*)::int as customers
           from won where at >= $1 group by 1 order by 1`,
        [since],
      );
      return rows;
    },

    async costs() {
      const { rows } = await db.query<EnteredCost>(
        `select to_char(month, 'YYYY-MM-DD') as month, amount::float8 as amount, note from costs order by month desc`,
      );
      return rows;
    },

    async setCost({ month, amount, note, at, staffEmail }) {
      await db.query(
        `insert into costs (month, amount, note, changed_at, changed_by) values ($1, $2, $3, $4, $5)
         on conflict (month) do update
            set amount = excluded.amount, note = excluded.note,
                changed_at = excluded.changed_at, changed_by = excluded.changed_by`,
        [month, amount, note, at, staffEmail],
      );
    },
  };
}

export function cachedCounts(db: Queryable): CachedCounts {
  return {
    async find(key) {
      const { rows } = await db.query<CachedCount>(
        'select counted_at as "countedAt", took_ms as "tookMs", value from kept_counts where key = $1',
        [key],
      );
      return rows[0] ?? null;
    },

    async keep(key, { countedAt, tookMs, value }) {
      await db.query(
        `insert into kept_counts (key, counted_at, took_ms, value) values ($1, $2, $3, $4)
         on conflict (key) do update
            set counted_at = excluded.counted_at, took_ms = excluded.took_ms, value = excluded.value
          where kept_counts.counted_at < excluded.counted_at`,
        [key, countedAt, Math.round(tookMs), asJson(value)],
      );
    },
  };
}

const NOTHING = { confirmed: 0, qualified: 0, customers: 0, reached: 0, clicked: 0, unsubscribed: 0 };

/** A customer is new once, whatever is sold to it later. */
const WON = `
  won as (
    select q.subscriber_id, min(o.at) as at
      from outcomes o join qualifications q on q.id = o.qualification_id
     where o.status = 'won' group by 1)`;

/** So is an SQL within a period. */
const QUALIFIED = `
  qualified as (
    select subscriber_id, min(at) as at from qualifications where at >= $1 and at < $2 group by 1)`;

/** The mails of issues, but those to one person alone. */
const SENT = `
  sent as (
    select d.id, d.subscriber_id, d.sent_at from deliveries d
     where d.status = 'sent' and d.sent_at >= $1 and d.sent_at < $2 and d.id not in ${TO_ONE_PERSON})`;

// The people of a period, and how far they came since. A later step counts for the earlier ones too: who asks to be
// called before confirming has been an MQL, if only for a moment.
const FUNNEL = `
  with people as (
    select s.confirmed_at is not null as confirmed,
           exists (select from qualifications q where q.subscriber_id = s.id) as qualified,
           exists (select from qualifications q join outcomes o on o.qualification_id = q.id
                    where q.subscriber_id = s.id and o.status = 'won') as won
      from subscribers s where s.created_at >= $1 and s.created_at < $2)
  select count(*)::int as "signedUp",
         (count(*) filter (where confirmed or qualified))::int as mql,
         (count(*) filter (where qualified))::int as sql,
         (count(*) filter (where won))::int as customer
    from people`;

// What a mail of the period brought about within the period: of an earlier one no more is counted than of the last.
const MAILS = `
  with ${SENT},
  reached as (select subscriber_id, min(sent_at) as at from sent group by 1),
  clicks as (
    select e.subscriber_id, min(e.at) as at
      from events e join sent on sent.id = e.delivery_id
     where e.kind = 'click' and e.class = 'human' and e.at >= $1 and e.at < $2
     group by 1)
  select (select count(*) from sent)::int as "mailsSent",
         (select count(*) from reached)::int as reached,
         (select count(*) from clicks)::int as clicked,
         (select count(*) from clicks c
           where exists (select from events f where f.subscriber_id = c.subscriber_id and f.kind in ('form', 'download')
                          and f.class <> 'machine' and f.at >= c.at and f.at < $2))::int as converted,
         (select count(*) from reached r
           where exists (select from events u where u.subscriber_id = r.subscriber_id and u.kind = 'unsubscribe'
                          and u.at >= r.at and u.at < $2))::int as unsubscribed`;

const ACTS = `
  with ${WON}, ${QUALIFIED}
  select (select count(*) from subscribers where confirmed_at >= $1 and confirmed_at < $2)::int as confirmed,
         (select count(*) from qualified)::int as qualified,
         (select count(*) from won where at >= $1 and at < $2)::int as customers`;

// An MQL's time begins when the address was confirmed, or when sales sent the lead back.
const TIMES = `
  select (select percentile_cont(0.5) within group (order by extract(epoch from confirmed_at - created_at))
            from subscribers where confirmed_at >= $1 and confirmed_at < $2) as pending,
         (select percentile_cont(0.5) within group (order by extract(epoch from q.at - began.at))
            from qualifications q
            join subscribers s on s.id = q.subscriber_id
            cross join lateral (
              select coalesce((select max(p.closed_at) from qualifications p
                                where p.subscriber_id = q.subscriber_id and p.id < q.id), s.confirmed_at) as at) began
           where q.at >= $1 and q.at < $2) as mql,
         (select percentile_cont(0.5) within group (order by extract(epoch from closed_at - at))
            from qualifications where closed_at >= $1 and closed_at < $2) as sql`;

const HITS = `
  select kind, (count(*) filter (where class = 'human'))::int as human,
         (count(*) filter (where class = 'proxied'))::int as proxied,
         (count(*) filter (where class = 'machine'))::int as machine,
         (count(*) filter (where class = 'doubtful'))::int as doubtful
    from events where kind in ('open', 'click') and at >= $1 and at < $2 and delivery_id not in ${TO_ONE_PERSON}
   group by kind order by kind desc`;

// Who left is counted with the mail before, so that a part's share is of the people it reached.
const PARTS = `
  with ${SENT}, ${WON}, ${QUALIFIED},
  counted as (
    select 'confirmed' as what, confirmed_at as at, id as person from subscribers
     where confirmed_at >= $1 and confirmed_at < $2
    union all
    select 'qualified', at, subscriber_id from qualified
    union all
    select 'customers', at, subscriber_id from won where at >= $1 and at < $2
    union all
    select 'reached', sent_at, subscriber_id from sent
    union all
    select 'clicked', sent.sent_at, e.subscriber_id
      from events e join sent on sent.id = e.delivery_id
     where e.kind = 'click' and e.class = 'human' and e.at >= $1 and e.at < $2
    union all
    select 'unsubscribed', max(sent.sent_at), u.subscriber_id
      from events u join sent on sent.subscriber_id = u.subscriber_id and sent.sent_at <= u.at
     where u.kind = 'unsubscribe' and u.at >= $1 and u.at < $2
     group by u.id, u.subscriber_id),
  grouped as (
    select what, floor(extract(epoch from at - $1) / $3)::int as part, count(distinct person)::int as people
      from counted group by 1, 2)
  select part,
         coalesce(sum(people) filter (where what = 'confirmed'), 0)::int as confirmed,
         coalesce(sum(people) filter (where what = 'qualified'), 0)::int as qualified,
         coalesce(sum(people) filter (where what = 'customers'), 0)::int as customers,
         coalesce(sum(people) filter (where what = 'reached'), 0)::int as reached,
         coalesce(sum(people) filter (where what = 'clicked'), 0)::int as clicked,
         coalesce(sum(people) filter (where what = 'unsubscribed'), 0)::int as unsubscribed
    from grouped group by part`;

/** Human clicks on articles in the period: who, which article, when first. */
const ARTICLE_CLICKS = `
  clicks as (
    select l.target_id::bigint as article_id, e.subscriber_id, min(e.at) as at
      from events e
      join deliveries d on d.id = e.delivery_id
      join issue_links l on l.issue_id = d.issue_id and l.number = e.link_number and l.role = 'article'
     where e.kind = 'click' and e.class = 'human' and e.at >= $1 and e.at < $2
       and e.delivery_id not in ${TO_ONE_PERSON}
     group by 1, 2),
  followed as (
    select c.*, exists (select from qualifications q
                         where q.subscriber_id = c.subscriber_id and q.at >= c.at
                           and q.at < c.at + interval '30 days') as is_sql
      from clicks c)`;

const BEST_ARTICLES = `
  with ${ARTICLE_CLICKS}
  select a.id, a.title, a.url, a.language, a.image_url as "imageUrl", a.published_at as "publishedAt", count(*)::int as clicks, (count(*) filter (where f.is_sql))::int as sqls
    from followed f join articles a on a.id = f.article_id
   group by a.id
   order by case $3 when 'sqls' then count(*) filter (where f.is_sql) else 0 end desc, count(*) desc, a.id desc
   limit $4`;

const BEST_INTERESTS = `
  with ${ARTICLE_CLICKS}
  select interest, count(distinct f.subscriber_id)::int as clicks,
         (count(distinct f.subscriber_id) filter (where f.is_sql))::int as sqls
    from followed f join articles a on a.id = f.article_id cross join lateral unnest(a.interests) as interest
   group by 1 order by 2 desc, 1`;
