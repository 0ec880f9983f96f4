import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FeedItem } from '../../../src/domain/content/article.ts';
import { canonicalUrl, keysOf } from '../../../src/domain/content/identity.ts';

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
