import { describe, expect, it } from 'vitest';
import { withoutTracking, withoutTrackingIn } from '../../../../src/domain/content/reading/tracking.ts';
import { unwrapped } from '../../../../src/domain/content/reading/wrapped-links.ts';

describe('withoutTracking', () => {
  it.each([
    ['https://a.example/x?utm_source=rss&utm_medium=feed', 'https://a.example/x'],
    ['https://a.example/x?source=rss#comments', 'https://a.example/x#comments'],
    ['https://a.example/x?a=%7E&utm_source=rss&b=%2f+c', 'https://a.example/x?a=%7E&b=%2f+c'],
    ['https://a.example/x?at_medium=RSS&at_campaign=rss&id=3', 'https://a.example/x?id=3'],
    ['https://a.example/x?wt_mc=rss.red.ho.ho.atom.beitrag.beitrag', 'https://a.example/x'],
    ['https://a.example/x?id=3&amp;utm_source=rss', 'https://a.example/x?id=3'],
    ['https://a.example/x#xtor=RSS-3208', 'https://a.example/x'],
    ['https://a.example/x?src=rss', 'https://a.example/x'],
  ])('takes out what says where a click came from: %s', (address, left) => {
    expect(withoutTracking(address)).toBe(left);
  });

  it.each([
    'https://a.example/x',
    'https://a.example/x?',
    'https://a.example/x?ref=1001',
    'https://a.example/x?a=1&&b=2',
    'https://a.example/x?q=utm_source=rss',
    'https://a.example/x?source=https%3A%2F%2Fb.example%2F',
    'https://a.example/x?utm_source=rss&Expires=1&Signature=abc',
    'https://a.example/x?utm_source=rss&token=abc',
    'https://a.example/#!/x?y=1',
    'https://a.example/x#ref',
    'https://a.example/caf%C3%A9?n=%E4',
  ])('leaves every other address as it is: %s', (address) => {
    expect(withoutTracking(address)).toBe(address);
  });
});

describe('the addresses of one reading', () => {
  it('keep what tells two stories apart, even where it looks like tracking', () => {
    const item = (query: string, title: string) => ({ url: `https://a.example/x?${query}`, title });
    const links = (...items: { url: string; title: string }[]) =>
      withoutTrackingIn(items).map(({ url }) => url.slice(20));
    expect(links(item('source=rss', 'One'), item('source=twitter', 'Two'))).toEqual([
      'source=rss',
      'source=twitter',
    ]);
    expect(links(item('utm_id=1', 'One'), item('utm_id=2', 'Two'))).toEqual(['utm_id=1', 'utm_id=2']);
    // One story twice, and two stories of one page.
    expect(links(item('source=rss', 'One'), item('source=twitter', 'One'))).toEqual(['', '']);
    expect(links(item('source=rss', 'One'), item('source=rss', 'Two'))).toEqual(['', '']);
  });
});

describe('unwrapped', () => {
  const news = (inner: string, after = '') =>
    `https://news.google.com/rss/articles/${Buffer.from(`\x08\x13"${length(inner)}${inner}${after}`, 'latin1').toString('base64url')}?oc=5`;
  const length = (text: string) =>
    text.length < 128
      ? String.fromCharCode(text.length)
      : String.fromCharCode((text.length & 0x7f) | 0x80, text.length >> 7);
  const long = `https://a.example/${'long-'.repeat(30)}story`;

  it.each([
    [
      'https://www.google.com/url?rct=j&sa=t&url=https://a.example/x%3Fb%3D1&ct=ga&cd=CAIyG&usg=AOvVaw',
      'https://a.example/x?b=1',
    ],
    ['https://www.google.co.uk/url?q=https://a.example/x&sa=U', 'https://a.example/x'],
    ['https://www.google.de/url?sa=t&url=http://a.example/x', 'http://a.example/x'],
    [
      'http://www.bing.com/news/apiclick.aspx?ref=FexRss&aid=&url=https%3a%2f%2fa.example%2fx&c=1',
      'https://a.example/x',
    ],
    ['https://l.facebook.com/l.php?u=https%3A%2F%2Fa.example%2Fx&h=AT0', 'https://a.example/x'],
    ['https://duckduckgo.com/l/?uddg=https%3A%2F%2Fa.example%2Fx', 'https://a.example/x'],
    [
      'https://r.search.yahoo.com/_ylt=A/RV=2/RE=1/RO=10/RU=https%3a%2f%2fa.example%2fx/RK=2/RS=z',
      'https://a.example/x',
    ],
    [
      'https://www.google.com/url?url=https%3A%2F%2Fl.facebook.com%2Fl.php%3Fu%3Dhttps%253A%252F%252Fa.example%252Fx',
      'https://a.example/x',
    ],
    [news('https://a.example/x'), 'https://a.example/x'],
    [news('https://a.example/x', '\xd2\x01\x17https://a.example/x/amp'), 'https://a.example/x'],
    [news(long), long],
  ])('gives the page that is meant: %s', (address, page) => {
    expect(unwrapped(address)).toBe(page);
  });

  it.each([
    'https://news.google.com/rss/articles/CBMiWkFVX3lxTE1abcdefghijklmnopqrstuvwxyz0123456789?oc=5',
    news('AU_yqLMabcdefghijklmnopqrstuvw'),
    'https://www.google.com/url?url=javascript:alert(1)',
    'https://www.google.com/url?url=/relative',
    'https://www.google.com/search?q=https://a.example/x',
    'https://evil-google.com/url?url=https://a.example/x',
    'https://a.example/url?url=https://b.example/',
    'https://www.google.com/url?url=https://localhost/x',
    'no address',
  ])('leaves what it cannot tell as it is: %s', (address) => {
    expect(unwrapped(address)).toBe(address);
  });
});
