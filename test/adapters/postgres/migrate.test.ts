import pg from 'pg';
import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { silentLog } from '../../../src/adapters/log.ts';
import { migrate } from '../../../src/adapters/postgres/migrate.ts';

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
