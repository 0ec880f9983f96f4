import { counted, shortened } from '../../domain/text.ts';
import { pluralCategories } from './plural.ts';
import { PLACE, type Texts } from './texts.ts';

/** What is wrong with one text of a language: at which key of which file, what stands there, and what may. */
export interface TextFault {
  /** "fr.json: mails.issue.subject" */
  path: string;
  found: string;
  allowed: string;
  /** A page or mail cannot be written, or has a hole, because of it. */
  isGrave: boolean;
}

/** The language the shipped templates were written in first; its file says which texts there are. */
const FIRST = 'en';
const LONGEST_QUOTE = 70;

/**
 * What these languages lack to be whole: a file, texts, places in them, plural forms; and what they have too much. Compared
 * with English, or where that file is gone, with the first language that is there. A text that two other languages have is
 * asked for as well: then it is English that lacks it.
 */
export function textFaults(languages: ReadonlyMap<string, Texts>, wanted: readonly string[]): TextFault[] {
  const model = languages.has(FIRST) ? FIRST : (wanted.find((language) => languages.has(language)) ?? FIRST);
  const expected = expectedTexts(languages, model);
  return wanted.flatMap((language): TextFault[] => {
    const texts = languages.get(language);
    if (!texts) {
      const allowed = `a file templates/locales/${language}.json: a copy of ${model}.json, translated`;
      return [{ path: `${language}.json`, found: 'no such file', allowed, isGrave: true }];
    }
    const missing = [...expected].flatMap(([key, text]) =>
      texts.has(key) ? [] : [grave(key, 'nothing', `this text in "${language}"; elsewhere: ${quoted(text)}`)],
    );
    const faults = [...texts].flatMap(([key, text]) =>
      faultsOf(language, key, text, expected.get(key), model),
    );
    return [...missing, ...faults].map(({ key, ...fault }) => ({
      path: `${language}.json: ${key}`,
      ...fault,
    }));
  });
}

function expectedTexts(languages: ReadonlyMap<string, Texts>, model: string): Map<string, string> {
  const expected = new Map(languages.get(model));
  const seen = new Set<string>();
  for (const texts of languages.values()) {
    for (const [key, text] of texts) {
      if (seen.has(key) && !expected.has(key)) expected.set(key, text);
      seen.add(key);
    }
  }
  return expected;
}

type Fault = Omit<TextFault, 'path'> & { key: string };

const grave = (key: string, found: string, allowed: string): Fault => ({
  key,
  found,
  allowed,
  isGrave: true,
});
const slight = (key: string, found: string, allowed: string): Fault => ({
  key,
  found,
  allowed,
  isGrave: false,
});

function faultsOf(
  language: string,
  key: string,
  text: string,
  wanted: string | undefined,
  model: string,
): Fault[] {
  if (wanted === undefined)
    return [slight(key, quoted(text), `only keys that ${model}.json has: nobody asks for this one`)];
  if (text.trim() === '' && wanted.trim() !== '') return [grave(key, '""', 'a text that is not empty')];
  return [...bracesOf(key, text), ...placesOf(key, text, wanted), ...formsOf(language, key, text, wanted)];
}

function bracesOf(key: string, text: string): Fault[] {
  const left = text.replace(PLACE, '');
  if (!/[{}]/.test(left)) return [];
  return [grave(key, quoted(text), 'braces only as {name} or {name|form|form}, each closed')];
}

function placesOf(key: string, text: string, wanted: string): Fault[] {
  const [here, there] = [namesIn(text), namesIn(wanted)];
  const lacking = [...there].filter((name) => !here.has(name)).map((name) => `no {${name}}`);
  const unknown = [...here]
    .filter((name) => !there.has(name))
    .map((name) => `{${name}}, which nothing fills`);
  if (lacking.length + unknown.length === 0) return [];
  const names = [...there].map((name) => `{${name}}`).join(', ');
  const allowed = names === '' ? 'no place to fill' : `each of ${names}, and no other`;
  const found = [...lacking, ...unknown].join('; ');
  return [unknown.length > 0 ? grave(key, found, allowed) : slight(key, found, allowed)];
}

/** Every number needs its form, also where two of them are alike; a language with one alone may leave the bar out. */
function formsOf(language: string, key: string, text: string, wanted: string): Fault[] {
  const categories = pluralCategories(language);
  const forms = `${categories.length} forms, in this order: ${categories.join(', ')}`;
  const having = countedIn(text);
  const lacking = categories.length === 1 ? [] : [...countedIn(wanted)].filter((name) => !having.has(name));
  const without = lacking.map((name) => slight(key, `{${name}} without plural forms`, forms));
  const unlike = [...text.matchAll(PLACE)].flatMap(([place, , bars = '']) => {
    const count = bars.split('|').length - 1;
    if (count === 0 || count === categories.length) return [];
    return [slight(key, `${counted(count, 'form')} in ${quoted(place)}`, forms)];
  });
  return [...without, ...unlike];
}

const countedIn = (text: string) =>
  new Set([...text.matchAll(PLACE)].filter((place) => place[2] !== '').map((place) => place[1]!));

const namesIn = (text: string) => new Set([...text.matchAll(PLACE)].map((place) => place[1]!));

const quoted = (text: string) => JSON.stringify(shortened(text, LONGEST_QUOTE));
