import { decodeHTMLStrict } from 'entities';

/** In characters. It also keeps the time for looking through it short. */
const MOST_DOCTYPE = 100_000;
/** An entity of a feed's own that stands for more than this is not used. */
const MOST_ENTITY = 200;

/** Characters that XML and databases do not take. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for, and \p{Cc} takes ten times as long
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]/g;

const REFERENCE = /&(#\d{1,10}|#[xX][0-9a-fA-F]{1,8}|[a-zA-Z][a-zA-Z0-9]{1,31});/g;

/** One character as two references, each to half of it: programs that take UTF-16 for characters write emojis so. */
const HALVES = /&#(?:x(d[89ab][\da-f]{2})|(5[56]\d{3}));&#(?:x(d[c-f][\da-f]{2})|(5[67]\d{3}));/gi;

const htmlNames = new Map<string, string>();

/**
 * Replaces XML's and HTML's references ("&amp;", "&#8217;", "&eacute;") by what they stand for, once. What is no
 * reference stays as it is: feeds are full of bare ampersands.
 */
export function decodeReferences(text: string, own: ReadonlyMap<string, string> = new Map()): string {
  if (!text.includes('&')) return text;
  return withWholeCharacters(text).replace(REFERENCE, (whole, name: string) => {
    if (name.startsWith('#')) return characterOf(name.slice(1));
    return own.get(name) ?? named(whole);
  });
}

/** Text in which no character is written as references to its two halves. */
export function withWholeCharacters(text: string): string {
  if (!text.includes('&#')) return text;
  return text.replace(HALVES, (whole, highHex, high, lowHex, low) => {
    const code = (hex: string | undefined, decimal: string) =>
      hex ? Number.parseInt(hex, 16) : Number(decimal);
    const character = String.fromCharCode(code(highHex, high), code(lowHex, low));
    return /^[\ud800-\udbff][\udc00-\udfff]$/.test(character) ? character : whole;
  });
}

function characterOf(digits: string): string {
  const code = /^x/i.test(digits) ? Number.parseInt(digits.slice(1), 16) : Number(digits);
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return '\ufffd';
  if (code < 0x20 && code !== 0x9 && code !== 0xa && code !== 0xd) return '';
  // "&#146;" is an apostrophe of windows-1252, as in browsers.
  return code >= 0x80 && code <= 0x9f ? decodeHTMLStrict(`&#${code};`) : String.fromCodePoint(code);
}

function named(reference: string): string {
  let character = htmlNames.get(reference);
  if (character === undefined) {
    character = decodeHTMLStrict(reference);
    // Names come from outside; there are about 2,200 real ones.
    if (htmlNames.size < 5000) htmlNames.set(reference, character);
  }
  return character;
}

/** Text fit to stand in XML: in an element, or between double quotes. */
export function escapeXml(text: string): string {
  return text
    .replace(CONTROL, '')
    .replace(/[&<>"]/g, (character) =>
      character === '&' ? '&amp;' : character === '<' ? '&lt;' : character === '>' ? '&gt;' : '&quot;',
    );
}

/** Text fit to stand inside an element of XML. HTML is full of characters that would each have to be escaped. */
export function wrapXml(text: string): string {
  const plain = text.replace(CONTROL, '');
  if (!/[<&]/.test(plain)) return plain.replaceAll(']]>', ']]&gt;');
  return `<![CDATA[${plain.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
}

/**
 * Takes the DOCTYPE at the front out, and says which plain texts it declares entities for. Throws when it declares
 * entities that stand for other entities or for files: no feed needs them, attacks do.
 */
export function withoutDoctype(xml: string): { xml: string; entities: Map<string, string> } {
  const start = afterPrologue(xml);
  const entities = new Map<string, string>();
  if (!/^<!doctype/i.test(xml.slice(start, start + 10))) return { xml, entities };
  const window = xml.slice(start, start + MOST_DOCTYPE);
  const doctype = window.slice(0, endOfDoctype(window));
  if (/<!ENTITY\s+[^%\s]\S*\s+(?:SYSTEM|PUBLIC)\b/i.test(doctype)) {
    throw new Error('its DOCTYPE declares an entity that stands for a file; that is not read');
  }
  const declared = [...doctype.matchAll(/<!ENTITY\s+([^%\s"'>]+)\s+(?:"([^"]*)"|'([^']*)')/gi)];
  const names = new Set(declared.map(([, name]) => name));
  for (const [, name = '', double, single] of declared) {
    const value = double ?? single ?? '';
    const references = [...value.matchAll(/&([a-z]\w*);/gi)].map(([, reference]) => reference ?? '');
    if (references.some((reference) => names.has(reference))) {
      throw new Error('its DOCTYPE declares entities that stand for other entities; that is not read');
    }
    if (value.length <= MOST_ENTITY && !entities.has(name)) entities.set(name, decodeReferences(value));
  }
  return { xml: xml.slice(0, start) + xml.slice(start + doctype.length), entities };
}

function endOfDoctype(window: string): number {
  let depth = 0;
  for (const match of window.matchAll(/<!--(?:(?!<!--)[\s\S])*?-->|"[^"]*"|'[^']*'|[[\]>]/g)) {
    if (match[0] === '[') depth++;
    else if (match[0] === ']') depth--;
    else if (match[0] === '>' && depth <= 0) return match.index + 1;
    // A declaration inside the brackets ends in ">" too.
  }
  // A quote that is never closed: without brackets the first ">" is its end all the same.
  const end = window.includes('[') ? -1 : window.indexOf('>');
  if (end !== -1) return end + 1;
  if (window.length < MOST_DOCTYPE) throw new Error('its DOCTYPE has no end');
  throw new Error('its DOCTYPE is longer than any feed needs; that is not read');
}

/** Where blanks, comments and processing instructions at the front end. */
function afterPrologue(xml: string): number {
  let at = 0;
  for (;;) {
    while (at < xml.length && /[\s\ufeff]/.test(xml[at]!)) at++;
    const closing = xml.startsWith('<?', at) ? '?>' : xml.startsWith('<!--', at) ? '-->' : null;
    const end = closing === null ? -1 : xml.indexOf(closing, at + 2);
    if (closing === null || end === -1) return at;
    at = end + closing.length;
  }
}
