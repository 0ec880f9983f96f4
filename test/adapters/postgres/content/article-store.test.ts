import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tellApart } from '../../../../src/domain/content/choosing/one-story.ts';
import type { ArticleStore, NewArticle } from '../../../../src/journey/content/ports/feeds.ts';
import { type TestDatabase, testDatabase } from '../../../support/database.ts';

const NOW = new Date('2026-11-21T10:00:00Z');
let db: TestDatabase;
let store: Omit<ArticleStore, 'add'> & { add(articles: NewArticle[]): Promise<number> };
beforeEach(async () => {
  db = await testDatabase();
  const { articles } = db.database.stores;
  store = { ...articles, add: (given) => articles.add(given, tellApart) };
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

  it('remembers every feed that brought an article', async () => {
    const from = (feedUrl: string, keys = ['a']) => article(keys, { feedUrl });
    await store.add([from('https://feeds.example/a')]);
    await store.add([from('https://feeds.example/a')]);
    expect((await all())[0]).not.toHaveProperty('alsoIn');
    await store.add([from('https://feeds.example/b')]);
    await store.add([from('https://feeds.example/b')]);
    expect(await all()).toMatchObject([
      { feedUrl: 'https://feeds.example/a', alsoIn: ['https://feeds.example/b'] },
    ]);
    // Also of one that turns out to be the same.
    await store.add([from('https://feeds.example/c', ['c'])]);
    await store.add([from('https://feeds.example/d', ['c'])]);
    await store.add([from('https://feeds.example/a', ['a', 'c'])]);
    expect(await all()).toMatchObject([
      {
        feedUrl: 'https://feeds.example/a',
        alsoIn: ['https://feeds.example/b', 'https://feeds.example/c', 'https://feeds.example/d'],
      },
    ]);
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

  it('makes one of two articles that turn out to be one, for good', async () => {
    await store.add([article(['a'], { interests: ['payroll'] })]);
    await store.add([article(['b'], { interests: ['stock'], priority: 3 }), article(['c'])]);
    expect(await all()).toHaveLength(3);
    expect(await store.add([article(['a', 'b'])])).toBe(0);
    const [first, third] = await all();
    expect(await all()).toMatchObject([
      { title: 'On a', interests: ['payroll', 'stock'], priority: 3 },
      { title: 'On c' },
    ]);
    const [, second] = await store.find([first!.id, first!.id + 1]);
    expect(second).toMatchObject({ title: 'On b', sameAs: first!.id });
    // Also over several steps, and by a newcomer that only knows the other one's name.
    await store.add([article(['c', 'x']), article(['x', 'b'])]);
    expect(await all()).toHaveLength(1);
    expect(await store.find([second!.id, third!.id])).toMatchObject([
      { sameAs: first!.id },
      { sameAs: first!.id },
    ]);
    expect(await store.add([article(['b', 'new']), article(['new'])])).toBe(0);
  });

  it('spares readers who had the story under either article', async () => {
    await store.add([article(['a'])]);
    await store.add([article(['b'])]);
    const [a, b] = await all();
    await db.pool.query(
      `insert into subscribers (email, status, language, time_zone, interests, created_at, confirmed_at)
       values ('r@reader.example', 'active', 'en', 'UTC', '{payroll}', $1, $1)`,
      [NOW],
    );
    const issue = { digestId: 'news', plannedAt: NOW, firstDueAt: NOW, lastDueAt: NOW, links: [] };
    const before = await db.database.stores.issues.open({ ...issue, slot: '1', articleIds: [a!.id, b!.id] });
    await db.pool.query(
      `insert into deliveries (issue_id, subscriber_id, status, due_at, picks)
       select $1, id, 'sent', $2, jsonb_build_array(jsonb_build_object('articleId', $3::bigint)) from subscribers`,
      [before.id, NOW, b!.id],
    );
    await store.add([article(['a', 'b'])]);
    const after = await db.database.stores.issues.open({ ...issue, slot: '2', articleIds: [a!.id] });
    const { rows } = await db.pool.query(
      'select article_id, had_id from had_articles_of_issue($1) order by 2',
      [after.id],
    );
    expect(rows).toEqual([
      { article_id: a!.id, had_id: a!.id },
      { article_id: a!.id, had_id: b!.id },
    ]);
    const readers = await db.database.stores.issues.readersWithPast([a!.id], 0, 10);
    expect(readers).toMatchObject([{ hadArticleIds: [a!.id] }]);
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
