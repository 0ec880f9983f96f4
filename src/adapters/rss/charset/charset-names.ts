import iconv from 'iconv-lite';
import { lookUp } from '../../../domain/look-up.ts';

/** Names that browsers do not know, of charsets that they do. */
const OTHER_NAMES: Record<string, string> = {
  cp932: 'shift_jis',
  mskanji: 'shift_jis',
  cp936: 'gb18030',
  gb2312: 'gb18030',
  gbk: 'gb18030',
  cp949: 'euc-kr',
  uhc: 'euc-kr',
  cp950: 'big5',
  utf8mb4: 'utf-8',
  unicode: 'utf-16le',
  ucs2: 'utf-16le',
  iso10646ucs2: 'utf-16le',
  ascii: 'windows-1252',
  macroman: 'macintosh',
};

/** The charset's usual name; null for one that cannot be read here. */
export function known(name: string | undefined): string | null {
  if (name === undefined) return null;
  const plain = name.toLowerCase().replace(/[^a-z0-9]/g, '');
  const candidates = [
    lookUp(OTHER_NAMES, plain) ?? name,
    plain.replace(/^(?:x|cs)(?=[a-z])/, ''),
    plain.replace(/^(?:cp|ms|win|windows|ibm)-?(125\d|874|866)$/, (_, page: string) =>
      page === '866' ? 'ibm866' : `windows-${page}`,
    ),
    plain.replace(/^(?:iso|latin)?(?:8859)(\d{1,2})$/, 'iso-8859-$1'),
    plain.replace(/^koi8/, 'koi8-'),
  ];
  for (const candidate of candidates) {
    try {
      return new TextDecoder(candidate).encoding;
    } catch {
      // The next spelling.
    }
  }
  return oldCodePage(plain);
}

/** iconv-lite's name for a code page of DOS ("IBM850", "csPC850Multilingual", "437") or of a Macintosh; null for others. */
function oldCodePage(plain: string): string | null {
  const number = /^(?:cs)?(?:ibm|cp|pc|pcp|dos|pc8codepage)?(\d{3,4})[a-z]*$/.exec(plain)?.[1];
  const name = number === undefined ? (lookUp(MAC_NAMES, plain) ?? plain) : `cp${number}`;
  return /^(?:cp\d|mac|koi8t$|viscii$|tcvn$|armscii8$|rk1048$|hproman8$|iso885916$)/.test(name) &&
    iconv.encodingExists(name)
    ? name
    : null;
}

const MAC_NAMES: Record<string, string> = {
  maclatin2: 'maccenteuro',
  maccentraleurope: 'maccenteuro',
  xmacce: 'maccenteuro',
  maciceland: 'maciceland',
  xmacgreek: 'macgreek',
  xmacturkish: 'macturkish',
};

export function isSingleByte(charset: string): boolean {
  return isOld(charset) || /^(windows-|iso-8859-|macintosh|ibm866)/.test(charset);
}

/** One that TextDecoder does not know. */
export function isOld(charset: string): boolean {
  return /^(?:cp\d|mac(?!intosh)|koi8t|viscii|tcvn|armscii8|rk1048|hproman8|iso885916)/.test(charset);
}
