import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { silentLog } from '../../src/adapters/log.ts';
import { makePool } from '../../src/adapters/postgres/pool.ts';
import { makeDatabase } from '../../src/database.ts';
import type { Links } from '../../src/domain/links.ts';
import type { Programme } from '../../src/domain/programme.ts';
import type { Database } from '../../src/journey/ports.ts';
import { TEMPLATE } from './cluster.ts';
import { testLinks, testProgramme } from './programme.ts';

export interface TestDatabase {
  url: string;
  pool: pg.Pool;
  database: Database;
  /** Ends the connections and drops the database. */
  close(): Promise<void>;
}

/** A migrated, empty database of the caller's own. Call it in beforeAll (or per test), and `close` afterwards. */
export async function testDatabase(
  surroundings: { programme?: Programme; links?: Links } = {},
): Promise<TestDatabase> {
  const clusterUrl = inject('clusterUrl');
  const name = `test_${randomBytes(6).toString('hex')}`;
  await onCluster(clusterUrl, `create database ${name} template ${TEMPLATE}`);
  const url = new URL(clusterUrl);
  url.pathname = name;
  const pool = makePool(url.href, silentLog);
  const { programme = testProgramme(), links = testLinks } = surroundings;
  const database = makeDatabase(pool, { programme, links });
  const close = async () => {
    await pool.end();
    await onCluster(clusterUrl, `drop database if exists ${name} with (force)`);
  };
  return { url: url.href, pool, database, close };
}

/** A database without tables, and what drops it. */
export async function emptyDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const clusterUrl = inject('clusterUrl');
  const name = `empty_${randomBytes(6).toString('hex')}`;
  await onCluster(clusterUrl, `create database ${name}`);
  const url = new URL(clusterUrl);
  url.pathname = name;
  return {
    url: url.href,
    drop: () => onCluster(clusterUrl, `drop database if exists ${name} with (force)`),
  };
}

async function onCluster(clusterUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: clusterUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
