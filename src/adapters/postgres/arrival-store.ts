import type pg from 'pg';
import type { ArrivedHit } from '../../domain/engagement/happening.ts';
import type { ArrivalQueue, ArrivalStore } from '../../journey/engagement/ports.ts';
import type { Log } from '../../journey/ports.ts';
import type { Queryable } from './pool.ts';

/** The hits that wait, inside the transaction that takes them in. */
export function arrivalQueue(db: Queryable): ArrivalQueue {
  return {
    async take(limit) {
      const { rows } = await db.query(
        `delete from arrived_events a
          using (select id from arrived_events order by id limit $1 for update skip locked) oldest
          where a.id = oldest.id
         returning a.*`,
        [limit],
      );
      return rows.sort((a, b) => a.id - b.id).map(readHit);
    },
  };
}

function readHit(row: Record<string, unknown>): ArrivedHit {
  return {
    key: row.key as string,
    kind: row.kind as ArrivedHit['kind'],
    deliveryId: row.delivery_id as number,
    linkNumber: row.link_number as number | null,
    at: row.at as Date,
    method: row.method as string,
    network: row.network as string | null,
    userAgent: row.user_agent as string | null,
    verdict: {
      class: row.class as ArrivedHit['verdict']['class'],
      reasons: row.class_reasons as string[],
    },
    signs: row.signs as string[],
  };
}

/** One statement for any number of hits. A hit that is there stays as it is. */
export const APPEND_HITS = `
  insert into arrived_events (key, kind, delivery_id, link_number, at, class, class_reasons, signs,
                              method, network, user_agent)
  select h.key, h.kind, h.delivery_id, h.link_number, h.at, h.class, h.reasons, h.signs,
         h.method, h.network, h.user_agent
    from json_to_recordset($1) as h (key uuid, kind text, delivery_id bigint, link_number integer, at timestamptz,
                                     class text, reasons text[], signs text[], method text, network text,
                                     user_agent text)
  on conflict (key) do nothing`;

/** What `APPEND_HITS` takes. Postgres takes neither NUL nor half a surrogate pair; agents may send both. */
export function hitsAsJson(hits: readonly ArrivedHit[]): string {
  return JSON.stringify(
    hits.map((hit) => ({
      key: hit.key,
      kind: hit.kind,
      delivery_id: hit.deliveryId,
      link_number: hit.linkNumber,
      at: hit.at,
      class: hit.verdict.class,
      reasons: hit.verdict.reasons.map(readable),
      signs: hit.signs,
      method: hit.method,
      network: hit.network,
      user_agent: hit.userAgent === null ? null : readable(hit.userAgent),
    })),
  );
}

const readable = (text: string): string => text.replace(/\0|[\uD800-\uDFFF]/gu, '');

/** SQLSTATE classes that speak of what was sent, not of the server: wrong data, a broken constraint. */
const BAD_DATA = /^2[23]/;

/**
 * Writes hits, each call one statement that commits by itself. It gives up after `limitMs` and drops that connection: a
 * server that hangs must not make readers wait, and what it may still write is told by the key when it comes again.
 */
export function arrivalStore(pool: pg.Pool, log: Log, limitMs = 400): ArrivalStore {
  const write = async (hits: readonly ArrivedHit[]): Promise<void> => {
    const client = await within(limitMs, pool.connect(), (late) => late.release(true));
    // A connection that is cut while it is used says so twice; unheard, the second time would end the process.
    const ignore = () => {};
    client.on('error', ignore);
    let failure: Error | undefined;
    try {
      await within(
        limitMs,
        client.query({ name: 'append-hits', text: APPEND_HITS, values: [hitsAsJson(hits)] }),
      );
    } catch (error) {
      failure = error as Error;
      throw error;
    } finally {
      client.off('error', ignore);
      client.release(failure);
    }
  };

  return {
    async append(hits) {
      try {
        await write(hits);
      } catch (error) {
        if (!BAD_DATA.test(String((error as { code?: unknown }).code))) throw error;
        if (hits.length === 1) {
          log.error({ hit: hits[0], error: String(error) }, 'Postgres refuses this hit; it is left out');
          return;
        }
        for (const hit of hits) await this.append([hit]);
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
