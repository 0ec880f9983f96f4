import iconv from 'iconv-lite';
import { isOld, isSingleByte, known } from './charset-names.ts';
import { guessedCharset, isIso2022Jp } from './guess-charset.ts';
import { WINDOWS_1252 } from './mojibake.ts';

/** A feed's text, and the name of the charset it was read as. */
export interface Decoded {
  text: string;
  charset: string;
}

/**
 * The text of a feed's bytes. The charset is that of the byte order mark (or of how "<" lies in memory), else of the
 * HTTP header, else of the XML declaration, else UTF-8. Single-byte charsets fit any bytes, and servers put them on
 * everything: bytes that are UTF-8 beyond doubt are read as that. What fits nothing that was said is read as what its bytes
 * look like, else as the charset usual for the feed's language, at last as windows-1252. Control bytes 0x80-0x9f of ISO 8859-1 are windows-1252, as in
 * browsers. What browsers know is read by TextDecoder, code pages of DOS and of old Macintoshes by iconv-lite. Throws an
 * Error in words for EBCDIC, in which even "<" is another byte.
 */
export function decodeFeed(body: Buffer, contentType: string | null, language = 'en'): Decoded {
  if (EBCDIC.equals(body.subarray(0, EBCDIC.length))) throw new Error(NO_EBCDIC);
  const marked = byMark(body);
  if (marked === 'utf-32le' || marked === 'utf-32be') return { text: utf32(body, marked), charset: marked };
  if (marked) return read(body, marked) ?? loosely(body, marked);
  const header = known(/charset\s*=\s*["']?([\w.:-]+)/i.exec(contentType ?? '')?.[1]);
  const declared = known(declaration(body));
  for (const charset of [header, declared]) {
    // What is UTF-16 begins like it.
    if (charset === null || charset.startsWith('utf-16')) continue;
    if (isSingleByte(charset) && hasHighBytes(body)) {
      const asUtf8 = read(body, 'utf-8');
      if (asUtf8) return asUtf8;
    }
    const decoded = read(body, charset);
    if (decoded) return decoded;
  }
  if (isIso2022Jp(body)) return loosely(body, 'iso-2022-jp');
  const utf8 = read(body, 'utf-8') ?? mostlyUtf8(body);
  if (utf8) return utf8;
  // What was declared, with the odd wrong byte in it.
  for (const charset of [header, declared]) {
    if (charset === null || charset === 'utf-8' || /^utf-16/.test(charset)) continue;
    return loosely(body, charset);
  }
  const guessed = guessedCharset(body, language);
  if (guessed !== null) return loosely(body, guessed);
  for (const charset of USUAL[language.slice(0, 2)] ?? []) {
    const decoded = read(body, charset);
    if (decoded) return decoded;
  }
  return loosely(body, 'windows-1252');
}

/** "<?xm" as mainframes write it. */
const EBCDIC = Buffer.from([0x4c, 0x6f, 0xa7, 0x94]);
const NO_EBCDIC = 'it is written in EBCDIC; allowed are UTF-8 and the charsets that browsers know';

/** What feeds that say nothing are written in, by their language. The first that fits is taken. */
// biome-ignore format: a list
const USUAL: Record<string, string[]> = {
  ja: ['euc-jp', 'shift_jis', 'iso-2022-jp'], ko: ['euc-kr'], zh: ['gb18030', 'big5'], ru: ['windows-1251', 'koi8-r'], uk: ['windows-1251'],
  bg: ['windows-1251'], sr: ['windows-1251'], pl: ['windows-1250'], cs: ['windows-1250'], sk: ['windows-1250'], hu: ['windows-1250'],
  ro: ['windows-1250'], hr: ['windows-1250'], sl: ['windows-1250'], el: ['windows-1253'], tr: ['windows-1254'], he: ['windows-1255'],
  ar: ['windows-1256'], fa: ['windows-1256'], lt: ['windows-1257'], lv: ['windows-1257'], et: ['windows-1257'], th: ['windows-874'], vi: ['windows-1258'],
};

/** The same bytes stand in UTF-8 and ISO 8859 where somebody took windows-1252 for them; as characters they mean nothing. */
function repaired(text: string, charset: string): string {
  if (!/^(?:windows-1252|utf-|iso-8859-)/.test(charset)) return text;
  return text.replace(/[\u0080-\u009f]/g, (control) => WINDOWS_1252[control.charCodeAt(0) - 0x80] ?? control);
}

/** Null when the bytes are not of the charset. */
function read(body: Buffer, charset: string): Decoded | null {
  try {
    if (isOld(charset)) return { text: iconv.decode(body, charset), charset };
    const text = new TextDecoder(charset, { fatal: true }).decode(body);
    return { text: repaired(text, charset), charset };
  } catch {
    return null;
  }
}

function loosely(body: Buffer, charset: string): Decoded {
  if (isOld(charset)) return { text: iconv.decode(body, charset), charset };
  return { text: repaired(new TextDecoder(charset).decode(body), charset), charset };
}

/**
 * UTF-8 with some bytes of another charset in it, as old comments and adverts bring: they are read as windows-1252. Of a
 * character that was cut in two nothing is kept.
 */
function mostlyUtf8(body: Buffer): Decoded | null {
  const text = new TextDecoder('utf-8').decode(body);
  let wrong = 0;
  let right = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0xfffd) wrong++;
    else if (code > 0x7f) right++;
  }
  // In text of other charsets few bytes happen to stand together as those of a character do.
  if (right === 0 || wrong * 2 > right) return null;
  const mended = body.toString('latin1').replace(CHARACTERS, (bytes, whole?: string, begun?: string) => {
    if (whole !== undefined) return Buffer.from(whole, 'latin1').toString('utf8');
    return begun === undefined ? repaired(bytes, 'windows-1252') : '';
  });
  return { text: mended, charset: 'utf-8' };
}

/** Characters of UTF-8 beyond ASCII (Unicode, table 3-7); the beginnings of such, where a text was cut; and other bytes. */
const CHARACTERS =
  /((?:[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}){1,100})|((?:\xe2[\x80-\xbf]?|[\xe3-\xef][\xa0-\xbf]|[\xc2\xc3]|[\xf0-\xf4][\x80-\xbf]{1,2})(?![\x80-\xbf]))|[\x80-\xff]/g;

function hasHighBytes(body: Buffer): boolean {
  for (let at = 0; at < body.length; at++) if (body[at]! > 0x7f) return true;
  return false;
}

/** By the byte order mark, or by how "<" (or a JSON feed's "{") lies in memory (XML 1.0, appendix F). */
function byMark(body: Buffer): string | null {
  const [a, b, c, d] = body;
  const isFirst = (byte: number | undefined) =>
    byte === 0x3c || byte === 0x7b || byte === 0x0d || byte === 0x0a || byte === 0x09 || byte === 0x20;
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
  if (a === 0xff && b === 0xfe) return c === 0 && d === 0 ? 'utf-32le' : 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  if (a === 0 && b === 0 && ((c === 0xfe && d === 0xff) || (c === 0 && isFirst(d)))) return 'utf-32be';
  if (isFirst(a) && b === 0) return c === 0 && d === 0 ? 'utf-32le' : 'utf-16le';
  if (a === 0 && isFirst(b)) return 'utf-16be';
  return null;
}

function declaration(body: Buffer): string | undefined {
  const start = body.subarray(0, 1000).toString('latin1');
  const charset = /<\?xml[^<>]*?encoding\s*=\s*(?:["']\s*)?([\w.:-]+)/i.exec(start)?.[1];
  // It could be read byte by byte, so it is not UTF-16, whatever it says.
  return charset && /^(utf-?(16|32)|ucs-?[24]|iso-10646|unicode)/i.test(charset) ? undefined : charset;
}

function utf32(body: Buffer, order: 'utf-32le' | 'utf-32be'): string {
  const parts: string[] = [];
  for (let at = 0; at + 4 <= body.length; at += 4) {
    const code = order === 'utf-32le' ? body.readUInt32LE(at) : body.readUInt32BE(at);
    parts.push(code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd');
  }
  return parts.join('');
}
