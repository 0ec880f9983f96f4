import type { Scope } from './names.ts';

/** What an open element is to the feed. */
export type Role =
  /** Above the items. */
  | 'outer'
  | 'item'
  /** Its children count as the item's own: media:group. */
  | 'through'
  /** Something that is read of an item. */
  | 'field'
  /** Markup inside a field's text. */
  | 'markup'
  /** Not read, with all that is in it. */
  | 'skip';

export interface Frame {
  role: Role;
  name: string;
  scope: Scope;
  /** The address that links inside it are relative to, as far as xml:base says. */
  base: string | null;
  attributes: Record<string, string>;
  /** The field that text in here belongs to; null outside of fields. */
  field: Field | null;
}

/** The text of an element while it is read. */
export interface Field {
  name: string;
  base: string | null;
  attributes: Record<string, string>;
  parts: string[];
  length: number;
  hasMarkup: boolean;
  /** Atom's inline XML: nothing in it is a field of the entry. */
  isXml: boolean;
  isDone: boolean;
  /** It stands in something of the item's, as the guid of a film in media:content: what the item says itself goes before. */
  isInner: boolean;
}

/** A field's text longer than this is cut: a title, a summary and a picture are found in less. */
const MOST_TEXT = 60_000;

export function openField(name: string, frame: Omit<Frame, 'role' | 'field'>, isInner = false): Field {
  const type = frame.attributes.type ?? '';
  return {
    name,
    base: frame.base,
    attributes: frame.attributes,
    parts: [],
    length: 0,
    hasMarkup: false,
    isXml: /xml|xhtml/i.test(type) || /^xml$/i.test(frame.attributes.mode ?? ''),
    isDone: false,
    isInner,
  };
}

export function addText(field: Field, text: string): void {
  if (field.isDone || field.length >= MOST_TEXT) return;
  const part = text.slice(0, MOST_TEXT - field.length);
  field.parts.push(part);
  field.length += part.length;
}

/** In inline XML "&lt;" is a character and no markup (RFC 4287, 3.1.1.3), so it is one in the HTML that is made of it. */
export function addWords(field: Field, text: string): void {
  addText(field, field.isXml ? text.replaceAll('&', '&amp;').replaceAll('<', '&lt;') : text);
}

/** The text of a field that is read to its end. Where XML was said and none was in it, it is HTML in spite of that. */
export function textOf(field: Field): string {
  const text = field.parts.join('');
  return field.isXml && !field.hasMarkup ? text.replaceAll('&lt;', '<').replaceAll('&amp;', '&') : text;
}

/** The attributes of markup that say something about pictures and links, and what is a caption. */
const MARKUP_ATTRIBUTES =
  'src href width height srcset data-src data-srcset data-lazy-src data-original class id style hidden aria-hidden'.split(
    ' ',
  );

/** Opens an element inside a field's text, as HTML. Links are made absolute where the element has a base of its own. */
export function addTag(field: Field, frame: Frame): void {
  field.hasMarkup = true;
  const attributes = MARKUP_ATTRIBUTES.flatMap((name) => {
    const value = frame.attributes[name];
    if (value === undefined) return [];
    const isLink = name === 'src' || name === 'href';
    return [` ${name}="${quote(isLink && frame.base !== field.base ? joined(value, frame.base) : value)}"`];
  });
  addText(field, `<${localName(frame.name)}${attributes.join('')}>`);
}

export function closeTag(field: Field, frame: Frame): void {
  if (!/^(?:br|img|hr|input|wbr)$/.test(localName(frame.name))) addText(field, `</${localName(frame.name)}>`);
}

/** The address of `written` seen from `base`; as it is where that is none. */
export function joined(written: string, base: string | null): string {
  const text = written.trim();
  if (base === null) return text;
  if (URL.canParse(text, base)) return new URL(text, base).href;
  return text;
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1).replace(/[^\w-]/g, '');
}

function quote(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
}
