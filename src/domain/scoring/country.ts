/** Calling codes and time zones of the countries whose companies most often read a mail in our three languages. */
const CALLING_CODES: Readonly<Record<string, string>> = {
  '31': 'NL',
  '32': 'BE',
  '33': 'FR',
  '34': 'ES',
  '39': 'IT',
  '41': 'CH',
  '43': 'AT',
  '44': 'GB',
  '45': 'DK',
  '46': 'SE',
  '47': 'NO',
  '48': 'PL',
  '49': 'DE',
  '351': 'PT',
  '352': 'LU',
  '353': 'IE',
  '358': 'FI',
  '420': 'CZ',
};

const ZONES: Readonly<Record<string, string>> = {
  'Europe/Amsterdam': 'NL',
  'Europe/Brussels': 'BE',
  'Europe/Paris': 'FR',
  'Europe/Madrid': 'ES',
  'Europe/Rome': 'IT',
  'Europe/Zurich': 'CH',
  'Europe/Vienna': 'AT',
  'Europe/London': 'GB',
  'Europe/Copenhagen': 'DK',
  'Europe/Stockholm': 'SE',
  'Europe/Oslo': 'NO',
  'Europe/Warsaw': 'PL',
  'Europe/Berlin': 'DE',
  'Europe/Lisbon': 'PT',
  'Europe/Luxembourg': 'LU',
  'Europe/Dublin': 'IE',
  'Europe/Helsinki': 'FI',
  'Europe/Prague': 'CZ',
};

const TOP_LEVELS: readonly string[] = [...new Set(Object.values(CALLING_CODES))];

/**
 * The country of a lead as two capital letters (ISO 3166), by the surest sign there is: what was written down, the calling
 * code of the phone, the end of the address, the time zone. Null when none of them says.
 */
export function countryOf(lead: {
  country?: string | null;
  phone: string | null;
  email: string;
  timeZone: string;
}): string | null {
  if (lead.country) return lead.country.toUpperCase();
  const digits = /^\s*(?:\+|00)([\d\s().-]+)/.exec(lead.phone ?? '')?.[1]?.replace(/\D/g, '') ?? '';
  const byPhone = CALLING_CODES[digits.slice(0, 3)] ?? CALLING_CODES[digits.slice(0, 2)];
  if (byPhone) return byPhone;
  const end = lead.email.split('.').at(-1)?.toUpperCase() ?? '';
  const byAddress = end === 'UK' ? 'GB' : end;
  if (TOP_LEVELS.includes(byAddress)) return byAddress;
  return ZONES[lead.timeZone] ?? null;
}
