import type pg from 'pg';
import type { RecordedKind } from '../../../domain/scoring/lead-event.ts';
import type { PastEvent } from '../../../domain/scoring/replay.ts';
import type { ClickedLink } from '../../../domain/scoring/score-rules.ts';
import type { HistoryStore, PastLead } from '../../../journey/scoring/ports/rules.ts';
import type { Queryable } from '../pool.ts';
import { isPool } from '../transaction.ts';

/** Leads per trip to the database: enough to hide the trip, few enough to stay small in memory. */
const LEADS_AT_ONCE = 500;

/**
 * What a replay reads of an event, written into one text: there are millions, and a row with eight columns costs many
 * times what the scoring does. Kind and class by their first letters where they are the frequent ones, times in
 * milliseconds, and the details last, since they may hold any sign but a record separator.
 */
const PAST_EVENT = `
  concat(e.id, ',', case e.kind when 'open' then 'o' when 'click' then 'c' else e.kind end, ',', left(e.class, 1), ',',
         (date_part('epoch', e.at) * 1000)::bigint, ',', e.delivery_id, ',', e.link_number, ',',
         case when e.kind not in ('open', 'click') and e.details <> '{}' then e.details end)`;

/** All events of each lead as one text, in order of time: as the index has them, so that nothing is sorted. */
export const pastEvents = (where: string): string => `
  select e.subscriber_id, string_agg(${PAST_EVENT}, e'\\x1e' order by e.at, e.id) as events
    from events e
   ${where}
   group by e.subscriber_id
   order by e.subscriber_id`;

/** Which issue each of a lead's mails was of, as one text. */
export const mailsOfLead = `(
  select string_agg(concat(d.id, ',', d.issue_id), ' ') from deliveries d
   where d.subscriber_id = s.id and d.sent_at is not null)`;

export type LinkTables = Map<number, ClickedLink[]>;

const CLASSES: Readonly<Record<string, PastEvent['class']>> = {
  h: 'human',
  m: 'machine',
  p: 'proxied',
  d: 'doubtful',
};
const KINDS: Readonly<Record<string, RecordedKind>> = { o: 'open', c: 'click' };

/** Reads what `pastEvents` and `mailsOfLead` wrote. Plain loops: this is done a million times in some seconds. */
export function readPastEvents(written: string, mails: string | null, links: LinkTables): PastEvent[] {
  const tables = new Map<number, ClickedLink[] | undefined>();
  for (const mail of mails === null ? [] : mails.split(' ')) {
    const comma = mail.indexOf(',');
    tables.set(Number(mail.slice(0, comma)), links.get(Number(mail.slice(comma + 1))));
  }
  const events: PastEvent[] = [];
  for (const one of written.split('\x1e')) {
    const fields = one.split(',', 6);
    const kind = fields[1]!;
    const deliveryId = numberOrNull(fields[4]!);
    const linkNumber = numberOrNull(fields[5]!);
    events.push({
      id: Number(fields[0]),
      kind: KINDS[kind] ?? (kind as RecordedKind),
      class: CLASSES[fields[2]!] ?? 'human',
      at: Number(fields[3]),
      deliveryId,
      linkNumber,
      link:
        linkNumber === null || deliveryId === null ? null : (tables.get(deliveryId)?.[linkNumber] ?? null),
      details: one.endsWith('}') ? JSON.parse(one.slice(one.indexOf('{'))) : null,
    });
  }
  return events;
}

function numberOrNull(written: string): number | null {
  return written === '' ? null : Number(written);
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
        await client.query(
          // Lead by lead along the index; a sort of all events would cost more than all the rest.
          `set local enable_sort = off; set local work_mem = '64MB'; set local jit = off`,
        );
        const links = await readLinks(client, withInterests);
        await client.query(`declare past_events no scroll cursor for ${pastEvents('')}`);
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
  select s.id, s.email, s.name, s.company, s.is_customer, s.score, ${mailsOfLead} as mails,
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
  const events = stream<[leadId: number, events: string]>(() =>
    client.query({ text: `fetch ${LEADS_AT_ONCE} from past_events`, rowMode: 'array' }),
  );
  const leads = stream<PastLeadRow>(() => client.query(`fetch ${LEADS_AT_ONCE} from past_leads`));
  let event = await events.next();
  for (let row = await leads.next(); row !== null; row = leads.take() ?? (await leads.next())) {
    let past: PastEvent[] = [];
    if (event !== null && event[0] === row.id) {
      past = readPastEvents(event[1], row.mails, links);
      event = events.take() ?? (await events.next());
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
  mails: string | null;
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
