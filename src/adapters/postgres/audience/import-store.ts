import { createHash } from 'node:crypto';
import type { CheckedRow, FilePerson } from '../../../domain/audience/people-file/people-file.ts';
import type {
  ImportOutcome,
  ImportStore,
  ImportSummary,
  OptOutStore,
  ShownRow,
} from '../../../journey/audience/ports/people.ts';
import { asJson } from '../as-json.ts';
import type { Queryable } from '../pool.ts';
import { transactional } from '../transaction.ts';

/** Rows are written so many at a time. */
const CHUNK = 2000;

const insertRows = async (tx: Queryable, id: number, rows: readonly CheckedRow[]): Promise<void> => {
  for (let from = 0; from < rows.length; from += CHUNK) {
    await tx.query(
      `insert into people_import_rows (import_id, number, status, fields, person, problems, notes)
       select $1, r.line, case when r.person is null then 'bad' else 'good' end, r.fields, r.person, r.problems, r.notes
         from jsonb_to_recordset($2::jsonb) as r(line int, fields jsonb, person jsonb, problems jsonb, notes jsonb)`,
      [id, asJson(rows.slice(from, from + CHUNK))],
    );
  }
};

export function importStore(db: Queryable): ImportStore {
  return {
    add: (file) =>
      transactional(db, async (tx) => {
        const { rows } = await tx.query<{ id: number }>(
          `insert into people_imports (at, staff_email, file_name, columns, ignored, taken, standing)
           values ($1, $2, $3, $4, $5, $6, $7) returning id`,
          [
            file.at,
            file.staffEmail,
            file.fileName,
            file.columns,
            file.ignored,
            asJson(file.taken),
            file.standing,
          ],
        );
        const id = rows[0]!.id;
        await insertRows(tx, id, file.rows);
        return id;
      }),

    readAgain: (id, file) =>
      transactional(db, async (tx) => {
        const { rowCount } = await tx.query(
          `update people_imports set ignored = $2, taken = $3, standing = $4 where id = $1 and status = 'checked'`,
          [id, file.ignored, asJson(file.taken), file.standing],
        );
        if (rowCount !== 1) return false;
        await tx.query('delete from people_import_rows where import_id = $1', [id]);
        await insertRows(tx, id, file.rows);
        return true;
      }),

    async find(id) {
      const { rows } = await db.query<ImportSummary>(`${SUMMARIES} where i.id = $1`, [id]);
      return rows[0] ?? null;
    },

    async recent(limit) {
      const { rows } = await db.query<ImportSummary>(
        `${SUMMARIES} where i.status <> 'discarded' order by i.id desc limit $1`,
        [limit],
      );
      return rows;
    },

    async badRows(id, afterLine, limit) {
      const { rows } = await db.query<ShownRow>(
        `select number as line, fields, problems from people_import_rows
          where import_id = $1 and status = 'bad' and number > $2 order by number limit $3`,
        [id, afterLine, limit],
      );
      return rows;
    },

    async notedRows(id, limit) {
      const { rows } = await db.query<ShownRow>(
        `select number as line, fields, notes as problems from people_import_rows
          where import_id = $1 and status = 'good' and notes <> '[]' order by number limit $2`,
        [id, limit],
      );
      return rows;
    },

    async firstPeople(id, limit) {
      const { rows } = await db.query<{ person: FilePerson }>(
        `select person from people_import_rows
          where import_id = $1 and status = 'good' order by number limit $2`,
        [id, limit],
      );
      return rows.map(({ person }) => person);
    },

    async rows(id, afterLine, limit) {
      const { rows } = await db.query<ShownRow>(
        `select number as line, fields, problems from people_import_rows
          where import_id = $1 and number > $2 order by number limit $3`,
        [id, afterLine, limit],
      );
      return rows;
    },

    async begin(id) {
      const { rowCount } = await db.query(
        `update people_imports set status = 'running' where id = $1 and status = 'checked'`,
        [id],
      );
      return rowCount === 1;
    },

    discard: (id, at) =>
      transactional(db, async (tx) => {
        const { rowCount } = await tx.query(
          `update people_imports set status = 'discarded', finished_at = $2 where id = $1 and status = 'checked'`,
          [id, at],
        );
        // What is not imported is not kept: these people never agreed to be in here.
        if (rowCount === 1) await tx.query('delete from people_import_rows where import_id = $1', [id]);
        return rowCount === 1;
      }),

    async take(id, limit) {
      const { rows } = await db.query<{ line: number; person: FilePerson }>(
        `select r.number as line, r.person
           from people_import_rows r join people_imports i on i.id = r.import_id
          where r.import_id = $1 and i.status = 'running' and r.status = 'good'
          order by r.number limit $2
            for update of r skip locked`,
        [id, limit],
      );
      return rows;
    },

    async settle(id, done) {
      await db.query(
        `update people_import_rows r
            set status = 'done', outcome = d.outcome, subscriber_id = d.subscriber, fields = '[]', person = null,
                notes = '[]'
           from jsonb_to_recordset($2::jsonb) as d(line int, outcome text, subscriber bigint)
          where r.import_id = $1 and r.number = d.line and r.status = 'good'`,
        [
          id,
          asJson(
            done.map(({ line, outcome, subscriberId }) => ({ line, outcome, subscriber: subscriberId })),
          ),
        ],
      );
    },

    async finish(id, at) {
      const { rowCount } = await db.query(
        `update people_imports i set status = 'done', finished_at = $2
          where id = $1 and status = 'running'
            and not exists (select from people_import_rows where import_id = i.id and status = 'good')`,
        [id, at],
      );
      return rowCount === 1;
    },

    async running() {
      const { rows } = await db.query<{ id: number }>(
        `select id from people_imports where status = 'running' order by id`,
      );
      return rows.map(({ id }) => id);
    },
  };
}

const OUTCOMES: ImportOutcome[] = ['added', 'filled-in', 'unchanged', 'left-alone', 'opted-out'];

const SUMMARIES = `
  select i.id, i.at, i.staff_email as "staffEmail", i.file_name as "fileName", i.status, i.columns, i.ignored,
         i.taken, i.standing, i.finished_at as "finishedAt", c.*
    from people_imports i
    cross join lateral (
      select (count(*) filter (where r.status = 'good'))::int as good,
             (count(*) filter (where r.status = 'bad'))::int as bad,
             (count(*) filter (where r.status = 'done'))::int as done,
             (count(*) filter (where r.status = 'good' and exists (
               select from subscribers s where s.email = r.person ->> 'email')))::int as known,
             (count(*) filter (where r.status = 'good' and r.person -> 'consent' <> 'null'::jsonb))::int as "withConsent",
             (count(*) filter (where r.status = 'good' and r.person -> 'left' <> 'null'::jsonb))::int as "left",
             (count(*) filter (where r.status = 'good' and r.notes <> '[]'))::int as noted,
             jsonb_build_object(${OUTCOMES.map((one) => `'${one}', count(*) filter (where r.outcome = '${one}')`).join(', ')}) as outcomes
        from people_import_rows r where r.import_id = i.id) c`;

/** Who had left other lists, known by nothing but a fingerprint. */
export function optOutStore(db: Queryable): OptOutStore {
  return {
    async addAll(people) {
      if (people.length === 0) return;
      await db.query(
        `insert into list_opt_outs (fingerprint, at, why)
         select distinct on (p.fingerprint) decode(p.fingerprint, 'hex'), p.at, p.why
           from jsonb_to_recordset($1::jsonb) as p (fingerprint text, at timestamptz, why text)
          order by p.fingerprint, p.at desc
         on conflict (fingerprint) do update set at = greatest(list_opt_outs.at, excluded.at)`,
        [asJson(people.map(({ email, at, why }) => ({ fingerprint: fingerprint(email), at, why })))],
      );
    },

    async among(emails) {
      if (emails.length === 0) return new Map();
      const byPrint = new Map(emails.map((email) => [fingerprint(email), email]));
      const { rows } = await db.query<{ print: string; at: Date }>(
        `select encode(fingerprint, 'hex') as print, at from list_opt_outs
          where fingerprint in (select decode(one, 'hex') from unnest($1::text[]) one)`,
        [[...byPrint.keys()]],
      );
      return new Map(rows.map(({ print, at }) => [byPrint.get(print)!, at]));
    },
  };
}

const fingerprint = (email: string): string => createHash('sha256').update(email).digest('hex');
