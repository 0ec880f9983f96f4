import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparable, headerAddress, standardAddress, standardPattern } from '../../src/domain/address.ts';

describe('the spelling that travels', () => {
  it.each([
    ['https://www.other.example/łódź', 'https://www.other.example/%C5%82%C3%B3d%C5%BA'],
    [
      'https://www.other.example/über-uns?x=1&y=2#kontakt',
      'https://www.other.example/%C3%BCber-uns?x=1&y=2#kontakt',
    ],
    ['https://bücher.example/a b', 'https://xn--bcher-kva.example/a%20b'],
    ['  HTTPS://WWW.Example.com:443/Pricing ', 'https://www.example.com/Pricing'],
    ['https://www.example.com/a%20b?q=M%FCller', 'https://www.example.com/a%20b?q=M%FCller'],
    ['http://[2001:DB8::1]:8080/x', 'http://[2001:db8::1]:8080/x'],
    ['https://user:pass@example.com/x', 'https://user:pass@example.com/x'],
    ['https://example.com/a\tb\r\nc', 'https://example.com/abc'],
    ['https://example.com/😀#ü', 'https://example.com/%F0%9F%98%80#%C3%BC'],
    ['/sample/logo.png', '/sample/logo.png'],
    ['/über uns?x=ü', '/%C3%BCber%20uns?x=%C3%BC'],
  ])('%s', (written, expected) => {
    expect(standardAddress(written)).toBe(expected);
    expect(standardAddress(expected)).toBe(expected);
  });

  it.each([
    '',
    'ftp://x.example/',
    'www.example.com',
    '//other.example/x',
    '/\t/other.example',
    '/\\other.example',
    'https://',
    'https://exa mple.com/',
    'javascript:alert(1)',
  ])('is not given to %j', (written) => {
    expect(standardAddress(written)).toBeNull();
  });

  it('leaves a star at the end of a host as it is', () => {
    expect(standardPattern('https://www.Example*')).toBe('https://www.example*');
    expect(standardPattern('https://*.bücher.example/*/preise')).toBe(
      'https://*.xn--bcher-kva.example/*/preise',
    );
    expect(standardPattern('https://www.example.com')).toBe('https://www.example.com/');
  });
});

describe('an address for a header', () => {
  it.each([
    'https://www.oursite.example/index.php?/news/article-5',
    'https://www.oursite.example/list?f[0]=a:1&sort=-date,title',
    'HTTPS://Www.Example.com?x={1}|"<>',
  ])('stays byte for byte where it can: %s', (address) => {
    expect(headerAddress(address)).toBe(address);
  });

  it.each([
    ['https://www.other.example/łódź', 'https://www.other.example/%C5%82%C3%B3d%C5%BA'],
    ['https://example.com/a b\r\nSet-Cookie: x', 'https://example.com/a%20bSet-Cookie:%20x'],
    ['https://exa mple.com/ü', 'https://exa%20mple.com/%C3%BC'],
    ['\ud800', '%EF%BF%BD'],
  ])('%j', (address, expected) => {
    expect(headerAddress(address)).toBe(expected);
  });

  it('is fit for one, whatever it was', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.string().map((end) => `https://x.example/${end}`),
        ),
        (text) => {
          expect(headerAddress(text)).toMatch(/^[\x21-\x7e]*$/);
        },
      ),
    );
  });
});

it('addresses compare as one however they are written', () => {
  const same = (...spellings: string[]) =>
    expect(
      new Set(spellings.map((one) => comparable(standardAddress(one) ?? one))).size,
      spellings.join(),
    ).toBe(1);
  same(
    'https://www.example.com/lösungen',
    'https://www.example.com/l%C3%B6sungen',
    'HTTPS://WWW.EXAMPLE.COM/l%c3%b6sungen',
  );
  same('https://e.example/Foo_(bar)', 'https://e.example/Foo_%28bar%29');
  same('https://e.example/~ann?f[0]=a:1', 'https://e.example/%7Eann?f%5B0%5D=a%3A1');
  same("https://e.example/d'or?q='x'", 'https://e.example/d%27or?q=%27x%27');
  expect(comparable('https://e.example/a%2Fb')).not.toBe(comparable('https://e.example/a/b'));
  expect(comparable('https://e.example/?a=b%26c')).not.toBe(comparable('https://e.example/?a=b&c'));
});
