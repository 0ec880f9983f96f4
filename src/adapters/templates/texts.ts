import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pluralForm } from './plural.ts';

/** All texts of one language, by dotted key: "mails.confirmation.subject". */
export type Texts = ReadonlyMap<string, string>;

/** A place in a text, {name}, or {name|form|form…} with the forms a number asks for. */
export const PLACE = /\{(\w+)((?:\|[^|{}]*)*)\}/g;

/** A file of texts that cannot be read, with its name. */
export class TextFileError extends Error {
  override name = 'TextFileError';
}

/** Reads templates/locales/*.json, one file per language: a language is there because its file is. */
export function loadTexts(folder: string): Map<string, Texts> {
  const languages = new Map<string, Texts>();
  for (const file of readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()) {
    const texts = new Map<string, string>();
    try {
      flatten(JSON.parse(readFileSync(join(folder, file), 'utf8')), '', texts);
    } catch (error) {
      throw new TextFileError(`templates/locales/${file}: ${(error as Error).message}`);
    }
    languages.set(basename(file, '.json'), texts);
  }
  return languages;
}

/**
 * The same with nothing missing: what a language lacks it says in the words of the first of `others` that has them. A page
 * that is half in another language is better than none, while somebody is still translating.
 */
export function withoutHoles(
  languages: ReadonlyMap<string, Texts>,
  others: readonly string[],
): Map<string, Texts> {
  const fallbacks = others.toReversed().flatMap((language) => [...(languages.get(language) ?? [])]);
  return new Map([...languages].map(([language, texts]) => [language, new Map([...fallbacks, ...texts])]));
}

/**
 * Fills {name} places, and {n|# person|# people}: the form that `language` asks for with n (see `pluralForm`), with n for
 * each "#". A key that is missing is a fault of ours and says so, instead of leaving a hole in a mail.
 */
export function say(
  texts: Texts,
  key: string,
  values: Record<string, unknown> = {},
  language = 'en',
): string {
  const text = texts.get(key);
  if (text === undefined)
    throw new Error(`there is no text "${key}"; run "simmer check" to list missing texts`);
  return text.replace(PLACE, (place, name: string, forms: string) => {
    if (!(name in values)) return place;
    const value = String(values[name]);
    if (forms === '') return value;
    return pluralForm(language, values[name], forms.slice(1).split('|')).replaceAll('#', value);
  });
}

/** The texts of all languages as one function. */
export function sayer(languages: ReadonlyMap<string, Texts>) {
  return (language: string, key: string, values: Record<string, unknown> = {}): string => {
    const texts = languages.get(language);
    if (!texts) throw new Error(`there is no file ${language}.json in templates/locales`);
    return say(texts, key, values, language);
  };
}

function flatten(node: unknown, path: string, into: Map<string, string>): void {
  if (typeof node === 'string') into.set(path, node);
  else if (node && typeof node === 'object') {
    for (const [key, child] of Object.entries(node)) flatten(child, path ? `${path}.${key}` : key, into);
  } else
    throw new Error(
      `locale entry "${path}" is ${JSON.stringify(node)}; allowed are texts and groups of texts`,
    );
}
