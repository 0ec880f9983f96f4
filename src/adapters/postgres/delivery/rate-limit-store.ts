import type { Complaints, Places, SlowDomain } from '../../../domain/delivery/rate-limits.ts';
import type { DayLimit, RateLimitStore } from '../../../journey/delivery/ports/rate-limits.ts';
import type { Queryable } from '../pool.ts';
import { transactional } from '../transaction.ts';

/** A domain that was left in peace for so long after its last complaint is as good as new. */
const FORGET_AFTER_MS = 6 * 3_600_000;

/** Rates, days, slow domains and slots in Postgres. Rates are locked by name, so that workers never wait in a circle. */
export function rateLimitStore(db: Queryable): RateLimitStore {
  return {
    reserve: (rates, day, wanted, now, reservePlaces) =>
      transactional(db, async (tx) => {
        const left = day === null ? wanted : Math.min(wanted, await lockDay(tx, day));
        const next = await lockRates(
          tx,
          rates.map(({ name }) => name),
          now,
        );
        const { moved, ...places } = reservePlaces(rates, next, left, now);
        if (places.count <= 0) return places;
        await moveRates(tx, moved);
        if (day !== null)
          await tx.query('update send_days set mails = mails + $2 where day = $1', [day.day, places.count]);
        return places;
      }),

    async giveBack(rates, day, count) {
      if (count <= 0) return;
      if (rates.length > 0)
        await db.query(
          `update send_rates r set next_at = r.next_at - b.ms * interval '1 millisecond'
             from unnest($1::text[], $2::float8[]) as b(name, ms) where r.name = b.name`,
          [rates.map(({ name }) => name), rates.map(({ stepMs }) => stepMs * count)],
        );
      if (day !== null)
        await db.query('update send_days set mails = greatest(0, mails - $2) where day = $1', [
          day.day,
          count,
        ]);
    },

    queueUp: (rate, count, now) =>
      transactional(db, async (tx): Promise<Places> => {
        const name = `behind ${rate.name}`;
        const next = await lockRates(tx, [name, rate.name], now);
        const from = Math.max(next.get(name)!, next.get(rate.name)!, now.getTime() + rate.stepMs);
        await moveRates(tx, [{ name, next: from + count * rate.stepMs }]);
        return { count, from, stepMs: rate.stepMs };
      }),

    async slowDomains() {
      const { rows } = await db.query<{ domain: string; paused_until: Date }>(
        'select domain, paused_until from slow_domains',
      );
      return rows.map((row) => ({ domain: row.domain, pausedUntil: row.paused_until }));
    },

    slowDown: (domain, reply, now, afterComplaint) =>
      transactional(db, async (tx): Promise<SlowDomain> => {
        const { rows } = await tx.query<Complaints>(
          `insert into slow_domains (domain, paused_until, strikes, reply) values ($1, $2, 0, '')
           on conflict (domain) do update set domain = excluded.domain
           returning strikes, paused_until as "pausedUntil"`,
          [domain, now],
        );
        const { strikes, pausedUntil } = afterComplaint(rows[0]!, reply, now);
        await tx.query(
          'update slow_domains set paused_until = $2, strikes = $3, reply = $4 where domain = $1',
          [domain, pausedUntil, strikes, reply ?? 'the connection was lost'],
        );
        return { domain, pausedUntil };
      }),

    async forgetRecovered(now) {
      await db.query('delete from slow_domains where paused_until < $1', [
        new Date(now.getTime() - FORGET_AFTER_MS),
      ]);
    },

    takeSlots: (domain, batchId, most, wanted, now) =>
      transactional(db, async (tx) => {
        await tx.query('select pg_advisory_xact_lock(hashtext($1))', [`domain slots ${domain}`]);
        const { rows } = await tx.query<{ taken: number }>(
          `select coalesce(sum(s.slots), 0)::int as taken
             from domain_slots s join batches b on b.id = s.batch_id
            where s.domain = $1 and s.batch_id <> $2 and b.lease_until > $3`,
          [domain, batchId, now],
        );
        const slots = Math.min(wanted, most - rows[0]!.taken);
        if (slots <= 0) return 0;
        await tx.query(
          `insert into domain_slots (domain, batch_id, slots) values ($1, $2, $3)
           on conflict (domain, batch_id) do update set slots = excluded.slots`,
          [domain, batchId, slots],
        );
        return slots;
      }),

    async freeSlots(batchId) {
      await db.query('delete from domain_slots where batch_id = $1', [batchId]);
    },
  };
}

/** What the day has left. */
async function lockDay(tx: Queryable, { day, mails }: DayLimit): Promise<number> {
  const { rows } = await tx.query<{ mails: number }>(
    `insert into send_days (day) values ($1)
     on conflict (day) do update set mails = send_days.mails returning mails`,
    [day],
  );
  return mails - rows[0]!.mails;
}

/** Holds the rates and gives when the next place of each is free, in milliseconds since 1970. */
async function lockRates(tx: Queryable, names: string[], now: Date): Promise<Map<string, number>> {
  if (names.length === 0) return new Map();
  const { rows } = await tx.query<{ name: string; next: number }>(
    `insert into send_rates (name, next_at) select name, $2 from unnest($1::text[]) name order by name
     on conflict (name) do update set next_at = send_rates.next_at
     returning name, extract(epoch from next_at)::float8 * 1000 as next`,
    [names, now],
  );
  return new Map(rows.map(({ name, next }) => [name, next]));
}

async function moveRates(tx: Queryable, rates: { name: string; next: number }[]): Promise<void> {
  if (rates.length === 0) return;
  await tx.query(
    `update send_rates r set next_at = to_timestamp(m.next / 1000)
       from unnest($1::text[], $2::float8[]) as m(name, next) where r.name = m.name`,
    [rates.map(({ name }) => name), rates.map(({ next }) => next)],
  );
}
