import { charsetOfHtml, decodeText } from './charset.ts';

/** A part of a mail, read leniently: what comes back is often cut off, badly encoded or wrongly labelled. */
export interface MailPart {
  headers: Headers;
  /** In lower case, "text/plain" when nothing is said. */
  type: string;
  /** Decoded text of a leaf; of a part with parts, what stands before the first of them. */
  text: string;
  parts: MailPart[];
}

/** Header fields by their names in lower case, unfolded and decoded, in the order they stand. */
export type Headers = ReadonlyMap<string, readonly string[]>;

/** Deeper nesting than this is an attack, not a mail. */
const DEEPEST = 8;
const MOST_PARTS = 60;
/** What a leaf's text is read of; the rest of a returned mail is our own newsletter. */
const LONGEST_TEXT = 100_000;
/** Looking for the ends of its tags costs more than the text is long. */
const LONGEST_HTML = 40_000;
/** What is read of a header block, and of one field of it. */
const LONGEST_HEADER = 64_000;
const LONGEST_LINE = 4_000;

/** Reads a mail. Line ends may be CRLF, LF or bare CR. Never throws. */
export function readMime(raw: Buffer): MailPart {
  return readPart(raw.toString('latin1').replace(/\r\n?/g, '\n'), 0, { left: MOST_PARTS });
}

/** Reads a header block, or text that looks like one: the body, if any, is left out. `source` has one character per byte. */
export function readHeaders(source: string): Headers {
  const headers = new Map<string, string[]>();
  const text = decodeText(Buffer.from(source.slice(0, LONGEST_HEADER), 'latin1'), null);
  // Some servers fold a Content-Type without the space that says so.
  const unfolded = text.replace(/\n[ \t]+/g, ' ').replace(/;[ \t]*\n(?=[\w*-]{1,40}=)/g, '; ');
  for (const line of unfolded.split('\n')) {
    const match = /^([!-9;-~]{1,80})[ \t]*:([\s\S]*)$/.exec(line.slice(0, LONGEST_LINE));
    if (!match) continue;
    const name = match[1]!.toLowerCase();
    const values = headers.get(name) ?? [];
    // Some write an accent as a character of its own.
    values.push(decodeWords(match[2]!).normalize('NFC').trim());
    headers.set(name, values);
  }
  return headers;
}

/** The first value of a field, or ''. */
export function header(headers: Headers, name: string): string {
  return headers.get(name)?.[0] ?? '';
}

function readPart(source: string, depth: number, budget: { left: number }): MailPart {
  budget.left -= 1;
  // A mailbox file's "From " line, and blank lines some gateways put first.
  const mail = source.replace(/^\s*\n/, '').replace(/^>?From [^\n]*\n/, '');
  const startsWithHeader = /^[!-9;-~]+[ \t]*:/.test(mail);
  const end = startsWithHeader ? mail.search(/\n[ \t]*\n/) : -1;
  const headers = readHeaders(startsWithHeader ? (end < 0 ? mail : mail.slice(0, end)) : '');
  const body = startsWithHeader ? (end < 0 ? '' : mail.slice(end).replace(/^\n[ \t]*\n/, '')) : mail;
  const contentType = header(headers, 'content-type');
  const type = /^\s*([\w.+-]+\/[\w.+-]+)/.exec(contentType)?.[1]?.toLowerCase() ?? 'text/plain';
  const encoding = header(headers, 'content-transfer-encoding').toLowerCase();

  const boundary = type.startsWith('multipart/') ? boundaryOf(contentType) : null;
  const split = boundary !== null && depth < DEEPEST ? splitAt(body, boundary) : null;
  // One that has lost its boundaries on the way is read as the text it has become.
  if (split !== null && split.parts.length > 0) {
    const { before, parts } = split;
    return {
      headers,
      type,
      text: before,
      parts: parts.slice(0, Math.max(budget.left, 0)).map((part) => readPart(part, depth + 1, budget)),
    };
  }
  if (/^message\/(rfc822|global)$/.test(type) && depth < DEEPEST && budget.left > 0) {
    const inner = decodeTransfer(body, encoding).toString('latin1').replace(/\r\n?/g, '\n');
    return { headers, type, text: inner.slice(0, LONGEST_TEXT), parts: [readPart(inner, depth + 1, budget)] };
  }
  const bytes = decodeTransfer(body.slice(0, LONGEST_TEXT), encoding);
  const charset = parameter(contentType, 'charset') ?? (type === 'text/html' ? charsetOfHtml(bytes) : null);
  const text = decodeText(bytes, charset);
  return { headers, type: split === null ? type : 'text/plain', text, parts: [] };
}

function boundaryOf(contentType: string): string | null {
  const given = parameter(contentType, 'boundary');
  return given === null || given === '' ? null : given;
}

/** A parameter of a Content-Type, quoted or not. */
export function parameter(value: string, name: string): string | null {
  const match = new RegExp(`;\\s*${name}\\s*=\\s*(?:"([^"]*)"|([^\\s;]+))`, 'i').exec(value);
  return match ? (match[1] ?? match[2] ?? '').trim() : null;
}

/** A part ends at the next line that begins with the boundary; what follows the boundary in that line is forgiven. */
function splitAt(body: string, boundary: string): { before: string; parts: string[] } {
  const pieces: string[] = [];
  let piece: string[] = [];
  let isOver = false;
  for (const line of body.split('\n')) {
    if (pieces.length > MOST_PARTS) break;
    if (!line.startsWith(`--${boundary}`)) {
      piece.push(line);
      continue;
    }
    if (!isOver) pieces.push(piece.join('\n'));
    piece = [];
    isOver = line.startsWith(`--${boundary}--`);
  }
  if (!isOver) pieces.push(piece.join('\n'));
  return { before: pieces[0] ?? '', parts: pieces.slice(1) };
}

function decodeTransfer(body: string, encoding: string): Buffer {
  if (encoding.includes('base64')) return Buffer.from(body.replace(/[^A-Za-z0-9+/=]/g, ''), 'base64');
  if (encoding.includes('quoted-printable')) {
    return Buffer.from(
      body
        .split('\n')
        .map((line) => line.trimEnd())
        .join('\n')
        .replace(/=\n/g, '')
        .replace(/=([0-9A-Fa-f]{2})/g, (_match, hex: string) =>
          String.fromCharCode(Number.parseInt(hex, 16)),
        ),
      'latin1',
    );
  }
  return Buffer.from(body, 'latin1');
}

/** RFC 2047 words; what cannot be decoded stays as it is. */
export function decodeWords(value: string): string {
  return value
    .replace(/(\?=)\s+(=\?)/g, '$1$2')
    .replace(
      /=\?([\w.:-]+)(?:\*[\w-]+)?\?([bqBQ])\?([^?]*)\?=/g,
      (_whole, charset: string, kind: string, word: string) => {
        const bytes =
          kind.toLowerCase() === 'b'
            ? Buffer.from(word, 'base64')
            : decodeTransfer(word.replaceAll('_', ' '), 'quoted-printable');
        return decodeText(bytes, charset);
      },
    );
}

/** Every part, outer before inner; what is inside a returned mail only when `within` says so. */
export function* walk(part: MailPart, within = false): Generator<MailPart> {
  yield part;
  if (/^message\//.test(part.type) && !within) return;
  for (const inner of part.parts) yield* walk(inner, within);
}

/** HTML as the text a person sees, roughly: enough to read a sentence in. */
export function textOfHtml(html: string): string {
  return html
    .slice(0, LONGEST_HTML)
    .replace(/<(style|script|head)\b(?:(?!<\1\b)[\s\S])*?<\/\1>/gi, ' ')
    .replace(/<!--(?:(?!<!--)[\s\S])*?-->/g, ' ')
    .replace(/<(br|\/p|\/div|\/tr|\/li|\/h\d|hr|\/td)\b[^<>]*>/gi, '\n')
    .replace(/<[^<>]{0,500}>/g, ' ')
    .replace(/&(nbsp|#160|#xa0);/gi, ' ')
    .replace(/&lt;/gi, '<')
    .replace(/&gt;/gi, '>')
    .replace(/&quot;/gi, '"')
    .replace(/&(#0{0,5}39|apos|rsquo|#8217);/gi, "'")
    .replace(/&#(\d{1,6});/g, (_match, number: string) => characterOf(Number(number)))
    .replace(/&#x([0-9a-f]{1,5});/gi, (_match, number: string) => characterOf(Number.parseInt(number, 16)))
    .replace(
      /&([a-z])(acute|grave|circ|uml|tilde|ring|cedil|caron);/gi,
      (_match, letter: string, mark: string) => (letter + MARKS[mark.toLowerCase()]!).normalize('NFC'),
    )
    .replace(/&szlig;/g, 'ß')
    .replace(/&amp;/gi, '&')
    .replace(/[ \t]+/g, ' ');
}

/** What stands behind the letter in the names of entities such as "&eacute;", as a character to put upon it. */
const MARKS: Readonly<Record<string, string>> = {
  acute: '\u0301',
  grave: '\u0300',
  circ: '\u0302',
  uml: '\u0308',
  tilde: '\u0303',
  ring: '\u030a',
  cedil: '\u0327',
  caron: '\u030c',
};

function characterOf(number: number): string {
  return number > 31 && number < 0x10ffff && !(number >= 0xd800 && number < 0xe000)
    ? String.fromCodePoint(number)
    : ' ';
}
