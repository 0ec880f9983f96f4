import { AWAY_SUBJECT } from './away-words.ts';
import { WORDS_IN_OTHER_LANGUAGES } from './languages.ts';
import { DELAY_BODY, REPORT_BODY, REPORT_SUBJECT } from './report-words.ts';

/** What gateways write of themselves, whatever the text is in. */
const SAYS_NOTHING =
  /^(?:(?:us-)?ascii|ansi_x3\.4-1968|unknown(?:-8bit)?|x-unknown|default|8bit|binary|none)$/i;
/** Fit any bytes: many servers put them on everything. */
const FITS_ANYTHING = /^(?:iso-8859-1|iso8859-1|latin-?1|windows-1252|cp-?1252)$/i;

/**
 * Text of a mail by the charset that is named. Without one, or with one that says nothing, bytes are UTF-8 where they are
 * that; else they are read in the charset in which they say most of what is said in returned mails, else as Latin-1.
 */
export function decodeText(bytes: Buffer, charset: string | null): string {
  if (charset !== null && !SAYS_NOTHING.test(charset)) {
    try {
      const text = new TextDecoder(charset).decode(bytes);
      if (FITS_ANYTHING.test(charset) && hasHighBytes(bytes))
        return inCharset(bytes, guessed(bytes) ?? charset);
      // A gateway that turned the text into UTF-8 and left the old name is found out by what cannot be read.
      if (!text.includes('\ufffd')) return text;
      return asUtf8(bytes) ?? text;
    } catch {
      // A name such as unicode-1-1-utf-7: read below.
    }
  }
  // Japanese gateways forget to say so.
  if (bytes.includes('\u001b$')) return new TextDecoder('iso-2022-jp').decode(bytes);
  const utf8 = asUtf8(bytes);
  if (utf8 !== null) return utf8;
  const guess = guessed(bytes);
  return guess === null ? bytes.toString('latin1') : inCharset(bytes, guess);
}

function asUtf8(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

const inCharset = (bytes: Buffer, charset: string): string => new TextDecoder(charset).decode(bytes);

/** What servers write reports in without saying so. Where two read the same words, the first is taken. */
const CANDIDATES = [
  'windows-1252',
  'gb18030',
  'big5',
  'shift_jis',
  'euc-jp',
  'euc-kr',
  'koi8-u',
  'windows-1251',
  'iso-8859-5',
  'ibm866',
  'windows-1250',
  'iso-8859-2',
  'windows-1253',
  'windows-1254',
  'windows-1255',
  'windows-1256',
  'windows-1257',
  'windows-874',
] as const;

/** Words of returned mails in every language: of refusals, of reports and of answers by people who are away. */
const KNOWN = new RegExp(
  [
    WORDS_IN_OTHER_LANGUAGES,
    AWAY_SUBJECT.source,
    REPORT_SUBJECT.source,
    REPORT_BODY.source,
    DELAY_BODY.source,
  ].join('|'),
  'gi',
);
/** A report says what it is at its beginning. */
const SAMPLE = 2_000;
/** One letter may be known by chance. */
const FEWEST = 2;

/** The charset in which most letters beyond ASCII stand in words that are known; null where none has enough of them. */
function guessed(bytes: Buffer): string | null {
  const first = bytes.findIndex((byte) => byte > 0x7f);
  if (first < 0) return null;
  const begin = bytes.lastIndexOf(10, first) + 1;
  const sample = wholeLines(bytes.subarray(begin, begin + SAMPLE));
  let best: string | null = null;
  let most = FEWEST - 1;
  for (const charset of CANDIDATES) {
    const known = lettersKnown(sample, charset);
    if (known <= most) continue;
    best = charset;
    most = known;
  }
  return best;
}

function lettersKnown(sample: Buffer, charset: string): number {
  let text: string;
  try {
    text = new TextDecoder(charset, { fatal: true }).decode(sample);
  } catch {
    return 0;
  }
  let letters = 0;
  for (const [word] of text.toLowerCase().matchAll(KNOWN))
    for (const letter of word) if (letter > '\u007f') letters += 1;
  return letters;
}

/** Cut at a line end, so that no character is cut in two. */
function wholeLines(bytes: Buffer): Buffer {
  const end = bytes.lastIndexOf(10);
  return bytes.length < SAMPLE || end < 0 ? bytes : bytes.subarray(0, end);
}

/** What a page says of itself in its first lines. */
export function charsetOfHtml(bytes: Buffer): string | null {
  const head = bytes.toString('latin1', 0, 2_000);
  return /<meta\b[^>]{0,200}?\bcharset\s{0,4}=\s{0,4}["']?\s{0,4}([\w.:-]{1,40})/i.exec(head)?.[1] ?? null;
}

function hasHighBytes(bytes: Buffer): boolean {
  return bytes.some((byte) => byte > 0x7f);
}
