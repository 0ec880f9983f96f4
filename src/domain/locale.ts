/**
 * The locale that dates are written in. Plain "en" means American dates to JavaScript; readers of an English mail
 * anywhere understand "24 November 2026, 10:41", and nobody has to guess between AM and PM.
 */
export function dateLocale(language: string): string {
  return language === 'en' ? 'en-GB' : language;
}
