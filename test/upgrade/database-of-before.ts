import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gzipSync } from 'node:zlib';
import pg from 'pg';
import { silentLog } from '../../src/adapters/log.ts';
import { copyIn } from '../../src/adapters/postgres/backup/copy.ts';
import { copyStatement, readBackup } from '../../src/adapters/postgres/backup/format.ts';
import { checkBackup } from '../../src/adapters/postgres/backup/restore.ts';
import { runMigrations } from '../../src/adapters/postgres/migrate.ts';

const FIXTURE = join(import.meta.dirname, '../fixtures/before-reasons/database.simmer.br');

/** What the program that made the fixture was set to; its half-sent issue was due at NOW and before. */
export const OF_BEFORE = {
  publicUrl: 'https://news.nordwerk.example',
  secret: 'a key that only this fixture knows',
  returnPathDomain: 'bounces.nordwerk.example',
  now: new Date('2026-12-01T09:30:00Z'),
};

/**
 * Makes the tables of then in an empty database and puts the rows of then into them, as the program of then left them: nothing is
 * held back, as a restore would. Today's migrations are still to run. The user must be a superuser.
 */
export async function loadBefore(url: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'simmer-before-'));
  const path = join(folder, 'database.simmer');
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    writeFileSync(path, gzipSync(brotliDecompressSync(readFileSync(FIXTURE)), { level: 1 }));
    const { head, end } = await checkBackup(path);
    await runMigrations(client, silentLog, head.migrations);
    await client.query('begin');
    await client.query(`set local session_replication_role = 'replica'`);
    await client.query(`truncate ${head.tables.map(({ name }) => `"${name}"`).join(', ')}`);
    let copy: ReturnType<typeof copyIn> | undefined;
    await readBackup(path, {
      head() {},
      table(table) {
        copy = copyIn(client, copyStatement(table, 'FROM stdin'));
      },
      rows: (chunk) => copy?.write(chunk) ?? undefined,
      async tableEnd() {
        await copy?.end();
      },
    });
    for (const { table, column, last } of end.sequences)
      await client.query(`alter table "${table}" alter column "${column}" restart with ${last + 1}`);
    await client.query('commit');
  } finally {
    await client.end();
    rmSync(folder, { recursive: true, force: true });
  }
}
