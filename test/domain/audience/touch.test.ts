import { describe, expect, it } from 'vitest';
import type { Source } from '../../../src/domain/audience/subscriber.ts';
import { touchedBy } from '../../../src/domain/audience/touch.ts';
import { sourceInWords } from '../../../src/domain/sales/source-in-words.ts';

const at = new Date('2026-11-21T09:00:00Z');
const fair: Source = { utm_source: 'beurs', form: 'import 3' };
const ad: Source = { utm_source: 'google', utm_medium: 'cpc', utm_campaign: 'payroll', landing_page: '/a' };

describe('a further contact', () => {
  const changedBy = (first: Source, touch: Source, lastTouch: { source: Source; at: Date } | null = null) =>
    touchedBy({ source: first, lastTouch }, { source: touch, at });

  it('is kept whole beside the first, of which nothing changes', () => {
    expect(changedBy(fair, ad)).toEqual({ lastTouch: { source: ad, at } });
    expect(changedBy({ utm_source: 'beurs' }, { utm_medium: 'cpc' })).toEqual({
      lastTouch: { source: { utm_medium: 'cpc' }, at },
    });
  });

  it('takes the place of the latest, whole', () => {
    const last = { source: { utm_source: 'bing', utm_term: 'payroll' }, at: new Date(at.getTime() - 1) };
    expect(changedBy(fair, ad, last)).toEqual({ lastTouch: { source: ad, at } });
  });

  it('is the first where nothing was known', () => {
    expect(changedBy({}, ad)).toEqual({ source: ad });
    expect(changedBy({ download: 'Guide' }, ad)).toEqual({ source: { ...ad, download: 'Guide' } });
  });

  it('that tells nothing new changes nothing, nor does one that was before the latest', () => {
    expect(changedBy(fair, {})).toEqual({});
    expect(changedBy(fair, fair)).toEqual({});
    expect(changedBy(ad, { ...ad, download: 'Guide' })).toEqual({ source: { ...ad, download: 'Guide' } });
    expect(changedBy(fair, ad, { source: ad, at: new Date(at.getTime() - 1) })).toEqual({});
    expect(changedBy(fair, ad, { source: { form: 'x' }, at: new Date(at.getTime() + 1) })).toEqual({});
  });

  it('after another goes back to the first source is the latest again', () => {
    const last = { source: ad, at: new Date(at.getTime() - 1) };
    expect(changedBy(fair, fair, last)).toEqual({ lastTouch: { source: fair, at } });
  });

  it('fills in what was to be downloaded, which is no part of where somebody came from', () => {
    expect(changedBy(fair, { ...ad, download: 'Guide' })).toEqual({
      source: { ...fair, download: 'Guide' },
      lastTouch: { source: { ...ad, download: 'Guide' }, at },
    });
    expect(changedBy({ ...fair, download: 'A' }, { download: 'B' })).toEqual({});
  });
});

it('a source is one line, in English or in the words it is given', () => {
  expect(sourceInWords(ad)).toBe('campaign payroll (google, cpc), landing page /a');
  expect(sourceInWords(fair)).toBe('campaign beurs, import 3');
  expect(sourceInWords({ form: 'contact', utm_term: 'löhne', utm_content: 'b' })).toBe(
    'search term löhne, ad b, form "contact"',
  );
  expect(sourceInWords(fair, (part, values) => `${part}:${Object.values(values)}`)).toBe(
    'campaign:beurs, import:3',
  );
});
