/** Each is the end of a locale key: subscriber.problems.FIELD.*. */
export type ProfileFieldProblem = 'too-long' | 'has-link' | 'bad-phone';
export type ProfileField = 'name' | 'company' | 'jobTitle' | 'phone';
export type ProfileFieldRead = { value: string | null } | { problem: ProfileFieldProblem };

/** In characters. */
export const LONGEST: Record<ProfileField, number> = { name: 100, company: 120, jobTitle: 100, phone: 40 };

/** Plain text on one line: no control characters, no runs of spaces, composed letters. */
export function plainLine(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim();
}

/**
 * Reads an optional field about a person; empty is null. A name goes into a mail to an address nobody has confirmed
 * yet, so it may hold no web address: else the form would be a way to send strangers somebody's advertisement.
 */
export function readProfileField(field: ProfileField, text: string): ProfileFieldRead {
  const value = plainLine(text);
  if (value === '') return { value: null };
  if (value.length > LONGEST[field]) return { problem: 'too-long' };
  if (field === 'phone') return readPhone(value);
  if (
    /:\/\/|www\.|\bhttps?:|[\p{L}\d]\.(com|net|org|info|biz|xyz|top|ru)\b/iu.test(value) &&
    field === 'name'
  ) {
    return { problem: 'has-link' };
  }
  return { value };
}

/** Digits with the signs people put between them, and at most one extension. Kept as it was typed. */
function readPhone(value: string): ProfileFieldRead {
  const digits = value.replace(/\D/g, '').length;
  const looksRight = /^\+?[\d\s().\-/]+(\s?(ext|tst|x|dw)\.?\s?\d{1,6})?$/i.test(value);
  return looksRight && digits >= 6 && digits <= 20 ? { value } : { problem: 'bad-phone' };
}
