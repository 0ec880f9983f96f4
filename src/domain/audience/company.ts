import { plainLine } from './plain-line.ts';

/** Letters with a name that belong to no country of ISO 3166: unions, islands of other countries, inventions. */
const NO_COUNTRIES = ['AC', 'CP', 'CQ', 'DG', 'EA', 'EU', 'EZ', 'IC', 'QO', 'TA', 'UN', 'XA', 'XB', 'ZZ'];
/** Two capital letters each. */
const CODES: readonly string[] = countryCodes();
/** By language: the name in lower case → the letters. */
const byName = new Map<string, Map<string, string>>();

/**
 * Reads a country as people and files write it: its two letters, or its name in English, Dutch, German or `language`.
 * Null when it is none.
 */
export function readCountry(text: string, language = 'en'): string | null {
  const value = plainLine(text).toLowerCase();
  const letters = value.toUpperCase() === 'UK' ? 'GB' : value.toUpperCase();
  if (CODES.includes(letters)) return letters;
  for (const known of new Set(['en', 'nl', 'de', language])) {
    const found = namesIn(known).get(value);
    if (found) return found;
  }
  return null;
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
    .replace(/(?<=\d)[.,' ](?=\d{3}(?!\d))/g, '')
    .match(/^(\d{1,8})(?:\s*(?:-|–|to|bis|tot)\s*(\d{1,8})|\s*\+)?$/);
  if (!numbers) return null;
  const [least, most] = [Number(numbers[1]), Number(numbers[2] ?? numbers[1])];
  const size = Math.round((least + most) / 2);
  return least <= most && size >= 1 && size <= MOST_EMPLOYEES ? size : null;
}

export const MOST_EMPLOYEES = 10_000_000;

function namesIn(language: string): Map<string, string> {
  const known = byName.get(language);
  if (known) return known;
  const names = new Map(countriesIn(language).map(({ code, name }) => [name.toLowerCase(), code]));
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
