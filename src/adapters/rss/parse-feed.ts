import Parser from 'rss-parser';
import { readDate } from '../../domain/content/feed-date.ts';
import { prepareXml, rootElement } from './prepare-xml.ts';

/** An element as xml2js gives it: its text, or its attributes, text and children. */
export type Element = string | { $?: Record<string, string>; _?: Element; [child: string]: unknown };

export interface ParsedFeed {
  isAtom: boolean;
  link: string | null;
  base: string | null;
  /** Per item, all elements of a name as they stand in the feed. */
  items: ((name: string) => Element[])[];
}

/** What is read of an item beyond rss-parser's own choice: the raw elements, of which rss-parser keeps one at most. */
// biome-ignore format: a list of names
const FIELDS = [
  'title', 'dc:title', 'link', 'guid', 'id', 'description', 'content:encoded', 'content', 'summary', 'pubDate',
  'dc:date', 'published', 'issued', 'created', 'updated', 'modified', 'enclosure', 'media:content',
  'media:thumbnail', 'media:group', 'itunes:image', 'image', 'feedburner:origLink', '$',
];

/** Said when reading nested elements runs out of stack. */
export const TOO_DEEP = 'its elements are nested too deeply';

const ATOM_DATES = ['published', 'updated'];

/**
 * Reads RSS 0.9x, 1.0, 2.0 and Atom 1.0 with rss-parser. Throws an Error in words for anything else and for XML that
 * cannot be mended.
 */
export async function parseFeed(text: string): Promise<ParsedFeed> {
  if (/^\s*(<!--[^>]*-->\s*)*<(!doctype\s+html|html)\b/i.test(text.slice(0, 2000))) {
    throw new Error('found an HTML page; allowed are RSS and Atom feeds');
  }
  const xml = prepareXml(text);
  const root = rootElement(xml);
  if (root === null) throw new Error('found no XML; allowed are RSS and Atom feeds');
  const [prefix, local] = root.includes(':') ? (root.split(':') as [string, string]) : ['', root];
  if (!['rss', 'feed', 'RDF'].includes(local)) {
    throw new Error(
      `found XML with <${root}> outermost; allowed are RSS (<rss>, <rdf:RDF>) and Atom (<feed>)`,
    );
  }
  const isAtom = local === 'feed';
  const feed = await makeParser(isAtom ? prefix : '', local === 'RDF' ? root : '')
    .parseString(xml)
    .catch((error: Error) => {
      throw new Error(faultInWords(error));
    });
  return {
    isAtom,
    link: stringOf(feed.link),
    base: attributesOf(feed as Record<string, unknown>)['xml:base'] ?? null,
    items: (feed.items as Record<string, unknown>[]).map((item) => (name) => {
      const found = item[`all ${name}`];
      if (name === '$') return found ? [{ $: found as Record<string, string> }] : [];
      return Array.isArray(found) ? (found as Element[]) : [];
    }),
  };
}

/** The text of an element; "" when it has none. */
export function textOf(element: Element | undefined): string {
  if (element === undefined) return '';
  if (typeof element === 'string') return element;
  if (element._ !== undefined) return textOf(element._);
  const children = Object.entries(element).filter(([name]) => name !== '$');
  return children.flatMap(([, each]) => (each as Element[]).map(textOf)).join(' ');
}

export function attribute(element: Element, name: string): string | undefined {
  return typeof element === 'string' ? undefined : element.$?.[name];
}

export function childrenOf(element: Element, name: string): Element[] {
  const found = typeof element === 'string' ? undefined : element[name];
  return Array.isArray(found) ? (found as Element[]) : [];
}

function makeParser(atomPrefix: string, rdfRoot: string) {
  const fields = (names: string[]) => names.map((name) => [name, `all ${name}`, { keepArray: true }]);
  const rename = (name: string) => {
    if (name === rdfRoot) return 'rdf:RDF';
    return atomPrefix !== '' && name.startsWith(`${atomPrefix}:`) ? name.slice(atomPrefix.length + 1) : name;
  };
  return new Parser({
    // <rss> without a version is taken as the version everybody writes.
    defaultRSS: 2,
    customFields: { item: fields(FIELDS), feed: fields(['$']) } as never,
    xml2js: { tagNameProcessors: [rename], valueProcessors: [forRssParser as never] },
  });
}

/**
 * rss-parser gives up on a whole Atom feed for one date that Date cannot read, and for one <link> with text instead of
 * attributes. So it gets only dates in ISO form, and links that always have attributes.
 */
function forRssParser(value: string, name: string): unknown {
  if (ATOM_DATES.includes(name)) return readDate(value)?.toISOString() ?? '';
  return name === 'link' ? { $: {}, _: value } : value;
}

function attributesOf(feed: Record<string, unknown>): Record<string, string> {
  return (feed['all $'] as Record<string, string> | undefined) ?? {};
}

function stringOf(value: unknown): string | null {
  const text = value ? textOf(value as Element).trim() : '';
  return text === '' ? null : text;
}

/** sax says "Unclosed root tag\nLine: 3\nColumn: 7\nChar: "; rss-parser trips over what is not there. */
function faultInWords(error: Error): string {
  if (error instanceof RangeError) return TOO_DEEP;
  if (error instanceof TypeError) return 'it lacks what a feed must have (a channel)';
  const [what, line] = error.message.split('\n');
  const place = /^Line: (\d+)/.exec(line ?? '')?.[1];
  return `its XML is broken: ${what}${place === undefined ? '' : ` in line ${Number(place) + 1}`}`;
}
