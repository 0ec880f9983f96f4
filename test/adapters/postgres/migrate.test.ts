import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { silentLog } from '../../../src/adapters/log.ts';
import { migrate, migrateWhenBack } from '../../../src/adapters/postgres/migrate.ts';

let url: string;
const name = 'migrate_test';

async function onCluster(statement: string) {
  const client = new pg.Client({ connectionString: inject('clusterUrl') });
  await client.connect();
  const { rows } = await client.query(statement);
  await client.end();
  return rows;
}

beforeEach(async () => {
  await onCluster(`create database ${name}`);
  const own = new URL(inject('clusterUrl'));
  own.pathname = name;
  url = own.href;
});
afterEach(() => onCluster(`drop database ${name} with (force)`));

it('processes that start at the same moment take turns: one migrates, the others find it done', async () => {
  const ran = await Promise.all([1, 2, 3, 4].map(() => migrate(url, silentLog)));
  expect(ran.filter((names) => names.includes('0001_the_road'))).toHaveLength(1);
  expect(ran.filter((names) => names.length === 0)).toHaveLength(3);
  expect(await migrate(url, silentLog)).toEqual([]);
});

it('waits for another process that is migrating, however long that takes', async () => {
  const other = new pg.Client({ connectionString: url });
  await other.connect();
  // The lock of node-pg-migrate.
  await other.query('select pg_advisory_lock(7241865325823964)');
  let isDone = false;
  const migrating = migrate(url, silentLog).finally(() => {
    isDone = true;
  });
  await new Promise((next) => setTimeout(next, 300));
  expect(isDone).toBe(false);
  await other.query('select pg_advisory_unlock(7241865325823964)');
  expect(await migrating).not.toEqual([]);
  await other.end();
});

it('keeps what is on the wire when that becomes a mark of its own', async () => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const dir = fileURLToPath(new URL('../../../src/adapters/postgres/migrations', import.meta.url));
  const before = readdirSync(dir).filter((file) => file < '0015').length;
  await runner({
    dbClient: client,
    dir,
    direction: 'up',
    migrationsTable: 'migrations',
    count: before,
    logger: { debug() {}, info() {}, warn() {}, error() {} },
  });
  await client.query(
    `insert into issues (digest_id, slot, planned_at, first_due_at, last_due_at) values ('news', 'now', now(), now(), now());
     insert into subscribers (email, language, time_zone, created_at)
       select n || '@reader.example', 'en', 'Europe/Amsterdam', now() from generate_series(1, 4) n;
     insert into deliveries (issue_id, subscriber_id, due_at, batch_id, status)
       values (1, 1, now(), 1, 'sending'), (1, 2, now(), 1, 'claimed'), (1, 3, now(), 1, 'sent'), (1, 4, now(), null, 'planned')`,
  );
  await migrate(url, silentLog);
  const { rows } = await client.query('select status, is_on_wire from deliveries order by subscriber_id');
  await client.end();
  expect(rows.map(({ status, is_on_wire }) => `${status} ${is_on_wire}`)).toEqual([
    'claimed true',
    'claimed false',
    'sent false',
    'planned false',
  ]);
});

describe('a database that this version must not touch', () => {
  const query = async (statement: string) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query(statement);
    await client.end();
    return rows;
  };

  it('a newer version has been here: it is refused by name, with what to do, and nothing is changed', async () => {
    await migrate(url, silentLog);
    await query(
      `insert into migrations (name, run_on) values ('9001_from_the_future', now()), ('9002_too', now())`,
    );
    await query(`delete from migrations where name = '0015_on_the_wire'`);
    await expect(migrate(url, silentLog)).rejects.toThrow(
      /^a newer version of Simmer has been here: this one does not know its migrations 9001_from_the_future, 9002_too\. Start that version.*simmer restore FILE/,
    );
    const ran = await query(`select count(*)::int as n from migrations where name = '0015_on_the_wire'`);
    expect(ran[0].n).toBe(0);
  });

  it('a restore of it was broken off', async () => {
    await query(`create table restore_under_way as select 'monday.simmer' as file_name`);
    await expect(migrate(url, silentLog)).rejects.toThrow(
      'it is half restored: "simmer restore" of monday.simmer was broken off. Run it again',
    );
  });

  it('a web process that waited for its database is told when it comes back like that, once', async () => {
    await migrate(url, silentLog);
    await query(`insert into migrations (name, run_on) values ('9001_from_the_future', now())`);
    const told: string[] = [];
    const waiting = migrateWhenBack(url, silentLog, {
      everyMs: 5,
      refused: ({ message }) => told.push(message),
    });
    while (told.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    await new Promise((resolve) => setTimeout(resolve, 100));
    waiting.stop();
    expect(told).toEqual([expect.stringContaining('9001_from_the_future')]);
  });
});
