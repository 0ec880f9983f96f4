import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { counted } from '../../../domain/text.ts';
import type { Log } from '../../../journey/ports.ts';
import { runMigrations } from '../migrate.ts';
import { knownMigrations, RESTORING, schemaState } from '../schema-state.ts';
import { copyIn } from './copy.ts';
import { type Backup, type BackupHead, BadBackup, copyStatement, readBackup } from './format.ts';
import { type Held, holdBack } from './hold.ts';
import { ownFunctions, ownTables, quoted, tablesToCopy } from './own-tables.ts';

export interface RestoreOptions {
  now: Date;
  log: Log;
  /** Our own connections to the database, which are no sign of a program that runs. */
  ownConnections: number;
  /** What is in the database may be thrown away. */
  replace: boolean;
  tell?: (what: string) => void;
}

/** It is not restored, and nothing was changed; the message says why. */
export class RestoreRefused extends Error {
  override name = 'RestoreRefused';
}

/** What people gave or did. The rest comes by itself when a program runs. */
const TELLING = [
  'subscribers',
  'issues',
  'outbox',
  'people_imports',
  'suppressions',
  'api_keys',
  'webhooks',
  'costs',
  'saved_views',
  'audit_entries',
];

/** Reads the whole file, and changes nothing. Throws BadBackup, or RestoreRefused when a newer version made it. */
export async function checkBackup(path: string): Promise<Backup> {
  const backup = await readBackup(path, { head() {}, table() {}, rows() {}, tableEnd() {} });
  const known = knownMigrations();
  const unknown = backup.head.migrations.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new RestoreRefused(
      `a newer version of Simmer made it (${backup.head.version}): this one does not know its migrations ${unknown.join(', ')}. ` +
        'Install that version, or a newer one.',
    );
  return backup;
}

/** What people gave or did that is in the database, by table. Empty: it may be restored into. */
export async function whatIsThere(client: pg.Client): Promise<[string, number][]> {
  const { rows } = await client.query<{ name: string }>(
    `select relname as name from pg_class
      where relnamespace = current_schema()::regnamespace and relkind = 'r' and relname = any($1::text[])`,
    [TELLING],
  );
  const found: [string, number][] = [];
  for (const { name } of rows) {
    const counted = await client.query<{ n: string }>(`select count(*) as n from ${quoted(name)}`);
    const count = Number(counted.rows[0]!.n);
    if (count > 0) found.push([name, count]);
  }
  return found.sort((a, b) => TELLING.indexOf(a[0]) - TELLING.indexOf(b[0]));
}

/**
 * Puts a backup in the place of what is in the database: its tables as the version had them that made it, its rows, then the steps up to
 * this version; and holds back whatever would be sent by itself. Broken off in between, the database says that it is half restored,
 * no program starts on it, and it can be restored again. Throws RestoreRefused, BadBackup, UnusableDatabase.
 */
export async function restoreBackup(
  url: string,
  path: string,
  backup: Backup,
  options: RestoreOptions,
): Promise<Held> {
  const { log, tell = () => {} } = options;
  return withClient(url, async (client) => {
    await refuseInUse(client, options.ownConnections);
    const { halfRestored } = await schemaState(client);
    if (halfRestored === null && !options.replace) await refuseFull(client);
    await clear(client, path, backup.head);
    tell('tables are made');
    await runMigrations(client, log, backup.head.migrations);
    await load(client, path, backup, tell);
    tell('tables are brought up to date');
    await runMigrations(client, log);
    return holdBack(client, { now: options.now, madeAt: backup.head.madeAt, fileName: basename(path) });
  });
}

export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'simmer restore',
    connectionTimeoutMillis: 10_000,
  });
  client.on('error', () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** A connection that was just closed is listed for a moment more. */
const CLOSING_MS = 2_000;

async function refuseInUse(client: pg.Client, own: number): Promise<void> {
  const until = performance.now() + CLOSING_MS;
  for (;;) {
    const { rows } = await client.query<{ others: number }>(
      `select count(*)::int as others from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and application_name like 'simmer%'`,
    );
    if (rows[0]!.others <= own) return;
    if (performance.now() > until)
      throw new RestoreRefused(
        'Simmer, or another restore, is at work on this database. Stop it first: web, workers and commands.',
      );
    await sleep(100);
  }
}

async function refuseFull(client: pg.Client): Promise<void> {
  const there = await whatIsThere(client);
  if (there.length > 0)
    throw new RestoreRefused(
      `the database is not empty: it holds ${inWords(there)}. Restore into an empty one, or add --replace to throw all that away.`,
    );
}

export const inWords = (there: readonly [string, number][]): string =>
  there.map(([name, count]) => `${count} ${name.replaceAll('_', ' ')}`).join(', ');

/** From here on it is half restored, until the end. */
async function clear(client: pg.Client, path: string, { madeAt }: BackupHead): Promise<void> {
  await client.query('begin');
  await client.query(`drop table if exists ${RESTORING}`);
  await client.query(`create table ${RESTORING} (file_name text not null, made_at timestamptz not null)`);
  await client.query(`insert into ${RESTORING} values ($1, $2)`, [basename(path), madeAt]);
  for (const name of ['migrations', ...ownTables()])
    await client.query(`drop table if exists ${quoted(name)} cascade`);
  for (const name of ownFunctions()) await client.query(`drop function if exists ${quoted(name)} cascade`);
  await client.query('commit');
}

/** All rows in one transaction, without the checks of each row that are made of all at the end. */
async function load(
  client: pg.Client,
  path: string,
  { head, end }: Backup,
  tell: (what: string) => void,
): Promise<void> {
  const there = new Map((await tablesToCopy(client)).map(({ name, columns }) => [name, columns]));
  for (const { name, columns } of head.tables) {
    const missing = columns.filter((column) => !there.get(name)?.includes(column));
    if (missing.length > 0)
      throw new BadBackup(
        `its table ${name} has the columns ${missing.join(', ')}, which the version that made it did not have`,
      );
  }
  await client.query('begin');
  await client.query('set local statement_timeout = 0');
  const names = head.tables.map(({ name }) => quoted(name)).join(', ');
  // Some tables have a first row from the beginning.
  await client.query(`truncate ${names}`);
  const keys = await dropForeignKeys(client);
  for (const { name } of head.tables) await client.query(`alter table ${quoted(name)} disable trigger user`);

  let copy: ReturnType<typeof copyIn> | null = null;
  let current = '';
  const copied = new Map<string, number>();
  const read = await readBackup(path, {
    head() {},
    table(table) {
      current = table.name;
      tell(`${table.name}: ${counted(end.rows[table.name] ?? 0, 'row')}`);
      copy = copyIn(client, copyStatement(table, 'FROM stdin'));
    },
    rows: (chunk) => copy!.write(chunk),
    async tableEnd() {
      copied.set(current, await copy!.end());
      copy = null;
    },
  }).catch(async (error) => {
    await copy?.fail('the backup cannot be read any further');
    throw error;
  });
  if (read.end.sha256 !== end.sha256) throw new BadBackup('it was changed while it was read');
  for (const [name, rows] of Object.entries(end.rows))
    if (copied.get(name) !== rows)
      throw new BadBackup(
        `its table ${name} has ${counted(copied.get(name) ?? 0, 'row')}, where ${rows} ${rows === 1 ? 'was' : 'were'} written`,
      );

  for (const { name } of head.tables) await client.query(`alter table ${quoted(name)} enable trigger user`);
  for (const { table, name, definition } of keys)
    await client.query(`alter table ${quoted(table)} add constraint ${quoted(name)} ${definition}`);
  await giveOutNumbersFrom(client, end.sequences);
  await client.query('commit');
}

interface ForeignKey {
  table: string;
  name: string;
  definition: string;
}

async function dropForeignKeys(client: pg.Client): Promise<ForeignKey[]> {
  const { rows } = await client.query<ForeignKey>(
    `select c.relname as table, k.conname as name, pg_get_constraintdef(k.oid) as definition
       from pg_constraint k join pg_class c on c.oid = k.conrelid
      where k.contype = 'f' and k.connamespace = current_schema()::regnamespace and c.relname = any($1::text[])`,
    [ownTables()],
  );
  for (const { table, name } of rows)
    await client.query(`alter table ${quoted(table)} drop constraint ${quoted(name)}`);
  return rows;
}

/**
 * Numbers that stand in mails and links, and how many are left out at least: what was given out after the backup must never be given to
 * somebody else, whose page an old link would open.
 */
const LEFT_OUT: Record<string, number> = {
  subscribers: 1_000_000,
  deliveries: 1_000_000,
  outbox: 1_000_000,
  qualifications: 100_000,
  issues: 1_000,
};

async function giveOutNumbersFrom(client: pg.Client, sequences: Backup['end']['sequences']): Promise<void> {
  for (const { table, column, last } of sequences) {
    const gap = LEFT_OUT[table] ?? 0;
    // As many again, where that is more: who sends much has given out much.
    const next = last + (gap === 0 ? 0 : Math.max(gap, table === 'issues' ? 0 : last)) + 1;
    await client.query(`alter table ${quoted(table)} alter column ${quoted(column)} restart with ${next}`);
  }
}
