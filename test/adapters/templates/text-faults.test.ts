import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { textFaults } from '../../../src/adapters/templates/text-faults.ts';
import { loadTexts } from '../../../src/adapters/templates/texts.ts';

const folder = join(import.meta.dirname, '../../../templates/locales');
const shipped = loadTexts(folder);
const english = new Map([
  ['greeting', 'Hello {name},'],
  ['found', '{n|# person|# people} found'],
  ['title', 'Readers'],
]);
const found = (language: string, texts: [string, string][]) =>
  textFaults(
    new Map([
      ['en', english],
      [language, new Map(texts)],
    ]),
    [language],
  );

describe('the shipped texts', () => {
  it('are whole in every language', () => {
    expect([...shipped.keys()]).toEqual(['de', 'en', 'fr', 'nl']);
    expect(textFaults(shipped, [...shipped.keys()])).toEqual([]);
  });

  it('of French have the spaces French has before its signs', () => {
    const slips = [...shipped.get('fr')!].filter(
      ([, text]) => / [;:!?»%]/.test(text) || /« |[^\s]»|"\w|'/.test(text.replace(/""/g, '')),
    );
    expect(slips).toEqual([]);
    const joined = [...shipped.get('fr')!].filter(([, text]) => /[\p{L}\p{N})}][;:!?](?:\s|$)/u.test(text));
    expect(joined).toEqual([]);
  });

  it('bring the signs after a word: a template writes none, since not every language sets them alike', () => {
    const files = readdirSync(join(folder, '..'), { recursive: true, encoding: 'utf8' });
    const templates = files.filter((file) => /^(?:pages|mails)\/.*\.(?:hbs|mjml)$/.test(file));
    expect(templates.length).toBeGreaterThan(50);
    const own = templates.filter((file) =>
      /\}\}(?:<\/\w+>)?[:;!?](?=\s|<|\{)/.test(
        readFileSync(join(folder, '..', file), 'utf8').replace(
          /\b(?:style|srcset|src|href|content)="[^"]*"/g,
          '',
        ),
      ),
    );
    expect(own).toEqual([]);
  });

  it('of no language are those of another: what is alike is a name, a sign or the same word', () => {
    const english = shipped.get('en')!;
    const sentence = (text: string) => text.replace(/\{[^{}]*\}/g, '').split(/\s+/).length > 4;
    for (const language of ['nl', 'de', 'fr']) {
      const alike = [...shipped.get(language)!].filter(
        ([key, text]) => sentence(text) && english.get(key) === text,
      );
      expect(alike, language).toEqual([]);
    }
  });
});

describe('a language that is not whole', () => {
  it('is told what it lacks, what it has too much, and where', () => {
    const faults = found('fr', [
      ['greeting', 'Bonjour {nom},'],
      ['found', '{n|# personne}'],
      ['titel', 'Lecteurs'],
    ]);
    expect(faults.map(({ path, found: what, isGrave }) => [path, what, isGrave])).toEqual([
      ['fr.json: title', 'nothing', true],
      ['fr.json: greeting', 'no {name}; {nom}, which nothing fills', true],
      ['fr.json: found', '1 form in "{n|# personne}"', false],
      ['fr.json: titel', '"Lecteurs"', false],
    ]);
    expect(faults[2]?.allowed).toBe('2 forms, in this order: one, other');
  });

  it('needs the forms of its own plural rules', () => {
    const rest: [string, string][] = [
      ['greeting', 'Cześć {name},'],
      ['title', 'Czytelnicy'],
    ];
    expect(found('pl', [['found', '{n|# osoba|# osoby}'], ...rest])).toMatchObject([
      { path: 'pl.json: found', allowed: '3 forms, in this order: one, few, many' },
    ]);
    expect(found('pl', [['found', 'osób: {n}'], ...rest])).toMatchObject([
      { path: 'pl.json: found', found: '{n} without plural forms' },
    ]);
    expect(found('pl', [['found', '{n|# osoba|# osoby|# osób}'], ...rest])).toEqual([]);
  });

  it.each([
    ['a language with one form needs no bars', 'ja', '{n}人', []],
    ['nor do bars harm it', 'ja', '{n|#人}', []],
    ['an empty text', 'nl', ' ', ['""']],
    ['a brace that is not closed', 'nl', '{n|# mens|# mensen', ['"{n|# mens|# mensen"']],
  ])('%s', (_, language, text, expected) => {
    const faults = found(language, [
      ['greeting', '{name}'],
      ['title', 'x'],
      ['found', text],
    ]);
    expect(faults.map((fault) => fault.found).slice(0, 1)).toEqual(expected);
  });

  it('has no file', () => {
    expect(found('fr', []).length).toBe(3);
    expect(textFaults(new Map([['en', english]]), ['fr'])).toMatchObject([
      { path: 'fr.json', found: 'no such file' },
    ]);
  });

  it('may be English itself: two others have the text', () => {
    const languages = new Map(shipped);
    const shorter = new Map(shipped.get('en'));
    shorter.delete('common.copy');
    languages.set('en', shorter);
    expect(textFaults(languages, ['en', 'nl'])).toMatchObject([
      { path: 'en.json: common.copy', found: 'nothing' },
    ]);
  });
});

it('every file of texts is written as the others: two spaces, a line at its end, no key twice', () => {
  for (const language of shipped.keys()) {
    const text = readFileSync(join(folder, `${language}.json`), 'utf8');
    expect(`${JSON.stringify(JSON.parse(text), null, 2)}\n`, language).toBe(text);
  }
});
