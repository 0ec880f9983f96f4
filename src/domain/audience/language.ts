import { cut } from '../text.ts';
import { NAME_LANGUAGES } from './country-names.ts';

/**
 * The programme's language a visitor reads best: the wish in the address, else the first match in Accept-Language
 * (RFC 9110 12.5.4), else the default.
 */
export function chooseLanguage(
  languages: readonly string[],
  defaultLanguage: string,
  wish: string | undefined,
  acceptLanguage: string | undefined,
): string {
  if (wish !== undefined && languages.includes(wish)) return wish;
  const accepted = cut(acceptLanguage ?? '', 500)
    .split(',')
    .map((part) => {
      const [range = '', ...parameters] = part.trim().toLowerCase().split(';');
      const weight = parameters.map((text) => /^\s*q=([\d.]+)$/.exec(text)?.[1]).find(Boolean);
      return { range, weight: weight === undefined ? 1 : Number(weight) };
    })
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight);
  for (const { range } of accepted) {
    const found = languages.find((id) => id.toLowerCase() === range) ?? sameBase(languages, range);
    if (found !== undefined) return found;
  }
  return defaultLanguage;
}

/** "de" for "de-AT", and "pt-BR" for "pt": of another country is better than another language. */
function sameBase(languages: readonly string[], range: string): string | undefined {
  const base = (tag: string) => tag.split('-')[0];
  return languages.find((id) => id === base(range)) ?? languages.find((id) => base(id) === base(range));
}

/** A language of these as files write it: "nl", "nl-BE", "de_DE", "Dutch", "Niederländisch", "néerlandais". Null when it is none of them. */
export function readLanguageName(text: string, languages: readonly string[]): string | null {
  const wanted = text.trim().toLowerCase();
  const code = wanted.split(/[-_ ]/)[0] ?? '';
  const two = /^[a-z]{3}$/.test(code) ? new Intl.Locale(code).language : code;
  return (
    languages.find((id) => id.toLowerCase() === wanted.replace('_', '-')) ??
    languages.find((id) => id === two) ??
    languages.find((id) => namesOf(id).includes(wanted)) ??
    null
  );
}

const known = new Map<string, string[]>();

/** What a language is called in itself and in others, in lower case. */
function namesOf(id: string): string[] {
  const names =
    known.get(id) ??
    [id, ...NAME_LANGUAGES].map((said) =>
      new Intl.DisplayNames([said], { type: 'language' }).of(id)!.toLowerCase(),
    );
  known.set(id, names);
  return names;
}
