import { randomUUID } from 'node:crypto';
import type { Queryable } from '../pool.ts';

/** Longer than any connection that is allowed: one that stays on is of a process that died. */
const LEASE_MS = 30_000;

/** Places at hosts, of all processes that share the database. */
export function hostConnectionLeases(db: Queryable, most: number) {
  return {
    /** Takes a free place at the host. Gives what gives it back, or null while all are taken. */
    async take(host: string): Promise<(() => Promise<void>) | null> {
      const holder = randomUUID();
      // Two that see the same place free: the second one changes nothing, and asks again.
      const { rows } = await db.query<{ place: number }>(
        `insert into host_places (host, place, holder, until)
         select $1, place, $3, clock_timestamp() + $4 * interval '1 millisecond'
           from generate_series(1, $2::int) as place
          where not exists (select from host_places taken
                             where taken.host = $1 and taken.place = place.place and taken.until > clock_timestamp())
          order by place limit 1
         on conflict (host, place) do update set holder = excluded.holder, until = excluded.until
          where host_places.until <= clock_timestamp()
         returning place`,
        [host, most, holder, LEASE_MS],
      );
      if (rows.length === 0) return null;
      return async () => {
        await db.query('delete from host_places where host = $1 and holder = $2', [host, holder]);
      };
    },
  };
}
