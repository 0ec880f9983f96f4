import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cut, shortened, whole } from '../../src/domain/text.ts';

it.each([
  ['anna', 10, 'anna'],
  ['anna', 2, 'an'],
  ['ab😀cd', 3, 'ab😀'],
  ['ab😀cd', 2, 'ab'],
  ['😀😀😀', 2, '😀😀'],
  ['', 5, ''],
])('"%s" cut after %i is "%s"', (text, most, kept) => {
  expect(cut(text, most)).toBe(kept);
});

it.each([
  ['anna', 4, 'anna'],
  ['anna visser', 6, 'anna…'],
  ['ab👩‍👩‍👧cd', 4, 'ab👩‍👩‍👧…'],
  ['ab👩‍👩‍👧cd', 3, 'ab…'],
  ['🇳🇱🇩🇪🇫🇷', 2, '🇳🇱…'],
  ['a\u0308bcdef', 3, 'a\u0308b…'],
])('"%s" shown in %i is "%s"', (text, most, shown) => {
  expect(shortened(text, most)).toBe(shown);
});

it('leaves nothing broken in any text, and every other text as it is', () => {
  const anything = fc.array(fc.constantFrom('a', '😀', '\ud83d', '\ude00', '\0', 'ü', '👩‍👩‍👧'));
  fc.assert(
    fc.property(anything, fc.nat(12), (signs, most) => {
      const text = signs.join('');
      expect(JSON.stringify(whole(text))).not.toMatch(/\\u(?:0000|d[89a-f])/);
      expect(whole(whole(text))).toBe(whole(text));
      expect(whole(cut(whole(text), most))).toBe(cut(whole(text), most));
    }),
  );
  expect(whole('Jörg 😀')).toBe('Jörg 😀');
});
