import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ArticleStore, NewArticle } from '../../../src/journey/content/ports.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';

const NOW = new Date('2026-11-21T10:00:00Z');
let db: TestDatabase;
let store: ArticleStore;
beforeEach(async () => {
  db = await testDatabase();
  store = db.database.stores.articles;
});
afterEach(() => db.close());

function article(keys: string[], fields: Partial<NewArticle> = {}): NewArticle {
  return {
    guid: null,
    url: `https://blog.example/${keys[0]}`,
    title: `On ${keys[0]}`,
    summary: 'Summary with "quotes" and \\ and é.',
    imageUrl: null,
    feedUrl: 'https://feeds.example/a',
    language: 'en',
    interests: ['payroll'],
    priority: 1.5,
    publishedAt: NOW,
    firstSeenAt: NOW,
    keys,
    ...fields,
  };
}
const all = () => store.publishedSince(new Date(0));

describe('articleStore', () => {
  it('stores what is new and gives it back', async () => {
    expect(await store.add([article(['1']), article(['2'], { imageUrl: 'https://c.example/i.png' })])).toBe(
      2,
    );
    const [first, second] = await all();
    expect(first).toEqual({
      id: expect.any(Number),
      feedUrl: 'https://feeds.example/a',
      url: 'https://blog.example/1',
      title: 'On 1',
      summary: 'Summary with "quotes" and \\ and é.',
      imageUrl: null,
      language: 'en',
      interests: ['payroll'],
      publishedAt: NOW,
      firstSeenAt: NOW,
      priority: 1.5,
    });
    expect(second!.id).toBeGreaterThan(first!.id);
    expect(await store.find([second!.id, 999])).toEqual([second]);
    expect(await store.publishedSince(new Date(NOW.getTime() + 1))).toEqual([]);
    expect(await store.add([])).toBe(0);
  });

  it('knows an article under any of its keys, and learns the others', async () => {
    await store.add([article(['guid a', 'page a'])]);
    expect(await store.add([article(['guid b', 'page a'])])).toBe(0);
    expect(await store.add([article(['guid b', 'page moved'])])).toBe(0);
    expect(await store.add([article(['page moved'])])).toBe(0);
    expect(await all()).toHaveLength(1);
  });

  it('takes repeats within one call for one article', async () => {
    const items = [article(['a', 'x']), article(['b', 'x'], { interests: ['stock'] }), article(['b'])];
    expect(await store.add(items)).toBe(1);
    expect(await all()).toMatchObject([{ title: 'On a', interests: ['payroll', 'stock'] }]);
    expect(await store.add([article(['b'])])).toBe(0);
  });

  it('joins interests and keeps the higher priority when another feed has the story', async () => {
    await store.add([article(['a'])]);
    const other = {
      feedUrl: 'https://feeds.example/b',
      title: 'Their title',
      interests: ['stock'],
      priority: 2,
    };
    await store.add([article(['a'], other)]);
    expect(await all()).toMatchObject([{ title: 'On a', interests: ['payroll', 'stock'], priority: 2 }]);
  });

  it('takes a correction while no issue has the article, and never moves its date', async () => {
    await store.add([article(['a'])]);
    const corrected = article(['a'], {
      title: 'Corrected',
      summary: 'New.',
      publishedAt: new Date(+NOW + 1000),
    });
    await store.add([corrected]);
    const [{ id } = { id: 0 }] = await all();
    expect(await all()).toMatchObject([{ title: 'Corrected', summary: 'New.', publishedAt: NOW }]);
    await db.database.stores.issues.open({
      digestId: 'news',
      slot: '2026-11-24',
      plannedAt: NOW,
      firstDueAt: NOW,
      lastDueAt: NOW,
      articleIds: [id],
      links: [],
    });
    await store.add([article(['a'], { title: 'Too late' })]);
    expect(await all()).toMatchObject([{ title: 'Corrected' }]);
  });

  it('stores a story once when many workers bring it at the same moment', async () => {
    const calls = Array.from({ length: 8 }, (_, n) =>
      store.add([article([`guid ${n}`, 'page same']), article([`own ${n}`])]),
    );
    const added = await Promise.all(calls);
    expect(added.reduce((sum, count) => sum + count, 0)).toBe(9);
    expect(await all()).toHaveLength(9);
  });
});
