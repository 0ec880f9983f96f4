import { cut } from '../text.ts';

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
      return { language: range.split('-')[0] ?? '', weight: weight === undefined ? 1 : Number(weight) };
    })
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight);
  return accepted.find(({ language }) => languages.includes(language))?.language ?? defaultLanguage;
}

/** A language of these as files write it: "nl", "nl-BE", "de_DE", "Dutch", "Niederländisch", "néerlandais". Null when it is none of them. */
export function readLanguageName(text: string, languages: readonly string[]): string | null {
  const wanted = text.trim().toLowerCase();
  const code = wanted.split(/[-_ ]/)[0] ?? '';
  const two = /^[a-z]{3}$/.test(code) ? new Intl.Locale(code).language : code;
  return languages.find((id) => id === two) ?? languages.find((id) => namesOf(id).includes(wanted)) ?? null;
}

const NAMED_IN = ['en', 'nl', 'de', 'fr'];
const known = new Map<string, string[]>();

/** What a language is called in itself and in others, in lower case. */
function namesOf(id: string): string[] {
  const names =
    known.get(id) ??
    [id, ...NAMED_IN].map((said) =>
      new Intl.DisplayNames([said], { type: 'language' }).of(id)!.toLowerCase(),
    );
  known.set(id, names);
  return names;
}
