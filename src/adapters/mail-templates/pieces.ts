import { randomBytes } from 'node:crypto';

/** How a template wrote a value: {{x}}, {{{x}}}, or {{href x}}. */
export type Escaping = 'text' | 'raw' | 'attribute';

/** What a template comes to: bytes that are the same for all, and places that are filled for each mail. */
export type Piece =
  | { kind: 'bytes'; bytes: Buffer }
  | { kind: 'token' }
  | { kind: 'value'; field: string; escaping: Escaping }
  | { kind: 'block'; number: number };

/** Nobody outside this process can know it, so no feed can write something that is taken for a mark. */
const NONCE = randomBytes(12).toString('hex');
const [OPEN, CLOSE] = ['\uE000', '\uE001'];

/** Stands for a reader's token in links: letters that no escaping changes. */
export const TOKEN_MARK = `dtoken${NONCE}`;

/** Stands for a value. What becomes of "&=" tells how the template escaped it. */
export function valueMark(field: string): string {
  return `${OPEN}${field}.${NONCE}&=${CLOSE}`;
}

/** Stands for an address: templates take nothing else where one is to be. */
export function addressMark(field: string): string {
  return `https://${valueMark(field)}`;
}

export function blockMark(number: number): string {
  return `${OPEN}#${number}.${NONCE}${CLOSE}`;
}

const ESCAPES: Record<string, Escaping> = { '&amp;&#x3D;': 'text', '&=': 'raw', '&amp;=': 'attribute' };
const MARKS = new RegExp(
  `${TOKEN_MARK}|(?:https://)?${OPEN}([\\w.]+)\\.${NONCE}([^${CLOSE}]*)${CLOSE}|${OPEN}#(\\d+)\\.${NONCE}${CLOSE}`,
  'g',
);

/** How pieces become bytes, so that any can stand after any. */
export type Encode = (text: string) => Buffer;

/** Cuts what a template wrote at its marks. Throws when a mark was changed in a way that is not understood. */
export function cut(written: string, encode: Encode): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  const bytes = (text: string) => {
    if (text.includes(NONCE)) throw new Error('the template changes what it is given');
    if (text !== '') pieces.push({ kind: 'bytes', bytes: encode(text) });
  };
  for (const match of written.matchAll(MARKS)) {
    bytes(written.slice(at, match.index));
    at = match.index + match[0].length;
    const [, field, escaped, block] = match;
    if (block !== undefined) pieces.push({ kind: 'block', number: Number(block) });
    else if (field === undefined) pieces.push({ kind: 'token' });
    else {
      const escaping = ESCAPES[escaped ?? ''];
      if (!escaping) throw new Error(`the template writes ${field} in a way that is not understood`);
      pieces.push({ kind: 'value', field, escaping });
    }
  }
  bytes(written.slice(at));
  return pieces;
}
