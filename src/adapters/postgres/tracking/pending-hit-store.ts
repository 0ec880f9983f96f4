import type pg from 'pg';
import type { RecordedHit } from '../../../domain/tracking/hit.ts';
import { readHit } from '../../../domain/tracking/written-hit.ts';
import type { PendingHitQueue, PendingHitStore } from '../../../journey/tracking/ports/hits.ts';
import { asJson } from '../as-json.ts';
import type { Queryable } from '../pool.ts';

/** The hits that wait, inside the transaction that takes them in. */
export function pendingHitQueue(db: Queryable): PendingHitQueue {
  return {
    async take(limit) {
      const { rows } = await db.query<{ id: number; hits: string }>(
        `delete from arrived_events a
          using (select id from arrived_events
                  where id in (select id from (select id, sum(n) over (order by id) - n as before
                                                 from (select id, n from arrived_events order by id limit $1) oldest) o
                                where before < $1)
                  order by id for update skip locked) taken
          where a.id = taken.id
         returning a.id, a.hits`,
        [limit],
      );
      return rows.sort((a, b) => a.id - b.id).flatMap(({ hits }) => readHits(hits));
    },
  };
}

function readHits(written: string): RecordedHit[] {
  return (JSON.parse(written) as unknown[]).map(readHit);
}

/** Takes the hits as JSON, how many they are, and when the first one came. */
export const APPEND_HITS = 'insert into arrived_events (hits, n, at) values ($1, $2, $3)';

/**
 * Writes hits, each call one statement that commits by itself. It gives up after `limitMs` and drops that connection: a
 * server that hangs must not make readers wait, and what it may still write is told by the key when it comes again.
 */
export function pendingHitStore(pool: pg.Pool, limitMs = 400): PendingHitStore {
  const isThere = { name: 'hits-can-be-written', text: 'select from arrived_events where false' };
  return {
    async append(hits) {
      const client = await within(limitMs, pool.connect(), (late) => late.release(true));
      // A connection that is cut while it is used says so twice; unheard, the second time would end the process.
      const ignore = () => {};
      client.on('error', ignore);
      let failure: Error | undefined;
      try {
        const values = [asJson(hits), hits.length, hits[0]?.at];
        const statement = hits.length === 0 ? isThere : { name: 'append-hits', text: APPEND_HITS, values };
        await within(limitMs, client.query(statement));
      } catch (error) {
        failure = error as Error;
        throw error;
      } finally {
        client.off('error', ignore);
        client.release(failure);
      }
    },
  };
}

/** Rejects when it takes longer; what then comes late goes to `onLate`. */
function within<T>(limitMs: number, work: Promise<T>, onLate: (late: T) => void = () => {}): Promise<T> {
  return new Promise((resolve, reject) => {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      reject(new Error(`no answer from Postgres within ${limitMs} ms`));
    }, limitMs);
    work.then(
      (value) => {
        clearTimeout(timer);
        if (isLate) onLate(value);
        else resolve(value);
      },
      (error) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
}
