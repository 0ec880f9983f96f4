import { randomBytes } from 'node:crypto';

/** How a template wrote a value: {{x}}, {{{x}}}, or {{href x}}. */
export type Escaping = 'text' | 'raw' | 'attribute';

export interface Value {
  field: string;
  escaping: Escaping;
}

/** What a template comes to: text that is the same for all but for the token in it, and places to be filled for each mail. */
export type Segment =
  | { kind: 'text'; text: string }
  | { kind: 'value'; value: Value }
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
  `(?:https://)?${OPEN}([\\w.]+)\\.${NONCE}([^${CLOSE}]*)${CLOSE}|${OPEN}#(\\d+)\\.${NONCE}${CLOSE}`,
  'g',
);

/** Cuts what a template wrote at its marks. Throws when a mark was changed in a way that is not understood. */
export function cut(written: string): Segment[] {
  const pieces: Segment[] = [];
  let at = 0;
  const add = (text: string) => {
    if (text.replaceAll(TOKEN_MARK, '').includes(NONCE))
      throw new Error('the template changes what it is given');
    if (text !== '') pieces.push({ kind: 'text', text });
  };
  for (const match of written.matchAll(MARKS)) {
    add(written.slice(at, match.index));
    at = match.index + match[0].length;
    const [, field, escaped, block] = match;
    if (block !== undefined) {
      pieces.push({ kind: 'block', number: Number(block) });
      continue;
    }
    const escaping = ESCAPES[escaped ?? ''];
    if (!escaping) throw new Error(`the template writes ${field} in a way that is not understood`);
    pieces.push({ kind: 'value', value: { field: field!, escaping } });
  }
  add(written.slice(at));
  return pieces;
}
