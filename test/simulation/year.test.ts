import { afterAll, beforeAll, expect, it } from 'vitest';
import { silentLog } from '../../src/adapters/log.ts';
import { prepareChoosing } from '../../src/domain/content/choosing/select.ts';
import type { Feed, Programme } from '../../src/domain/programme.ts';
import { readReason } from '../../src/domain/reason.ts';
import { collectFeed } from '../../src/journey/content/collect-feed.ts';
import { learnFromClicks } from '../../src/journey/content/learn-from-clicks.ts';
import { finishIssues, planDueIssues } from '../../src/journey/delivery/plan-issue.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { testLinks, testProgramme } from '../support/programme.ts';
import { numbers, readAt, storyOf, wildFeeds } from './world.ts';

// A year in small; `npm run simulate` lives it whole: 26 issues, 2,000 readers, 20 feeds.
const IS_WHOLE = process.env.SIMULATION === 'year';
const ISSUES = IS_WHOLE ? 26 : 5;
const READERS = IS_WHOLE ? 2000 : 120;
const FEEDS = IS_WHOLE ? 20 : 10;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = new Date('2026-01-05T00:00:00Z');
const ZONES = ['Europe/Amsterdam', 'America/Los_Angeles', 'Pacific/Kiritimati', 'Asia/Kolkata', 'Etc/GMT+12'];

const programme: Programme = testProgramme({
  feeds: Array.from({ length: FEEDS }, (_, at): Feed => {
    const [language, interest] = [['en', 'en', 'nl'][at % 3]!, ['payroll', 'invoicing', 'stock'][at % 2]!];
    return {
      url: `https://feed-${'x'.repeat(at % 2)}${at}.example/rss`,
      interests: at % 7 === 0 ? [interest, 'stock'] : [interest],
      language,
      pollEveryMs: HOUR,
      priority: 1 + (at % 3) / 2,
      allowPrivateNetwork: false,
    };
  }),
  choosing: { controlShare: 0.1, learningHalfLifeMs: 60 * DAY, freshnessHalfLifeMs: 7 * DAY },
});
const digest = programme.digests[0]!;

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase({ programme });
});
afterAll(() => db.close());

async function addReaders(): Promise<void> {
  await db.pool.query(
    `insert into subscribers (email, status, language, time_zone, interests, frequency, created_at, confirmed_at)
     select 'reader-' || n || '@reader.example', 'active', case when n % 3 = 0 then 'nl' when n % 19 = 0 then 'de' else 'en' end,
            ($2::text[])[1 + n % 5],
            case n % 4 when 0 then '{payroll}' when 1 then '{invoicing}' when 2 then '{payroll,stock}' else '{invoicing,payroll,stock}' end::text[],
            case when n % 11 = 0 then 'monthly' else 'every-issue' end, $3::timestamptz,
            -- Some come during the year.
            $3::timestamptz + case when n % 10 = 0 then n % 90 * interval '1 day' else interval '0' end
       from generate_series(1, $1) n`,
    [READERS, ZONES, START],
  );
}

/** What readers do between issues: click, ask for more and less, pause, change their minds, leave. */
async function live(now: Date, random: (below: number) => number): Promise<void> {
  const seed = random(1000);
  await db.pool.query(
    `insert into events (subscriber_id, delivery_id, kind, link_number, at, class)
     select d.subscriber_id, d.id, 'click', l.number, $1, case when d.id % 13 = 0 then 'machine' else 'human' end
       from deliveries d join issue_links l on l.issue_id = d.issue_id and l.role = 'article'
      where d.status = 'sent' and d.sent_at > $1::timestamptz - interval '15 days' and (d.id + $2) % 3 = 0
        and l.target_id = d.picks -> 0 ->> 'articleId'`,
    [now, seed],
  );
  await db.pool.query(
    `update subscribers set leanings = jsonb_build_object('interest:payroll', $1::int) where (id + $2) % 17 = 0`,
    [random(5) - 2, seed],
  );
  await db.pool.query(`update subscribers set paused_until = $1 where (id + $2) % 29 = 0`, [
    new Date(now.getTime() + 30 * DAY),
    seed,
  ]);
  await db.pool.query(`update subscribers set interests = '{stock,payroll}' where (id + $1) % 31 = 0`, [
    seed,
  ]);
  await db.pool.query(`update subscribers set status = 'unsubscribed' where (id + $1) % 97 = 0`, [seed]);
  await learnFromClicks({ database: db.database, programme }, now);
}

/** Sends all that is due: claimed and chosen as always, the wire left out. */
async function send(now: Date): Promise<void> {
  const { issues, deliveries } = db.database.stores;
  for (const { issueId } of await issues.withDueDeliveries(now)) {
    const choose = prepareChoosing({
      articles: await issues.articles(issueId),
      now,
      layout: digest.layout,
      minimum: digest.minimumArticles,
      choosing: programme.choosing,
    });
    for (;;) {
      const batch = await deliveries.claim(issueId, 'simulation', now, HOUR, 500, (delivery) =>
        choose(delivery.subscriber, delivery.hadArticleIds),
      );
      if (!batch) break;
      await db.pool.query(
        `update deliveries set status = 'sent', sent_at = $2 where batch_id = $1 and status = 'claimed'`,
        [batch.batch.id, now],
      );
    }
  }
}

it(`lives ${ISSUES} issues with ${READERS} readers and ${FEEDS} wild feeds: nobody has anything twice, no mail is short, every skip has its reason`, {
  timeout: 30 * 60_000,
}, async () => {
  await addReaders();
  const end = new Date(START.getTime() + ISSUES * 14 * DAY);
  const deps = {
    programme,
    database: db.database,
    links: testLinks,
    log: silentLog,
    feedReader: wildFeeds(programme.feeds, new Date(START.getTime() - 20 * DAY), end),
    imageChecker: { check: async (url: string) => ({ url, width: 600, height: 400, fault: null }) },
  };
  const random = numbers(5);
  let planned = 0;
  for (let day = 0; START.getTime() + day * DAY < end.getTime(); day++) {
    const morning = new Date(START.getTime() + day * DAY);
    if (day % 3 === 0) {
      readAt.at = morning;
      for (const { url } of programme.feeds) await collectFeed(deps, url, morning);
    }
    // Between issues, and now and then while one is going out.
    if (day % 14 === 10 || day % 28 === 15) await live(morning, random);
    for (let hour = 0; hour < 24; hour += 3) {
      const now = new Date(morning.getTime() + hour * HOUR);
      for (const issue of await planDueIssues(deps, now)) planned += issue.planned;
      await send(now);
      await finishIssues(deps, now);
    }
  }
  expect(planned).toBeGreaterThan(ISSUES * READERS * 0.7);

  const { rows: issues } = await db.pool.query(
    `select status, count(*)::int as n from issues group by status`,
  );
  expect(issues).toEqual([{ status: 'done', n: ISSUES }]);
  const { rows: deliveries } = await db.pool.query(
    `select d.subscriber_id, d.status, d.reason, d.picks, d.is_control from deliveries d order by d.id`,
  );
  const byStatus: Record<string, number> = {};
  const had = new Map<number, { articles: Set<number>; stories: Set<number> }>();
  const { rows: articles } = await db.pool.query(`select id, title from articles`);
  const storyOfArticle = new Map<number, number>(articles.map(({ id, title }) => [id, storyOf(title)]));
  for (const { subscriber_id: reader, status, reason, picks } of deliveries) {
    byStatus[status] = (byStatus[status] ?? 0) + 1;
    if (status !== 'sent') {
      expect(reason, `a delivery that is ${status}`).toMatch(/\w/);
      continue;
    }
    expect(picks.map(({ place }: { place: string }) => place)).toEqual([
      'main',
      'other',
      'other',
      'other',
      'other',
    ]);
    const known = had.get(reader) ?? { articles: new Set<number>(), stories: new Set<number>() };
    had.set(reader, known);
    for (const { articleId } of picks) {
      const story = storyOfArticle.get(articleId)!;
      expect(known.articles.has(articleId), `reader ${reader} has article ${articleId} twice`).toBe(false);
      expect(known.stories.has(story), `reader ${reader} has story ${story} twice`).toBe(false);
      known.articles.add(articleId);
      known.stories.add(story);
    }
  }
  // All that can become of a mail here has happened, or the laws were not put to the test.
  expect(['cancelled', 'sent', 'skipped']).toEqual(expect.arrayContaining(Object.keys(byStatus)));
  expect(byStatus.skipped).toBeGreaterThan(0);
  expect(byStatus.sent).toBeGreaterThan(deliveries.length / 2);
  const reasons = new Set(
    deliveries.flatMap(({ status, reason }) => (status === 'skipped' ? [readReason(reason).code] : [])),
  );
  expect([...reasons]).toEqual(expect.arrayContaining(['skip.paused-by-reader', 'skip.monthly']));
  expect(deliveries.some(({ is_control }) => is_control)).toBe(true);
  // Stories are merged: fewer articles than items, and no story is stored by two that are both chosen from.
  const { rows: twice } = await db.pool.query(
    `select substring(title from '#(\\d+)') as story from articles where same_as is null group by 1 having count(*) > 1`,
  );
  expect(twice).toEqual([]);
});
