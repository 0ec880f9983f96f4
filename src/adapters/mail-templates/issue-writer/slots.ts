import { TOKEN_MARK } from './segments.ts';

/** Bytes of a mail that any others can stand before and after. */
export interface Encoded {
  bytes: Buffer;
  /** Of text: an empty line belongs before it, after it. The bytes do not have them: of two that meet only one is written. */
  emptyBefore: boolean;
  emptyAfter: boolean;
}

/** With the places of a reader's token in them: one for each of its letters, in order. */
export interface TemplateWithSlots extends Encoded {
  holes: Uint32Array;
}

export type Encode = (text: string) => Encoded;

const NO_HOLES = new Uint32Array();

export function withoutSlots({ bytes, emptyBefore, emptyAfter }: Encoded): TemplateWithSlots {
  return { bytes, emptyBefore, emptyAfter, holes: NO_HOLES };
}

/**
 * Encodes `text` with tokens of this length in the place of their marks. Encoded twice, with one letter for a token's
 * all and with another, the text differs where a token stands: so nothing needs to be known of how it is encoded.
 * Throws when a token's letters do not come out as they are.
 */
export function encodeWithSlots(text: string, tokenLength: number, encode: Encode): TemplateWithSlots {
  const tokens = text.split(TOKEN_MARK).length - 1;
  const [one, other] = ['A', 'B'].map((letter) =>
    encode(text.replaceAll(TOKEN_MARK, letter.repeat(tokenLength))),
  ) as [Encoded, Encoded];
  const holes = new Uint32Array(tokens * tokenLength);
  let found = 0;
  for (let at = 0; at < one.bytes.length; at += 1) if (one.bytes[at] !== other.bytes[at]) holes[found++] = at;
  if (found !== holes.length || one.bytes.length !== other.bytes.length)
    throw new Error('the template changes the tokens of its links');
  return { ...one, holes };
}

/** No more than so many bytes. */
export function mostLength(pieces: readonly TemplateWithSlots[]): number {
  let length = 0;
  for (const { bytes } of pieces) length += bytes.length + 2;
  return length;
}

/** Writes the pieces one after the other from `at` on, the token in its places, and returns where they end. */
export function writeSegments(
  pieces: readonly TemplateWithSlots[],
  token: Uint8Array,
  target: Buffer,
  at: number,
): number {
  let end = at;
  let isAfterEmpty = false;
  for (const { bytes, holes, emptyBefore, emptyAfter } of pieces) {
    if (bytes.length === 0) {
      isAfterEmpty ||= emptyBefore;
      continue;
    }
    if ((isAfterEmpty || emptyBefore) && end > at) {
      target[end++] = 0x0d;
      target[end++] = 0x0a;
    }
    isAfterEmpty = emptyAfter;
    target.set(bytes, end);
    for (let hole = 0, letter = 0; hole < holes.length; hole += 1) {
      target[end + holes[hole]!] = token[letter]!;
      letter += 1;
      if (letter === token.length) letter = 0;
    }
    end += bytes.length;
  }
  return end;
}
