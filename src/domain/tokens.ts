import { isMacOf, newMac } from './use-key.ts';

/**
 * Signed tokens in links: ids and one 16-byte MAC, base64url. They hold no address and no destination, so a
 * changed token reaches nothing and a link table stays the only list of places a click can lead to.
 */
export type TokenSubject =
  | { kind: 'subscriber'; subscriberId: number }
  | { kind: 'delivery'; issueId: number; deliveryId: number };

const MAC_BYTES = 16;
const LETTERS = { subscriber: 's', delivery: 'd' } as const;

/** The first secret signs. The token is 24 to 40 characters of [A-Za-z0-9_-], and starts with its kind's letter. */
export function makeToken(secrets: readonly string[], subject: TokenSubject): string {
  const ids =
    subject.kind === 'subscriber'
      ? varints([subject.subscriberId])
      : varints([subject.issueId, subject.deliveryId]);
  const letter = LETTERS[subject.kind];
  const mac = newMac('link', secrets, signed(letter, ids), MAC_BYTES);
  return letter + Buffer.concat([ids, mac]).toString('base64url');
}

/** Every secret verifies, so that a changed SECRET_KEY leaves old links working. Null for anything not made by us. */
export function readToken(secrets: readonly string[], token: string): TokenSubject | null {
  const letter = token[0];
  if ((letter !== 's' && letter !== 'd') || !/^[A-Za-z0-9_-]{20,60}$/.test(token)) return null;
  const bytes = Buffer.from(token.slice(1), 'base64url');
  // base64url has spellings with stray end bits; only the one we write is taken.
  if (bytes.length <= MAC_BYTES || bytes.toString('base64url') !== token.slice(1)) return null;
  const ids = bytes.subarray(0, bytes.length - MAC_BYTES);
  const given = bytes.subarray(bytes.length - MAC_BYTES);
  // Only ids as we write them: a text that was signed for something else reads as other numbers, or more of them.
  const numbers = readVarints(ids);
  if (numbers.length !== (letter === 's' ? 1 : 2) || !varints(numbers).equals(ids)) return null;
  const said = signed(letter, ids);
  // Before each use had a key of its own, the same was signed with the secret itself.
  if (!isMacOf('link', secrets, said, given, () => said)) return null;
  const [first = 0, second = 0] = numbers;
  return letter === 's'
    ? { kind: 'subscriber', subscriberId: first }
    : { kind: 'delivery', issueId: first, deliveryId: second };
}

const signed = (letter: string, ids: Buffer) => Buffer.concat([Buffer.from(letter), ids]);

function varints(numbers: number[]): Buffer {
  const bytes: number[] = [];
  for (const number of numbers) {
    let rest = number;
    while (rest >= 128) {
      bytes.push((rest % 128) + 128);
      rest = Math.floor(rest / 128);
    }
    bytes.push(rest);
  }
  return Buffer.from(bytes);
}

function readVarints(bytes: Buffer): number[] {
  const numbers: number[] = [];
  let number = 0;
  let factor = 1;
  for (const byte of bytes) {
    number += (byte % 128) * factor;
    factor *= 128;
    if (byte < 128) {
      numbers.push(number);
      number = 0;
      factor = 1;
    }
  }
  return numbers;
}
