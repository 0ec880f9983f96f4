const BY_LANGUAGE: Record<string, string> = {
  en: 'Europe/London',
  nl: 'Europe/Amsterdam',
  de: 'Europe/Berlin',
};

/** The IANA name as Intl writes it, or null when there is no such zone. Bare offsets ("+01:00") are no zones. */
export function readTimeZone(text: string): string | null {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{1,63}$/.test(text)) return null;
  const known = asWritten.get(text.toLowerCase());
  if (known !== undefined) return known;
  try {
    const zone = new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone;
    asWritten.set(text.toLowerCase(), zone);
    return zone;
  } catch {
    return null;
  }
}

/** Finding a zone out takes long, and files name the same few again and again. Only zones are kept: they are few. */
const asWritten = new Map<string, string>();

/** Where most readers of a language live; for forms that came without a zone. */
export function usualTimeZone(language: string): string {
  return BY_LANGUAGE[language] ?? 'UTC';
}

/** Every zone that can be chosen, in order of name. */
export function timeZones(): string[] {
  return [...new Set([...Intl.supportedValuesOf('timeZone'), 'UTC'])].sort();
}
