import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { attacksOn, isSlow, type Pattern, patternsIn, patternsMadeBy } from './support/slow-patterns.ts';

const SRC = join(import.meta.dirname, '../src');
/** Files that put regular expressions together when they are loaded. */
const BUILDERS = readdirSync(join(SRC, 'domain'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('/phrases.ts'))
  .filter((file) => /new RegExp\(|\banyOf\(/.test(readFileSync(join(SRC, 'domain', file), 'utf8')))
  .sort();

const attackThatSlows = ({ regex }: Pattern) => attacksOn(regex).find((attack) => isSlow(regex, attack));

/** Each slow one with the text that shows it. */
function slowOnes(patterns: readonly Pattern[]): string[] {
  return patterns.flatMap((pattern) => {
    const attack = attackThatSlows(pattern);
    return attack ? [`${pattern.where} ${pattern.regex} by ${JSON.stringify(attack)}`] : [];
  });
}

// Feeds, forms, mails, posts, user agents, lists, addresses: whatever is read was written by somebody else.
describe('no regular expression of the sources takes more time than in proportion to what it reads', () => {
  it('of those that are written out', () => {
    const patterns = patternsIn(SRC);
    expect(patterns.length).toBeGreaterThan(900);
    expect(slowOnes(patterns)).toEqual([]);
  });

  it('of those that are put together', async () => {
    expect(BUILDERS.length).toBeGreaterThan(5);
    const made: Pattern[] = [];
    for (const file of BUILDERS)
      made.push(...(await patternsMadeBy(file, () => import(join(SRC, 'domain', file)))));
    const { parameter } = await import('../src/domain/returns/returned-mail/mime.ts');
    made.push(...(await patternsMadeBy('parameter', () => parameter('x; boundary=b', 'boundary'))));
    const { withoutPerson } = await import('../src/domain/audience/person-in-text.ts');
    const person = { email: 'ann@x.example', name: 'Ann Berg', phone: '+31 20 123 4567' };
    made.push(...(await patternsMadeBy('withoutPerson', () => withoutPerson('x', person))));
    expect(made.length).toBeGreaterThan(30);
    expect(slowOnes(made)).toEqual([]);
  });
});

describe('what is slow is found', () => {
  it.each([
    /\s+$/,
    /[.,;]+$/,
    /(a+)+$/,
    /(?:a|a)*$/,
    /(?:a|b|ab)*$/,
    /<!--[\s\S]*?-->/,
    /<[^>]*>/,
    /<a\b[^>]*href="([^"]*)"[^>]*>/,
    /[^\s@]+@[^\s@]+/,
    /^\s*:?\s*x/,
    /a.*b.*c$/,
    /host .* said/,
    /^([a-z]+)[ \t]*:[ \t]*(.*)$/,
    /^(<!--.*?-->\s*)*<svg/,
    /(?:is |was )*(?:full)/,
    /x\w*y/,
    /(\d+)px/,
    /[ \t]*\n/,
  ])('%s', (regex) => expect(attackThatSlows({ where: '', regex })).toBeDefined());
});

describe('what is quick is left alone', () => {
  it.each([
    /(?<!\s)\s+$/,
    /<!--(?:(?!<!--)[\s\S])*?-->/,
    /<[^<>]*>/,
    /(?<![^\s@])[^\s@]+@[^\s@]+/,
    /^\s*(?::\s*)?x/,
    /host .{0,60} said/,
    /\b(?:[a-z0-9-]{1,63}\.){1,12}[a-z]{2,24}\b/,
    /^[a-z]+$/,
    /(?:is |was ){0,8}full/,
    /"[^"]*"/,
  ])('%s', (regex) => expect(attackThatSlows({ where: '', regex })).toBeUndefined());
});
