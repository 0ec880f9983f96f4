import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { silentLog } from '../../../../src/adapters/log.ts';
import { checkBackup } from '../../../../src/adapters/postgres/backup/restore.ts';
import { migrate } from '../../../../src/adapters/postgres/migrate.ts';
import { asking, backUp, contents, putBack } from '../../../support/backup.ts';
import { emptyDatabase } from '../../../support/database.ts';

const SCRIPT = join(import.meta.dirname, '../../../support/backup-child.ts');
const ROWS = 120_000;
/** A row of half a kilobyte that gzip can do little with. */
const TEXT = `(select string_agg(md5(n::text || i), '') from generate_series(1, 16) i)`;
const folder = mkdtempSync(join(tmpdir(), 'simmer-broken-off-'));
let small: Awaited<ReturnType<typeof emptyDatabase>>;
/** A quarter of the large one: buffers are full by then. */
let middle: typeof small;
let large: typeof small;

beforeAll(async () => {
  [small, middle, large] = await Promise.all([emptyDatabase(), emptyDatabase(), emptyDatabase()]);
  for (const { url } of [small, middle, large]) await migrate(url, silentLog);
  const fill = ({ url }: typeof small, rows: number) =>
    asking(url, (client) =>
      client.query(
        `insert into articles (feed_url, url, title, summary, language, interests, published_at, first_seen_at)
       select 'f', 'https://e.example/' || n, 't', ${TEXT}, 'en', '{}', now(), now() from generate_series(1, ${rows}) n`,
      ),
    );
  await fill(middle, ROWS / 4);
  await fill(large, ROWS);
}, 120_000);
afterAll(async () => {
  for (const one of [small, middle, large]) await one?.drop();
  rmSync(folder, { recursive: true, force: true });
});

const child = (what: string, url: string, path: string) =>
  spawn(process.execPath, ['--import', 'tsx', SCRIPT, what, url, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });

/** The most memory that it held, in MB. */
async function memoryOf(process: ChildProcess): Promise<number> {
  let said = '';
  process.stdout!.on('data', (part) => {
    said += part;
  });
  expect(await once(process, 'exit')).toEqual([0, null]);
  return Number(said);
}

/** Killed as soon as it has come so far. */
async function killWhen(process: ChildProcess, isSoFar: () => Promise<boolean> | boolean) {
  while (!(await isSoFar())) {
    expect(process.exitCode, 'it was done before it could be killed').toBeNull();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  process.kill('SIGKILL');
  if (process.signalCode === null) await once(process, 'exit');
}

const parts = () => readdirSync(folder).filter((name) => name.includes('.part-'));

it('a backup that is killed leaves nothing under its name, and the next one clears up after it', async () => {
  const path = join(folder, 'killed.simmer');
  const writing = child('backup', large.url, path);
  await killWhen(writing, () => parts().some((name) => statSync(join(folder, name)).size > 200_000));
  expect(existsSync(path)).toBe(false);
  expect(parts()).toHaveLength(1);
  await backUp(small.url, path);
  expect(parts()).toEqual([]);
  await checkBackup(path);
}, 120_000);

it('a restore that is killed leaves a database that says so, on which nothing starts, and that can be restored again', async () => {
  const path = join(folder, 'large.simmer');
  await backUp(large.url, path);
  const to = await emptyDatabase();
  const marker = `select to_regclass('restore_under_way') is not null and to_regclass('migrations') is not null as found`;
  const restoring = child('restore', to.url, path);
  await killWhen(restoring, () =>
    asking(to.url, async (client) => (await client.query<{ found: boolean }>(marker)).rows[0]!.found),
  );
  await expect(migrate(to.url, silentLog)).rejects.toThrow(
    'it is half restored: "simmer restore" of large.simmer was broken off. Run it again',
  );
  await expect(backUp(to.url, join(folder, 'half.simmer'))).rejects.toThrow('half restored');
  // Postgres may still be at what the killed one asked for.
  await asking(to.url, async (client) => {
    for (let others = 1; others > 0; ) {
      const { rows } = await client.query(
        `select count(*)::int as n from pg_stat_activity where datname = current_database() and application_name like 'simmer%'`,
      );
      others = rows[0].n;
    }
  });
  await putBack(to.url, path);
  expect(await migrate(to.url, silentLog)).toEqual([]);
  const leaveOut = ['migrations', 'restores'];
  expect(await contents(to.url, leaveOut)).toEqual(await contents(large.url, leaveOut));
  await to.drop();
}, 120_000);

it('memory does not grow with what is written or read', async () => {
  const [some, much] = [join(folder, 'some'), join(folder, 'much')];
  const ofSome = await memoryOf(child('backup', middle.url, some));
  const ofMuch = await memoryOf(child('backup', large.url, much));
  // Three quarters of it are 50 MB of rows, 26 MB in the file.
  expect(statSync(much).size - statSync(some).size).toBeGreaterThan(25_000_000);
  expect(ofMuch - ofSome, `beside ${ofSome} MB`).toBeLessThan(25);
  const to = await emptyDatabase();
  const other = await emptyDatabase();
  const restoredSome = await memoryOf(child('restore', other.url, some));
  const restoredMuch = await memoryOf(child('restore', to.url, much));
  expect(restoredMuch - restoredSome, `beside ${restoredSome} MB`).toBeLessThan(25);
  await to.drop();
  await other.drop();
}, 180_000);
