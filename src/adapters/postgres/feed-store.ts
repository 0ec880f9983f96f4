import type { FeedState, FeedStore } from '../../journey/content/ports.ts';
import type { Queryable } from './pool.ts';

interface FeedRow {
  url: string;
  etag: string | null;
  last_modified: string | null;
  next_check_at: Date;
  last_checked_at: Date | null;
  last_success_at: Date | null;
  failures: number;
  last_error: string | null;
}

/** What is known about each feed, in Postgres. */
export function feedStore(db: Queryable): FeedStore {
  return {
    async list() {
      const { rows } = await db.query<FeedRow>('select * from feeds order by url');
      return rows.map(readFeed);
    },

    async claimDue(urls, now, leaseMs) {
      // A feed that was never seen is due. Of two workers, the second finds next_check_at moved already.
      const { rows } = await db.query<FeedRow>(
        `insert into feeds (url, next_check_at)
         select distinct url, $3::timestamptz from unnest($1::text[]) as wanted(url) order by url
         on conflict (url) do update set next_check_at = $3 where feeds.next_check_at <= $2
         returning *`,
        [urls, now, new Date(now.getTime() + leaseMs)],
      );
      return rows.map(readFeed);
    },

    async save(state) {
      await db.query(
        `insert into feeds (url, etag, last_modified, next_check_at, last_checked_at, last_success_at, failures, last_error)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (url) do update set
           etag = excluded.etag, last_modified = excluded.last_modified, next_check_at = excluded.next_check_at,
           last_checked_at = excluded.last_checked_at, last_success_at = excluded.last_success_at,
           failures = excluded.failures, last_error = excluded.last_error`,
        [
          state.url,
          state.etag,
          state.lastModified,
          state.nextCheckAt,
          state.lastCheckedAt,
          state.lastSuccessAt,
          state.failures,
          state.lastError,
        ],
      );
    },
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
  };
}
