import type { WorkerStore } from '../../../journey/worker-ports.ts';
import type { Queryable } from '../pool.ts';

/** How long the row of a dead worker is kept: what it was just committing when it died is found by it. */
const KEPT_HOURS = 1;

export function workerStore(db: Queryable): WorkerStore {
  return {
    async beat({ name, boot, process }, steadyMs) {
      await db.query(
        `insert into workers as w (name, boot, process, seen_at, steady_since)
         values ($1, $2, $3, clock_timestamp(), clock_timestamp())
         on conflict (name) do update
           set seen_at = excluded.seen_at, gone_at = null,
               steady_since = case
                 when w.gone_at is null
                  and excluded.seen_at - w.seen_at between interval '0' and $4 * interval '1 millisecond'
                 then w.steady_since else excluded.seen_at end`,
        [name, boot, process, steadyMs],
      );
    },

    async leave(name) {
      await db.query('delete from workers where name = $1', [name]);
    },

    async neighbours({ name, boot }) {
      const { rows } = await db.query<{ name: string; process: string }>(
        'select name, process from workers where boot = $1 and name <> $2 and process is not null and gone_at is null',
        [boot, name],
      );
      return rows;
    },

    async noteGone(names) {
      await db.query(
        'update workers set gone_at = clock_timestamp() where name = any($1::text[]) and gone_at is null',
        [names],
      );
    },

    async endLeasesOfDead(judge, { silentMs, steadyMs }, now) {
      const { rows: dead } = await db.query<{ name: string; is_old: boolean }>(
        `select w.name, w.seen_at < clock_timestamp() - $4 * interval '1 hour' as is_old
           from workers w
          where w.name <> $1
            and (w.gone_at is not null
                 or (w.seen_at not between clock_timestamp() - $2 * interval '1 millisecond'
                                       and clock_timestamp() + $2 * interval '1 millisecond'
                     and exists (select from workers me
                                  where me.name = $1
                                    and me.steady_since <= clock_timestamp() - $3 * interval '1 millisecond')))`,
        [judge, silentMs, steadyMs, KEPT_HOURS],
      );
      if (dead.length === 0) return 0;
      const { rows } = await db.query<{ held: number }>(END_LEASES, [dead.map(({ name }) => name), now]);
      const old = dead.filter(({ is_old }) => is_old).map(({ name }) => name);
      if (old.length > 0) await db.query('delete from workers where name = any($1::text[])', [old]);
      return rows[0]!.held;
    },
  };
}

/** Who looks for leases that are over finds these; a feed is due at once. */
const END_LEASES = `with ended as (
   select $2::timestamptz - interval '1 millisecond' as at
 ), batch as (
   update batches b set lease_until = ended.at from ended
    where b.worker = any($1::text[]) and b.counted_at is null and b.lease_until > ended.at
    returning 1
 ), mail as (
   update outbox o set lease_until = ended.at from ended
    where o.worker = any($1::text[]) and o.status = 'sending' and o.lease_until > ended.at
    returning 1
 ), message as (
   update webhook_messages m set lease_until = ended.at from ended
    where m.worker = any($1::text[]) and m.status = 'sending' and m.lease_until > ended.at
    returning 1
 ), feed as (
   update feeds f set leased_until = null, leased_by = null, next_check_at = least(f.next_check_at, $2::timestamptz)
    where f.leased_by = any($1::text[]) and f.leased_until is not null
    returning 1
 )
 select (select count(*)::int from batch) + (select count(*)::int from mail)
      + (select count(*)::int from message) + (select count(*)::int from feed) as held`;
