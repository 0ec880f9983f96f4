import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadTexts, say } from '../src/adapters/templates/texts.ts';
import { counted } from '../src/domain/text.ts';

const ROOT = join(import.meta.dirname, '..');
const NOUNS =
  'address|article|cell|character|click|company|day|email|entry|event|feed|hour|issue|item|lead|link|mail|member|message|minute|pixel|point|problem|reader|row|rule|step|subscriber|thing|time|try|visit|webhook|week|person';
const plural = (noun: string) =>
  noun === 'person'
    ? 'people'
    : noun.endsWith('ss')
      ? `${noun}es`
      : noun.endsWith('y') && noun !== 'day'
        ? `${noun.slice(0, -1)}ies`
        : `${noun}s`;
const PLURALS = NOUNS.split('|').map(plural).join('|');

/** Texts whose number is never one, and why. */
const NEVER_ONE: readonly [RegExp, string][] = [
  [/^mails\.sign-in\.|^subscriber\.(ownData|confirmChange)\./, 'a link works as long as it does'],
  [/^mails\.feedNotice\.subjectMany$/, 'one feed has a subject of its own'],
  [/^subscriber\.problems\.field\.too-long$/, 'no field takes one character'],
  [/^staff\.import\.problem\.several-addresses$/, 'several'],
  [/^staff\.rehearsal\.sample$/, 'a sample is taken of more than four hundred'],
  [/^staff\.overview\.chartTooFew$/, 'of few nothing is drawn'],
  [/^staff\.told\.machine\./, 'one of several'],
  [/^staff\.told\.publishedAgo$/, 'one day ago is yesterday'],
];

describe('a count agrees with its noun', () => {
  it.each([
    [0, '0 readers'],
    [1, '1 reader'],
    [2, '2 readers'],
  ])('in English by hand: %s', (n, words) => expect(counted(n, 'reader')).toBe(words));

  const texts = loadTexts(join(ROOT, 'templates/locales')).get('en')!;
  const bare = new RegExp(`\\{\\w+\\} ((?:more|new|active|fresh|planned|uncertain) )?(${PLURALS})\\b`);

  it('in every text of mails and pages, by {n|# reader|# readers}', () => {
    const wrong = [...texts].filter(
      ([key, text]) => bare.test(text) && !NEVER_ONE.some(([known]) => known.test(key)),
    );
    expect(wrong).toEqual([]);
    for (const [known, why] of NEVER_ONE)
      expect(
        [...texts].some(([key, text]) => known.test(key) && bare.test(text)),
        why,
      ).toBe(true);
  });

  it('in every language where it does in one', () => {
    const languages = loadTexts(join(ROOT, 'templates/locales'));
    const forms = (text: string) => [...text.matchAll(/\{(\w+)\|/g)].map(([, name]) => name).sort();
    for (const [key, text] of texts) {
      if (forms(text).length === 0) continue;
      const values = Object.fromEntries([...text.matchAll(/\{(\w+)/g)].map(([, name]) => [name, 1]));
      for (const [language, others] of languages)
        expect(say(others, key, values), `${language} ${key}`).not.toMatch(/[{}|#]/);
    }
  });

  it('in all that the command line says, by counted(…)', () => {
    const said = new RegExp(`\\$\\{[^}]+\\} ((?:more|new|active|fresh|planned|uncertain) )?(${PLURALS})\\b`);
    // A number that is one was told apart on the same line, or stands in a name for all numbers.
    const isTold = (line: string) => /=== 1|MINUTES|MOST_|counted\(|steps, each|toFixed|points\(/.test(line);
    const wrong = readdirSync(join(ROOT, 'src/commands')).flatMap((file) =>
      readFileSync(join(ROOT, 'src/commands', file), 'utf8')
        .split('\n')
        .filter((line) => said.test(line) && !isTold(line))
        .map((line) => `${file}: ${line.trim()}`),
    );
    expect(wrong).toEqual([]);
  });
});
