import type { FeedItem } from '../../domain/content/article.ts';
import { readDate } from '../../domain/content/feed-date.ts';
import { cutAtWord, summarise } from '../../domain/content/summary.ts';
import { imagesOfHtml, plain, textOfHtml } from './clean-text.ts';
import { attribute, childrenOf, type Element, type ParsedFeed, textOf } from './parse-feed.ts';

/** A page never has more items than this that anybody reads; a feed with a million is an attack or a fault. */
const MOST_ITEMS = 500;
const TITLE_LENGTH = 200;
const DATES = ['pubDate', 'dc:date', 'published', 'issued', 'created', 'updated', 'modified'];
const TEXTS = ['description', 'summary', 'content:encoded', 'content'];
/** An image with a side smaller than this is a counting pixel or a button. */
const SMALLEST_IMAGE = 50;

export interface ItemSurroundings {
  /** Where the feed was in the end. */
  url: string;
  language: string;
  /** Addresses that may be fetched by a mail program though they are not https: our own. */
  isOwn: (url: URL) => boolean;
}

type Field = (name: string) => Element[];

/** The feed's items, cleaned. One without a title or a web address is left out: no mail could carry it. */
export function readItems(feed: ParsedFeed, surroundings: ItemSurroundings): FeedItem[] {
  const page = resolve(feed.base ?? feed.link ?? '', surroundings.url) ?? new URL(surroundings.url);
  return feed.items.slice(0, MOST_ITEMS).flatMap((field) => {
    const item = readItem(field, feed.isAtom, page, surroundings);
    return item ? [item] : [];
  });
}

function readItem(
  field: Field,
  isAtom: boolean,
  page: URL,
  { language, isOwn }: ItemSurroundings,
): FeedItem | null {
  const own = attribute(field('$')[0] ?? '', 'xml:base');
  const base = (own === undefined ? null : resolve(own, page)) ?? page;
  const url = linkOf(field, base);
  const texts = TEXTS.map((name) => readText(field(name), isAtom)).filter((text) => text !== '');
  const given = [...field('title'), ...field('dc:title')]
    .map((element) => readText([element], isAtom))
    .find((text) => text !== '');
  const title = given ?? cutAtWord(texts[0] ?? '', 100);
  if (!url || title === '') return null;
  return {
    guid: guidOf(field),
    url: url.href,
    title: cutAtWord(title, TITLE_LENGTH),
    summary: summarise(texts.find((text) => text !== title) ?? '', language),
    imageUrl: imageOf(field, base, isOwn),
    publishedAt:
      DATES.flatMap(field)
        .map((date) => readDate(textOf(date)))
        .find((date) => date !== null) ?? null,
  };
}

/** Plain text of the first element that has any. Atom says by `type` whether it is HTML; in RSS it always may be. */
function readText(elements: Element[], isAtom: boolean): string {
  for (const element of elements) {
    const raw = textOf(element);
    const type = attribute(element, 'type') ?? 'text';
    const isPlain = isAtom && /^text(\/plain)?$/.test(type) && !/<\/?[a-z][^>]*>/i.test(raw);
    const text = isPlain ? plain(raw) : textOfHtml(raw);
    if (text !== '') return text;
  }
  return '';
}

function guidOf(field: Field): string | null {
  const guid = [...field('guid'), ...field('id')]
    .map((element) => textOf(element).trim())
    .find((id) => id !== '');
  return guid === undefined ? null : guid.slice(0, 1000);
}

/** The item's page: its link, what FeedBurner's stands for, or a guid that says (or does not deny) it is one. */
function linkOf(field: Field, base: URL): URL | null {
  const links = field('link');
  const isAlternate = (link: Element) => (attribute(link, 'rel') ?? 'alternate') === 'alternate';
  const isHtml = (link: Element) => /html/.test(attribute(link, 'type') ?? 'text/html');
  const alternates = links.filter(isAlternate);
  const candidates = [
    ...field('feedburner:origLink').map(textOf),
    ...[...alternates.filter(isHtml), ...alternates].map((link) => attribute(link, 'href') ?? textOf(link)),
  ];
  for (const candidate of candidates) {
    const url = candidate.trim() === '' ? null : resolve(candidate, base);
    if (url) return url;
  }
  const [guid] = field('guid');
  const text = textOf(guid).trim();
  const isPermalink =
    guid !== undefined && attribute(guid, 'isPermaLink') !== 'false' && /^https?:\/\//i.test(text);
  return isPermalink ? resolve(text, base) : null;
}

function imageOf(field: Field, base: URL, isOwn: (url: URL) => boolean): string | null {
  const groups = field('media:group');
  const media = [...field('media:content'), ...groups.flatMap((group) => childrenOf(group, 'media:content'))];
  const thumbnails = [
    ...field('media:thumbnail'),
    ...[...groups, ...media].flatMap((each) => childrenOf(each, 'media:thumbnail')),
  ];
  const enclosures = [
    ...field('enclosure'),
    ...field('link').filter((link) => attribute(link, 'rel') === 'enclosure'),
  ];
  const candidates = [
    ...[...enclosures, ...media].filter(isImage).map((each) => fromAttributes(each)),
    ...thumbnails.map((each) => fromAttributes(each)),
    ...field('itunes:image').map((each) => fromAttributes(each)),
    ...TEXTS.flatMap(field).flatMap((element) => imagesOfHtml(textOf(element))),
  ];
  for (const { src, width, height } of candidates) {
    if ((width ?? SMALLEST_IMAGE) < SMALLEST_IMAGE || (height ?? SMALLEST_IMAGE) < SMALLEST_IMAGE) continue;
    const url = src.trim() === '' ? null : resolve(src, base);
    // Mail programs show no SVG, and warn about pictures that come without TLS.
    if (url && !/\.svg$/i.test(url.pathname) && (url.protocol === 'https:' || isOwn(url))) return url.href;
  }
  return null;
}

function isImage(element: Element): boolean {
  const type = attribute(element, 'type');
  if (type !== undefined) return /^image\/(?!svg)/i.test(type);
  if (attribute(element, 'medium') !== undefined) return attribute(element, 'medium') === 'image';
  return /\.(jpe?g|png|gif|webp)(\?|$)/i.test(attribute(element, 'url') ?? attribute(element, 'href') ?? '');
}

function fromAttributes(element: Element) {
  const size = (name: string) => Number.parseInt(attribute(element, name) ?? '', 10);
  return {
    src: attribute(element, 'url') ?? attribute(element, 'href') ?? '',
    width: size('width') || null,
    height: size('height') || null,
  };
}

/** An absolute web address without sign-in data, or null: "javascript:" and its like lead nowhere. */
function resolve(written: string, base: URL | string): URL | null {
  const text = written.trim();
  if (text.length > 2000 || !URL.canParse(text, String(base))) return null;
  const url = new URL(text, base);
  if (!/^https?:$/.test(url.protocol)) return null;
  url.username = '';
  url.password = '';
  return url;
}
