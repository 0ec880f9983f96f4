import { describe, expect, it } from 'vitest';
import { largerPicture } from '../../../../src/domain/content/reading/larger-picture.ts';
import { withoutDateline } from '../../../../src/domain/content/reading/news-agencies.ts';
import { bareTitle, namesOfHost } from '../../../../src/domain/content/reading/title.ts';

describe('bareTitle', () => {
  const names = ['The Ledger', ...namesOfHost('www.daily-news.co.uk')];
  it.each([
    ['Payroll errors cost firms millions - The Ledger', 'Payroll errors cost firms millions'],
    ['Payroll errors cost firms millions | the ledger', 'Payroll errors cost firms millions'],
    ['Payroll errors cost firms millions – Daily News', 'Payroll errors cost firms millions'],
    ['Payroll errors cost firms millions - DailyNews.co.uk', 'Payroll errors cost firms millions'],
    ['Pay: old - and new - rules - The Ledger', 'Pay: old - and new - rules'],
    ['How to close the month #webinar #finance', 'How to close the month'],
  ])('takes the name of the site off: %s', (title, bare) => {
    expect(bareTitle(title, names)).toBe(bare);
  });

  it.each([
    'Payroll errors cost firms millions - a study',
    'Q&A - The Ledger',
    'The Ledger - Payroll errors cost firms millions',
    'Payroll-The Ledger compared',
    'The story of #MeToo',
    'Episode 12 #88 #89',
    'Why we read The Ledger',
  ])('and nothing else: %s', (title) => {
    expect(bareTitle(title, names)).toBe(title);
  });
});

describe('withoutDateline', () => {
  it.each([
    ['Berlin (ots) - Die Zahl steigt.', 'Die Zahl steigt.'],
    ['Frankfurt/Main (dpa/lhe) - Die Zahl steigt.', 'Die Zahl steigt.'],
    ['DEN HAAG (ANP) - Het aantal stijgt.', 'Het aantal stijgt.'],
    ['NEW YORK--(BUSINESS WIRE)--The number rises.', 'The number rises.'],
    ['OSLO, Nov. 25, 2026 /PRNewswire/ -- The number rises.', 'The number rises.'],
    ['AMSTERDAM, Nov. 25, 2026 (GLOBE NEWSWIRE) -- The number rises.', 'The number rises.'],
  ])('%s', (text, left) => {
    expect(withoutDateline(text)).toBe(left);
  });

  it.each([
    'The law (AP 12) - and what it means.',
    'We met in Berlin. (ots) - no.',
    'An (un)usual case - and why.',
  ])('leaves alone: %s', (text) => {
    expect(withoutDateline(text)).toBe(text);
  });
});

it('knows larger pictures where every size is to be had', () => {
  expect(largerPicture('https://1.bp.blogspot.com/-a/b/c/s72-c/x.jpg')).toBe(
    'https://1.bp.blogspot.com/-a/b/c/s1200/x.jpg',
  );
  expect(largerPicture('https://blogger.googleusercontent.com/img/b/R/A/s4000/x.jpg')).toBeNull();
  expect(largerPicture('https://i.ytimg.com/vi/a-b_c/hqdefault.jpg')).toBe(
    'https://i.ytimg.com/vi/a-b_c/maxresdefault.jpg',
  );
  expect(largerPicture('https://a.example/s72-c/x.jpg')).toBeNull();
});
