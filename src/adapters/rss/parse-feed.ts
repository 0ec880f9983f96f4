import Parser from 'rss-parser';
import { FIELDS, handedName } from './feed-fields.ts';
import { findFeedLinks } from './find-feed-links.ts';
import { parseJsonFeed } from './json-feed.ts';
import type { Element, ParsedFeed } from './parsed-feed.ts';
import { type PreparedFeed, prepareFeed } from './prepare-feed.ts';

/**
 * What reads what:
 * - rss-parser reads RSS 0.90 to 2.0, RDF and Atom 0.3 and 1.0, and gives every element of an item, raw.
 * - prepare-feed.ts (on htmlparser2) makes of feeds as they are the well-formed XML, with one name for each element, that
 *   rss-parser needs: it covers broken XML, HTML's entities, prefixes, capitals, items in odd places, xml:base, base64.
 * - json-feed.ts reads JSON Feed 1.0 and 1.1, which rss-parser does not know.
 * All three end in ParsedFeed, so that what follows need not know where an item came from.
 *
 * Throws an Error in words for what is no feed, or cannot be read. `url` is where the text was.
 */
export async function parseFeed(text: string, url: string): Promise<ParsedFeed> {
  if (/^[\s\ufeff]*(?:\{|\[\s*[[\]{"])/.test(text.slice(0, 1000))) return parseJsonFeed(text);
  const prepared = prepareFeed(text, url);
  if (prepared.xml === '') throw new Error(whatElse(prepared, text, url));
  const feed = await new Parser({
    // <rss> without a version is taken as the version everybody writes.
    defaultRSS: 2,
    customFields: {
      item: [...FIELDS, '$'].map((name) => [
        handedName(name),
        `${OURS}${name}`,
        { keepArray: true },
      ]) as never,
    },
  })
    .parseString(prepared.xml)
    .catch((error: Error) => {
      throw error instanceof RangeError
        ? error
        : new Error(`its XML is broken: ${error.message.split('\n')[0]}`);
    });
  return {
    format: prepared.format,
    title: prepared.title,
    link: prepared.link,
    language: prepared.language,
    base: prepared.base,
    items: (feed.items as Record<string, unknown>[]).map(fieldsOf),
    faults: prepared.faults,
  };
}

/** Rss-parser's own names for an item's fields are told from ours by this. */
const OURS = 'all ';
const NONE: Element[] = [];

function fieldsOf(item: Record<string, unknown>): (name: string) => Element[] {
  const fields = new Map<string, Element[]>();
  for (const [key, found] of Object.entries(item)) {
    if (!key.startsWith(OURS)) continue;
    const name = key.slice(OURS.length);
    if (Array.isArray(found)) fields.set(name, found as Element[]);
    else if (name === '$' && found) fields.set(name, [{ $: found as Record<string, string> }]);
  }
  return (name) => fields.get(name) ?? NONE;
}

const ALLOWED = 'allowed are RSS, Atom and JSON feeds';

function whatElse({ format: first }: PreparedFeed, text: string, url: string): string {
  if (text.trim() === '') return `found nothing; ${ALLOWED}`;
  if (first === '') return `found no XML; ${ALLOWED}`;
  const isPage =
    /^(?:xhtml:)?(?:html|head|body|script|div|p|meta|table)$/.test(first) ||
    /<html\b/i.test(text.slice(0, 5000));
  if (!isPage) return `found XML with <${first.slice(0, 60)}> outermost; ${ALLOWED}`;
  const links = findFeedLinks(text, url);
  if (links.length === 0) return `found an HTML page; ${ALLOWED}`;
  return `found an HTML page; ${ALLOWED}. The page names ${links.length === 1 ? 'this feed' : 'these feeds'}: ${links.join(', ')}`;
}
