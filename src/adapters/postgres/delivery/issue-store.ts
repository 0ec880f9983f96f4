import type { Issue, IssueLink, IssueStore, NewIssue } from '../../../journey/delivery/ports/deliveries.ts';
import { asJson } from '../as-json.ts';
import { readSubscriber, subscriberColumns } from '../audience/subscriber-store.ts';
import { type ArticleRow, readArticle } from '../content/article-store.ts';
import type { Queryable } from '../pool.ts';
import { keptReason, readReasonOrNull } from '../reason-column.ts';
import { transactional } from '../transaction.ts';
import { PLAN_READERS, skipReason } from './plan-readers.ts';

interface IssueRow {
  id: number;
  digest_id: string;
  slot: string;
  status: Issue['status'];
  planned_at: Date;
  readers_planned_at: Date | null;
}

/** Issues, what they draw from and where their links lead, in Postgres. */
export function issueStore(db: Queryable): IssueStore {
  return {
    async find(id) {
      const { rows } = await db.query<IssueRow>('select * from issues where id = $1', [id]);
      return rows[0] ? readIssue(rows[0]) : null;
    },

    findBySlot: (digestId, slot) => findBySlot(db, digestId, slot),

    open: (issue) =>
      transactional(db, async (tx) => {
        const opened = await insertIssue(tx, issue);
        if (!opened) return theOther(await findBySlot(tx, issue.digestId, issue.slot), issue);
        await tx.query(
          'insert into issue_articles (issue_id, article_id) select $1, id from unnest($2::bigint[]) as chosen(id)',
          [opened.id, issue.articleIds],
        );
        await tx.query(
          `insert into issue_links (issue_id, number, role, target_id, language, url, label)
           select $1, link.number, link.role, link."targetId", link.language, link.url, link.label
             from jsonb_to_recordset($2) as link(
               number int, role text, "targetId" text, language text, url text, label text)`,
          [opened.id, asJson(issue.links)],
        );
        return opened;
      }),

    async noteMissed({ digestId, slot, plannedAt, firstDueAt, lastDueAt }) {
      const { rowCount } = await db.query(
        `insert into issues (digest_id, slot, status, planned_at, first_due_at, last_due_at, finished_at)
         select $1, $2, 'cancelled', $3, $4, $5, $3
          where exists (select from issues where digest_id = $1)
         on conflict (digest_id, slot) do nothing`,
        [digestId, slot, plannedAt, firstDueAt, lastDueAt],
      );
      return rowCount === 1;
    },

    async articles(issueId) {
      const { rows } = await db.query<ArticleRow>(
        `select a.* from issue_articles i join articles a on a.id = i.article_id where i.issue_id = $1 order by a.id`,
        [issueId],
      );
      return rows.map(readArticle);
    },

    async links(issueId) {
      const { rows } = await db.query<IssueLink>(
        `select number, role, target_id as "targetId", language, url, label
           from issue_links where issue_id = $1 order by number`,
        [issueId],
      );
      return rows;
    },

    async linksAfter(issueId, limit) {
      const { rows } = await db.query<{ issueId: number; links: IssueLink[] }>(
        `select l.issue_id as "issueId",
                jsonb_agg(jsonb_build_object('number', l.number, 'role', l.role, 'targetId', l.target_id,
                                             'language', l.language, 'url', l.url, 'label', l.label)
                          order by l.number) as links
           from issue_links l
          where l.issue_id in (select id from issues where id > $1 order by id desc limit $2)
          group by l.issue_id
          order by l.issue_id`,
        [issueId, limit],
      );
      return rows;
    },

    async timeZonesToPlan(issueId, confirmedSince) {
      const { rows } = await db.query<{ time_zone: string }>(
        `select distinct s.time_zone
           from subscribers s
          where s.status = 'active' and ($2::timestamptz is null or s.confirmed_at >= $2)
            and not exists (select from deliveries d where d.issue_id = $1 and d.subscriber_id = s.id)`,
        [issueId, confirmedSince],
      );
      return rows.map((row) => row.time_zone);
    },

    async planReaders(plan) {
      const { rowCount } = await db.query(PLAN_READERS, [
        plan.issueId,
        plan.dueByZone.map(({ timeZone }) => timeZone),
        plan.dueByZone.map(({ dueAt }) => dueAt),
        plan.notBefore,
        plan.confirmedSince,
        plan.month,
        plan.inProgressReason && keptReason(plan.inProgressReason),
      ]);
      return rowCount ?? 0;
    },

    async lockToPlan(issueId) {
      const { rowCount } = await db.query(
        `select from issues where id = $1 and status = 'open' for no key update skip locked`,
        [issueId],
      );
      return rowCount === 1;
    },

    async noteReadersPlanned(issueId, at) {
      await db.query('update issues set readers_planned_at = $2 where id = $1', [issueId, at]);
    },

    async planDeliveries(issueId, deliveries) {
      const { rowCount } = await db.query(
        `insert into deliveries (issue_id, subscriber_id, due_at, status, reason)
         select $1, subscriber_id, due_at, case when skip is null then 'planned' else 'skipped' end, skip
           from unnest($2::bigint[], $3::timestamptz[], $4::text[]) as planned(subscriber_id, due_at, skip)
          where exists (select from issues where id = $1 and status = 'open')
         on conflict (issue_id, subscriber_id) do nothing`,
        [
          issueId,
          deliveries.map(({ subscriberId }) => subscriberId),
          deliveries.map(({ dueAt }) => dueAt),
          deliveries.map(({ skip }) => (skip ? keptReason(skip) : null)),
        ],
      );
      return rowCount ?? 0;
    },

    async withDueDeliveries(now) {
      const { rows } = await db.query<{ issueId: number; due: number }>(
        `select i.id as "issueId", d.due
           from issues i cross join lateral (
                  select count(*)::int as due, min(due_at) as first from deliveries
                   where issue_id = i.id and status = 'planned' and due_at <= $1) d
          where i.status = 'open' and d.due > 0
          order by d.first, i.id`,
        [now],
      );
      return rows;
    },

    async finishDone(now, lateMs) {
      // Issues sent by hand ('now-…') are planned whole when they are opened; only the schedule's wait for latecomers.
      const { rows } = await db.query<{ id: number }>(
        `update issues i
            set status = 'done', finished_at = $1
          where i.status = 'open' and i.last_due_at < $1
            and not exists (select from deliveries d
                             where d.issue_id = i.id and d.status in ('planned', 'claimed'))
            and (i.slot like 'now-%' or i.last_due_at < $2
                 or not exists (select from subscribers s
                                 where s.status = 'active' and s.confirmed_at <= i.first_due_at
                                   and not exists (select from deliveries d
                                                    where d.issue_id = i.id and d.subscriber_id = s.id)))
          returning i.id`,
        [now, new Date(now.getTime() - lateMs)],
      );
      return rows.map(({ id }) => id).sort((a, b) => a - b);
    },

    async readersWithPast(articleIds, afterId, limit, plan) {
      const { rows } = await db.query(
        `with wanted as materialized (
           select id, same_as from articles where id = any($1::bigint[]) or same_as = any($1::bigint[])),
         sharing as materialized (
           select distinct issue_id from issue_articles join wanted on wanted.id = article_id)
         select ${subscriberColumns('s', 'subscriber_')}, ${PLANNED_NOW} as skip,
                array(select distinct coalesce(a.same_as, a.id)::text
                        from deliveries d cross join lateral jsonb_array_elements(d.picks) as pick
                        join wanted a on a.id = (pick ->> 'articleId')::bigint
                       where d.subscriber_id = s.id and d.issue_id in (select issue_id from sharing)
                         and d.status in ('claimed', 'sent', 'uncertain')) as had
           from subscribers s
          where s.status = 'active' and s.id > $2
          order by s.id
          limit $3`,
        [
          articleIds,
          afterId,
          limit,
          plan?.at ?? null,
          plan?.digestId ?? null,
          plan?.at.toISOString().slice(0, 7) ?? null,
          plan?.inProgressReason ? keptReason(plan.inProgressReason) : null,
        ],
      );
      return rows.map((row) => ({
        subscriber: readSubscriber(row, 'subscriber_'),
        hadArticleIds: (row.had as string[]).map(Number),
        skip: readReasonOrNull(row.skip as string | null),
      }));
    },

    async lastRestoredAt() {
      const { rows } = await db.query<{ at: Date | null }>('select max(at) as at from restores');
      return rows[0]!.at;
    },

    async countActiveReaders() {
      const { rows } = await db.query<{ count: number }>(
        `select count(*) as count from subscribers where status = 'active'`,
      );
      return rows[0]!.count;
    },
  };
}

/** As planning would do it at a moment, for an issue that is not there yet. */
const PLANNED_NOW = skipReason({
  dueAt: '$4::timestamptz',
  issueId: '0',
  digestId: '$5::text',
  month: '$6::text',
  inProgress: '$7',
});

function readIssue(row: IssueRow): Issue {
  return {
    id: row.id,
    digestId: row.digest_id,
    slot: row.slot,
    status: row.status,
    plannedAt: row.planned_at,
    readersPlannedAt: row.readers_planned_at,
  };
}

/** Null when another worker opened it: that one's transaction is over by the time this gives an answer. */
async function insertIssue(tx: Queryable, issue: NewIssue): Promise<Issue | null> {
  const { rows } = await tx.query<IssueRow>(
    `insert into issues (digest_id, slot, planned_at, first_due_at, last_due_at, to_one)
     values ($1, $2, $3, $4, $5, $6)
     on conflict (digest_id, slot) do nothing
     returning *`,
    [issue.digestId, issue.slot, issue.plannedAt, issue.firstDueAt, issue.lastDueAt, issue.toOne ?? false],
  );
  return rows[0] ? readIssue(rows[0]) : null;
}

async function findBySlot(db: Queryable, digestId: string, slot: string): Promise<Issue | null> {
  const { rows } = await db.query<IssueRow>('select * from issues where digest_id = $1 and slot = $2', [
    digestId,
    slot,
  ]);
  return rows[0] ? readIssue(rows[0]) : null;
}

function theOther(found: Issue | null, { digestId, slot }: NewIssue): Issue {
  if (!found) throw new Error(`issue ${slot} of digest ${digestId} is there, but cannot be read`);
  return found;
}
