import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** All texts of one language, by dotted key: "mails.confirmation.subject". */
export type Texts = ReadonlyMap<string, string>;

/** Reads templates/locales/*.json, one file per language. */
export function loadTexts(folder: string): Map<string, Texts> {
  const languages = new Map<string, Texts>();
  for (const file of readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()) {
    const texts = new Map<string, string>();
    flatten(JSON.parse(readFileSync(join(folder, file), 'utf8')), '', texts);
    languages.set(basename(file, '.json'), texts);
  }
  return languages;
}

const MOST_NAMED = 5;

/** Keys that one language has and another lacks: "nl: mails.notice.subject is missing"; of many, how many and the first. */
export function missingTexts(languages: Map<string, Texts>, wanted: readonly string[]): string[] {
  const keys = new Set([...languages.values()].flatMap((texts) => [...texts.keys()]));
  return wanted.flatMap((language) => {
    const texts = languages.get(language);
    if (!texts) return [`${language}: there is no file ${language}.json in templates/locales`];
    const missing = [...keys].filter((key) => !texts.has(key));
    if (missing.length <= MOST_NAMED) return missing.map((key) => `${language}: ${key} is missing`);
    const first = missing.slice(0, MOST_NAMED).join(', ');
    return [
      `${language}: ${missing.length} of ${keys.size} texts are missing in ${language}.json: ${first} …`,
    ];
  });
}

/**
 * Fills {name} places, and {n|# person|# people}: the first when n is 1, else the second, with n for each "#". A key that
 * is missing is a fault of ours and says so, instead of leaving a hole in a mail.
 */
export function say(texts: Texts, key: string, values: Record<string, unknown> = {}): string {
  const text = texts.get(key);
  if (text === undefined)
    throw new Error(`there is no text "${key}"; run "simmer check" to list missing texts`);
  return text.replace(
    /\{(\w+)(?:\|([^|{}]*)\|([^|{}]*))?\}/g,
    (place, name: string, one?: string, many?: string) => {
      if (!(name in values)) return place;
      const value = String(values[name]);
      return many === undefined ? value : ((value === '1' ? one : many) ?? '').replaceAll('#', value);
    },
  );
}

/** The texts of all languages as one function. */
export function sayer(languages: ReadonlyMap<string, Texts>) {
  return (language: string, key: string, values: Record<string, unknown> = {}): string => {
    const texts = languages.get(language);
    if (!texts) throw new Error(`there is no file ${language}.json in templates/locales`);
    return say(texts, key, values);
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
