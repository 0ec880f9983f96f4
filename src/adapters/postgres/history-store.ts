import type pg from 'pg';
import type { PastEvent } from '../../domain/engagement/replay.ts';
import type { ClickedLink } from '../../domain/engagement/rules.ts';
import type { HistoryStore, PastLead } from '../../journey/engagement/rule-ports.ts';
import type { Queryable } from './pool.ts';
import { isPool } from './transaction.ts';

/** Rows per trip to the database: enough to hide the trip, few enough to stay small in memory. */
const EVENTS_AT_ONCE = 20_000;
const LEADS_AT_ONCE = 2_000;

/** What a replay reads of an event: as little as it can be, since there are millions. Times are milliseconds. */
export const PAST_EVENT = `
  e.subscriber_id, e.id, e.kind, e.class, (extract(epoch from e.at) * 1000)::float8, e.delivery_id, d.issue_id, e.link_number,
  case when e.kind in ('open', 'click') then null else e.details end`;

export type PastEventRow = [
  subscriberId: number,
  id: number,
  kind: string,
  hitClass: PastEvent['class'],
  at: number,
  deliveryId: number | null,
  issueId: number | null,
  linkNumber: number | null,
  details: Record<string, unknown> | null,
];

export type LinkTables = Map<number, ClickedLink[]>;

export function readPastEvent(
  [, id, kind, hitClass, at, deliveryId, issueId, linkNumber, details]: PastEventRow,
  links: LinkTables,
): PastEvent {
  const link = issueId === null || linkNumber === null ? null : (links.get(issueId)?.[linkNumber] ?? null);
  return { id, kind, class: hitClass, at, deliveryId, linkNumber, link, details };
}

/** The link tables of all issues: they are small, and every click needs one. */
export async function readLinks(db: Queryable, withInterests: boolean): Promise<LinkTables> {
  const { rows } = await db.query(
    `select l.issue_id, l.number, l.role, l.target_id, l.url, l.label,
            ${withInterests ? `(select a.interests from articles a where l.role = 'article' and a.id::text = l.target_id)` : 'null'} as interests
       from issue_links l`,
  );
  const tables: LinkTables = new Map();
  for (const row of rows) {
    const table = tables.get(row.issue_id) ?? [];
    table[row.number] = {
      role: row.role,
      targetId: row.target_id,
      url: row.url,
      label: row.label,
      ...(row.interests ? { interests: row.interests } : {}),
    };
    tables.set(row.issue_id, table);
  }
  return tables;
}

/** Needs a pool: reading holds one connection, in one read-only transaction. */
export function historyStore(db: Queryable): HistoryStore {
  return {
    async size() {
      const { rows } = await db.query<{ leads: number; events: number }>(
        `select (select count(*)::int from subscribers) as leads, (select count(*)::int from events) as events`,
      );
      return rows[0]!;
    },

    async fadedUntil() {
      const { rows } = await db.query<{ until: Date | null }>(
        `select max(day)::timestamp at time zone 'UTC' as until from fade_days`,
      );
      return rows[0]?.until?.getTime() ?? null;
    },

    async *read(withInterests) {
      if (!isPool(db))
        throw new Error('history is read on a connection of its own, not inside a transaction');
      const client = await db.connect();
      let broken: Error | undefined;
      try {
        await client.query('begin isolation level repeatable read read only');
        // The sort by lead is done by the index, which begins at once, or by one big sort: both are all right.
        await client.query('set local cursor_tuple_fraction = 1');
        const links = await readLinks(client, withInterests);
        await client.query(`declare past_events no scroll cursor for
          select ${PAST_EVENT} from events e left join deliveries d on d.id = e.delivery_id
           order by e.subscriber_id, e.at, e.id`);
        await client.query(`declare past_leads no scroll cursor for ${PAST_LEADS}`);
        yield* joined(client, links);
        await client.query('commit');
      } catch (error) {
        broken = error as Error;
        throw error;
      } finally {
        // Also when the reader stops half way: the connection is ended with its cursors.
        if (broken === undefined) await client.query('rollback').catch((fault: Error) => (broken = fault));
        client.release(broken);
      }
    },
  };
}

const PAST_LEADS = `
  select s.id, s.email, s.name, s.company, s.is_customer, s.score,
         coalesce(l.sum, 0)::int as ledger,
         coalesce(l.given, '[]') as given,
         coalesce(q.list, '[]') as qualifications
    from subscribers s
    left join lateral (
      select sum(points)::int as sum,
             jsonb_agg(jsonb_build_array((extract(epoch from at) * 1000)::float8, points) order by at, id)
               filter (where event_id is null and reverses is null and rescoring_id is null
                         and rule not in ('floor', 'faded', 'returned')) as given
        from score_entries e where e.subscriber_id = s.id) l on true
    left join lateral (
      select jsonb_agg(jsonb_build_object('at', (extract(epoch from q.at) * 1000)::float8,
                                          'closedAt', (extract(epoch from q.closed_at) * 1000)::float8,
                                          'end', coalesce(o.status, 'unanswered')) order by q.at, q.id) as list
        from qualifications q
        left join lateral (select status from outcomes where qualification_id = q.id order by id desc limit 1) o on true
       where q.subscriber_id = s.id and (q.closed_at is null or o.status is not null)) q on true
   order by s.id`;

/** Two streams in order of lead, as one. The next rows are asked for while these are gone through. */
async function* joined(client: pg.PoolClient, links: LinkTables): AsyncIterable<PastLead> {
  const events = stream<PastEventRow>(() =>
    client.query({ text: `fetch ${EVENTS_AT_ONCE} from past_events`, rowMode: 'array' }),
  );
  const leads = stream<PastLeadRow>(() => client.query(`fetch ${LEADS_AT_ONCE} from past_leads`));
  let event = await events.next();
  for (;;) {
    const at = leads.take();
    const row = at === undefined ? await leads.next() : at;
    if (row === null) return;
    const past: PastEvent[] = [];
    while (event !== null && event[0] === row.id) {
      past.push(readPastEvent(event, links));
      const next = events.take();
      event = next === undefined ? await events.next() : next;
    }
    yield {
      id: row.id,
      email: row.email,
      name: row.name,
      company: row.company,
      isCustomer: row.is_customer,
      score: row.score,
      ledger: row.ledger,
      given: row.given.map(([time, points]) => ({ at: time, points })),
      qualifications: row.qualifications,
      events: past,
    };
  }
}

interface PastLeadRow {
  id: number;
  email: string;
  name: string | null;
  company: string | null;
  is_customer: boolean;
  score: number;
  ledger: number;
  given: [number, number][];
  qualifications: PastLead['qualifications'];
}

/** Rows one by one. `take` gives the next without waiting, undefined when that needs a trip; null is the end. */
function stream<Row>(fetch: () => Promise<{ rows: unknown[] }>) {
  let rows: Row[] = [];
  let place = 0;
  let coming: Promise<{ rows: unknown[] }> | null = null;
  const ask = () => {
    coming = fetch();
    // A failure is told to whoever asks for the next row; until then it must not end the process.
    coming.catch(() => {});
  };
  return {
    take(): Row | undefined {
      return rows[place] === undefined ? undefined : rows[place++];
    },
    async next(): Promise<Row | null> {
      if (rows[place] !== undefined) return rows[place++]!;
      if (coming === null) ask();
      rows = (await coming!).rows as Row[];
      place = 0;
      coming = null;
      if (rows.length === 0) return null;
      ask();
      return rows[place++]!;
    },
  };
}
