import { describe, expect, it } from 'vitest';
import { byStory } from '../../../../src/domain/content/choosing/translations.ts';

const at = (minutes: number) => new Date(Date.UTC(2026, 10, 21, 9, minutes));
const article = (language: string, url: string, fields: { imageUrl?: string; minutes?: number } = {}) => ({
  language,
  url,
  imageUrl: fields.imageUrl ?? null,
  publishedAt: at(fields.minutes ?? 0),
});
const told = (...articles: ReturnType<typeof article>[]) =>
  byStory(articles).map((story) => story.map(({ language }) => language).join());

describe('byStory', () => {
  it.each([
    ['https://a.example/en/blog/x', 'https://a.example/nl/blog/x', 'https://a.example/de-DE/blog/x'],
    ['https://a.example/blog/x', 'https://a.example/nl/blog/x', 'https://a.example/de/blog/x/'],
    ['https://www.firm.com/x', 'https://www.firm.nl/x', 'https://firm.de/x'],
    ['https://en.firm.com/x', 'https://nl.firm.com/x', 'https://de.firm.com/x'],
    ['https://a.example/x?lang=en', 'https://a.example/x?lang=nl', 'https://a.example/x?lang=de'],
    ['/sample/articles/en/payroll/7', '/sample/articles/nl/payroll/7', '/sample/articles/de/payroll/7'],
  ])('takes the languages of %s for one story', (en, nl, de) => {
    expect(told(article('en', en), article('nl', nl), article('de', de))).toEqual(['en,nl,de']);
  });

  it('and what came at one moment with one picture', () => {
    const imageUrl = 'https://a.example/i.jpg';
    const [en, nl] = [
      article('en', 'https://a.example/en/pay', { imageUrl }),
      article('nl', 'https://a.example/nl/loon', { imageUrl, minutes: 20 }),
    ];
    expect(told(en, nl)).toEqual(['en,nl']);
    expect(told(en, { ...nl, publishedAt: at(90) })).toEqual(['en', 'nl']);
    expect(told({ ...en, imageUrl: null }, { ...nl, imageUrl: null })).toEqual(['en', 'nl']);
  });

  it('tells apart what is of one language, of other pages, or of other sites', () => {
    const imageUrl = 'https://a.example/i.jpg';
    expect(
      told(
        article('en', 'https://a.example/x', { imageUrl }),
        article('en', 'https://a.example/y', { imageUrl }),
      ),
    ).toEqual(['en', 'en']);
    expect(told(article('en', 'https://a.example/en/x'), article('nl', 'https://a.example/nl/y'))).toEqual([
      'en',
      'nl',
    ]);
    expect(told(article('en', 'https://one.com/x'), article('nl', 'https://two.nl/x'))).toEqual(['en', 'nl']);
    expect(told(article('en', 'https://a.example/x/1'), article('nl', 'https://a.example/nl/x/2'))).toEqual([
      'en',
      'nl',
    ]);
  });
});
