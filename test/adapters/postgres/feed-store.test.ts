import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FeedStore } from '../../../src/journey/content/ports.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';

const NOW = new Date('2026-11-21T10:00:00Z');
const later = (ms: number) => new Date(NOW.getTime() + ms);

let db: TestDatabase;
let store: FeedStore;
beforeAll(async () => {
  db = await testDatabase();
  store = db.database.stores.feeds;
});
afterAll(() => db.close());

describe('feedStore', () => {
  it('gives a feed that was never read, and then not until its lease is over', async () => {
    const [state] = await store.claimDue(['a'], NOW, 1000);
    expect(state).toEqual({
      url: 'a',
      etag: null,
      lastModified: null,
      nextCheckAt: later(1000),
      lastCheckedAt: null,
      lastSuccessAt: null,
      failures: 0,
      lastError: null,
    });
    expect(await store.claimDue(['a'], later(999), 1000)).toEqual([]);
    expect(await store.claimDue(['a'], later(1000), 1000)).toHaveLength(1);
  });

  it('gives each of several feeds to one of many workers only', async () => {
    const urls = ['p', 'q', 'r', 's'];
    const claims = await Promise.all(Array.from({ length: 8 }, () => store.claimDue(urls, NOW, 1000)));
    expect(
      claims
        .flat()
        .map((state) => state.url)
        .sort(),
    ).toEqual(urls);
  });

  it('keeps what is known', async () => {
    const state = {
      url: 'kept',
      etag: '"v1"',
      lastModified: 'Sat, 21 Nov 2026 09:00:00 GMT',
      nextCheckAt: later(5),
      lastCheckedAt: NOW,
      lastSuccessAt: NOW,
      failures: 2,
      lastError: 'the server answered 404 Not Found',
    };
    await store.save(state);
    await store.save({ ...state, failures: 3 });
    expect((await store.list()).filter(({ url }) => url === 'kept')).toEqual([{ ...state, failures: 3 }]);
  });
});
