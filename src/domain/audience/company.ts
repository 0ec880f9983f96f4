import { cut } from '../text.ts';
import {
  BY_OTHER_NAME,
  BY_THREE_LETTERS,
  foldedName,
  NAME_LANGUAGES,
  OFFICIAL_BEGINNING,
} from './country-names.ts';
import { plainLine } from './plain-line.ts';

/** Letters with a name that belong to no country of ISO 3166: unions, islands of other countries, inventions. */
const NO_COUNTRIES = ['AC', 'CP', 'CQ', 'DG', 'EA', 'EU', 'EZ', 'IC', 'QO', 'TA', 'UN', 'XA', 'XB', 'ZZ'];
/** Two capital letters each. */
const CODES: readonly string[] = countryCodes();
/** By language: the folded name → the letters. */
const byName = new Map<string, Map<string, string>>();

/**
 * Reads a country as people and files write it: its two or three letters, its flag, or a name of it, whatever the
 * language: the one it has there, a short or official one, a part of it ("England"), "Korea, Republic of". `language` is
 * asked first. Null when it is none.
 */
export function readCountry(text: string, language = 'en'): string | null {
  const value = cut(plainLine(text), LONGEST_NAME);
  const letters = withoutFlag(value).toUpperCase();
  if (CODES.includes(letters)) return letters;
  const byThree = BY_THREE_LETTERS.get(letters);
  if (byThree) return byThree;
  for (const spelling of spellings(value)) {
    const found = named(spelling, language);
    if (found) return found;
  }
  return null;
}

const LONGEST_NAME = 80;

/** 🇳🇱 is two letters of its own. */
const withoutFlag = (text: string) =>
  text.replace(/[\u{1f1e6}-\u{1f1ff}]/gu, (sign) => String.fromCharCode(sign.codePointAt(0)! - 0x1f1e6 + 65));

/** The same country as it may be meant: turned round at a comma or bracket, each part by itself, dots left out. */
function spellings(value: string): string[] {
  const [, before = value, inside] = /^([^(]*)\(([^)]*)\)\s*$/.exec(value) ?? [];
  const parts = [...before.split(','), ...(inside === undefined ? [] : [inside])].map((part) => part.trim());
  const turned = parts.length > 1 ? [parts.toReversed().join(' '), parts.at(-1)!, parts[0]!] : [];
  return [value, ...turned, value.replaceAll('.', '')].map(foldedName).filter((spelling) => spelling !== '');
}

function named(spelling: string, language: string): string | undefined {
  const short = spelling.replace(/^(?:the|de|het|der|die|das|la|le|les|l) /, '');
  for (const name of [
    spelling,
    short,
    short.replace(OFFICIAL_BEGINNING, '').replace(/^(?:the|de|la|les) /, ''),
  ]) {
    const found = BY_OTHER_NAME.get(name) ?? namedIn(name, [language, ...NAME_LANGUAGES.slice(0, 3)]);
    if (found) return found;
  }
  return namedIn(short, NAME_LANGUAGES);
}

function namedIn(name: string, languages: readonly string[]): string | undefined {
  for (const language of languages) {
    const found = namesIn(language).get(name);
    if (found) return found;
  }
  return undefined;
}

/** All countries by their names in this language, in its alphabet. */
export function countriesIn(language: string): { code: string; name: string }[] {
  const names = new Intl.DisplayNames([language], { type: 'region' });
  return CODES.map((code) => ({ code, name: names.of(code) ?? code })).sort((a, b) =>
    a.name.localeCompare(b.name, language),
  );
}

/** "250", "1.200", "50-249" (its middle), "1000+": employees. Null when it is no number of them. */
export function readCompanySize(text: string): number | null {
  const numbers = plainLine(text)
    .replace(
      /^(?:de|von|van) (?=\d)|\s(?:employees|people|medewerkers|werknemers|mitarbeiter|mitarbeitende|salariés|employés|collaborateurs|personnes)$/gi,
      '',
    )
    .replace(/(?<=\d)[.,' ](?=\d{3}(?!\d))/g, '')
    .match(/^(\d{1,8})(?:\s*(?:-|–|to|bis|tot|à)\s*(\d{1,8})|\s*\+)?$/);
  if (!numbers) return null;
  const [least, most] = [Number(numbers[1]), Number(numbers[2] ?? numbers[1])];
  const size = Math.round((least + most) / 2);
  return least <= most && size >= 1 && size <= MOST_EMPLOYEES ? size : null;
}

export const MOST_EMPLOYEES = 10_000_000;

function namesIn(language: string): Map<string, string> {
  const known = byName.get(language);
  if (known) return known;
  const names = new Map<string, string>();
  for (const style of ['short', 'long'] as const) {
    const said = new Intl.DisplayNames([language], { type: 'region', style });
    for (const code of CODES) names.set(foldedName(said.of(code) ?? code), code);
  }
  byName.set(language, names);
  return names;
}

/** Those of all pairs of letters that have a name, and not only in the past. */
function countryCodes(): string[] {
  const names = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  return letters
    .flatMap((first) => letters.map((second) => first + second))
    .filter((code) => names.of(code) !== undefined && !NO_COUNTRIES.includes(code))
    .filter((code) => new Intl.Locale(`und-${code}`).region === code);
}
