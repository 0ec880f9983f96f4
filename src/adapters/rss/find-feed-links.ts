import { Parser } from 'htmlparser2';

/** In characters: what a page says about itself is in its head. */
const MOST_PAGE = 200_000;
const MOST_LINKS = 3;

/** The feeds that an HTML page names (autodiscovery): absolute addresses, at most three. */
export function findFeedLinks(html: string, url: string): string[] {
  const links: string[] = [];
  const parser = new Parser(
    {
      onopentag(name, { rel = '', type = '', href = '' }) {
        const isFeed = /^(?:application|text)\/(?:rss|atom|rdf|feed)?\+?(?:xml|json)$/i.test(type.trim());
        if (name !== 'link' || !isFeed || !/\b(?:alternate|feed)\b/i.test(rel)) return;
        if (links.length >= MOST_LINKS || !URL.canParse(href, url)) return;
        const found = new URL(href, url);
        if (/^https?:$/.test(found.protocol) && found.href.length < 500) links.push(found.href);
      },
    },
    { decodeEntities: true },
  );
  parser.end(html.slice(0, MOST_PAGE));
  return [...new Set(links)];
}
