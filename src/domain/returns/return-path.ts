import { isMacOf, newMac } from '../use-key.ts';

/** The mail that a bounce is about: the delivery of an issue, or a one-off mail of the outbox. */
export interface ReturnPathSubject {
  kind: 'delivery' | 'outbox';
  id: number;
}

const LETTERS = { delivery: 'd', outbox: 'o' } as const;
/** 15 bytes are 24 letters of base 32: no guess, and far below the 64 octets of a local part (RFC 5321 4.5.3.1.1). */
const MAC_BYTES = 15;
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
const FORM = /^b-([do])([0-9a-z]{1,11})-([a-z2-7]{24})$/;

/**
 * The envelope sender of one mail (VERP): "b-d5k-…@bounces.example.com". Only letters that no mail server folds or
 * quotes; servers may change their case. The first secret signs, so nobody can make bounces up.
 */
export function makeReturnPath(
  secrets: readonly string[],
  subject: ReturnPathSubject,
  domain: string,
): string {
  const name = LETTERS[subject.kind] + subject.id.toString(36);
  return `b-${name}-${base32(newMac('returnPath', secrets, name, MAC_BYTES))}@${domain}`;
}

/** Whose mail came back. Every secret verifies. Null for an address that is not one of ours, or of another domain. */
export function readReturnPath(
  secrets: readonly string[],
  address: string,
  domain: string,
): ReturnPathSubject | null {
  const at = address.lastIndexOf('@');
  if (address.slice(at + 1).toLowerCase() !== domain.toLowerCase()) return null;
  const match = FORM.exec(address.slice(0, Math.max(at, 0)).toLowerCase());
  if (!match) return null;
  const [, letter, digits, given] = match as unknown as [string, 'd' | 'o', string, string];
  const id = Number.parseInt(digits, 36);
  const name = letter + digits;
  // "0a" and "a" are the same number; only the spelling we write is taken.
  if (!Number.isSafeInteger(id) || id.toString(36) !== digits) return null;
  const isOurs = isMacOf('returnPath', secrets, name, bytesOf(given), () => `return-path ${name}`);
  return isOurs ? { kind: letter === 'd' ? 'delivery' : 'outbox', id } : null;
}

/** RFC 4648 base 32 in lower case; the length is a multiple of 5 bytes, so there is no padding. */
function base32(bytes: Buffer): string {
  let text = '';
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) text += ALPHABET[(held >> (bits - 5)) & 31];
    held &= (1 << bits) - 1;
  }
  return text;
}

function bytesOf(text: string): Buffer {
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const letter of text) {
    held = (held << 5) | ALPHABET.indexOf(letter);
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((held >> bits) & 255);
    held &= (1 << bits) - 1;
  }
  return Buffer.from(bytes);
}
