import { regionOf } from '../locale.ts';
import { lookUp } from '../look-up.ts';

/** Of the countries that have more than one, and whose first by the alphabet is not the one most people live in. */
const CAPITALS: Readonly<Record<string, string>> = {
  AR: 'America/Buenos_Aires',
  AU: 'Australia/Sydney',
  BR: 'America/Sao_Paulo',
  CA: 'America/Toronto',
  CL: 'America/Santiago',
  CY: 'Asia/Nicosia',
  ES: 'Europe/Madrid',
  GL: 'America/Godthab',
  MN: 'Asia/Ulaanbaatar',
  MX: 'America/Mexico_City',
  PT: 'Europe/Lisbon',
  RU: 'Europe/Moscow',
  US: 'America/New_York',
  UZ: 'Asia/Tashkent',
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

/** Where most readers of a language live; for forms that came without a zone. Of several zones, that of the capital. */
export function usualTimeZone(language: string): string {
  const region = regionOf(language);
  return lookUp(CAPITALS, region) ?? (timeZonesOf(region)[0] || 'UTC');
}

/** In Node's Intl, and not yet in its types. */
interface LocaleWithZones extends Intl.Locale {
  getTimeZones?(): string[] | undefined;
  timeZones?: string[];
}

function timeZonesOf(region: string): string[] {
  const locale: LocaleWithZones = new Intl.Locale(`und-${region}`);
  return locale.getTimeZones?.() ?? locale.timeZones ?? [];
}

/** Every zone that can be chosen, in order of name. */
export function timeZones(): string[] {
  return [...new Set([...Intl.supportedValuesOf('timeZone'), 'UTC'])].sort();
}
