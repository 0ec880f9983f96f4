/** What leads to a person in a text that somebody else wrote: a search that was saved, an entry of the audit log, a server's reply. */
export interface PersonWords {
  /** Lower case. */
  email: string;
  name: string | null;
  phone: string | null;
}

/** What stands where the person stood. */
const GONE = 'erased';
/** Letters of an address; "ann@corp.example" does not stand in "joann@corp.example". */
const ADDRESS_LETTER = "[\\p{L}\\p{N}.!#$%&'*+/=?^_`{|}~@-]";
const ADDRESS = /(?<![^\s<>"@])[^\s<>"@]+@[^\s<>"@]+\.[^\s<>"@]+|%40/;

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
const either = (...forms: string[]) => [...new Set(forms)].map(escaped).join('|');

/**
 * The same text without this person: their whole address (plain, or percent-encoded as in a query), their phone number
 * however it is spaced and, where nobody else is named by an address, their full name. Somebody else's longer address, or a
 * name that is only a part of another, stays as it is.
 */
export const withoutPerson = (text: string, person: PersonWords): string => withoutPersonIn(text, person);

/** The same for every text of a JSON value; keys stay. Whether it names somebody else is asked of the value as a whole. */
export function withoutPersonIn<T>(value: T, { email, name, phone }: PersonWords): T {
  const patterns = [addressPattern(email), encodedPattern(email), phonePattern(phone)];
  const rest = everyText(value, (text) => patterns.reduce((now, one) => now.replace(one, GONE), text));
  if (name === null || ADDRESS.test(JSON.stringify(rest) ?? '')) return rest;
  const pattern = namePattern(name);
  return everyText(rest, (text) => text.replace(pattern, GONE));
}

function everyText<T>(value: T, change: (text: string) => string): T {
  const inner = (one: unknown): unknown => {
    if (typeof one === 'string') return change(one);
    if (Array.isArray(one)) return one.map(inner);
    if (one === null || typeof one !== 'object') return one;
    return Object.fromEntries(Object.entries(one).map(([key, text]) => [key, inner(text)]));
  };
  return inner(value) as T;
}

/** Lower-case parts of which at least one stands in every text that `withoutPerson` would change: to look rows up by. */
export function personTraces({ email, name, phone }: PersonWords): string[] {
  const words = nameWords(name);
  const digits = phone?.replace(/\D/g, '') ?? '';
  const longest = words.reduce((best, word) => (word.length > best.length ? word : best), '');
  return [
    email,
    encodeURIComponent(email).toLowerCase(),
    ...(longest === '' ? [] : [longest.toLowerCase(), encodeURIComponent(longest).toLowerCase()]),
    ...(digits.length < PHONE_DIGITS ? [] : [digits.slice(-1)]),
  ];
}

function addressPattern(email: string): RegExp {
  // In a query the address stands behind "q=", whose letters an address could have too.
  const before = `(?:(?<!${ADDRESS_LETTER})|(?<=[?&]\\w{1,40}=|^\\w{1,40}=))`;
  return new RegExp(`${before}${escaped(email)}(?![\\p{L}\\p{N}_@-]|\\.[\\p{L}\\p{N}])`, 'giu');
}

function encodedPattern(email: string): RegExp {
  const form = new URLSearchParams({ x: email }).toString().slice(2);
  const before = `(?:(?<![\\w%.!~*'()+-])|(?<=%(?:20|22|27|28|2c|3a|3b|3c|3d|26))|(?<==\\+{0,9}))`;
  return new RegExp(`${before}(?:${either(encodeURIComponent(email), form)})(?![\\w%-]|\\.\\w)`, 'giu');
}

/** Fewer digits than this are no number that leads to somebody. */
const PHONE_DIGITS = 7;

function phonePattern(phone: string | null): RegExp {
  const digits = [...(phone ?? '').replace(/\D/g, '')];
  if (digits.length < PHONE_DIGITS) return /$^/;
  return new RegExp(`(?<!\\d)(?:\\+|%2b)?${digits.join('(?:[\\s().\\/+-]|%20|%28|%29){0,3}')}(?!\\d)`, 'giu');
}

function namePattern(name: string): RegExp {
  const words = nameWords(name);
  if (words.length === 0) return /$^/;
  const parts = words.map((word) => `(?:${either(word, encodeURIComponent(word))})`);
  const between = '(?:\\s|\\+|%20){1,3}';
  return new RegExp(`(?<![\\p{L}\\p{N}])${parts.join(between)}(?![\\p{L}\\p{N}])`, 'giu');
}

/** The words of a full name. A single word ("Anna") leads to nobody, and stands in too many other texts. */
function nameWords(name: string | null): string[] {
  const words = name?.trim().split(/\s+/) ?? [];
  return words.length < 2 ? [] : words;
}
