import { describe, expect, it } from 'vitest';
import { pluralCategories, pluralForm } from '../../../src/adapters/templates/plural.ts';
import { say } from '../../../src/adapters/templates/texts.ts';

describe('plural forms', () => {
  it('are as many as whole numbers take in the language', () => {
    expect(pluralCategories('en')).toEqual(['one', 'other']);
    // French says "1 000 000 de lecteurs", which no count of a newsletter needs a form for.
    expect(pluralCategories('fr')).toEqual(['one', 'other']);
    expect(pluralCategories('pl')).toEqual(['one', 'few', 'many']);
    expect(pluralCategories('ar')).toEqual(['zero', 'one', 'two', 'few', 'many', 'other']);
    expect(pluralCategories('ja')).toEqual(['other']);
  });

  it.each([
    ['en', ['reader', 'readers'], { 0: 'readers', 1: 'reader', 2: 'readers' }],
    ['fr', ['lecteur', 'lecteurs'], { 0: 'lecteur', 1: 'lecteur', 2: 'lecteurs', 1000000: 'lecteurs' }],
    ['pl', ['osoba', 'osoby', 'osób'], { 1: 'osoba', 3: 'osoby', 5: 'osób', 22: 'osoby', 112: 'osób' }],
    ['ja', ['人'], { 1: '人', 7: '人' }],
  ])('follow the rules of %s', (language, forms, expected) => {
    for (const [number, form] of Object.entries(expected))
      expect(pluralForm(language, Number(number), forms)).toBe(form);
  });

  it.each([
    ['en', '1,200', 'many'],
    ['en', '+1', 'one'],
    ['en', '−1', 'one'],
    ['de', '1.001', 'many'],
    ['de', '1,5', 'many'],
    ['fr', '1,5', 'one'],
    ['fr', '1\u202f200', 'many'],
    ['fr', '0', 'one'],
    ['nl', 1, 'one'],
    ['nl', '–', 'many'],
    ['en', 'more than 1,000', 'many'],
  ])('in %s read %s as it is written there', (language, value, expected) => {
    expect(pluralForm(language, value, ['one', 'many'])).toBe(expected);
  });

  it('too few: the last one stands in', () => {
    expect(pluralForm('pl', 5, ['osoba', 'osoby'])).toBe('osoby');
  });

  it('fill texts with any number of them', () => {
    const texts = new Map([['found', '{n|# osoba|# osoby|# osób}']]);
    expect([1, 2, 5].map((n) => say(texts, 'found', { n }, 'pl'))).toEqual(['1 osoba', '2 osoby', '5 osób']);
    expect(say(new Map([['found', '{n|# 人}']]), 'found', { n: 3 }, 'ja')).toBe('3 人');
  });
});
