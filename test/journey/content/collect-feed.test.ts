import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../../src/adapters/log.ts';
import { readFeed } from '../../../src/adapters/rss/read-feed.ts';
import type { FeedItem } from '../../../src/domain/content/article.ts';
import { type CollectDeps, collectFeed, handOnDueFeeds } from '../../../src/journey/content/collect-feed.ts';
import type { FeedAnswer, FeedReader } from '../../../src/journey/content/ports/feeds.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { testLinks, testProgramme } from '../../support/programme.ts';
import { realFile } from '../../support/real-use.ts';
import { rememberingQueue } from '../../support/web.ts';

const NOW = new Date('2026-11-21T10:00:00Z');
const MINUTE = 60_000;
const later = (ms: number) => new Date(NOW.getTime() + ms);
const programme = testProgramme();
const feed = {
  ...programme.feeds[0]!,
  url: '/sample/feeds/en/payroll.rss',
  pollEveryMs: 60 * MINUTE,
  priority: 2,
};
programme.feeds = [feed, programme.feeds[1]!];

/** A feed that gives these answers, one after the other. */
function scripted(...answers: FeedAnswer[]): FeedReader & { asked: [string, string | null][] } {
  const asked: [string, string | null][] = [];
  return {
    asked,
    async read(wanted, state) {
      asked.push([wanted.url, state?.etag ?? null]);
      return answers.shift() ?? { status: 'unchanged' };
    },
  };
}
const item = (n: number, fields: Partial<FeedItem> = {}): FeedItem => ({
  guid: `g${n}`,
  url: `https://blog.example/${n}`,
  title: `Title ${n}`,
  summary: '',
  imageUrl: null,
  publishedAt: later(-n * MINUTE),
  ...fields,
});
const changed = (...items: FeedItem[]): FeedAnswer => ({
  status: 'changed',
  items,
  etag: '"v1"',
  lastModified: null,
});

let db: TestDatabase;
let deps: Omit<CollectDeps, 'feedReader'>;
let looked: string[];
beforeEach(async () => {
  db = await testDatabase();
  looked = [];
  deps = {
    programme,
    database: db.database,
    links: testLinks,
    log: silentLog,
    imageChecker: {
      async check(url) {
        looked.push(url);
        return { url, width: 640, height: 480, fault: url.includes('pixel') ? 'it is 1 pixel wide' : null };
      },
    },
  };
});
afterEach(() => db.close());

const collect = (feedReader: FeedReader, now: Date) => collectFeed({ ...deps, feedReader }, feed.url, now);
const articles = () => db.database.stores.articles.publishedSince(new Date(0));
const state = async () => (await db.database.stores.feeds.list()).find(({ url }) => url === feed.url)!;

describe('collectFeed', () => {
  it('stores what is new with the feed’s interests, and asks for changes only the next time', async () => {
    const reader = scripted(
      changed(item(1), item(2, { publishedAt: null }), item(3, { publishedAt: later(99 * MINUTE) })),
    );
    expect(await collect(reader, NOW)).toBe(3);
    expect(await articles()).toMatchObject([
      { feedUrl: feed.url, interests: ['payroll'], language: 'en', priority: 2, publishedAt: later(-MINUTE) },
      // Without a date, or with one to come, it is as new as its being seen.
      { title: 'Title 2', publishedAt: NOW, firstSeenAt: NOW },
      { title: 'Title 3', publishedAt: NOW },
    ]);
    expect(await state()).toMatchObject({
      etag: '"v1"',
      failures: 0,
      lastSuccessAt: NOW,
      lastCheckedAt: NOW,
    });
    expect(await collect(reader, later(73 * MINUTE))).toBe(0);
    expect(reader.asked).toEqual([
      ['http://simmer.test/sample/feeds/en/payroll.rss', null],
      ['http://simmer.test/sample/feeds/en/payroll.rss', '"v1"'],
    ]);
    expect(await state()).toMatchObject({ etag: '"v1"', lastSuccessAt: later(73 * MINUTE) });
  });

  it('reads a feed only when it is due', async () => {
    const reader = scripted(changed(item(1)));
    await collect(reader, NOW);
    await collect(reader, later(59 * MINUTE));
    expect(reader.asked).toHaveLength(1);
    const { nextCheckAt } = await state();
    expect(nextCheckAt >= later(60 * MINUTE) && nextCheckAt <= later(72 * MINUTE)).toBe(true);
  });

  it('lets one of two workers read it', async () => {
    const reader = scripted(changed(item(1)), changed(item(1)));
    const added = await Promise.all([collect(reader, NOW), collect(reader, NOW)]);
    expect(added.sort()).toEqual([0, 1]);
    expect(reader.asked).toHaveLength(1);
  });

  it('takes a story with a changed guid, new tracking and a moved date for the one it has', async () => {
    const again = item(1, { guid: 'new', url: 'http://www.blog.example/1/?utm_source=x', publishedAt: NOW });
    const reader = scripted(changed(item(1)), changed(again));
    await collect(reader, NOW);
    expect(await collect(reader, later(73 * MINUTE))).toBe(0);
    expect(await articles()).toMatchObject([{ url: 'https://blog.example/1', publishedAt: later(-MINUTE) }]);
  });

  it('takes the same story of another feed for the one it has, with another address and without a date', async () => {
    const other = programme.feeds[1]!.url;
    const story = (fields: Partial<FeedItem>) =>
      item(1, { title: 'E-invoicing becomes a duty in January', publishedAt: null, ...fields });
    const carry = (at: number, fields: Partial<FeedItem> = {}) =>
      collectFeed(
        {
          ...deps,
          feedReader: scripted(changed(story({ guid: 'x', url: 'https://b.example/9', ...fields }))),
        },
        other,
        later(at),
      );
    await collect(scripted(changed(story({}))), NOW);
    expect(await carry(300 * MINUTE)).toBe(0);
    expect(await articles()).toHaveLength(1);
    // Still in its feed five days on, its title says nothing of what another feed brings then.
    const days = 1440 * MINUTE;
    await collect(scripted(changed(story({}))), later(5 * days));
    expect(await carry(5.1 * days, { guid: 'y', url: 'https://b.example/10' })).toBe(1);
  });

  /** Collects feeds that real use brought, one reading an hour and a bit. */
  const collectReal = async (...names: string[]) => {
    let added = 0;
    for (const [n, name] of names.entries()) {
      const bytes = { contentType: null, url: 'https://blog.example.com/feed.xml', language: 'en' };
      const { items } = await readFeed({ ...bytes, body: realFile(name), publicUrl: 'https://simmer.test' });
      added += await collect(scripted(changed(...items)), later((n + 12_960) * 75 * MINUTE));
    }
    return added;
  };

  it('takes stories that share one guid for as many as they are', async () => {
    expect(await collectReal('06-one-guid-for-all-items/feed.xml')).toBe(5);
    expect(await collectReal('06-one-guid-for-all-items/feed.xml')).toBe(0);
  });

  it('takes pages that a parameter tells apart for as many as they are', async () => {
    const folder = '07-ref-parameter-is-the-page';
    expect(await collectReal(`${folder}/first-reading.xml`, `${folder}/second-reading.xml`)).toBe(2);
    expect((await articles()).map(({ url, title }) => [url, title])).toEqual([
      ['https://tenders.example/notice?ref=1001', 'Road works in the harbour, phase one'],
      ['https://tenders.example/notice?ref=1002', 'Ferry service for the islands, second lot'],
    ]);
  });

  it('takes what one feed says under one title with another guid and page for another story', async () => {
    const days = [28, 29, 30].map((day) => `08-same-title-next-day/day-${day}.xml`);
    expect(await collectReal(...days)).toBe(3);
    expect((await articles()).map(({ url }) => url.slice(-10))).toEqual([
      '2026-11-28',
      '2026-11-29',
      '2026-11-30',
    ]);
    // Each is itself when it is read again, in any order.
    expect(await collectReal(...days)).toBe(0);
    expect(await collectReal(...days.reverse())).toBe(0);
    expect(await articles()).toHaveLength(3);
  });

  it('knows the newest of these when another feed has it too', async () => {
    const daily = (day: number, fields: Partial<FeedItem> = {}) =>
      item(day, {
        title: 'Closing prices of the metal exchange',
        publishedAt: later(day * 1440 * MINUTE),
        ...fields,
      });
    const at = (day: number) => later((day * 1440 + 60) * MINUTE);
    const carry = (day: number) =>
      collectFeed(
        {
          ...deps,
          feedReader: scripted(changed(daily(day, { guid: `x${day}`, url: `https://b.example/${day}` }))),
        },
        programme.feeds[1]!.url,
        at(day),
      );
    for (const day of [1, 2, 3]) {
      expect(await collect(scripted(changed(daily(day))), at(day))).toBe(1);
      expect(await carry(day)).toBe(0);
    }
    expect(await articles()).toHaveLength(3);
  });

  it('takes an address with a new session in it, and no guid, for the one it has', async () => {
    const visit = (session: string) =>
      item(1, {
        guid: null,
        url: `https://b.example/story?sid=${session}`,
        title: 'A story that is told once',
      });
    await collect(scripted(changed(visit('a'))), NOW);
    expect(await collect(scripted(changed(visit('b'))), later(80 * MINUTE))).toBe(0);
  });

  it('keeps the reason of a failure, comes back later and later, and forgets it after a success', async () => {
    const failed: FeedAnswer = { status: 'failed', error: 'the server answered 500', retryAfterMs: null };
    const reader = scripted(changed(item(1)), failed, failed, { ...failed, retryAfterMs: 5 * 60 * MINUTE });
    await collect(reader, NOW);
    let at = later(80 * MINUTE);
    const gaps: number[] = [];
    for (let n = 1; n <= 3; n++) {
      expect(await collect(reader, at)).toBe(0);
      const kept = await state();
      expect(kept).toMatchObject({
        failures: n,
        lastError: 'the server answered 500',
        etag: '"v1"',
        lastSuccessAt: NOW,
      });
      gaps.push((kept.nextCheckAt.getTime() - at.getTime()) / MINUTE);
      at = kept.nextCheckAt;
    }
    for (const [index, gap] of [0.5, 2, 300].entries()) {
      expect(gaps[index]).toBeGreaterThanOrEqual(gap);
      expect(gaps[index]).toBeLessThanOrEqual(gap * 1.2);
    }
    await collect(reader, at);
    expect(await state()).toMatchObject({ failures: 0, lastError: null, lastSuccessAt: at });
  });

  it('gives each article a picture that is one, looks at each once, and never waits for more than some', async () => {
    const c = (name: string) => `https://c.example/${name}`;
    const pictured = [
      item(1, { imageUrl: c('good.jpg') }),
      item(2, { imageUrl: c('pixel.gif'), otherImages: [c('good.jpg')] }),
      item(3, { imageUrl: c('pixel.gif') }),
      item(4, { otherImages: [c('other.jpg')] }),
    ];
    await collect(scripted(changed(...pictured)), NOW);
    expect((await articles()).map(({ imageUrl }) => imageUrl)).toEqual([
      c('good.jpg'),
      c('good.jpg'),
      null,
      c('other.jpg'),
    ]);
    expect(looked.sort()).toEqual([c('good.jpg'), c('other.jpg'), c('pixel.gif')]);
    await collect(scripted(changed(...pictured)), later(80 * MINUTE));
    expect(looked).toHaveLength(3);
    const many = Array.from({ length: 200 }, (_, n) => item(100 + n, { imageUrl: c(`${n}.jpg`) }));
    await collect(scripted(changed(...many)), later(160 * MINUTE));
    expect(looked).toHaveLength(63);
    expect(await articles()).toHaveLength(204);
  });

  it('believes a move that is said three times in a row, and no other', async () => {
    const moved = (movedTo: string | null): FeedAnswer => ({ status: 'unchanged', movedTo });
    let at = NOW;
    const seen: [string | null, number][] = [];
    for (const to of ['https://a.example/', 'https://a.example/', 'https://b.example/', null]) {
      await collect(scripted(moved(to)), at);
      const { movedTo, movedSeen } = await state();
      seen.push([movedTo, movedSeen]);
      at = new Date(at.getTime() + 80 * MINUTE);
    }
    expect(seen).toEqual([
      ['https://a.example/', 1],
      ['https://a.example/', 2],
      ['https://b.example/', 1],
      [null, 0],
    ]);
  });

  it('reads a feed no more that is gone', async () => {
    await collect(
      scripted({ status: 'gone', error: 'the server answered 410: the feed is gone for good' }),
      NOW,
    );
    expect(await state()).toMatchObject({ status: 'gone', lastError: expect.stringContaining('410') });
    const reader = scripted();
    await collect(reader, later(99 * 24 * 60 * MINUTE));
    expect(reader.asked).toEqual([]);
    const queue = rememberingQueue();
    await handOnDueFeeds({ ...deps, queue }, later(99 * 24 * 60 * MINUTE));
    expect(queue.jobs).not.toContainEqual({ name: 'collect-feed', url: feed.url });
  });

  it('knows how new the newest article is', async () => {
    await collect(scripted(changed(item(1), item(9))), NOW);
    expect(await state()).toMatchObject({ lastNewAt: later(-MINUTE) });
    await collect(scripted(changed(item(1), item(9))), later(80 * MINUTE));
    expect(await state()).toMatchObject({ lastNewAt: later(-MINUTE) });
    await collect(scripted(changed(item(7, { publishedAt: null }))), later(160 * MINUTE));
    expect(await state()).toMatchObject({ lastNewAt: later(160 * MINUTE) });
  });

  it('writes articles and state together, or neither', async () => {
    const broken = item(1, { title: null as unknown as string });
    await expect(collect(scripted(changed(item(2), broken)), NOW)).rejects.toThrow();
    expect(await articles()).toEqual([]);
    expect(await state()).toMatchObject({ etag: null, lastCheckedAt: null });
  });

  it('does nothing for a feed that left the programme', async () => {
    const reader = scripted();
    expect(await collectFeed({ ...deps, feedReader: reader }, 'https://gone.example/', NOW)).toBe(0);
    expect(reader.asked).toEqual([]);
  });
});

describe('handOnDueFeeds', () => {
  it('hands on feeds that were never read, and later those that are due again', async () => {
    const queue = rememberingQueue();
    expect(await handOnDueFeeds({ ...deps, queue }, NOW)).toBe(2);
    expect(queue.jobs).toEqual(programme.feeds.map(({ url }) => ({ name: 'collect-feed', url })));
    await collect(scripted(changed()), NOW);
    expect(await handOnDueFeeds({ ...deps, queue }, later(MINUTE))).toBe(1);
    expect(await handOnDueFeeds({ ...deps, queue }, later(73 * MINUTE))).toBe(2);
  });
});
