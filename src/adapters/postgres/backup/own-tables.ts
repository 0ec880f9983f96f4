import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Queryable } from '../pool.ts';
import { knownMigrations, MIGRATIONS } from '../schema-state.ts';

/** Who works just now, and who has a connection where: of no use anywhere else, or later. */
const OF_THE_MOMENT = ['workers', 'host_places'];

/** What the migrations make: another program's tables in the same database are none of ours. */
function madeByMigrations(pattern: RegExp): string[] {
  const names = knownMigrations().flatMap((name) =>
    [...readFileSync(join(MIGRATIONS, `${name}.sql`), 'utf8').matchAll(pattern)].map((found) => found[1]!),
  );
  return [...new Set(names)];
}

export const ownTables = (): string[] =>
  madeByMigrations(/^create (?:unlogged )?table (?:if not exists )?(\w+)/gim);

export const ownFunctions = (): string[] => madeByMigrations(/^create (?:or replace )?function (\w+)/gim);

export interface TableToCopy {
  name: string;
  /** Those that can be written: what Postgres works out itself is not among them. */
  columns: string[];
}

/** The tables that a backup holds, as they are in this database. */
export async function tablesToCopy(db: Queryable): Promise<TableToCopy[]> {
  const { rows } = await db.query<TableToCopy>(
    `select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
       from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
      where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and c.relname = any($1::text[])
      group by c.relname order by c.relname`,
    [ownTables().filter((name) => !OF_THE_MOMENT.includes(name))],
  );
  return rows;
}

export interface SequenceState {
  table: string;
  column: string;
  last: number;
}

/** How far the numbers of each table have come; 0: none was given out. */
export async function sequencesOf(db: Queryable, tables: readonly string[]): Promise<SequenceState[]> {
  const { rows } = await db.query<{ table: string; column: string; sequence: string }>(
    `select c.relname as table, a.attname as column, pg_get_serial_sequence(c.oid::regclass::text, a.attname) as sequence
       from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attidentity <> ''
      where c.relnamespace = current_schema()::regnamespace and c.relname = any($1::text[])
      order by 1, 2`,
    [tables],
  );
  const states: SequenceState[] = [];
  for (const { table, column, sequence } of rows) {
    const found = await db.query<{ last: string }>(
      `select case when is_called then last_value else 0 end::text as last from ${sequence}`,
    );
    states.push({ table, column, last: Number(found.rows[0]!.last) });
  }
  return states;
}

/** A name as it is written in SQL. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
