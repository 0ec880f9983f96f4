import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tellApart } from '../../../../src/domain/content/choosing/one-story.ts';
import type { FeedStore } from '../../../../src/journey/content/ports/feeds.ts';
import { type TestDatabase, testDatabase } from '../../../support/database.ts';
import { addLead } from '../../../support/leads.ts';

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
      status: 'active',
      movedTo: null,
      movedSeen: 0,
      lastNewAt: null,
      toldTrouble: null,
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
      status: 'active' as const,
      movedTo: 'https://new.example/feed',
      movedSeen: 2,
      lastNewAt: NOW,
    };
    await store.save(state);
    await store.save({ ...state, failures: 3 });
    expect((await store.list()).filter(({ url }) => url === 'kept')).toEqual([
      { ...state, failures: 3, toldTrouble: null },
    ]);
  });

  it('lets two workers read from one host at a time, whatever address a feed has moved to', async () => {
    const urls = [1, 2, 3, 4].map((n) => `https://busy.example/${n}`);
    const claims = await Promise.all(urls.map((url) => store.claimDue([url], NOW, 1000)));
    const taken = claims.flat();
    expect(taken).toHaveLength(2);
    expect(await store.claimDue(urls, later(10), 1000)).toEqual([]);
    await store.save({ ...taken[0]!, nextCheckAt: later(90_000) });
    expect(await store.claimDue(urls, later(20), 1000)).toHaveLength(1);
    // What a dead worker holds is free again when its lease is over.
    expect(await store.claimDue(urls, later(2000), 1000)).toHaveLength(2);
    await store.save({ ...taken[0]!, nextCheckAt: NOW, movedTo: 'https://busy.example/', movedSeen: 3 });
    const moved = { ...taken[0]!, url: 'https://idle.example/', nextCheckAt: NOW };
    await store.save({ ...moved, movedTo: 'https://BUSY.example/x', movedSeen: 3 });
    expect(await store.claimDue(['https://idle.example/'], later(2010), 1000)).toEqual([]);
    await store.save({ ...moved, movedTo: 'https://BUSY.example/x', movedSeen: 2 });
    expect(await store.claimDue(['https://idle.example/'], later(2020), 1000)).toHaveLength(1);
  });

  it('leaves a feed that is gone alone until somebody asks for it', async () => {
    const [state] = await store.claimDue(['gone'], NOW, 1000);
    await store.save({ ...state!, status: 'gone', failures: 1, nextCheckAt: NOW });
    expect(await store.claimDue(['gone'], later(5), 1000)).toEqual([]);
    expect(await store.retry('gone', later(6))).toBe(true);
    expect(await store.claimDue(['gone'], later(6), 1000)).toMatchObject([{ status: 'active', failures: 0 }]);
    expect(await store.retry('gone', later(7))).toBe(false);
    expect(await store.retry('never heard of', NOW)).toBe(false);
  });

  it('notes a trouble once, however many workers find it, and again after it was over', async () => {
    await store.claimDue(['sick'], NOW, 1000);
    const tell = (trouble: 'stale' | 'gone' | null) => store.tell([{ url: 'sick', trouble }], NOW);
    const told = await Promise.all([tell('stale'), tell('stale'), tell('stale')]);
    expect(told.flat()).toEqual(['sick']);
    expect(await tell('gone')).toEqual(['sick']);
    expect(await tell(null)).toEqual([]);
    expect(await tell('gone')).toEqual(['sick']);
  });

  it('keeps a feed, its articles and what readers said of it under another spelling', async () => {
    const [old, used] = ['https://bücher.example/a_b.xml', 'https://xn--bcher-kva.example/a_b.xml'];
    const { articles, subscribers } = db.database.stores;
    const [state] = await store.claimDue([old], NOW, 1000);
    await store.save({ ...state!, etag: '"7"', lastCheckedAt: NOW });
    const article = (feedUrl: string, n: number) => ({
      feedUrl,
      guid: String(n),
      url: `https://bücher.example/${n}`,
      title: `Article ${n}`,
      summary: '',
      imageUrl: null,
      language: 'en',
      interests: ['payroll'],
      publishedAt: NOW,
      firstSeenAt: NOW,
      priority: 1,
      keys: [`guid ${feedUrl} ${n}`],
    });
    await articles.add([article(old, 1), article('https://bücher.example/aXb.xml', 2)], tellApart);
    const reader = await addLead(db.pool);
    await subscribers.change(reader, { leanings: { [`feed:${old}`]: -1, 'interest:payroll': 1 } });

    expect(await store.respell(old, used)).toBe(true);
    expect(await store.respell(old, used)).toBe(false);
    const list = await store.list();
    expect(list.find(({ url }) => url === used)).toMatchObject({ etag: '"7"', lastCheckedAt: NOW });
    expect(list.find(({ url }) => url === old)).toBeUndefined();
    expect((await subscribers.find(reader))?.leanings).toEqual({
      [`feed:${used}`]: -1,
      'interest:payroll': 1,
    });
    const { rows } = await db.pool.query(
      'select a.feed_url, k.key from articles a join article_keys k on k.article_id = a.id order by a.url',
    );
    expect(rows).toEqual([
      { feed_url: used, key: `guid ${used} 1` },
      { feed_url: 'https://bücher.example/aXb.xml', key: 'guid https://bücher.example/aXb.xml 2' },
    ]);
    // The next reading brings nothing new.
    await articles.add([article(used, 1)], tellApart);
    expect((await db.pool.query('select from articles')).rowCount).toBe(2);
  });
});
