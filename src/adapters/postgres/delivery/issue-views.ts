import { asText, type Reason, readReason } from '../../../domain/reason.ts';
import type { IssueNumbers, IssueViews, ListedIssue } from '../../../journey/delivery/ports/issue-views.ts';
import { asJson } from '../as-json.ts';
import type { Queryable } from '../pool.ts';
import { codeOf, groupOfSkips } from '../reason-column.ts';
import { countsByStatus } from './delivery-status.ts';

export function issueViews(db: Queryable): IssueViews {
  return {
    async list({ statuses, toOne, beforeId, limit }) {
      const { rows } = await db.query<ListedIssue>(
        `select ${COLUMNS} from issues
          where status = any($1) and ($2::bigint is null or id < $2) and ($4::boolean is null or to_one = $4)
          order by id desc limit $3`,
        [statuses, beforeId, limit, toOne ?? null],
      );
      return rows;
    },

    async find(id) {
      const { rows } = await db.query<ListedIssue>(`select ${COLUMNS} from issues where id = $1`, [id]);
      return rows[0] ?? null;
    },

    async progress(issueId) {
      const { rows } = await db.query<{ status: string; count: number }>(
        `select status, n as count from (${countsByStatus('$1')}) d`,
        [issueId],
      );
      return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
    },

    async numbers(issueId, now, freshFor) {
      const { rows } = await db.query<{ numbers: IssueNumbers; counted_at: Date }>(
        'select numbers, counted_at from issue_numbers where issue_id = $1',
        [issueId],
      );
      const kept = rows[0];
      // Counts of earlier versions know nothing of hits in doubt.
      const isWhole = kept?.numbers.clicked?.doubtful !== undefined;
      if (kept && isWhole && now.getTime() - kept.counted_at.getTime() <= freshFor)
        return readNumbers(kept.numbers);
      const counted = await count(db, issueId, now);
      await db.query(
        `insert into issue_numbers (issue_id, counted_at, numbers) values ($1, $2, $3)
         on conflict (issue_id) do update set counted_at = excluded.counted_at, numbers = excluded.numbers`,
        [issueId, now, asJson(counted)],
      );
      return counted;
    },

    async someReader(search) {
      const { rows } = await db.query<{ id: number; email: string }>(
        `select id, email from subscribers
          where status = 'active' and erased_at is null
            and lower(email || ' ' || coalesce(name, '') || ' ' || coalesce(company, '')) like $1
          order by email = lower($2) desc, id limit 1`,
        [`%${search.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`, search],
      );
      return rows[0] ?? null;
    },
  };
}

const COLUMNS = `id, digest_id as "digestId", slot, status, to_one as "toOne", planned_at as "plannedAt", first_due_at as "firstDueAt",
  last_due_at as "lastDueAt", finished_at as "finishedAt"`;

async function count(db: Queryable, issueId: number, now: Date): Promise<IssueNumbers> {
  const [statuses, acts, subjects, links, skipped, failed] = await Promise.all([
    db.query<{ statuses: Record<string, number> | null }>(STATUSES, [issueId]),
    db.query(ACTS, [issueId]),
    db.query(SUBJECTS, [issueId]),
    db.query(LINKS, [issueId]),
    db.query(REASONS_OF_SKIPS, [issueId]),
    db.query(REASONS_OF_FAILURES, [issueId]),
  ]);
  return {
    countedAt: now.toISOString(),
    statuses: statuses.rows[0]?.statuses ?? {},
    ...acts.rows[0],
    ...subjects.rows[0],
    links: links.rows,
    skipped: skipped.rows.map(({ reason, count }) => ({ reason: ofMany(readReason(reason)), count })),
    failed: failed.rows.map(({ reason, count }) => ({ reason: readReason(reason), count })),
  } as IssueNumbers;
}

const STATUSES = `
  select jsonb_object_agg(status, n) as statuses
    from (${countsByStatus('$1')}) s`;

// The deliveries of an issue are planned together, so their ids lie together: the events between the first and the last
// are one piece of an index, and only few of them belong to another issue.
const HITS = `
  span as (
    select min(d.first) as first, max(d.last) as last
      from unnest(array['claimed', 'sent', 'failed', 'uncertain']) as s (status)
     cross join lateral (
       select min(id), max(id) from deliveries where issue_id = $1 and status = s.status) as d (first, last)),
  hits as (
    select e.kind, e.class, e.subscriber_id, e.link_number, e.details ->> 'form' as form
      from events e join deliveries d on d.id = e.delivery_id and d.issue_id = $1 and d.status = 'sent'
     where e.delivery_id between (select first from span) and (select last from span))`;

const byClass = (kind: string) => `
  jsonb_build_object(${['human', 'proxied', 'machine', 'doubtful']
    .map(
      (one) => `'${one}', count(distinct subscriber_id) filter (where kind = '${kind}' and class = '${one}')`,
    )
    .join(', ')})`;

const ACTS = `
  with ${HITS}
  select ${byClass('open')} as opened, ${byClass('click')} as clicked,
         (count(distinct subscriber_id) filter (where kind = 'form' and form in ('call-back', 'contact', 'order')))::int as forms,
         (select count(distinct subscriber_id)
            from (select subscriber_id from hits where kind = 'unsubscribe'
                  union all
                  -- Who left by no mail's link, left after the last one.
                  select u.subscriber_id
                    from events u join deliveries d on d.subscriber_id = u.subscriber_id and d.issue_id = $1
                   where u.kind = 'unsubscribe' and u.delivery_id is null and d.status = 'sent' and d.sent_at <= u.at
                     and not exists (select from deliveries l where l.subscriber_id = u.subscriber_id and l.status = 'sent'
                                      and l.sent_at > d.sent_at and l.sent_at <= u.at)) gone)::int as unsubscribed
    from hits`;

const SUBJECTS = `
  with main as (
    select (picks -> 0 ->> 'articleId')::bigint as article_id, count(*) as readers
      from deliveries where issue_id = $1 and status = 'sent' and picks -> 0 is not null group by 1),
  best as (
    select distinct on (a.language) a.language, a.title, m.readers, sum(m.readers) over (partition by a.language) as all_readers
      from main m join articles a on a.id = m.article_id
     order by a.language, m.readers desc, a.id)
  select coalesce((select jsonb_agg(jsonb_build_object('language', language, 'title', title, 'readers', readers)
                                    order by all_readers desc, language) from best), '[]') as subjects,
         (select count(*) from main)::int as "mainArticles"`;

const LINKS = `
  with ${HITS},
  clicks as (
    select link_number, (count(distinct subscriber_id) filter (where class = 'human'))::int as people,
           (count(*) filter (where class = 'machine'))::int as machine,
           (count(*) filter (where class = 'doubtful'))::int as doubtful
      from hits where kind = 'click' group by 1)
  select l.number, l.role, l.target_id as "targetId", l.language, l.label, l.url,
         coalesce(c.people, 0) as people, coalesce(c.machine, 0) as machine, coalesce(c.doubtful, 0) as doubtful
    from issue_links l left join clicks c on c.link_number = l.number
   where l.issue_id = $1
   order by people desc, l.number`;

const REASONS_OF_SKIPS = `
  select min(reason) as reason, count(*)::int as count
    from deliveries where issue_id = $1 and status in ('skipped', 'cancelled') and reason is not null
   group by ${groupOfSkips('reason')}
   order by 2 desc, 1 limit 20`;

// What the server said, by its codes (554 5.7.1): the words after them differ from mail to mail, and one stands for all.
const REASONS_OF_FAILURES = `
  select min(coalesce(reason, smtp_reply)) as reason, count(*)::int as count
    from deliveries where issue_id = $1 and status in ('failed', 'uncertain') and coalesce(reason, smtp_reply) is not null
   group by ${codeOf('reason')}, substring(smtp_reply from '^\\d{3}(?:[ -]\\d\\.\\d+\\.\\d+)?')
   order by 2 desc, 1 limit 20`;

/** Without the numbers of the one that stands for all. */
function ofMany(reason: Reason): Reason {
  switch (reason.code) {
    case 'skip.none':
    case 'skip.too-few': {
      const { interests, language } = reason.values;
      return { code: 'skips.too-few', values: { interests, language } };
    }
    case 'skip.too-few-for-all':
      return { code: 'skips.too-few-for-all', values: { language: reason.values.language } };
    case 'skip.paused':
    case 'skip.paused-by-reader':
      return { code: 'skips.paused' };
    case 'skip.monthly':
      return { code: 'skips.monthly' };
    default:
      return reason;
  }
}

/** Numbers that were counted before reasons had codes. */
function readNumbers(kept: IssueNumbers): IssueNumbers {
  const read = (all: readonly { reason: Reason | string; count: number }[]) =>
    all.map(({ reason, count }) => ({ reason: typeof reason === 'string' ? asText(reason) : reason, count }));
  return { ...kept, skipped: read(kept.skipped), failed: read(kept.failed) };
}
