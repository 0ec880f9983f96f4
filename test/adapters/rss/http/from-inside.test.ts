import { describe, expect, it } from 'vitest';
import { fromInside } from '../../../../src/adapters/rss/http/from-inside.ts';
import type { Feed } from '../../../../src/domain/programme.ts';
import type { FeedReader } from '../../../../src/journey/content/ports/feeds.ts';

const seen: Feed[] = [];
const reader: FeedReader = {
  async read(feed) {
    seen.push(feed);
    return { status: 'unchanged' };
  },
};
const feed = (url: string): Feed => ({
  url,
  interests: ['payroll'],
  language: 'en',
  pollEveryMs: 60_000,
  priority: 1,
  allowPrivateNetwork: false,
});

describe('feeds that Simmer serves itself', () => {
  it('are read under the inner address, and only they', async () => {
    const inside = fromInside(reader, 'https://news.example.com', 'http://web:3000');
    await inside.read(feed('https://news.example.com/sample/feeds/en/payroll.rss'), null);
    await inside.read(feed('https://news.example.com.evil.example/payroll.rss'), null);
    expect(seen.map(({ url, allowPrivateNetwork }) => [url, allowPrivateNetwork])).toEqual([
      ['http://web:3000/sample/feeds/en/payroll.rss', true],
      ['https://news.example.com.evil.example/payroll.rss', false],
    ]);
  });

  it('are read as they are where there is one address', () => {
    expect(fromInside(reader, 'http://localhost:3000', 'http://localhost:3000')).toBe(reader);
  });
});
