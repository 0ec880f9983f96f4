import { domainToASCII } from 'node:url';
import { lookUp } from '../look-up.ts';

/** Other names of one provider's domain: the same mailbox answers to all of them. */
const SAME_DOMAIN: Readonly<Record<string, string>> = {
  'googlemail.com': 'gmail.com',
  'me.com': 'icloud.com',
  'mac.com': 'icloud.com',
  'protonmail.com': 'proton.me',
  'protonmail.ch': 'proton.me',
  'pm.me': 'proton.me',
  'ya.ru': 'yandex.ru',
  'yandex.com': 'yandex.ru',
  'yandex.by': 'yandex.ru',
  'yandex.kz': 'yandex.ru',
  'yandex.ua': 'yandex.ru',
};
/** There the tag stands behind a hyphen, and no address has another one. */
const HYPHEN_TAGS = /^(?:yahoo\.[a-z.]+|ymail\.com|rocketmail\.com)$/;
/** What these providers leave out of an address. */
const LEFT_OUT: Readonly<Record<string, RegExp>> = { 'gmail.com': /\./g, 'proton.me': /[.\-_]/g };

/**
 * The mailbox that an address leads to, to count by; it is no address to write to. A tag behind "+" is left out everywhere:
 * where a provider does not know tags, two people at most share a count. A hyphen begins a tag at Yahoo alone: elsewhere it
 * stands in names ("jean-luc@").
 */
export function mailboxOf(address: string): string {
  const written = address.trim().toLowerCase();
  const at = written.lastIndexOf('@');
  const domainWritten = written.slice(at + 1).replace(/\.$/, '');
  const ascii = domainToASCII(domainWritten) || domainWritten;
  let domain = lookUp(SAME_DOMAIN, ascii) ?? ascii;
  let local = written.slice(0, Math.max(0, at));
  // Fastmail: anything@anna.fastmail.com is Anna's.
  const owner = /^([^.]+)\.fastmail\.(?:com|fm)$/.exec(domain);
  if (owner) [local, domain] = [owner[1]!, 'fastmail.com'];
  local = untagged(local, '+');
  if (HYPHEN_TAGS.test(domain)) local = untagged(local, '-');
  if (domain === 'yandex.ru') local = local.replaceAll('-', '.');
  const leftOut = lookUp(LEFT_OUT, domain);
  const short = leftOut ? local.replace(leftOut, '') : local;
  return `${short || local}@${domain}`;
}

function untagged(local: string, sign: string): string {
  const at = local.indexOf(sign);
  return at > 0 ? local.slice(0, at) : local;
}
