import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Queryable } from './pool.ts';
import { UnusableDatabase } from './unusable-database.ts';

export const MIGRATIONS = fileURLToPath(new URL('./migrations', import.meta.url));

/** Migrations that this version of Simmer has, in order. */
export function knownMigrations(folder = MIGRATIONS): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .map((file) => file.slice(0, -'.sql'.length))
    .sort();
}

export interface SchemaState {
  /** Those that have run on this database, in the order in which they did. */
  run: string[];
  /** Of them those that this version does not know: a newer one was here. */
  unknown: string[];
  pending: string[];
  /** The file that a restore that was broken off read; null: none was. */
  halfRestored: string | null;
}

/** There from the beginning of a restore until its end, with what it reads. */
export const RESTORING = 'restore_under_way';

export async function schemaState(db: Queryable): Promise<SchemaState> {
  const known = knownMigrations();
  const run = (await hasTable(db, 'migrations'))
    ? (await db.query<{ name: string }>('select name from migrations order by run_on, id')).rows
    : [];
  const names = run.map(({ name }) => name);
  const restoring = (await hasTable(db, RESTORING))
    ? (await db.query<{ file_name: string }>(`select file_name from ${RESTORING}`)).rows[0]
    : undefined;
  return {
    run: names,
    unknown: names.filter((name) => !known.includes(name)),
    pending: known.filter((name) => !names.includes(name)),
    halfRestored: restoring ? restoring.file_name : null,
  };
}

/** Throws UnusableDatabase when this version must not touch it. */
export function refuseUnusable({
  unknown,
  halfRestored,
}: Pick<SchemaState, 'unknown' | 'halfRestored'>): void {
  if (unknown.length > 0)
    throw new UnusableDatabase(
      `a newer version of Simmer has been here: this one does not know its ${unknown.length === 1 ? 'migration' : 'migrations'} ` +
        `${unknown.join(', ')}. Start that version (or a newer one); to go back to this one, restore a backup that it made ` +
        '("simmer restore FILE").',
    );
  if (halfRestored !== null)
    throw new UnusableDatabase(
      `it is half restored: "simmer restore" of ${halfRestored} was broken off. Run it again, with this backup or another.`,
    );
}

async function hasTable(db: Queryable, name: string): Promise<boolean> {
  const { rows } = await db.query<{ found: boolean }>('select to_regclass($1) is not null as found', [name]);
  return rows[0]!.found;
}
