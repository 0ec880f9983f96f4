import { domainToASCII } from 'node:url';
import { cut } from '../text.ts';

/** Each is the end of a locale key: subscriber.problems.email.*. */
export type EmailAddressProblem =
  | 'missing'
  | 'no-at'
  | 'bad-characters'
  | 'bad-domain'
  | 'no-top-level'
  | 'too-long';

export type EmailAddressRead =
  | { address: string /** The address it looks like a slip of, else null. */; suggestion: string | null }
  | { problem: EmailAddressProblem };

/**
 * Reads what a person typed as an address that mail can really be sent to: RFC 5321's dot-string local part and a
 * public domain name, with its length limits. Quoted local parts, address literals and non-ASCII local parts are
 * legal or near-legal but practically always slips, so they are refused. The answer is lower case; an international
 * domain is in its ASCII form.
 */
export function readEmailAddress(text: string): EmailAddressRead {
  const typed = withoutPaste(text);
  if (typed === '') return { problem: 'missing' };
  const at = typed.lastIndexOf('@');
  if (at < 1 || at === typed.length - 1) return { problem: 'no-at' };
  const local = typed.slice(0, at).toLowerCase();
  if (!/^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/.test(local)) {
    return { problem: 'bad-characters' };
  }
  const domain = readDomain(typed.slice(at + 1));
  if (typeof domain !== 'string') return domain;
  // RFC 5321 4.5.3.1: 64 octets of local part; a path of 256 octets holds the address in angle brackets.
  if (local.length > 64 || local.length + 1 + domain.length > 254) return { problem: 'too-long' };
  const meant = meantDomain(domain);
  return { address: `${local}@${domain}`, suggestion: meant === null ? null : `${local}@${meant}` };
}

/** The address that is looked up: as it would be read, or just tidied where it could not. */
export function addressMeant(text: string): string {
  const read = readEmailAddress(text);
  return 'address' in read ? read.address : text.trim().toLowerCase();
}

/** Longer than any address with everything that can hang on it. */
const LONGEST_TYPED = 1000;
/** Signs that nobody sees and no address has: zero-width spaces, soft hyphens, marks of direction and of byte order. */
const UNSEEN = /[\u00ad\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff]/g;
const PAIRS = ['<>', '()', '[]', '""', "''", '“”', '„“', '„”', '‘’', '«»', '‹›'];

/**
 * The address alone, of what was pasted: without unseen signs, brackets and quotes around it, a name in front ("Anna
 * <anna@example.com>"), "mailto:" and what hangs on it, a comma or full stop behind. Wide letters become plain ones.
 */
function withoutPaste(text: string): string {
  let typed = cut(text, LONGEST_TYPED).replace(UNSEEN, '').normalize('NFKC').trim();
  for (let before = ''; before !== typed; ) {
    before = typed;
    typed = typed
      .replace(/^(?:mailto|e-?mail):([^?]*)(?:\?[\s\S]*)?$/i, '$1')
      .replace(/^[^<>@\r\n]*<([^<>]*)>$/, '$1')
      .replace(/(?<![\s.,;:!?])[\s.,;:!?]+$/, '')
      .trim();
    if (PAIRS.some((pair) => typed.length > 1 && typed.startsWith(pair[0]!) && typed.endsWith(pair[1]!)))
      typed = typed.slice(1, -1).trim();
  }
  return typed;
}

function readDomain(typed: string): string | { problem: EmailAddressProblem } {
  if (/[\s/\\?#:@[\]%,;()<>"]/.test(typed)) return { problem: 'bad-domain' };
  const domain = domainToASCII(typed.toLowerCase());
  const labels = domain.split('.');
  if (labels.length < 2) return { problem: domain === '' ? 'bad-domain' : 'no-top-level' };
  if (!labels.every((label) => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(label))) {
    return { problem: 'bad-domain' };
  }
  return /^([a-z]{2,}|xn--[a-z0-9-]+)$/.test(labels.at(-1) ?? '') ? domain : { problem: 'no-top-level' };
}

/** Long enough that one slip away from them is hardly ever another provider. */
const BIG_DOMAINS = [
  'gmail.com',
  'googlemail.com',
  'hotmail.com',
  'outlook.com',
  'yahoo.com',
  'icloud.com',
  'kpnmail.nl',
  't-online.de',
  'protonmail.com',
];
/** Real providers and registries that are one slip away from a big one. */
const REAL_NEIGHBOURS = new Set(['hotmail.co', 'yahoo.co', 'outlook.co']);

/** The big provider this domain is one slip away from, or null. The first letter is nearly always typed right. */
function meantDomain(domain: string): string | null {
  if (BIG_DOMAINS.includes(domain) || REAL_NEIGHBOURS.has(domain)) return null;
  return BIG_DOMAINS.find((big) => big[0] === domain[0] && isOneSlipAway(domain, big)) ?? null;
}

/** One letter too many, too few, wrong, or two neighbours swapped. */
function isOneSlipAway(typed: string, meant: string): boolean {
  if (typed === meant || Math.abs(typed.length - meant.length) > 1) return false;
  let same = 0;
  while (same < typed.length && typed[same] === meant[same]) same++;
  const [restTyped, restMeant] = [typed.slice(same), meant.slice(same)];
  return (
    restTyped.slice(1) === restMeant ||
    restTyped === restMeant.slice(1) ||
    restTyped.slice(1) === restMeant.slice(1) ||
    (restTyped[0] === restMeant[1] &&
      restTyped[1] === restMeant[0] &&
      restTyped.slice(2) === restMeant.slice(2))
  );
}
