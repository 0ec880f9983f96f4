/**
 * The locale that dates are written in. Plain "en" means American dates to JavaScript; readers of an English mail
 * anywhere understand "24 November 2026, 10:41", and nobody has to guess between AM and PM.
 */
export function dateLocale(language: string): string {
  return language === 'en' ? 'en-GB' : language;
}

/** Where most of its readers live: "de" is of DE, "pt" of BR, "pt-PT" of PT. */
export function regionOf(language: string): string {
  return new Intl.Locale(dateLocale(language)).maximize().region ?? 'ZZ';
}

/** Which way its letters run. */
export function directionOf(language: string): 'ltr' | 'rtl' {
  return RIGHT_TO_LEFT.includes(new Intl.Locale(language).maximize().script ?? '') ? 'rtl' : 'ltr';
}

const RIGHT_TO_LEFT = ['Adlm', 'Arab', 'Hebr', 'Nkoo', 'Rohg', 'Syrc', 'Thaa'];

/** A text of templates/locales by its dotted key, with its {name} places filled. */
export type Say = (language: string, key: string, values?: Record<string, unknown>) => string;

/** "Deutsch" on an English page is "German". */
export function languageName(id: string, language: string): string {
  return new Intl.DisplayNames([language], { type: 'language' }).of(id) ?? id;
}
