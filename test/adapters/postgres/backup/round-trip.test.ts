import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../../../src/adapters/log.ts';
import { ownFunctions, ownTables } from '../../../../src/adapters/postgres/backup/own-tables.ts';
import { checkBackup } from '../../../../src/adapters/postgres/backup/restore.ts';
import { migrate, runMigrations } from '../../../../src/adapters/postgres/migrate.ts';
import { knownMigrations } from '../../../../src/adapters/postgres/schema-state.ts';
import { asking, backUp, contents, handWritten, putBack } from '../../../support/backup.ts';
import { emptyDatabase } from '../../../support/database.ts';
import { fillTables } from '../../../support/fill-tables.ts';

const folder = mkdtempSync(join(tmpdir(), 'simmer-backup-'));
const drops: (() => Promise<void>)[] = [];
let files = 0;
const newFile = () => join(folder, `${++files}.simmer`);
afterEach(async () => {
  for (const drop of drops.splice(0)) await drop();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function empty(): Promise<string> {
  const { url, drop } = await emptyDatabase();
  drops.push(drop);
  return url;
}

/** Everything in it is over: a restore has nothing to hold back. */
const FINISHED = `
  update issues set status = 'done';
  update deliveries set status = 'sent', is_on_wire = false;
  update outbox set status = 'sent';
  update webhook_messages set status = 'delivered';
  update people_imports set status = 'done';
  update batches set counted_at = now();
  delete from domain_slots`;

async function full(rows = 9): Promise<string> {
  const url = await empty();
  await migrate(url, silentLog);
  await asking(url, async (client) => {
    await fillTables(client, rows);
    await client.query(FINISHED);
  });
  return url;
}

/** Not part of a backup, or told of the restore itself. */
const OF_THE_MOMENT = ['workers', 'host_places', 'migrations', 'restores'];

describe('a backup', () => {
  it('restored into an empty database is the same, table by table and row by row', async () => {
    const from = await full();
    const to = await empty();
    const path = newFile();
    const made = await backUp(from, path);
    expect(Object.keys(made.end.rows).filter((name) => made.end.rows[name] === 0)).toEqual(['domain_slots']);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const held = await putBack(to, path);
    expect(held).toEqual({ issues: [], deliveries: 0, oneOff: 0, webhooks: 0, imports: 0 });
    expect(await contents(to, OF_THE_MOMENT)).toEqual(await contents(from, OF_THE_MOMENT));
    expect(await migrate(to, silentLog), 'a program starts on it, with nothing to do').toEqual([]);
    // And it makes the same backup again.
    const again = newFile();
    expect((await backUp(to, again)).end.rows).toEqual({
      ...made.end.rows,
      restores: made.end.rows.restores! + 1,
    });
  });

  it('keeps all that holds tables together: keys, checks, triggers, numbers', async () => {
    const shape = (url: string) =>
      asking(url, async (client) => {
        const { rows } = await client.query(
          `select 'constraint ' || c.relname || ' ' || k.conname || ' ' || pg_get_constraintdef(k.oid) || k.convalidated::text as it
             from pg_constraint k join pg_class c on c.oid = k.conrelid where k.connamespace = 'public'::regnamespace
           union all select 'trigger ' || pg_get_triggerdef(t.oid) || t.tgenabled::text from pg_trigger t where not t.tgisinternal
           union all select 'index ' || indexdef from pg_indexes where schemaname = 'public'
           order by 1`,
        );
        return rows.map(({ it: line }) => line);
      });
    const from = await full(3);
    const to = await empty();
    const path = newFile();
    await backUp(from, path);
    await putBack(to, path);
    expect(await shape(to)).toEqual(await shape(from));
  });

  it('gives nobody a number that was in a link or a mail after it was made', async () => {
    const from = await full(3);
    const to = await empty();
    const path = newFile();
    await backUp(from, path);
    await putBack(to, path);
    const next = (table: string) =>
      asking(to, async (client) => {
        const { rows } = await client.query(`select nextval(pg_get_serial_sequence($1, 'id'))::int as n`, [
          table,
        ]);
        return rows[0].n;
      });
    for (const table of ['subscribers', 'deliveries', 'outbox'])
      expect(await next(table), table).toBe(1_000_004);
    expect(await next('issues')).toBe(1_004);
    expect(await next('articles')).toBe(4);
  });

  it('is one moment of a database that goes on', async () => {
    const from = await full(3);
    const path = newFile();
    let isDone = false;
    const writing = asking(from, async (client) => {
      for (let n = 0; !isDone; n += 1) {
        await client.query('begin');
        await client.query(
          `insert into articles (feed_url, url, title, summary, language, interests, published_at, first_seen_at)
           values ('f', $1, 't', '', 'en', '{}', now(), now())`,
          [`https://e.example/${n}`],
        );
        await client.query(
          `insert into article_keys (key, article_id) select $1, id from articles where url = $2`,
          [`written ${n}`, `https://e.example/${n}`],
        );
        await client.query('commit');
      }
    });
    for (let n = 0; n < 3; n += 1) {
      await backUp(from, path);
      const to = await empty();
      await putBack(to, path);
      await asking(to, async (client) => {
        const { rows } = await client.query(
          `select (select count(*) from articles where feed_url = 'f')::int as articles,
                  (select count(*) from article_keys where key like 'written %')::int as keys`,
        );
        expect(rows[0].articles).toBe(rows[0].keys);
      });
      rmSync(path);
    }
    isDone = true;
    await writing;
  });

  it('made by an older version is brought up to date', async () => {
    const released = knownMigrations().filter((name) => name < '0016');
    const from = await empty();
    const counts = await asking(from, async (client) => {
      await runMigrations(client, silentLog, released);
      await fillTables(client, 7);
      const { rows } = await client.query(
        'select (select count(*) from subscribers)::int as s, (select count(*) from events)::int as e',
      );
      return rows[0];
    });
    const path = newFile();
    expect((await backUp(from, path)).head.migrations).toEqual(released);
    const to = await empty();
    await putBack(to, path);
    await asking(to, async (client) => {
      const { rows } = await client.query(
        'select (select count(*) from subscribers)::int as s, (select count(*) from events)::int as e',
      );
      expect(rows[0]).toEqual(counts);
      const ran = await client.query('select count(*)::int as n from migrations');
      expect(ran.rows[0].n).toBe(knownMigrations().length);
    });
  });
});

describe('a restore is refused, and changes nothing', () => {
  it('into a database that is not empty; with --replace it is', async () => {
    const from = await full(3);
    const path = newFile();
    await backUp(from, path);
    const to = await full(5);
    const before = await contents(to);
    await expect(putBack(to, path)).rejects.toThrow(
      /the database is not empty: it holds 5 subscribers, 5 issues.*--replace/,
    );
    expect(await contents(to)).toEqual(before);
    await putBack(to, path, { replace: true });
    expect(await contents(to, OF_THE_MOMENT)).toEqual(await contents(from, OF_THE_MOMENT));
  });

  it('into one that a program has only been started on, it is not', async () => {
    const from = await full(3);
    const path = newFile();
    await backUp(from, path);
    const to = await empty();
    await migrate(to, silentLog);
    await asking(to, (client) =>
      client.query(`insert into feeds (url, next_check_at) values ('https://f.example/', now())`),
    );
    await putBack(to, path);
    expect(await contents(to, OF_THE_MOMENT)).toEqual(await contents(from, OF_THE_MOMENT));
  });

  it('while a program is at work on it', async () => {
    const from = await full(1);
    const path = newFile();
    await backUp(from, path);
    const to = await empty();
    const busy = new URL(to);
    busy.searchParams.set('application_name', 'simmer');
    await asking(busy.href, async (client) => {
      await client.query('select 1');
      await expect(putBack(to, path)).rejects.toThrow('Stop it first: web, workers and commands');
    });
    expect(await contents(to)).toEqual({});
  });

  it('from a newer version', async () => {
    const path = newFile();
    handWritten(path, {
      head: { version: '7.1.0', migrations: [...knownMigrations(), '9001_from_the_future'] },
    });
    await expect(checkBackup(path)).rejects.toThrow(
      /a newer version of Simmer made it \(7\.1\.0\).*9001_from_the_future.*Install that version/,
    );
  });

  it('from a file that is damaged: what is in the database stays', async () => {
    const from = await full(3);
    const path = newFile();
    await backUp(from, path);
    const to = await full(2);
    const before = await contents(to);
    writeFileSync(path, 'x'.repeat(100));
    await expect(putBack(to, path, { replace: true })).rejects.toThrow('no backup of Simmer');
    expect(await contents(to)).toEqual(before);
  });
});

it('a backup never replaces a file, and one that fails leaves none', async () => {
  const from = await full(1);
  const path = join(folder, 'kept.simmer');
  await backUp(from, path);
  const before = statSync(path).mtimeMs;
  const newer = await empty();
  await migrate(newer, silentLog);
  await asking(newer, (client) =>
    client.query(`insert into migrations (name, run_on) values ('9001_x', now())`),
  );
  await expect(backUp(newer, join(folder, 'never.simmer'))).rejects.toThrow('9001_x');
  expect(existsSync(join(folder, 'never.simmer'))).toBe(false);
  expect(readdirSync(folder).filter((name) => name.includes('.part-'))).toEqual([]);
  expect(statSync(path).mtimeMs).toBe(before);
  await expect(backUp(from, join(folder, 'no/such/folder.simmer'))).rejects.toMatchObject({ code: 'ENOENT' });
});

it('knows every table and function that the migrations make', async () => {
  const url = await empty();
  await migrate(url, silentLog);
  await asking(url, async (client) => {
    const { rows: tables } = await client.query(
      `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and relname <> 'migrations'`,
    );
    expect(new Set(ownTables())).toEqual(new Set(tables.map(({ name }) => name)));
    const { rows: functions } = await client.query(
      `select proname as name from pg_proc p where pronamespace = 'public'::regnamespace
          and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')`,
    );
    expect(new Set(ownFunctions())).toEqual(new Set(functions.map(({ name }) => name)));
    const { rows: others } = await client.query(
      `select relname, relkind from pg_class where relnamespace = 'public'::regnamespace and relkind in ('v', 'm', 'p', 'f')`,
    );
    expect(others, 'views and such would have to be cleared too').toEqual([]);
  });
});
