/** What the bytes of a file are when they are no text: the end of a locale key, staff.import.unusable.*. */
export type NoText = 'workbook';

/**
 * The text of a file as a spreadsheet or another program saved it. UTF-16 is known by its mark or by its zero bytes;
 * what is UTF-8 is read as that. The rest is an older set: the Macintosh one when lines end as they did there, that of
 * DOS when its letters stand inside words, else windows-1252. UTF-8 and windows-1252 in one file, as two lists pasted
 * together leave it, are each read as what they are. Zero characters are dropped.
 */
export function readFileText(bytes: Uint8Array): { text: string } | { problem: NoText } {
  if (WORKBOOKS.some((begin) => begin.every((byte, at) => bytes[at] === byte)))
    return { problem: 'workbook' };
  const text = utf16(bytes) ?? utf8(bytes) ?? olderSet(bytes);
  return { text: text.replace(/^\ufeff/, '').replaceAll('\0', '') };
}

/** Like the text of a form that was posted in another set than it says: UTF-8, else windows-1252. */
export function decodeLoosely(bytes: Uint8Array): string {
  return utf8(bytes) ?? mixed(latin1(bytes));
}

/** .xlsx (and any other ZIP) and .xls. */
const WORKBOOKS = [
  [0x50, 0x4b, 0x03, 0x04],
  [0xd0, 0xcf, 0x11, 0xe0],
];

function utf16(bytes: Uint8Array): string | null {
  const decode = (charset: string) => new TextDecoder(charset).decode(bytes);
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return decode('utf-16le');
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return decode('utf-16be');
  const begin = bytes.subarray(0, 1000);
  const zeros = [0, 0];
  for (const [at, byte] of begin.entries()) if (byte === 0) zeros[at % 2]! += 1;
  const many = begin.length / 5;
  if (zeros[1]! > many && zeros[0] === 0) return decode('utf-16le');
  return zeros[0]! > many && zeros[1] === 0 ? decode('utf-16be') : null;
}

function utf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** One character for each byte. */
const latin1 = ({ buffer, byteOffset, byteLength }: Uint8Array): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString('latin1');

function olderSet(bytes: Uint8Array): string {
  const text = latin1(bytes);
  if (/\r/.test(text) && !/\n/.test(text)) return new TextDecoder('macintosh').decode(bytes);
  const numberFormat = (letters: RegExp) => text.match(letters)?.length ?? 0;
  const isDos =
    numberFormat(/(?<=[a-z])[\x80-\x9a](?=[a-z])/gi) > numberFormat(/(?<=[a-z])[\xc0-\xff](?=[a-z])/gi);
  return isDos ? text.replace(/[\x80-\xff]/g, (byte) => DOS_850[byte.charCodeAt(0) - 0x80]!) : mixed(text);
}

/** What is whole in UTF-8 is that; each other high byte is a letter of windows-1252. */
function mixed(bytes: string): string {
  return bytes
    .replace(/[\x80-\xff]+/g, (high) => high.replace(UTF_8, (whole) => decodeURIComponent(escaped(whole))))
    .replace(/[\x80-\x9f]/g, (byte) => WINDOWS_1252[byte.charCodeAt(0) - 0x80]!);
}

const UTF_8 =
  /[\xc2-\xdf][\x80-\xbf]|(?:\xe0[\xa0-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]|\xed[\x80-\x9f])[\x80-\xbf]|(?:\xf0[\x90-\xbf]|[\xf1-\xf3][\x80-\xbf]|\xf4[\x80-\x8f])[\x80-\xbf]{2}/g;
const escaped = (bytes: string) => bytes.replace(/./gs, (byte) => `%${byte.charCodeAt(0).toString(16)}`);

/** 0x80 to 0x9f, which Node's own decoder leaves as control characters. */
const WINDOWS_1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';
/** 0x80 to 0xff of code page 850: "CSV (MS-DOS)". */
const DOS_850 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0';
