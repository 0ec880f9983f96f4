import { afterEach, beforeEach, expect, it } from 'vitest';
import { silentLog } from '../../../src/adapters/log.ts';
import { workerStore } from '../../../src/adapters/postgres/delivery/worker-store.ts';
import { makePool } from '../../../src/adapters/postgres/pool.ts';
import { briefly, transactional } from '../../../src/adapters/postgres/transaction.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { muteable } from '../../support/muteable.ts';

let db: TestDatabase;
beforeEach(async () => {
  db = await testDatabase();
  await db.pool.query('create table held (id integer); insert into held values (1)');
});
afterEach(() => db.close());

const TAKE = 'select id from held for no key update skip locked';

it('what a transaction holds that stands still is free again: its machine may be gone without a word', async () => {
  let goOn = () => {};
  const still = transactional(
    db.pool,
    async (tx) => {
      await tx.query(TAKE);
      await new Promise<void>((resolve) => {
        goOn = resolve;
      });
    },
    { idleMs: 200 },
  );
  const left = async () => (await db.pool.query(TAKE)).rows.length;
  try {
    await expect.poll(left).toBe(0);
    await expect.poll(left, { timeout: 10_000 }).toBe(1);
  } finally {
    goOn();
  }
  await expect(still).rejects.toThrow();
});

it('only while it stands still, and only that transaction', async () => {
  const allowed = async (run: typeof briefly) =>
    (await run(db.pool, (tx) => tx.query('show idle_in_transaction_session_timeout'))).rows[0];
  expect(await allowed(briefly)).toEqual({ idle_in_transaction_session_timeout: '30s' });
  expect(await allowed(transactional)).toEqual({ idle_in_transaction_session_timeout: '0' });
});

it('a database that falls silent, without closing a connection, is asked again over a new one', async () => {
  const way = await muteable(db.url);
  const pool = makePool(way.url, silentLog, 1, undefined, 300);
  const workers = workerStore(pool);
  const beat = () => workers.beat({ name: 'w', boot: null, process: null }, 15_000);
  try {
    await beat();
    way.mute();
    await expect(beat()).rejects.toThrow();
    await beat();
  } finally {
    await pool.end();
    await way.close();
  }
});
