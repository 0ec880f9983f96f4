import { describe, expect, it } from 'vitest';
import { isOnSite, withSiteToken } from '../../../src/domain/tracking/site-token.ts';
import { realFile } from '../../support/real-use.ts';

describe('a token in an address of the own site', () => {
  const real = realFile('05-own-site-query-rewritten/links.txt').toString().trim().split('\n');
  it.each(real)('stands behind %s, which stays as it is', (address) => {
    expect(withSiteToken(address, 'T.1')).toBe(`${address}&simmer=T.1`);
  });

  it.each([
    ['https://o.example/a', 'https://o.example/a?simmer=T'],
    ['https://o.example', 'https://o.example?simmer=T'],
    ['https://o.example?', 'https://o.example?simmer=T'],
    ['https://o.example/a?', 'https://o.example/a?simmer=T'],
    ['https://o.example/a?x=1&', 'https://o.example/a?x=1&simmer=T'],
    ['https://o.example/a?x', 'https://o.example/a?x&simmer=T'],
    ['https://o.example/a#top', 'https://o.example/a?simmer=T#top'],
    ['https://o.example/a?x=1#top', 'https://o.example/a?x=1&simmer=T#top'],
    ['https://o.example/a?#top', 'https://o.example/a?simmer=T#top'],
    ['https://o.example#/page?x=1', 'https://o.example?simmer=T#/page?x=1'],
    ['https://o.example/app/#/page?x=1&y=2#z', 'https://o.example/app/?simmer=T#/page?x=1&y=2#z'],
    ['https://u:p@o.example:8443/a&simmer=1?b', 'https://u:p@o.example:8443/a&simmer=1?b&simmer=T'],
    ['http://[2001:db8::1]:80/x?y', 'http://[2001:db8::1]:80/x?y&simmer=T'],
    ['https://O.Example/A?q=?&r=/?', 'https://O.Example/A?q=?&r=/?&simmer=T'],
    ['https://o.example/a?notsimmer=1', 'https://o.example/a?notsimmer=1&simmer=T'],
    // An old one, copied from a browser, would be the one that the site reads.
    ['https://o.example/a?simmer=old', 'https://o.example/a?simmer=T'],
    ['https://o.example/a?x=%20&simmer=old&y=a%2Cb#c', 'https://o.example/a?x=%20&simmer=T&y=a%2Cb#c'],
  ])('%s', (address, expected) => {
    expect(withSiteToken(address, 'T')).toBe(expected);
    expect(new URL(expected).searchParams.get('simmer')).toBe('T');
  });
});

it('a host of the site is told in every spelling', () => {
  const hosts = ['tessel.example', 'xn--bcher-kva.example'];
  const on = [
    'https://WWW.Tessel.example/x',
    'https://tessel.example./x',
    'https://shop.bücher.example/',
    'http://tessel.example:8080',
  ];
  expect(on.filter((url) => !isOnSite(url, hosts))).toEqual([]);
  const off = [
    'https://nottessel.example/',
    'https://tessel.example.evil.example/',
    'ftp://tessel.example/',
    'tessel.example',
  ];
  expect(off.filter((url) => isOnSite(url, hosts))).toEqual([]);
});
