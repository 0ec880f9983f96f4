import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isReady } from '../../../src/adapters/postgres/pool.ts';
import { transactional } from '../../../src/adapters/postgres/transaction.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());

const addFeed = 'insert into feeds (url, next_check_at) values ($1, now())';
const count = async (url: string) =>
  (await db.pool.query('select count(*) as n from feeds where url = $1', [url])).rows[0].n;

describe('a pool', () => {
  it('reads bigint as a number and refuses to round one', async () => {
    expect(await count('nobody')).toBe(0);
    await expect(db.pool.query('select 9007199254740993::bigint')).rejects.toThrow('9007199254740993');
  });

  it('says whether the database answers', async () => {
    expect(await isReady(db.pool)).toBe(true);
    expect(await isReady({ query: () => Promise.reject(new Error('gone')) })).toBe(false);
    expect(await isReady({ query: () => new Promise(() => {}) }, 20)).toBe(false);
  });
});

describe('a transaction', () => {
  it('commits when its work resolves', async () => {
    const result = await transactional(db.pool, async (tx) => {
      await tx.query(addFeed, ['kept']);
      return 'done';
    });
    expect([result, await count('kept')]).toEqual(['done', 1]);
  });

  it('leaves nothing when its work throws, and hands the error on', async () => {
    const work = transactional(db.pool, async (tx) => {
      await tx.query(addFeed, ['lost']);
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(await count('lost')).toBe(0);
  });

  it('inside another one takes part in that one', async () => {
    const work = transactional(db.pool, async (outer) => {
      await transactional(outer, (inner) => inner.query(addFeed, ['both']));
      throw new Error('the outer one fails');
    });
    await expect(work).rejects.toThrow('the outer one fails');
    expect(await count('both')).toBe(0);
  });

  it('hands out stores that are bound to it', async () => {
    const work = db.database.inTransaction(async (stores) => {
      await stores.staff.addSignInLink({
        tokenHash: 'x',
        email: 'sam@tessel.example',
        nextPath: '/staff',
        expiresAt: new Date(),
      });
      throw new Error('rolled back');
    });
    await expect(work).rejects.toThrow('rolled back');
    expect((await db.pool.query('select * from sign_in_links')).rows).toEqual([]);
  });
});
