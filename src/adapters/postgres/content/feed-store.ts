import type { FeedTrouble } from '../../../domain/content/feed-health.ts';
import type { FeedHealthRow, FeedState, FeedStore } from '../../../journey/content/ports/feeds.ts';
import type { Queryable } from '../pool.ts';
import { transactional } from '../transaction.ts';

interface FeedRow {
  url: string;
  etag: string | null;
  last_modified: string | null;
  next_check_at: Date;
  last_checked_at: Date | null;
  last_success_at: Date | null;
  failures: number;
  last_error: string | null;
  status: 'active' | 'gone';
  moved_to: string | null;
  moved_seen: number;
  last_new_at: Date | null;
  told_trouble: FeedTrouble | null;
}

/** Feeds of one host that are read at once, over all workers. */
const MOST_PER_HOST = 2;

/** What is known about each feed, in Postgres. */
export function feedStore(db: Queryable): FeedStore {
  return {
    async list() {
      const { rows } = await db.query<FeedRow>('select * from feeds order by url');
      return rows.map(readFeed);
    },

    claimDue: (urls, now, leaseMs, worker) =>
      transactional(db, async (tx) => {
        await lockHosts(tx, urls, now);
        const until = new Date(now.getTime() + leaseMs);
        // Of two workers, the second finds next_check_at moved already.
        const { rows } = await tx.query<FeedRow>(
          `with due as (
             select f.url, f.host,
                    row_number() over (partition by f.host order by f.next_check_at, f.url) as place
               from feeds f
              where f.url = any($1::text[]) and f.status = 'active' and f.next_check_at <= $2
           )
           update feeds f set next_check_at = $3, leased_until = $3, leased_by = $5
             from due
            where f.url = due.url and f.status = 'active' and f.next_check_at <= $2
              and (due.host = ''
                   or due.place <= $4 - (select count(*) from feeds other
                                          where other.host = due.host and other.leased_until > $2))
           returning f.*`,
          [urls, now, until, MOST_PER_HOST, worker ?? null],
        );
        return rows.map(readFeed);
      }),

    async save(state) {
      await db.query(
        `insert into feeds (url, etag, last_modified, next_check_at, last_checked_at, last_success_at, failures, last_error,
                            status, moved_to, moved_seen, last_new_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
         on conflict (url) do update set
           etag = excluded.etag, last_modified = excluded.last_modified, next_check_at = excluded.next_check_at,
           last_checked_at = excluded.last_checked_at, last_success_at = excluded.last_success_at,
           failures = excluded.failures, last_error = excluded.last_error, status = excluded.status,
           moved_to = excluded.moved_to, moved_seen = excluded.moved_seen, last_new_at = excluded.last_new_at,
           leased_until = null, leased_by = null`,
        [
          state.url,
          state.etag,
          state.lastModified,
          state.nextCheckAt,
          state.lastCheckedAt,
          state.lastSuccessAt,
          state.failures,
          state.lastError,
          state.status,
          state.movedTo,
          state.movedSeen,
          state.lastNewAt,
        ],
      );
    },

    async retry(url, now) {
      const { rowCount } = await db.query(
        `update feeds set status = 'active', next_check_at = $2, failures = 0, moved_to = null, moved_seen = 0
          where url = $1 and (leased_until is null or leased_until <= $2)`,
        [url, now],
      );
      return rowCount === 1;
    },

    respell: (url, used) =>
      transactional(db, async (tx) => {
        const { rowCount } = await tx.query('select from feeds where url = $1 for update', [url]);
        if (rowCount === 0) return false;
        for (const sql of RESPELL) await tx.query(sql, [url, used]);
        return true;
      }),

    async tell(troubles, now) {
      // Only what changes is told: of two workers, the second finds it told.
      const { rows } = await db.query<{ url: string }>(
        `update feeds f set told_trouble = found.trouble, told_at = case when found.trouble is null then null else $3::timestamptz end
           from unnest($1::text[], $2::text[]) as found(url, trouble)
          where f.url = found.url and f.told_trouble is distinct from found.trouble
          returning f.url, found.trouble`,
        [troubles.map(({ url }) => url), troubles.map(({ trouble }) => trouble), now],
      );
      const changed = new Set(rows.map(({ url }) => url));
      return troubles
        .filter(({ url, trouble }) => trouble !== null && changed.has(url))
        .map(({ url }) => url);
    },

    async countMails(limit) {
      // An issue that is done changes no more: it is counted once.
      const { rowCount } = await db.query(
        `with done as (
           select i.id from issues i
            where i.status <> 'open' and exists (select from issue_articles a where a.issue_id = i.id and a.mails is null)
            order by i.id desc limit $1
         ), picked as materialized (
           select d.issue_id, (pick ->> 'articleId')::bigint as article_id, count(*)::int as mails
             from deliveries d join done on done.id = d.issue_id
            cross join lateral jsonb_array_elements(d.picks) as pick
            where d.status in ('sent', 'uncertain')
            group by 1, 2
         )
         update issue_articles a set mails = coalesce(
                  (select p.mails from picked p where p.issue_id = a.issue_id and p.article_id = a.article_id), 0)
           from done where a.issue_id = done.id and a.mails is null`,
        [limit],
      );
      return rowCount ?? 0;
    },

    async health(urls, now) {
      const { rows } = await db.query<FeedRow & HealthRow>(
        `select wanted.url as wanted_url, f.*,
                (select count(*)::int from articles a
                  where a.feed_url = wanted.url and a.published_at > $2::timestamptz - interval '28 days') as recent,
                (select min(a.published_at) from articles a where a.feed_url = wanted.url) as first_article_at,
                offered.articles as offered, offered.used
           from unnest($1::text[]) with ordinality as wanted(url, place)
           left join feeds f on f.url = wanted.url
           left join lateral (
             select count(distinct a.id)::int as articles,
                    (count(distinct a.id) filter (where i.mails > 0))::int as used
               from articles a join issue_articles i on i.article_id = a.id and i.mails is not null
              where a.feed_url = wanted.url and a.first_seen_at > $2::timestamptz - interval '90 days') as offered on true
          order by wanted.place`,
        [urls, now],
      );
      return rows.map(readHealth);
    },
  };
}

/** Everything that names a feed by its address ($1), under its other spelling ($2). What is known under that stays as it is. */
const RESPELL = [
  `insert into feeds (url, etag, last_modified, next_check_at, last_checked_at, last_success_at, failures, last_error, status,
                      moved_to, moved_seen, last_new_at, told_trouble, told_at)
   select $2, etag, last_modified, next_check_at, last_checked_at, last_success_at, failures, last_error, status, moved_to,
          moved_seen, last_new_at, told_trouble, told_at
     from feeds where url = $1
   on conflict (url) do nothing`,
  'delete from feeds where url = $1 and $2 <> $1',
  `update articles set feed_url = case when feed_url = $1 then $2 else feed_url end, also_in = array_replace(also_in, $1, $2)
    where feed_url = $1 or $1 = any(also_in)`,
  `insert into article_keys (key, article_id)
   select 'guid ' || $2 || substr(key, length('guid ' || $1) + 1), article_id
     from article_keys where starts_with(key, 'guid ' || $1 || ' ')
   on conflict (key) do nothing`,
  `delete from article_keys where starts_with(key, 'guid ' || $1 || ' ') and $2 <> $1`,
  `update subscribers
      set leanings = leanings - ('feed:' || $1) || jsonb_build_object('feed:' || $2, leanings -> ('feed:' || $1))
    where leanings ? ('feed:' || $1)`,
];

/** Makes rows for feeds never seen, and lets workers count a host's open readings one after the other. */
async function lockHosts(tx: Queryable, urls: string[], now: Date): Promise<void> {
  await tx.query(
    `insert into feeds (url, next_check_at) select distinct url, $2::timestamptz from unnest($1::text[]) as wanted(url)
      order by url on conflict (url) do nothing`,
    [urls, now],
  );
  await tx.query(
    `select pg_advisory_xact_lock(hashtext('feeds of ' || host))
       from (select distinct host from feeds where url = any($1::text[]) and host <> '' order by host) as hosts`,
    [urls],
  );
}

interface HealthRow {
  wanted_url: string;
  recent: number;
  first_article_at: Date | null;
  offered: number;
  used: number;
  told_at: Date | null;
}

function readHealth(row: FeedRow & HealthRow): FeedHealthRow {
  return {
    state: row.url === null ? null : readFeed(row),
    url: row.wanted_url,
    recentArticles: row.recent,
    firstArticleAt: row.first_article_at,
    offered: row.offered,
    used: row.used,
    toldTrouble: row.told_trouble,
    toldAt: row.told_at,
  };
}

function readFeed(row: FeedRow): FeedState {
  return {
    url: row.url,
    etag: row.etag,
    lastModified: row.last_modified,
    nextCheckAt: row.next_check_at,
    lastCheckedAt: row.last_checked_at,
    lastSuccessAt: row.last_success_at,
    failures: row.failures,
    lastError: row.last_error,
    status: row.status,
    movedTo: row.moved_to,
    movedSeen: row.moved_seen,
    lastNewAt: row.last_new_at,
    toldTrouble: row.told_trouble,
  };
}
