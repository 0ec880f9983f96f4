import { afterEach, beforeEach, expect, it } from 'vitest';
import { silentLog } from '../../../src/adapters/log.ts';
import { loadTexts, sayer } from '../../../src/adapters/templates/texts.ts';
import type { FeedState } from '../../../src/journey/content/ports/feeds.ts';
import { feedHealth, type WatchDeps, watchFeeds } from '../../../src/journey/content/watch-feeds.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { testProgramme } from '../../support/programme.ts';

const DAY = 86_400_000;
const NOW = new Date('2026-11-21T10:00:00Z');
const ago = (days: number) => new Date(NOW.getTime() - days * DAY);

let db: TestDatabase;
let deps: WatchDeps;
beforeEach(async () => {
  db = await testDatabase();
  deps = {
    programme: testProgramme(),
    database: db.database,
    say: sayer(loadTexts('templates/locales')),
    log: silentLog,
  };
});
afterEach(() => db.close());

const urls = () => deps.programme.feeds.map(({ url }) => url);
async function keep(place: number, fields: Partial<FeedState> = {}) {
  await db.database.stores.feeds.save({
    url: urls()[place]!,
    etag: null,
    lastModified: null,
    nextCheckAt: NOW,
    lastCheckedAt: NOW,
    lastSuccessAt: NOW,
    failures: 0,
    lastError: null,
    status: 'active',
    movedTo: null,
    movedSeen: 0,
    lastNewAt: ago(1),
    ...fields,
  });
}
async function mails() {
  const { rows } = await db.pool.query(
    'select to_address as to, kind, language, data from outbox order by id',
  );
  return rows as {
    to: string;
    kind: string;
    language: string;
    data: { subject: string; paragraphs: string[] };
  }[];
}
const broken = { failures: 7, lastSuccessAt: ago(3), lastError: 'the server answered 500' };

it('tells the marketers once of all that is wrong, and again when it comes back', async () => {
  await keep(0);
  await keep(1, broken);
  await keep(2, { lastNewAt: ago(60) });
  const told = await Promise.all([watchFeeds(deps, NOW), watchFeeds(deps, NOW), watchFeeds(deps, NOW)]);
  expect(told.sort()).toEqual([0, 0, 2]);
  expect(await mails()).toEqual([
    {
      to: 'mara@tessel.example',
      kind: 'notice',
      language: 'en',
      data: {
        subject: '2 feeds need a look',
        paragraphs: [
          expect.stringMatching(/invoicing\.xml: it cannot be read.*500.*18 November 2026/),
          expect.stringMatching(/stock\.xml: it has brought nothing new for 60 days.*22 September 2026/),
          expect.stringContaining('simmer feed check'),
        ],
        url: null,
      },
    },
  ]);
  expect(await watchFeeds(deps, new Date(+NOW + DAY))).toBe(0);
  await keep(1);
  expect(await watchFeeds(deps, NOW)).toBe(0);
  await keep(1, broken);
  expect(await watchFeeds(deps, new Date(+NOW + 2 * DAY))).toBe(1);
  await keep(1, { ...broken, status: 'gone' });
  expect(await watchFeeds(deps, new Date(+NOW + 3 * DAY))).toBe(1);
  expect((await mails()).map(({ data }) => data.subject)).toEqual([
    '2 feeds need a look',
    'A feed needs a look',
    'A feed needs a look',
  ]);
});

it('says it in the language of the programme, to administrators where there is no marketer', async () => {
  deps.programme = testProgramme({
    defaultLanguage: 'nl',
    staff: [{ email: 'ada@tessel.example', name: 'Ada', role: 'admin' }],
  });
  await keep(0, { status: 'gone' });
  await watchFeeds(deps, NOW);
  expect(await mails()).toMatchObject([
    { to: 'ada@tessel.example', language: 'nl', data: { subject: 'Een feed vraagt om aandacht' } },
  ]);
});

it('knows of each feed what it brings and how much of that is used', async () => {
  await keep(0);
  await keep(1, broken);
  const add = (feed: number, count: number, at: Date, seenAt = at) =>
    db.pool.query(
      `insert into articles (feed_url, url, title, summary, language, interests, published_at, first_seen_at)
       select $1, 'u' || n, 't', 's', 'en', '{payroll}', $3, $4 from generate_series(1, $2::int) n`,
      [urls()[feed], count, at, seenAt],
    );
  await add(0, 8, ago(3));
  // A first reading brings what was published long before.
  await add(0, 4, ago(50), ago(3));
  await db.pool.query(
    `insert into subscribers (email, status, language, time_zone, created_at) values ('a@b.example', 'active', 'en', 'UTC', $1)`,
    [NOW],
  );
  await db.pool.query(
    `with i as (insert into issues (digest_id, slot, status, planned_at, first_due_at, last_due_at)
                values ('news', '1', 'done', $1, $1, $1) returning id),
          a as (insert into issue_articles (issue_id, article_id) select i.id, articles.id from i, articles)
     insert into deliveries (issue_id, subscriber_id, status, due_at, picks)
     select i.id, s.id, 'sent', $1, (select jsonb_agg(jsonb_build_object('articleId', id)) from (select id from articles order by id limit 3) p)
       from i, subscribers s`,
    [NOW],
  );
  const [first, second, third] = await feedHealth(deps, NOW);
  expect(first).toMatchObject({
    url: urls()[0],
    trouble: null,
    articlesPerWeek: 2,
    offered: 12,
    used: 3,
    shareUsed: 0.25,
  });
  expect(second).toMatchObject({
    trouble: 'failing',
    articlesPerWeek: 0,
    shareUsed: null,
    state: { lastError: 'the server answered 500', lastSuccessAt: ago(3) },
  });
  expect(third).toMatchObject({ url: urls()[2], state: null, trouble: null });
  expect(await feedHealth(deps, NOW)).toMatchObject([{ used: 3 }, {}, {}]);
});
