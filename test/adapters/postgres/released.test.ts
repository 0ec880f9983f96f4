import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { silentLog } from '../../../src/adapters/log.ts';
import { migrate, runMigrations } from '../../../src/adapters/postgres/migrate.ts';
import { knownMigrations, MIGRATIONS } from '../../../src/adapters/postgres/schema-state.ts';
import { emptyDatabase } from '../../support/database.ts';
import { fillTables } from '../../support/fill-tables.ts';

/** What each release brought, and the first characters of the SHA-256 of each file. */
const RELEASES: Record<string, Record<string, string>> = {
  '0.1.0': {
    '0001_the_road': '9e38112f5f12',
    '0002_choosing': '5aaa21c4b132',
    '0002_feeds': '654d8fc8f840',
    '0003_delivery': '9dcf3cc41e0e',
    '0004_events': '1c508d52b5e0',
    '0005_score': 'b4a42c0935c9',
    '0006_sales': '587402029b8c',
    '0007_returns': '46f16e3aea3f',
    '0008_pages': '078017752e93',
    '0009_speed': 'ebaa7a786d14',
    '0010_decided': '07d7f5945c72',
    '0011_judged_again': '0d396b5e0eeb',
    '0013_host_places': 'c704ea0ac000',
    '0014_room_beside': '5811b75469b2',
    '0015_on_the_wire': 'ee66fe1a58b1',
  },
};

/** Kept counts, which an update may throw away: they are counted again. */
const CACHES = ['issue_numbers', 'kept_counts'];

let url: string;
let drop: () => Promise<void>;
beforeEach(async () => {
  ({ url, drop } = await emptyDatabase());
});
afterEach(() => drop());

it.each(Object.entries(RELEASES))(
  'the migrations of %s are as they were released: what is to change is a new one',
  (_, files) => {
    for (const [name, sum] of Object.entries(files))
      expect(
        createHash('sha256')
          .update(readFileSync(join(MIGRATIONS, `${name}.sql`)))
          .digest('hex')
          .slice(0, 12),
        name,
      ).toBe(sum);
  },
);

it('no migration comes before one that was released', () => {
  const released = Object.values(RELEASES).flatMap((files) => Object.keys(files));
  const known = knownMigrations();
  expect(known.slice(0, released.length)).toEqual(released);
});

it.each(Object.entries(RELEASES))(
  'a database of %s, with rows in every table, is brought up to date and keeps them',
  async (_, files) => {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => {});
    await client.connect();
    await runMigrations(client, silentLog, Object.keys(files));
    const tables = (await fillTables(client, 12)).filter((table) => !CACHES.includes(table));
    const rowsOf = async () => {
      const counts: Record<string, number> = {};
      for (const table of tables)
        counts[table] = Number((await client.query(`select count(*) as n from "${table}"`)).rows[0].n);
      return counts;
    };
    const before = await rowsOf();
    expect(Object.values(before).every((rows) => rows > 0)).toBe(true);
    await migrate(url, silentLog);
    expect(await rowsOf()).toEqual(before);
    expect(await migrate(url, silentLog)).toEqual([]);
    // Whatever is added to them later finds the tables as it needs them.
    expect((await fillTables(client, 3)).length).toBeGreaterThanOrEqual(tables.length);
    await client.end();
  },
);
