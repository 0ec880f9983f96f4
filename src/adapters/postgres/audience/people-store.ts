import type { PeopleFilter } from '../../../domain/audience/people-filter.ts';
import { rowsOfStage } from '../../../domain/audience/subscriber.ts';
import type {
  PeopleStore,
  PersonRow,
  SavedView,
  SavedViewStore,
} from '../../../journey/audience/ports/people.ts';
import { asJson } from '../as-json.ts';
import type { Queryable } from '../pool.ts';

export function peopleStore(db: Queryable): PeopleStore {
  return {
    async page(filter, now, after, limit) {
      const { where, values } = conditions(filter, now);
      const order = ORDERS[filter.sort];
      const cursor = readCursor(after);
      if (cursor) {
        values.push(cursor.value, cursor.id);
        where.push(
          `(${order.by}, s.id) ${order.isDown ? '<' : '>'} ($${values.length - 1}::${order.type}, $${values.length}::bigint)`,
        );
      }
      const way = order.isDown ? 'desc' : 'asc';
      values.push(limit);
      // The rows are found first, by index, and only then joined with what sales says about them.
      const { rows } = await db.query<PersonRow & { sortValue: string }>(
        `with found as materialized (
           select s.*, ${order.by}::text as sort_value, ${order.by} as sorted
             from subscribers s
            where ${where.join(' and ')}
            order by ${order.by} ${way}, s.id ${way}
            limit $${values.length})
         select s.id, s.email, s.name, s.company, s.job_title as "jobTitle", s.phone,
                s.industry, s.company_size as "companySize", s.country, s.language,
                s.time_zone as "timeZone", s.interests, ${SOURCE} as source, s.status, s.stage, s.score, s.fit,
                s.mails_sent as "mailsSent", s.created_at as "createdAt", s.confirmed_at as "confirmedAt",
                s.last_act_at as "lastActAt", q.at as "qualifiedAt", o.status as outcome, s.sort_value as "sortValue"
           from found s
           left join qualifications q on q.subscriber_id = s.id and q.closed_at is null
           left join lateral (select status from outcomes where qualification_id = q.id order by id desc limit 1) o on true
          order by s.sorted ${way}, s.id ${way}`,
        values,
      );
      return rows.map(({ sortValue, ...row }) => ({ ...row, cursor: writeCursor(sortValue, row.id) }));
    },

    async count(filter, now, atMost) {
      const { where, values } = conditions(filter, now);
      const { rows } = await db.query<{ count: number }>(
        `select count(*)::int as count
           from (select from subscribers s where ${where.join(' and ')} limit $${values.length + 1}) found`,
        [...values, atMost],
      );
      return rows[0]!.count;
    },

    async sources(limit) {
      const { rows } = await db.query<{ source: string }>(
        `select ${SOURCE} as source from subscribers s
          where ${SOURCE} is not null group by 1 order by count(*) desc limit $1`,
        [limit],
      );
      return rows.map(({ source }) => source);
    },
  };
}

const SOURCE = `coalesce(s.source ->> 'utm_source', s.source ->> 'form', s.source ->> 'referrer')`;
const WORDS = `lower(s.email || ' ' || coalesce(s.name, '') || ' ' || coalesce(s.company, ''))`;
/** Each is an index of its own. */
const ORDERS = {
  priority: { by: 's.priority', type: 'real', isDown: true },
  score: { by: 's.score', type: 'integer', isDown: true },
  'last-act': {
    by: `coalesce(s.last_act_at, '-infinity'::timestamptz)`,
    type: 'timestamptz',
    isDown: true,
  },
  newest: { by: 's.id', type: 'bigint', isDown: true },
  email: { by: 's.email', type: 'text', isDown: false },
} as const;
const DAY_MS = 86_400_000;

function conditions(filter: PeopleFilter, now: Date): { where: string[]; values: unknown[] } {
  const where = ['s.erased_at is null'];
  const values: unknown[] = [];
  const add = (value: unknown, condition: (place: string) => string) => {
    values.push(value);
    where.push(condition(`$${values.length}`));
  };
  const part = (text: string) => `%${text.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`;
  if (filter.search) add(part(filter.search), (place) => `${WORDS} like ${place}`);
  if (filter.company) {
    // Through the index of words first; the company itself decides.
    add(part(filter.company), (place) => `${WORDS} like ${place} and lower(s.company) like ${place}`);
  }
  if (filter.source) {
    add(
      part(filter.source),
      (place) =>
        `lower(concat_ws(' ', s.source ->> 'utm_source', s.source ->> 'utm_campaign', s.source ->> 'form', s.source ->> 'referrer',
                         s.last_touch -> 'source' ->> 'utm_source', s.last_touch -> 'source' ->> 'utm_campaign')) like ${place}`,
    );
  }
  if (filter.status) add(filter.status, (place) => `s.status = ${place}`);
  if (filter.stage) {
    const { stage, statuses } = rowsOfStage(filter.stage);
    add(stage, (place) => `s.stage = ${place}`);
    if (statuses) add(statuses, (place) => `s.status = any(${place}::text[])`);
  }
  if (filter.scoreFrom !== null) add(filter.scoreFrom, (place) => `s.score >= ${place}`);
  if (filter.scoreTo !== null) add(filter.scoreTo, (place) => `s.score <= ${place}`);
  if (filter.interest) add([filter.interest], (place) => `s.interests @> ${place}::text[]`);
  if (filter.act === 'never') where.push('s.last_act_at is null');
  else if (filter.act === 'none-90') {
    add(daysAgo(now, 90), (place) => `(s.last_act_at is null or s.last_act_at < ${place})`);
  } else if (filter.act !== null) {
    add(daysAgo(now, Number(filter.act)), (place) => `s.last_act_at >= ${place}`);
  }
  return { where, values };
}

function daysAgo(now: Date, days: number): Date {
  return new Date(now.getTime() - days * DAY_MS);
}

function writeCursor(value: string, id: number): string {
  return Buffer.from(asJson([value, id])).toString('base64url');
}

/** Cursors come from addresses: one that was made up is no cursor. */
function readCursor(text: string | null): { value: string; id: number } | null {
  if (text === null) return null;
  try {
    const [value, id] = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as unknown[];
    return typeof value === 'string' && Number.isSafeInteger(id) ? { value, id: id as number } : null;
  } catch {
    return null;
  }
}

export function savedViewStore(db: Queryable): SavedViewStore {
  return {
    async list(ownerEmail) {
      const { rows } = await db.query<SavedView>(
        'select id, name, query from saved_views where owner_email = $1 order by lower(name)',
        [ownerEmail],
      );
      return rows;
    },

    async save({ ownerEmail, name, query, at }) {
      await db.query(
        `insert into saved_views (owner_email, name, query, created_at) values ($1, $2, $3, $4)
         on conflict (owner_email, name) do update set query = excluded.query`,
        [ownerEmail, name, query, at],
      );
    },

    async remove(ownerEmail, id) {
      const { rowCount } = await db.query('delete from saved_views where owner_email = $1 and id = $2', [
        ownerEmail,
        id,
      ]);
      return rowCount === 1;
    },
  };
}
