import { htmlEntity } from './clean-text.ts';

/**
 * Feeds as they are, made into XML that a strict parser takes: HTML's entities and bare ampersands, a DOCTYPE, control
 * characters, and XHTML inside Atom (which the parser would take apart, losing the order of words).
 */
export function prepareXml(text: string): string {
  const start = text.indexOf('<');
  const xml = text.slice(Math.max(start, 0)).replace(/(?![\t\n\r])[\p{Cc}\ufffe\uffff]/gu, '');
  return wrapXhtml(outsideCdata(withoutDoctype(xml), mendEntities))
    .replace(/<(item|entry)\s*\/>/g, '')
    .replace(/<(item|entry)>\s*<\/\1>/g, '');
}

/** The name of the outermost element, prefix included; null when there is none. */
export function rootElement(xml: string): string | null {
  const start = afterPrologue(xml);
  return /^<([\p{L}_][\p{L}\p{N}_.:-]*)/u.exec(xml.slice(start, start + 200))?.[1] ?? null;
}

/** Where blanks, comments and processing instructions at the front end. */
function afterPrologue(xml: string): number {
  let at = 0;
  for (;;) {
    while (/\s/.test(xml[at] ?? '')) at++;
    const closing = xml.startsWith('<?', at) ? '?>' : xml.startsWith('<!--', at) ? '-->' : null;
    const end = closing === null ? -1 : xml.indexOf(closing, at + 2);
    if (closing === null || end === -1) return at;
    at = end + closing.length;
  }
}

/** In characters. It also keeps the time for looking through it short. */
const MOST_DOCTYPE = 16_000;

/**
 * Takes the DOCTYPE out; nothing in it is ever used. Throws when it declares entities that stand for other entities or
 * for files: no feed needs them, attacks do.
 */
function withoutDoctype(xml: string): string {
  const start = afterPrologue(xml);
  if (!/^<!doctype/i.test(xml.slice(start, start + 10))) return xml;
  let depth = 0;
  let quote = '';
  let end = start;
  for (; end < xml.length; end++) {
    const character = xml[end]!;
    if (quote !== '') quote = character === quote ? '' : quote;
    else if (character === '"' || character === "'") quote = character;
    else if (character === '[') depth++;
    else if (character === ']') depth--;
    else if (character === '>' && depth <= 0) break;
  }
  const doctype = xml.slice(start, end + 1);
  if (end === xml.length) throw new Error('its DOCTYPE has no end');
  if (doctype.length > MOST_DOCTYPE)
    throw new Error('its DOCTYPE is longer than any feed needs; that is not read');
  if (/<!ENTITY\s+[^%\s]\S*\s+(?:SYSTEM|PUBLIC)\b/i.test(doctype)) {
    throw new Error('its DOCTYPE declares an entity that stands for a file; that is not read');
  }
  if (/<!ENTITY\s+[^%\s]\S*\s+(?:"[^"]*&[a-z][^"]*"|'[^']*&[a-z][^']*')/i.test(doctype)) {
    throw new Error('its DOCTYPE declares entities that stand for other entities; that is not read');
  }
  return xml.slice(0, start) + xml.slice(end + 1);
}

/** Applies `change` to what is not in a CDATA section. */
function outsideCdata(xml: string, change: (part: string) => string): string {
  let result = '';
  let at = 0;
  for (;;) {
    const start = xml.indexOf('<![CDATA[', at);
    const end = start === -1 ? -1 : xml.indexOf(']]>', start);
    if (end === -1) return result + change(xml.slice(at));
    result += change(xml.slice(at, start)) + xml.slice(start, end + 3);
    at = end + 3;
  }
}

const OWN = /^(amp|lt|gt|quot|apos);$/;

function mendEntities(part: string): string {
  return part.replace(
    /&(#\d{1,10};|#x[0-9a-f]{1,8};|[a-z][a-z0-9]{1,31};)?/gi,
    (whole, reference?: string) => {
      if (reference === undefined) return '&amp;';
      if (OWN.test(reference)) return whole;
      if (reference.startsWith('#')) return isCharacter(reference.slice(1, -1)) ? whole : '\ufffd';
      const character = htmlEntity(reference.slice(0, -1));
      if (character === null) return `&amp;${reference}`;
      return character === '<' ? '&lt;' : character === '>' ? '&gt;' : character.replaceAll('&', '&amp;');
    },
  );
}

function isCharacter(digits: string): boolean {
  const code = /^x/i.test(digits) ? Number.parseInt(digits.slice(1), 16) : Number(digits);
  const isControl = code < 0x20 && code !== 0x9 && code !== 0xa && code !== 0xd;
  return code <= 0x10ffff && !isControl && !(code >= 0xd800 && code <= 0xdfff);
}

/** Makes the XHTML in Atom's text elements into HTML text, in one pass from front to back. */
function wrapXhtml(xml: string): string {
  const opening =
    /<((?:[\w-]+:)?(?:content|summary|title))\b([^<>]{0,300}?\btype\s*=\s*["'](?:xhtml|application\/xhtml\+xml)["'][^<>]{0,300})>/gi;
  let result = '';
  let at = 0;
  for (let match = opening.exec(xml); match; match = opening.exec(xml)) {
    const [tag, name, attributes] = match as unknown as [string, string, string];
    if (attributes.endsWith('/')) continue;
    const inner = match.index + tag.length;
    const end = xml.indexOf(`</${name}`, inner);
    if (end === -1) break;
    const html = xml.slice(inner, end).replaceAll(']]>', ']]]]><![CDATA[>');
    result += `${xml.slice(at, match.index)}<${name} type="html"><![CDATA[${html}]]>`;
    at = end;
    opening.lastIndex = end;
  }
  return result + xml.slice(at);
}
