import { describe, expect, it } from 'vitest';
import { addressFits, nameFits, pageFits } from '../../../src/domain/tracking/patterns.ts';

describe('a rule by address', () => {
  it.each<[string, string, boolean]>([
    ['https://www.example.com/lösungen', 'https://www.example.com/l%C3%B6sungen', true],
    ['https://www.example.com/l%c3%b6sungen', 'https://www.example.com/lösungen/bau', true],
    ['HTTPS://WWW.Example.com/pricing', 'https://www.example.com/pricing?x=1', true],
    ['https://bücher.example/preise', 'https://xn--bcher-kva.example/preise', true],
    ['https://xn--bcher-kva.example/preise', 'https://BÜCHER.example/preise', true],
    ['https://example.com:443/a b', 'https://example.com/a%20b', true],
    ['https://example.com/f%5B0%5D', 'https://example.com/f[0]=1', true],
    ['https://*.example.com/*/preise', 'https://shop.example.com/bücher/preise', true],
    ['https://example.com/l*ungen', 'https://example.com/l%C3%B6sungen', true],
    ['https://www.exam*', 'https://www.example.com/x', true],
    ['https://example.com', 'https://example.com', true],
    ['https://example.com', 'https://example.com/x', true],
    ['https://example.com', 'https://example.com.evil.example/', false],
    // As ever: an address begins like the pattern, slash by slash, and queries keep their order.
    ['https://example.com/pricing', 'https://example.com/pricing-2026', true],
    ['https://example.com/pricing/', 'https://example.com/pricing', false],
    ['https://example.com/?a=1&b=2', 'https://example.com/?b=2&a=1', false],
    ['https://example.com/Pricing', 'https://example.com/pricing', false],
    ['http://example.com/x', 'https://example.com/x', false],
    ['https://example.com/a%2Fb', 'https://example.com/a/b', false],
    ['https://example.com/a.b', 'https://example.com/axb', false],
  ])('%s and %s', (pattern, address, fits) => {
    expect(addressFits(pattern)(address)).toBe(fits);
  });
});

describe('a rule by page', () => {
  it.each<[string, string, boolean]>([
    ['/lösungen', 'https://www.example.com/l%C3%B6sungen/bau', true],
    ['/l%C3%B6sungen', 'https://other.example/lösungen', true],
    ['https://Bücher.example/*', 'https://xn--bcher-kva.example/x', true],
    ['*/preise', 'https://www.example.com/de/preise', true],
    ['/a b', 'https://www.example.com/a%20b', true],
    ['/', 'https://www.example.com', true],
    ['/preise', 'https://www.example.com/de/preise', false],
  ])('%s and %s', (pattern, page, fits) => {
    expect(pageFits(pattern)(page)).toBe(fits);
  });
});

it('names are compared as they are', () => {
  expect(nameFits('Broschüre*.pdf')('Broschüre 2026.pdf')).toBe(true);
  expect(nameFits('a%20b')('a b')).toBe(false);
});
