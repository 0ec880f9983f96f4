import type { WorkerStore } from '../../../journey/worker-ports.ts';
import type { Queryable } from '../pool.ts';

/** How long the row of a dead worker is kept: what it was just committing when it died is found by it. */
const KEPT_HOURS = 1;

export function workerStore(db: Queryable): WorkerStore {
  const ended = async (statement: string, values: unknown[]): Promise<number> => {
    const { rows } = await db.query<{ held: number }>(statement, values);
    return rows[0]!.held;
  };

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

    // Its row stays: Postgres may still be committing a claim whose connection was lost.
    leave: (name) => noteGone(db, [name]),

    async neighbours({ name, boot }) {
      const { rows } = await db.query<{ name: string; process: string }>(
        'select name, process from workers where boot = $1 and name <> $2 and process is not null and gone_at is null',
        [boot, name],
      );
      return rows;
    },

    noteGone: (names) => noteGone(db, names),

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
      const unknown = await ended(END_LEASES_OF_UNKNOWN, [judge, silentMs, steadyMs, now]);
      if (dead.length === 0) return unknown;
      const held = await ended(END_LEASES, [dead.map(({ name }) => name), now]);
      const old = dead.filter(({ is_old }) => is_old).map(({ name }) => name);
      if (old.length > 0) await db.query('delete from workers where name = any($1::text[])', [old]);
      return held + unknown;
    },

    endLostLeases: (name, { batches, mails }, { graceMs, mailLeaseMs }, now) =>
      ended(END_LOST_LEASES, [name, [...batches], [...mails], graceMs, mailLeaseMs, now]),
  };
}

async function noteGone(db: Queryable, names: readonly string[]): Promise<void> {
  await db.query(
    'update workers set gone_at = clock_timestamp() where name = any($1::text[]) and gone_at is null',
    [names],
  );
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

/**
 * Of workers without a row: they were killed before they could say that they are there, or their row is gone by now. A living one
 * sends nothing before it has said so.
 */
const END_LEASES_OF_UNKNOWN = `with me as (
   select from workers where name = $1 and steady_since <= clock_timestamp() - $3 * interval '1 millisecond'
 ), early as (
   select $4::timestamptz - $2 * interval '1 millisecond' as at
 ), batch as (
   update batches b set lease_until = $4::timestamptz - interval '1 millisecond' from early
    where exists (select from me) and b.counted_at is null and b.lease_until >= $4 and b.claimed_at < early.at
      and not exists (select from workers w where w.name = b.worker)
    returning 1
 ), mail as (
   update outbox o set lease_until = $4::timestamptz - interval '1 millisecond' from early
    where exists (select from me) and o.status = 'sending' and o.lease_until >= $4 and o.worker is not null
      and coalesce(o.handed_over_at < early.at, true)
      and not exists (select from workers w where w.name = o.worker)
    returning 1
 )
 select (select count(*)::int from batch) + (select count(*)::int from mail) as held`;

/** When a one-off mail was taken its lease says, until it is handed over. */
const END_LOST_LEASES = `with early as (
   select $6::timestamptz - $4 * interval '1 millisecond' as at
 ), batch as (
   update batches b set lease_until = $6::timestamptz - interval '1 millisecond' from early
    where b.worker = $1 and b.counted_at is null and b.id <> all($2::bigint[])
      and b.claimed_at < early.at and b.lease_until >= $6
    returning 1
 ), mail as (
   update outbox o set lease_until = $6::timestamptz - interval '1 millisecond' from early
    where o.worker = $1 and o.status = 'sending' and o.id <> all($3::bigint[]) and o.lease_until >= $6
      and coalesce(o.handed_over_at, o.lease_until - $5 * interval '1 millisecond') < early.at
    returning 1
 )
 select (select count(*)::int from batch) + (select count(*)::int from mail) as held`;
