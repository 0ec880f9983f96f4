import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FeedItem } from '../../../../src/domain/content/article.ts';
import { canonicalUrl, keysOf } from '../../../../src/domain/content/reading/identity.ts';

const FEED = 'https://feeds.example/rss';

function item(fields: Partial<FeedItem>): FeedItem {
  const plain = { guid: null, url: 'https://a.example/1', title: 'One', summary: '', imageUrl: null };
  return { ...plain, publishedAt: null, ...fields };
}

describe('canonicalUrl', () => {
  it.each([
    'https://www.example.com/a/b/?b=2&a=1',
    'http://example.com/a/b?a=1&b=2#comments',
    'https://example.com:443/a/b/?utm_source=rss&a=1&b=2&fbclid=x&msclkid=y',
    'https://user:secret@EXAMPLE.com/%61/b?a=1&b=2&utm_campaign=',
  ])('gives one spelling for %s', (url) => {
    expect(canonicalUrl(url)).toBe('example.com/a/b?a=1&b=2');
  });

  it.each([
    'ref=rss',
    'source=rss',
    'src=rss',
    'source=rss-feed',
    'CMP=rss',
    'ref=producthunt.com',
    'smid=tw-nytimes',
    'partner=rss&emc=rss',
    'xtor=RSS-3208',
    'at_medium=RSS&at_campaign=KARANGA',
    'wt_mc=rss.red.ho',
    'mtm_campaign=x&fbclid=1&gclid=2',
    '_hsenc=x&_hsmi=1',
    'ns_mchannel=rss&ns_campaign=1490',
  ])('leaves out %s', (query) => {
    expect(canonicalUrl(`https://a.example/x?${query}`)).toBe('a.example/x');
  });

  it.each([
    'ref=1001',
    'source=42',
    'campaign=spring',
    'cmpid=9',
    'smid=17',
    'spm=a2.b3',
    'ito=7',
    'src=chapter-2',
    'id=1',
    'from=amsterdam',
    'p=12',
  ])('keeps %s, which may be the page', (query) => {
    expect(canonicalUrl(`https://a.example/x?${query}`)).toBe(`a.example/x?${query}`);
  });

  it('keeps what tells pages apart', () => {
    const urls = ['https://a.example/x?p=1', 'https://a.example/x?p=2', 'https://a.example/X?p=1'];
    expect(new Set(urls.map(canonicalUrl)).size).toBe(3);
    expect(canonicalUrl('https://example.com:8443/a')).toBe('example.com:8443/a');
    expect(canonicalUrl('https://a.example/caf%c3%a9')).toBe(canonicalUrl('https://a.example/café'));
  });

  it('is null for what is no web address', () => {
    expect(canonicalUrl('javascript:alert(1)')).toBeNull();
    expect(canonicalUrl('mailto:a@b.example')).toBeNull();
    expect(canonicalUrl('/path')).toBeNull();
  });

  it('stays the same when made canonical again', () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), (url) => {
        const once = canonicalUrl(url);
        expect(canonicalUrl(`https://${once}`)).toBe(once);
      }),
    );
  });
});

describe('keysOf', () => {
  it('knows an item by its guid within the feed, and by its page', () => {
    const [keys] = keysOf(FEED, [item({ guid: 'g1' })]);
    expect(keys).toEqual([`guid ${FEED} g1`, 'page a.example/1']);
    expect(keysOf('https://other.example/', [item({ guid: 'g1' })])[0]).toContain('page a.example/1');
    expect(keysOf('https://other.example/', [item({ guid: 'g1' })])[0]).not.toContain(`guid ${FEED} g1`);
  });

  it('takes one story under two guids for one', () => {
    const [first, second] = keysOf(FEED, [item({ guid: 'a' }), item({ guid: 'b' })]);
    expect(first!.filter((key) => second!.includes(key))).toEqual(['page a.example/1']);
  });

  it.each([
    'N/A',
    '0',
    'https://a.example/',
    'http://www.a.example',
    'null',
    'one for all',
    '00000000-0000-0000-0000-000000000000',
  ])('does not take the guid %j that all items have for a name', (guid) => {
    const items = [1, 2, 3].map((n) => item({ guid, url: `https://a.example/${n}`, title: `Title ${n}` }));
    expect(keysOf(FEED, items)).toEqual([['page a.example/1'], ['page a.example/2'], ['page a.example/3']]);
  });

  it.each(['N/A', '0', 'https://a.example/', 'undefined', '-', ''])(
    'does not take %j for a guid, though but one item has it',
    (guid) => {
      expect(keysOf(FEED, [item({ guid })])).toEqual([['page a.example/1']]);
    },
  );

  it.each([
    '1',
    '42',
    'https://a.example/1',
    'https://a.example/?p=1',
    'tag:a.example,2026:1',
    'none-of-your-business',
  ])('takes %j for one', (guid) => {
    expect(keysOf(FEED, [item({ guid })])).toEqual([[`guid ${FEED} ${guid}`, 'page a.example/1']]);
  });

  it('finds the names of stories that share both guid and page', () => {
    const notes = (n: number) =>
      item({ guid: 'https://a.example/notes', url: 'https://a.example/notes', title: `Version ${n}` });
    expect(keysOf(FEED, [notes(1), notes(2)])).toEqual([
      ['page a.example/notes Version 1'],
      ['page a.example/notes Version 2'],
    ]);
    // Listed twice it is one all the same.
    expect(keysOf(FEED, [item({ guid: 'a' }), item({ guid: 'a' })])[0]).toEqual([
      `guid ${FEED} a`,
      'page a.example/1',
    ]);
  });

  it('takes parameters for the page that tell stories of one reading apart, whatever their names', () => {
    const by = (source: string) =>
      item({ url: `https://a.example/report?source=${source}`, title: `The report of ${source}` });
    expect(keysOf(FEED, [by('twitter'), by('rss')])).toEqual([
      ['page a.example/report?source=twitter'],
      ['page a.example/report?source=rss'],
    ]);
    expect(keysOf(FEED, [by('rss')])).toEqual([['page a.example/report']]);
  });

  it('does not take a page that several stories lead to for their name', () => {
    const notes = 'https://a.example/notes';
    expect(
      keysOf(FEED, [
        item({ guid: 'v1', url: `${notes}#v1`, title: 'Version 1' }),
        item({ guid: 'v2', url: `${notes}#v2`, title: 'Version 2' }),
        item({ guid: 'v3', url: notes, title: 'Version 3' }),
        item({ url: notes, title: 'Version 4' }),
      ]),
    ).toEqual([
      [`guid ${FEED} v1`, 'page a.example/notes#v1'],
      [`guid ${FEED} v2`, 'page a.example/notes#v2'],
      [`guid ${FEED} v3`],
      ['page a.example/notes Version 4'],
    ]);
  });
});

describe('one story in several feeds', () => {
  const DAY = 86_400_000;
  const at = (days: number) => new Date(Date.UTC(2026, 10, 21) + days * DAY);
  const story = (fields: Partial<FeedItem>) =>
    item({ title: 'E-invoicing becomes a duty in January', publishedAt: at(0), ...fields });
  const titles = (fields: Partial<FeedItem>, language = 'en') =>
    keysOf(FEED, [story(fields)], language)[0]!.filter((key) => key.startsWith('title'));
  const share = (a: string[], b: string[]) => a.some((key) => b.includes(key));

  it('is known by its title near its date, in its language', () => {
    expect(
      share(
        titles({}),
        titles({ publishedAt: at(0.9), title: 'E-Invoicing becomes a duty in January! | The Blog' }),
      ),
    ).toBe(true);
    expect(share(titles({}), titles({ publishedAt: at(4) }))).toBe(false);
    expect(share(titles({}), titles({}, 'nl'))).toBe(false);
    expect(share(titles({}), titles({ title: 'E-invoicing becomes a duty in February' }))).toBe(false);
  });

  it('shares a name with what is up to a day away, and none with what is four days away', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -500, max: 500, noNaN: true }),
        fc.double({ min: -0.99, max: 0.99, noNaN: true }),
        (day, by) => {
          expect(share(titles({ publishedAt: at(day) }), titles({ publishedAt: at(day + by) }))).toBe(true);
          const later = at(day + 4.001 + Math.abs(by));
          expect(share(titles({ publishedAt: at(day) }), titles({ publishedAt: later }))).toBe(false);
        },
      ),
    );
  });

  it('is known near the day it is first seen, when it has no date', () => {
    const undated = (seenAt: Date) =>
      keysOf(FEED, [story({ publishedAt: null })], 'en', seenAt)[0]!.filter((key) => key.startsWith('title'));
    expect(share(undated(at(0)), undated(at(0.9)))).toBe(true);
    expect(share(undated(at(0)), titles({ publishedAt: at(-0.9) }))).toBe(true);
    expect(share(undated(at(0)), undated(at(4)))).toBe(false);
  });

  it('is not told by a short title, one without any date, or one that comes twice in a feed', () => {
    expect(titles({ title: 'Weekly update' })).toEqual([]);
    expect(titles({ title: 'Our news of this week' })).toEqual([]);
    expect(titles({ publishedAt: null })).toEqual([]);
    const twice = keysOf(
      FEED,
      [story({ url: 'https://a.example/1' }), story({ url: 'https://a.example/2' })],
      'en',
    );
    expect(twice.flat().filter((key) => key.startsWith('title'))).toEqual([]);
  });

  it('is not named by the front page of a site, which each new story may link to', () => {
    const [keys] = keysOf(FEED, [item({ guid: 'g', url: 'https://www.a.example/' })]);
    expect(keys).toEqual([`guid ${FEED} g`]);
    expect(keysOf(FEED, [item({ url: 'https://www.a.example/', title: 'Two' })])[0]).toEqual([
      'page a.example Two',
    ]);
  });

  it('is one article whatever of it changes, as long as one name stays', () => {
    const change = fc.record({
      guid: fc.constantFrom('g1', 'g2', null),
      url: fc.constantFrom(
        'https://a.example/1',
        'http://www.a.example/1/?utm_source=x',
        'https://a.example/1#top',
      ),
      publishedAt: fc.integer({ min: -30, max: 30 }).map(at),
      summary: fc.string(),
    });
    fc.assert(
      fc.property(fc.array(change, { minLength: 2, maxLength: 6 }), (versions) => {
        const keys = versions.map((version) => keysOf(FEED, [story(version)], 'en')[0]!);
        for (const own of keys) expect(share(own, keys[0]!)).toBe(true);
      }),
    );
  });
});
