// Texts in header fields: RFC 5322 (folding, quoted names) and RFC 2047 (letters beyond ASCII).

const WIDTH = 76;
/** 45 bytes are 60 characters of base64; with =?utf-8?B? and ?= around them 72. */
const BYTES_PER_WORD = 45;
/** The first has the name of its field before it, such as "Reply-To: ". */
const BYTES_OF_FIRST_WORD = 39;

/** One line without control characters: a line break in a value would begin a field of its own. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}

/** Encoded words of at most 75 characters, characters kept whole. */
function encodedWords(text: string): string {
  const words: string[] = [];
  let word = '';
  for (const character of text) {
    const room = words.length === 0 ? BYTES_OF_FIRST_WORD : BYTES_PER_WORD;
    if (Buffer.byteLength(word + character) > room) {
      words.push(word);
      word = '';
    }
    word += character;
  }
  words.push(word);
  return words.map((part) => `=?utf-8?B?${Buffer.from(part).toString('base64')}?=`).join(' ');
}

/** ASCII that no reader takes for an encoded word, with words short enough to fold between. */
function isPlain(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text) && !text.includes('=?') && !/\S{900}/.test(text);
}

/** A display name: quoted, or in encoded words. */
export function phrase(name: string): string {
  const text = oneLine(name);
  return isPlain(text) && !/ {2}/.test(text) ? `"${text.replace(/(["\\])/g, '\\$1')}"` : encodedWords(text);
}

/** The value of a field that is free text, such as Subject. */
export function freeText(text: string): string {
  const line = oneLine(text);
  return isPlain(line) && !/ {2}/.test(line) ? line : encodedWords(line);
}

/** `name <address>`, or the address alone. */
export function mailbox(name: string | null, address: string): string {
  return name === null || oneLine(name) === '' ? address : `${phrase(name)} <${address}>`;
}

/** "Name: value", folded at blanks where a line would pass 76 characters; without the last line break. */
export function field(name: string, value: string): string {
  const whole = `${name}: ${/[\r\n]/.test(value) ? value.replace(/[\r\n]+/g, ' ') : value}`;
  if (whole.length <= WIDTH) return whole;
  let folded = '';
  let line = `${name}:`;
  for (const word of whole.slice(line.length + 1).split(' ')) {
    // A first word that is too long stays beside the name, but for an encoded one, whose line must be short (RFC 2047, 2).
    const mayFold = line.trim() !== '' && (line !== `${name}:` || word.startsWith('=?'));
    if (mayFold && line.length + 1 + word.length > WIDTH) {
      folded += `${line}\r\n`;
      line = '';
    }
    line += ` ${word}`;
  }
  return folded + line;
}

let lastDate = { second: Number.NaN, text: '' };

/** The date of a mail, RFC 5322 3.3, in UTC. Mails of the same second share it. */
export function mailDate(at: Date): string {
  const second = Math.floor(at.getTime() / 1000);
  if (second !== lastDate.second)
    lastDate = { second, text: `${at.toUTCString().slice(0, -'GMT'.length)}+0000` };
  return lastDate.text;
}
