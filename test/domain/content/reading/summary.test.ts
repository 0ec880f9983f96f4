import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutAtWord, summarise } from '../../../../src/domain/content/reading/summary.ts';

describe('summarise', () => {
  it('leaves a short text alone', () => {
    expect(summarise('One. Two.', 'en')).toBe('One. Two.');
  });

  it('ends at the end of a sentence', () => {
    const first = 'The law changes on 1.1. next year, says Dr. Jansen.';
    expect(summarise(`${first} ${'Much more follows here. '.repeat(20)}`, 'en', 70)).toBe(first);
  });

  it('cuts between words where one sentence is too long', () => {
    expect(summarise('word '.repeat(100), 'en', 30)).toBe('word word word word word word…');
  });

  it.each([
    ['Good news. The post Good news appeared first on Our Blog.', 'Good news.'],
    ['Good news. Continue reading Good news →', 'Good news.'],
    ['Good news. Continue reading...', 'Good news.'],
    ['Good news. Read more …', 'Good news.'],
    ['Good news is […]', 'Good news is'],
    ['Goed nieuws. Lees meer', 'Goed nieuws.'],
  ])('drops what blog programs add: %s', (text, summary) => {
    expect(summarise(text, 'en')).toBe(summary);
  });

  it('cuts a text without blanks between characters', () => {
    expect(cutAtWord('😀'.repeat(50), 20)).toBe(`${'😀'.repeat(9)}…`);
  });

  it('is never too long and never splits a character', () => {
    const texts = fc.string({ unit: fc.constantFrom('a', ' ', '. ', '😀', 'é', 'word '), maxLength: 400 });
    fc.assert(
      fc.property(texts, fc.integer({ min: 20, max: 300 }), (text, most) => {
        const summary = summarise(text, 'en', most);
        expect(summary.length).toBeLessThanOrEqual(most);
        expect(summary).not.toMatch(/\p{Cs}/u);
        expect(cutAtWord(text, most).length).toBeLessThanOrEqual(most);
      }),
    );
  });
});
