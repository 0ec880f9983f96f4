import type { FastifyInstance } from 'fastify';
import Parser from 'rss-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../src/journey/ports.ts';
import { SAMPLE_INTERESTS, SAMPLE_LANGUAGES } from '../../../src/web/sample/articles.ts';
import { atom, type FeedDocument, rss } from '../../../src/web/sample/feed-xml.ts';
import { sampleFeeds } from '../../../src/web/sample/feeds.ts';
import { sampleSite } from '../../../src/web/sample/site.ts';
import { testPublicUrl } from '../../support/programme.ts';
import { testApp, testWebContext } from '../../support/web.ts';

const DAY = 86_400_000;
const FORMATS = {
  payroll: 'rss',
  'e-invoicing': 'atom',
  warehouse: 'rss',
  'financial-planning': 'atom',
  crm: 'rss',
  'cyber-security': 'atom',
} as const;

let app: FastifyInstance;
let now = new Date('2026-11-21T19:00:00Z');

beforeAll(async () => {
  // The sample site reads no database; a call would fail the test.
  app = await testApp(
    testWebContext({ stores: {} } as Database, { now: () => now }),
    sampleFeeds,
    sampleSite,
  );
});
afterAll(() => app?.close());

const get = async (path: string, at?: string, headers: Record<string, string> = {}) => {
  now = new Date(at ?? '2026-11-21T19:00:00Z');
  return app.inject({ url: path, headers });
};
const items = async (path: string, at?: string) => {
  const answer = await get(path, at);
  expect(answer.statusCode).toBe(200);
  const feed = await new Parser().parseString(answer.body);
  return feed.items.map((item) => ({
    ...item,
    guid: String(item.guid ?? item.id),
    at: Date.parse(item.isoDate ?? ''),
  }));
};

describe('every sample feed', () => {
  for (const language of SAMPLE_LANGUAGES) {
    for (const interest of SAMPLE_INTERESTS) {
      const path = `/sample/feeds/${language}/${interest}.${FORMATS[interest]}`;

      it(`${path} holds 32 whole articles of the last 32 days, newest first`, async () => {
        const found = await items(path);
        expect(found).toHaveLength(32);
        expect(new Set(found.map((item) => item.guid)).size).toBe(32);
        expect(new Set(found.map((item) => item.title)).size).toBe(32);
        const ages = found.map((item) => (now.getTime() - item.at) / DAY);
        expect(Math.min(...ages)).toBeGreaterThanOrEqual(0);
        expect(Math.max(...ages)).toBeLessThanOrEqual(32);
        expect(ages.filter((age) => age <= 28).length).toBeGreaterThanOrEqual(28);
        expect(ages).toEqual([...ages].sort((a, b) => a - b));
        for (const item of found) {
          expect(item.link).toBe(item.guid);
          expect(item.link).toMatch(
            new RegExp(`^${testPublicUrl}/sample/articles/${language}/[a-z0-9-]+/\\d+$`),
          );
          expect((item.contentSnippet ?? '').length).toBeGreaterThan(60);
          expect(`${item.title}${item.contentSnippet}`).not.toMatch(/&(amp|lt|gt|quot|#39);|undefined/);
        }
      });
    }
  }

  it('leads to pages and pictures that are there', async () => {
    for (const interest of SAMPLE_INTERESTS) {
      const { body } = await get(`/sample/feeds/de/${interest}.rss`);
      const feed = await new Parser().parseString(body);
      for (const item of feed.items) {
        const page = await get(item.link?.replace(testPublicUrl, '') ?? '');
        expect(page.statusCode).toBe(200);
        expect(page.body).toContain('<html lang="de"');
      }
      const pictures = new Set(feed.items.map((item) => item.enclosure?.url));
      expect(pictures.size).toBe(2);
      for (const picture of pictures) {
        const answer = await get(picture?.replace(testPublicUrl, '') ?? '');
        expect(answer.statusCode).toBe(200);
        expect(answer.headers['content-type']).toBe('image/png');
        const bytes = feed.items.find((item) => item.enclosure?.url === picture)?.enclosure?.length;
        expect(answer.rawPayload).toHaveLength(Number(bytes));
      }
    }
  });
});

describe('as the calendar moves on', () => {
  const path = '/sample/feeds/en/payroll.rss';

  it('an article keeps its address and its date', async () => {
    const today = await items(path, '2026-11-21T19:00:00Z');
    const later = await items(path, '2026-12-01T19:00:00Z');
    const kept = today.filter((item) => later.some(({ guid }) => guid === item.guid));
    expect(kept).toHaveLength(22);
    for (const item of kept) expect(later.find(({ guid }) => guid === item.guid)?.at).toBe(item.at);
  });

  it('brings one new article each morning, and none is published twice in a cycle', async () => {
    const seen = new Map<string, number>();
    for (let day = 0; day < 64; day += 1) {
      const at = new Date(Date.parse('2026-11-21T19:00:00Z') + day * DAY).toISOString();
      const fresh = (await items(path, at)).filter((item) => !seen.has(item.guid));
      expect(fresh).toHaveLength(day === 0 ? 32 : 1);
      for (const item of fresh) seen.set(item.guid, item.at);
    }
    expect(seen.size).toBe(32 + 63);
    for (const [guid, at] of seen) {
      const [, text, edition] = /^(.*)\/(\d+)$/.exec(guid) ?? [];
      const next = seen.get(`${text}/${Number(edition) + 1}`);
      if (next !== undefined) expect(next - at).toBe(32 * DAY);
    }
  });

  it('says the same all day once the morning’s article is out', async () => {
    const morning = await get(path, '2026-11-21T08:00:00Z');
    const evening = await get(path, '2026-11-21T23:59:59Z');
    expect(evening.body).toBe(morning.body);
  });
});

describe('a reader that asks again', () => {
  const path = '/sample/feeds/nl/crm.rss';

  it('is told that nothing has changed, by tag or by date', async () => {
    const first = await get(path);
    const etag = String(first.headers.etag);
    const lastModified = String(first.headers['last-modified']);
    expect(etag).toMatch(/^"[\w-]{22}"$/);
    expect(Date.parse(lastModified)).toBeLessThanOrEqual(now.getTime());
    for (const headers of [
      { 'if-none-match': etag },
      { 'if-none-match': `"other", W/${etag}` },
      { 'if-modified-since': lastModified },
    ]) {
      const again = await get(path, undefined, headers);
      expect(again.statusCode).toBe(304);
      expect(again.body).toBe('');
      expect(again.headers.etag).toBe(etag);
    }
  });

  it('gets the whole feed when the tag is another one, whatever the date says, and the next day', async () => {
    const first = await get(path);
    const { etag, 'last-modified': lastModified } = first.headers as Record<string, string>;
    const both = { 'if-none-match': '"other"', 'if-modified-since': lastModified ?? '' };
    expect((await get(path, undefined, both)).statusCode).toBe(200);
    const tomorrow = '2026-11-22T19:00:00Z';
    expect((await get(path, tomorrow, { 'if-none-match': etag ?? '' })).statusCode).toBe(200);
    expect((await get(path, tomorrow, { 'if-modified-since': lastModified ?? '' })).statusCode).toBe(200);
  });

  it('learns what is allowed when it asks for a feed that is not there', async () => {
    for (const path of [
      '/sample/feeds/sv/crm.rss',
      '/sample/feeds/en/cars.rss',
      '/sample/feeds/en/crm.json',
    ]) {
      const answer = await get(path);
      expect(answer.statusCode).toBe(404);
      expect(answer.body).toContain(`There is no sample feed at ${path}`);
      expect(answer.body).toContain('e-invoicing');
    }
  });
});

describe('the XML', () => {
  const nasty: FeedDocument = {
    title: 'A & B <c> "d" \'e\'',
    description: ']]> & \u0007bell',
    language: 'en',
    selfUrl: 'http://localhost/feed?a=1&b=2',
    siteUrl: 'http://localhost/',
    author: 'Ä & Ö',
    updatedAt: new Date('2026-11-21T09:00:00Z'),
    entries: [
      {
        url: 'http://localhost/x?a=1&b="2"',
        title: '5 < 6 && "7" > \'8\'',
        summary: '<script>alert(1)</script>',
        body: 'Tom & Jerry\u0000',
        category: 'R&D',
        publishedAt: new Date('2026-11-20T09:00:00Z'),
        image: { url: 'http://localhost/i.png?x&y', bytes: 7, width: 1, height: 1, description: '"&"' },
      },
    ],
  };

  it.each([
    ['RSS', rss],
    ['Atom', atom],
  ])('of %s survives every sign that means something in XML', async (_name, write) => {
    const feed = await new Parser().parseString(write(nasty));
    expect(feed.title).toBe(nasty.title);
    const [item] = feed.items;
    expect(item?.title).toBe(nasty.entries[0]?.title);
    expect(item?.link).toBe(nasty.entries[0]?.url);
    expect(item?.['content:encoded'] ?? item?.content).toBe(
      '<p>&lt;script&gt;alert(1)&lt;/script&gt;</p><p>Tom &amp; Jerry</p>',
    );
    expect(item?.isoDate).toBe('2026-11-20T09:00:00.000Z');
  });
});
