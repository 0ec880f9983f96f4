import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../../src/adapters/log.ts';
import type { ArticlePick } from '../../../src/domain/content/choosing/pick.ts';
import { prepareChoosing } from '../../../src/domain/content/choosing/select.ts';
import { sendNow } from '../../../src/journey/delivery/plan-issue.ts';
import { moreOrLessPages } from '../../../src/web/subscriber/more-or-less.ts';
import { addArticles, addReaders } from '../../support/content.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { testLinks, testProgramme, testPublicUrl } from '../../support/programme.ts';
import { whatPeopleWant } from '../../support/subscribers.ts';
import { testApp, testWebContext } from '../../support/web.ts';

const programme = testProgramme({
  feeds: [0, 1, 2, 3, 4, 5].map((n) => ({
    ...testProgramme().feeds[0]!,
    url: `https://f.example/${n}`,
    interests: [n % 2 === 0 ? 'stock' : 'payroll'],
  })),
});
const NOW = new Date('2026-11-21T09:00:00Z');
let db: TestDatabase;
let app: FastifyInstance;
const pathOf = (url: string) => url.slice(testPublicUrl.length);

beforeAll(async () => {
  db = await testDatabase();
  await addReaders(db.pool, 1);
  await addArticles(db.pool, 60, NOW);
  await db.pool.query(
    `update articles set interests = case id % 2 when 0 then '{stock}' else '{payroll}' end::text[],
                         feed_url = 'https://f.example/' || id % 6`,
  );
  app = await testApp(testWebContext(db.database, { programme }), moreOrLessPages);
});
afterAll(async () => {
  await app.close();
  await db.close();
});
beforeEach(() => db.pool.query(`update subscribers set interests = '{payroll,stock}', leanings = '{}'`));

/** A mail of an issue, with what was picked for it. */
async function mail(): Promise<{ issueId: number; deliveryId: number; picks: ArticlePick[] }> {
  const digest = programme.digests[0]!;
  const deps = { programme, database: db.database, links: testLinks, log: silentLog };
  const { issueId } = await sendNow(
    deps,
    digest,
    { by: 'mara@nordwerk.example' },
    new Date(NOW.getTime() + Math.random() * 1e6),
  );
  const { deliveries, issues } = db.database.stores;
  const choose = prepareChoosing({
    articles: await issues.articles(issueId),
    now: NOW,
    layout: digest.layout,
    minimum: 5,
    choosing: programme.choosing,
  });
  const claimed = await deliveries.claim(issueId, 'w', new Date(NOW.getTime() + 2e6), 60_000, 9, (delivery) =>
    choose(delivery.subscriber, delivery.hadArticleIds),
  );
  const [[deliveryId, picks]] = [...claimed!.picks] as [[number, ArticlePick[]]];
  return { issueId, deliveryId, picks };
}
/** The number of the pick's link: articles come first in the link table. */
async function numberOf(issueId: number, { articleId }: ArticlePick): Promise<number> {
  const links = await db.database.stores.issues.links(issueId);
  return links.find(({ role, targetId }) => role === 'article' && targetId === String(articleId))!.number;
}
const leanings = async () => (await db.database.stores.subscribers.find(1))!.leanings;

describe('more and less of this', () => {
  it('opens a page that changes nothing; its button changes the next issue', async () => {
    const first = await mail();
    const main = first.picks[0]!;
    const path = pathOf(testLinks.less(first.issueId, first.deliveryId, await numberOf(first.issueId, main)));
    const before = await whatPeopleWant(db);
    const opened = await app.inject(path);
    expect(opened.statusCode).toBe(200);
    expect(opened.body).toContain('Less of this?');
    expect(opened.body).toContain(`Article ${main.articleId}`);
    expect((await app.inject({ method: 'HEAD', url: path })).statusCode).toBe(200);
    expect(await whatPeopleWant(db)).toEqual(before);

    const of = (picks: ArticlePick[]) => picks.filter(({ interest }) => interest === main.interest).length;
    const pressed = await app.inject({ method: 'POST', url: path });
    expect(pressed.body).toContain('From the next issue you’ll get less about');
    expect(Object.keys(await leanings()).sort()).toEqual([
      expect.stringMatching(/^feed:https:\/\/f.example\/\d$/),
      `interest:${main.interest}`,
    ]);
    const { rows } = await db.pool.query(`select kind, class, details from events order by id desc limit 1`);
    expect(rows[0]).toMatchObject({
      kind: 'wants-less',
      class: 'human',
      details: { interest: main.interest },
    });
    const next = await mail();
    expect(next.picks[0]!.interest).not.toBe(main.interest);
    expect(of(next.picks)).toBeLessThan(of(first.picks));
  });

  it('can be taken back the other way, and says so', async () => {
    const { issueId, deliveryId, picks } = await mail();
    const number = await numberOf(issueId, picks[1]!);
    await app.inject({ method: 'POST', url: pathOf(testLinks.more(issueId, deliveryId, number)) });
    expect(await leanings()).toMatchObject({ [`interest:${picks[1]!.interest}`]: 1 });
    const back = await app.inject({
      method: 'POST',
      url: pathOf(testLinks.less(issueId, deliveryId, number)),
    });
    expect(back.body).toContain('We’ve undone your earlier answer');
    expect(await leanings()).toEqual({});
  });

  it('reaches nothing through altered links', async () => {
    const { issueId, deliveryId, picks } = await mail();
    const path = pathOf(testLinks.more(issueId, deliveryId, await numberOf(issueId, picks[0]!)));
    const links = await db.database.stores.issues.links(issueId);
    const notPicked = links.find(
      ({ role, targetId }) =>
        role === 'article' && !picks.some(({ articleId }) => String(articleId) === targetId),
    )!;
    for (const number of [notPicked.number, links.at(-1)!.number, 99_999, '0', 'x', '1e3', '-1']) {
      const url = path.replace(/\d+$/, String(number));
      expect((await app.inject({ method: 'POST', url })).statusCode, url).toBe(404);
      expect((await app.inject(url)).body).toContain('This article has gone');
    }
    const altered = path.replace('/more/d', '/more/dA');
    expect((await app.inject({ method: 'POST', url: altered })).statusCode).toBeGreaterThanOrEqual(400);
    expect(await leanings()).toEqual({});
  });
});
