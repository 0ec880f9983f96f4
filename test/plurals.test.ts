import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadTexts, say, type Texts } from '../src/adapters/templates/texts.ts';
import { counted } from '../src/domain/text.ts';

const ROOT = join(import.meta.dirname, '..');
const languages = loadTexts(join(ROOT, 'templates/locales'));

/** Texts whose number is never one or counts nothing, and why. */
const NEVER_ONE: readonly [RegExp, string][] = [
  [/^mails\.sign-in\.|^subscriber\.(ownData|confirmChange)\./, 'a link works as long as it does'],
  [/^mails\.feedNotice\.subjectMany$/, 'one feed has a subject of its own'],
  [/^subscriber\.problems\.field\.too-long$/, 'no field takes one character'],
  [/^staff\.import\.problem\.several-addresses$/, 'several'],
  [/^staff\.rehearsal\.sample$/, 'a sample is taken of more than four hundred'],
  [/^staff\.overview\.chartTooFew$/, 'of few nothing is drawn'],
  [/^staff\.overview\.detail\.costPerCustomer$/, '"für 1 Kunden" is the accusative of one'],
  [/^staff\.import\.problem\.open-quote$/, 'the number of a line'],
  [/^staff\.health\.deliveriesLate$/, 'emails of issues: "2 issue emails"'],
  [/^staff\.content\.balance$/, '"2 vers" stands without its noun'],
  [/^reasons\.score\.mail-sent$/, 'the number of a mail, not of mails'],
  [/^staff\.overview\.liftRangePoints$/, 'a range, in tenths'],
  [/^reasons\.machine\./, 'one of several'],
  [/^(staff\.told\.publishedAgo|reasons\..*published-ago)$/, 'one day ago is yesterday'],
];

/** Verbs that follow the number of what does or suffers something. */
const VERBS: Record<string, string> = {
  en: 'are were have do wait',
  nl: 'zijn waren hebben worden werden kunnen wachten moeten',
  fr: 'sont étaient ont peuvent attendent',
  de: 'sind waren haben werden wurden können warten müssen',
};

/** Nouns of which no text of ours says one and many, but which might be counted. */
const NOUNS: Record<string, string> = {
  en: 'address/addresses character/characters company/companies feed/feeds hour/hours minute/minutes member/members problem/problems second/seconds step/steps subscriber/subscribers try/tries visit/visits',
  nl: 'adres/adressen bedrijf/bedrijven feed/feeds minuut/minuten seconde/seconden stap/stappen teken/tekens',
  de: 'Adresse/Adressen Feed/Feeds Minute/Minuten Sekunde/Sekunden Stunde/Stunden Unternehmen/Unternehmen',
  fr: 'adresse/adresses caractère/caractères essai/essais étape/étapes fiche/fiches heure/heures minute/minutes problème/problèmes seconde/secondes visite/visites',
};

/** What the texts of a language themselves tell apart: "{n|# reader|# readers}" makes reader and readers. */
function nounsOf(language: string, texts: Texts): { ones: Set<string>; manies: Set<string> } {
  const pairs = (NOUNS[language] ?? '')
    .split(' ')
    .filter(Boolean)
    .map((pair) => pair.split('/') as [string, string]);
  for (const text of texts.values()) {
    for (const [, one = '', many = ''] of text.matchAll(/\{\w+\|([^|{}]*#[^|{}]*)\|([^|{}]*#[^|{}]*)\}/g)) {
      const [ones, manies] = [one, many].map(
        (form) => form.slice(form.indexOf('#') + 1).match(/[\p{L}-]+/gu) ?? [],
      );
      const at = ones!.findIndex((word, i) => word !== manies![i]);
      // "an # Leser" for one and for many: a noun that agrees with every number.
      const [noun, nouns] = at < 0 ? [ones![0], manies![0]] : [ones![at], manies![at]];
      if (noun && nouns) pairs.push([noun, nouns]);
    }
  }
  const manies = new Set(pairs.map(([, many]) => many));
  // "Leser" is one and many: it agrees with every number. So does what is a verb in one of its forms.
  return {
    ones: new Set(pairs.map(([one]) => one).filter((one) => !manies.has(one))),
    manies: new Set(
      [...manies]
        .filter((many) => !pairs.some(([one]) => one === many))
        .concat((VERBS[language] ?? '').split(' ').filter(Boolean)),
    ),
  };
}

/** "1 readers", "1 fresh articles": the number, of one at most one word between, and a word that does not agree with it. */
function disagreeing(said: string, n: number, wrong: ReadonlySet<string>): string[] {
  const counts = new RegExp(`(?<![\\p{L}\\d.,])${n} ([\\p{L}-]+)(?: ([\\p{L}-]+))?`, 'gu');
  return [...said.matchAll(counts)]
    .filter(([, next, last]) => wrong.has(next!) || (n === 1 && last !== undefined && wrong.has(last)))
    .map(([words]) => words);
}

describe('a count agrees with its noun', () => {
  it.each([
    [0, '0 readers', '0 tries'],
    [1, '1 reader', '1 try'],
    [2, '2 readers', '2 tries'],
  ])('in English by hand: %s', (n, readers, tries) => {
    expect(counted(n, 'reader')).toBe(readers);
    expect(counted(n, 'try', 'tries')).toBe(tries);
  });

  it('sees what does not', () => {
    const { ones, manies } = nounsOf('en', languages.get('en')!);
    expect(disagreeing('of 1 readers', 1, manies)).toEqual(['1 readers']);
    expect(disagreeing('1 fresh articles, 1 are old', 1, manies)).toEqual(['1 fresh articles', '1 are old']);
    expect(disagreeing('0 reader, 2 leads', 0, ones)).toEqual(['0 reader']);
    expect(disagreeing('1 of 1 reader, 11 readers', 1, manies)).toEqual([]);
  });

  it.each([...languages])('in every text of mails and pages for 0, 1 and 2: %s', (language, texts) => {
    const { ones, manies } = nounsOf(language, texts);
    expect(ones.size).toBeGreaterThan(20);
    const wrong = [...texts].flatMap(([key, text]) => {
      const places = [...text.matchAll(/\{(\w+)/g)]
        .map(([, name]) => name!)
        .filter((name) => !NAMES.has(name));
      if (NEVER_ONE.some(([known]) => known.test(key))) return [];
      return [0, 1, 2].flatMap((n) => {
        const said = say(texts, key, Object.fromEntries(places.map((name) => [name, n])), language);
        return disagreeing(said, n, isOne(language, n) ? manies : ones).map((words) => `${key}: ${words}`);
      });
    });
    expect(wrong).toEqual([]);
  });

  it('with no place left open for 0, 1 or 2 in any language', () => {
    for (const [language, texts] of languages) {
      for (const [key, text] of texts) {
        if (!/\{\w+\|/.test(text)) continue;
        const places = [...text.matchAll(/\{(\w+)/g)].map(([, name]) => name!);
        for (const n of [0, 1, 2]) {
          const said = say(texts, key, Object.fromEntries(places.map((name) => [name, n])), language);
          expect(said, `${language} ${key}`).not.toMatch(/[{}|#]/);
        }
      }
    }
  });

  it('in all that the program says in English, by counted(…)', () => {
    const folder = join(ROOT, 'src');
    const { manies } = nounsOf('en', languages.get('en')!);
    const nouns = [...manies].filter(
      (noun) => !VERBS.en!.split(' ').includes(noun) && !/^(has|was|wants)$/.test(noun),
    );
    const said = new RegExp(
      `\\$\\{([^{}]+)\\} (?:(?:more|new|active|fresh|planned|uncertain|last) )?(${nouns.join('|')}|people|days|employees)\\b`,
      'g',
    );
    const wrong = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) =>
        readFileSync(join(folder, file), 'utf8')
          .split('\n')
          .flatMap((line) =>
            [...line.matchAll(said)]
              .filter(([, value]) => !isTold(line, value!))
              .map(() => `${file}: ${line.trim()}`),
          ),
      );
    expect(wrong.filter((line) => !MANY.some(([known]) => known.test(line)))).toEqual([]);
    for (const [known, why] of MANY)
      expect(
        wrong.some((line) => known.test(line)),
        why,
      ).toBe(true);
  });
});

/** French counts none as one: "0 lecteur". */
const isOne = (language: string, n: number) => new Intl.PluralRules(language).select(n) === 'one';

/** Places that hold a name, an address, a date or a rhythm. */
const NAMES = new Set(
  'brand digest rhythm domain address what who issue day at zone rest beside email subject'.split(' '),
);

/** A number that is one was told apart on the same line, stands in a name for all numbers, or has tenths. */
function isTold(line: string, value: string): boolean {
  return /=== 1\b/.test(line) || /^[A-Z_]+( \/ \d+)?$|MINUTES|MOST_|LONGEST|LARGEST|toFixed/.test(value);
}

/** What is never one, and why. */
const MANY: readonly [RegExp, string][] = [
  [/^commands\/demo\.ts.*whole road in/, 'the road of the demo'],
  [/^commands\/report-lift\.ts.*points\(/, 'a difference with tenths'],
  [/^config\/programme-checks\.ts.*\$\{kind\} leads/, 'a verb'],
  [/^domain\/delivery\/schedule\.ts.*every \$\{every\} days/, 'as it was written'],
  [
    /^domain\/scoring\/rule-change\.ts.*(mailsBeforeSql|halfLifeDays)/,
    'only what is less than one is refused',
  ],
];
