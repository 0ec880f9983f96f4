import type { Element, ParsedFeed } from './parsed-feed.ts';
import { MOST_ITEMS } from './prepare-feed.ts';

/** Reads JSON Feed 1.0 and 1.1 (jsonfeed.org). Throws an Error in words for anything else. */
export function parseJsonFeed(text: string): ParsedFeed {
  const feed = parse(text);
  const version =
    typeof feed.version === 'string' ? /jsonfeed\.org\/version\/([\d.]+)/.exec(feed.version)?.[1] : undefined;
  if (!Array.isArray(feed.items)) {
    throw new Error('found JSON without a list of items; allowed are RSS, Atom and JSON feeds');
  }
  const faults = version === undefined ? ['it does not say which version of JSON Feed it is'] : [];
  if (feed.items.length > MOST_ITEMS) {
    faults.push(`it has more than ${MOST_ITEMS} items; the first ${MOST_ITEMS} are read`);
  }
  return {
    format: `JSON Feed ${version ?? ''}`.trim(),
    title: textIn(feed.title),
    link: textIn(feed.home_page_url) || null,
    language: textIn(feed.language) || null,
    base: null,
    items: feed.items.slice(0, MOST_ITEMS).filter(isRecord).map(fieldsOf),
    faults,
  };
}

/** An item's values under the names that the same things have in RSS and Atom. */
function fieldsOf(item: Record<string, unknown>): (name: string) => Element[] {
  const text = (value: unknown, type: 'text' | 'html'): Element[] => {
    const written = textIn(value);
    return written === '' ? [] : [{ $: { type }, _: written }];
  };
  const link = (value: unknown, attributes: Record<string, string> = {}): Element[] =>
    textIn(value) === '' ? [] : [{ $: { ...attributes, href: textIn(value) } }];
  const attachments = Array.isArray(item.attachments) ? item.attachments.filter(isRecord) : [];
  const fields: Record<string, Element[]> = {
    id: text(item.id, 'text'),
    link: [...link(item.url), ...link(item.external_url)],
    title: text(item.title, 'text'),
    summary: text(item.summary, 'text'),
    content: [...text(item.content_html, 'html'), ...text(item.content_text, 'text')],
    published: text(item.date_published, 'text'),
    updated: text(item.date_modified, 'text'),
    'itunes:image': [...link(item.image), ...link(item.banner_image)],
    enclosure: attachments.flatMap(({ url, mime_type }) => link(url, { type: textIn(mime_type) })),
  };
  return (name) => fields[name] ?? [];
}

function parse(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^[\s\ufeff]+/, ''));
  } catch (error) {
    throw new Error(`its JSON is broken: ${(error as Error).message.slice(0, 150)}`);
  }
  if (!isRecord(value)) throw new Error('found JSON that is no feed; allowed are RSS, Atom and JSON feeds');
  return value;
}

/** Ids are numbers in many feeds. */
function textIn(value: unknown): string {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value : '';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
