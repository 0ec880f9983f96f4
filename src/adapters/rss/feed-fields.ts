/** What is read of an item. */
// biome-ignore format: a list of names
export const FIELDS = new Set([
  'title', 'dc:title', 'media:title', 'itunes:title', 'link', 'guid', 'id', 'description', 'dc:description', 'content:encoded', 'content',
  'summary', 'abstract', 'body', 'xhtml:body', 'xhtml:div', 'itunes:summary', 'itunes:subtitle', 'media:description', 'pubDate', 'dc:date',
  'dcterms:created', 'dcterms:issued', 'dcterms:modified', 'dcterms:available', 'prism:publicationdate', 'published', 'issued', 'created', 'updated', 'modified', 'date',
  'enclosure', 'media:content', 'media:thumbnail', 'itunes:image', 'googleplay:image', 'image', 'feedburner:origLink', 'source',
]);
/** What rss-parser is not to look into. */
const RAW = new Set(['description', 'content', 'content:encoded', 'published', 'updated']);

/**
 * The name that a field goes to rss-parser under. Of texts under their own names it makes snippets that nobody reads here, with
 * patterns whose time grows with the square of the text; over a date that it cannot read it gives up the whole feed.
 */
export function handedName(name: string): string {
  return RAW.has(name) ? `raw:${name.replace(':', '-')}` : name;
}

/** Begun inside a field's text they end it: the field was never closed. HTML has no elements of these names. */
export const ENDS_TEXT =
  /^(?:guid|pubDate|description|enclosure|comments|author|category|published|updated|issued|modified|id|(?:content|dc|dcterms|media|itunes|feedburner|slash|wfw):.*)$/;
/** Their children count as the item's own. */
export const THROUGH = ['media:group', 'media:content'];

/** Said of a feed that ends before its end: what is whole of it is read, and it is asked for again next time. */
export const BREAKS_OFF = 'it breaks off in the middle of an item, which is left out';
