import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import pg from 'pg';
import { silentLog } from '../../src/adapters/log.ts';
import {
  type BackupHead,
  endLine,
  endOfRows,
  FORMAT,
  headLine,
  tableLine,
} from '../../src/adapters/postgres/backup/format.ts';
import { checkBackup, restoreBackup } from '../../src/adapters/postgres/backup/restore.ts';
import { writeBackup } from '../../src/adapters/postgres/backup/write-backup.ts';

export const MADE_AT = new Date('2026-11-20T03:00:00Z');
export const RESTORED_AT = new Date('2026-11-21T09:00:00Z');

export const backUp = (url: string, path: string) =>
  writeBackup(url, path, { version: '0.1.0', now: MADE_AT, keyPrint: null, key: null });

export async function putBack(url: string, path: string, more: { replace?: boolean } = {}) {
  return restoreBackup(url, path, await checkBackup(path), {
    now: RESTORED_AT,
    log: silentLog,
    ownConnections: 0,
    replace: more.replace ?? false,
  });
}

/** A connection that no restore takes for a program at work. */
export async function asking<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Every table with its number of rows and the sum of all that is in them, in no order. */
export function contents(url: string, leaveOut: readonly string[] = []): Promise<Record<string, string>> {
  return asking(url, async (client) => {
    const { rows: tables } = await client.query<{ name: string }>(
      `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1`,
    );
    const all: Record<string, string> = {};
    for (const { name } of tables) {
      if (leaveOut.includes(name)) continue;
      const { rows } = await client.query(
        `select count(*) || ' ' || coalesce(md5(string_agg(t::text, E'\\n' order by t::text)), '') as sum from "${name}" t`,
      );
      all[name] = rows[0].sum;
    }
    return all;
  });
}

/** A backup that is written by hand: whole, with the right checksum, unless told otherwise. */
export function handWritten(
  path: string,
  {
    head = {},
    rows = {},
    tail = '',
  }: { head?: Partial<BackupHead>; rows?: Record<string, string>; tail?: string } = {},
): void {
  const tables = Object.keys(rows).map((name) => ({ name, columns: ['id', 'text'] }));
  const whole: BackupHead = {
    format: FORMAT,
    version: '0.1.0',
    madeAt: MADE_AT.toISOString(),
    server: '18.4',
    migrations: [],
    tables,
    keyPrint: null,
    ...head,
  };
  const text =
    headLine(whole) + tables.map((table) => tableLine(table) + rows[table.name] + endOfRows).join('');
  const sha256 = createHash('sha256').update(text).digest('hex');
  const counts = Object.fromEntries(
    Object.entries(rows).map(([name, lines]) => [name, lines.split('\n').length - 1]),
  );
  writeFileSync(path, gzipSync(text + endLine({ rows: counts, sequences: [], sha256 }) + tail));
}
