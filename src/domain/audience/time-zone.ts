const BY_LANGUAGE: Record<string, string> = {
  en: 'Europe/London',
  nl: 'Europe/Amsterdam',
  de: 'Europe/Berlin',
};

/** The IANA name as Intl writes it, or null when there is no such zone. Bare offsets ("+01:00") are no zones. */
export function readTimeZone(text: string): string | null {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{1,63}$/.test(text)) return null;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    return null;
  }
}

/** Where most readers of a language live; for forms that came without a zone. */
export function usualTimeZone(language: string): string {
  return BY_LANGUAGE[language] ?? 'UTC';
}

/** Every zone that can be chosen, in order of name. */
export function timeZones(): string[] {
  return [...new Set([...Intl.supportedValuesOf('timeZone'), 'UTC'])].sort();
}
