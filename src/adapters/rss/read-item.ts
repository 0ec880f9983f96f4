import type { FeedItem } from '../../domain/content/article.ts';
import { isDayFirstIn, readDate } from '../../domain/content/reading/feed-date.ts';
import { cutAtWord, shortened } from '../../domain/content/reading/summary.ts';
import { headingOf, type TextBlock, teaserOf } from '../../domain/content/reading/teaser.ts';
import { bareTitle, namesOfHost } from '../../domain/content/reading/title.ts';
import { withoutTrackingIn } from '../../domain/content/reading/tracking.ts';
import { unwrapped } from '../../domain/content/reading/wrapped-links.ts';
import type { DroppedItem } from '../../journey/content/ports/feeds.ts';
import { blocksOfHtml, blocksOfPlain, plain, titleOfHtml, wellFormed } from './html/clean-text.ts';
import { resolveAddress } from './http/resolve-address.ts';
import { imagesOf } from './images/item-images.ts';
import { attribute, type Element, type ParsedFeed, textOf } from './parsed-feed.ts';

const TITLE_LENGTH = 200;
// biome-ignore format: lists of names
const DATES = [
  'pubDate', 'published', 'dc:date', 'dcterms:issued', 'issued', 'dcterms:created', 'created', 'dcterms:available', 'date', 'updated',
  'dcterms:modified', 'modified', 'prism:publicationdate',
];
const TITLES = ['title', 'dc:title', 'media:title', 'itunes:title'];
// biome-ignore format: a list of names
const TEXTS = [
  'description', 'summary', 'content:encoded', 'content', 'xhtml:body', 'body', 'xhtml:div', 'dc:description', 'abstract', 'media:description', 'itunes:summary',
  'itunes:subtitle',
];

export interface ItemContext {
  /** Where the feed was in the end. */
  url: string;
  language: string;
  /** Addresses that may be fetched by a mail program though they are not https: our own. */
  isOwn: (url: URL) => boolean;
}

type Field = (name: string) => Element[];

/** The feed's items, cleaned. One without a title or a web address is left out: no mail could carry it. */
export function readItems(
  feed: ParsedFeed,
  surroundings: ItemContext,
): { items: FeedItem[]; dropped: DroppedItem[] } {
  const items: FeedItem[] = [];
  const dropped: DroppedItem[] = [];
  const page = resolveAddress(feed.base ?? feed.link ?? '', surroundings.url) ?? new URL(surroundings.url);
  const isDayFirst = isDayFirstIn(feed.items.flatMap(datesOf), surroundings.language);
  for (const field of feed.items) {
    const item = readItem(field, page, surroundings, isDayFirst, feed.title);
    if ('why' in item) dropped.push(item);
    else items.push(item);
  }
  return { items: withoutTrackingIn(items), dropped };
}

function readItem(
  field: Field,
  page: URL,
  { language, isOwn }: ItemContext,
  isDayFirst: boolean,
  feedTitle: string,
): FeedItem | DroppedItem {
  const base = baseOf(field('$')[0], page);
  const given = TITLES.flatMap(field)
    .map(titleIn)
    .find((title) => title !== '');
  const url = linkOf(field, base);
  const names = [feedTitle, ...field('source').map(textOf), ...namesOfHost(url?.hostname ?? '')];
  const title = given === undefined ? titleFrom(field, language) : bareTitle(given, names);
  if (!url) return { title: cutAtWord(title, 80), why: whyNoLink(field) };
  if (title === '') return { title: url.href, why: 'it has neither a title nor a text' };
  const [imageUrl = null, ...otherImages] = imagesOf(field, TEXTS, base, isOwn, url);
  return {
    guid: guidOf(field),
    url: url.href,
    title: cutAtWord(title, TITLE_LENGTH),
    summary: summaryOf(field, title, language),
    imageUrl: imageUrl?.isSure ? imageUrl.url : null,
    ...(imageUrl && (otherImages.length > 0 || !imageUrl.isSure)
      ? { otherImages: [...(imageUrl.isSure ? [] : [imageUrl]), ...otherImages].map(({ url }) => url) }
      : {}),
    publishedAt: dateOf(field, isDayFirst, language),
  };
}

/** What an item says of its date, the best first. */
function datesOf(field: Field): string[] {
  const own = attribute(field('$')[0], 'lastmod');
  return [...DATES.flatMap((name) => field(name).map(textOf)), ...(own === undefined ? [] : [own])];
}

function dateOf(field: Field, isDayFirst: boolean, language: string): Date | null {
  for (const text of datesOf(field)) {
    const date = readDate(text, isDayFirst, language);
    if (date) return date;
  }
  return null;
}

function baseOf(element: Element | undefined, outer: URL): URL {
  const own = attribute(element, 'xml:base');
  return (own === undefined ? null : resolveAddress(own, outer)) ?? outer;
}

/** Markup, and references to characters, that nobody means to be seen as they are written. */
const HTML_IN_TEXT =
  /<\/[a-z]|^\s*<p\b|<(?:br|hr)\s*\/?>|<(?:img|script|style|iframe|object|embed|svg)\b|&(?:#\d{2,6}|#x[\da-f]{2,5}|nbsp|quot|[lr][sd]quo|[mn]dash|hellip);/i;

function isPlain(element: Element): boolean {
  // Many feeds put HTML into what they call plain text.
  return attribute(element, 'type') === 'text' && !HTML_IN_TEXT.test(textOf(element));
}

function titleIn(element: Element): string {
  return isPlain(element) ? plain(textOf(element)) : titleOfHtml(textOf(element));
}

function blocksIn(element: Element, reading: 'text' | 'anything'): TextBlock[] {
  return isPlain(element) ? blocksOfPlain(textOf(element)) : blocksOfHtml(textOf(element), reading);
}

/** The first text that says something which the title does not; of one without running text, what else it has. */
function summaryOf(field: Field, title: string, language: string): string {
  for (const reading of ['text', 'anything'] as const) {
    for (const element of TEXTS.flatMap(field)) {
      const blocks = blocksIn(element, reading);
      const all = reading === 'text' ? blocks : blocks.map((block) => ({ ...block, isHeading: false }));
      const summary = teaserOf(all, title, language);
      if (summary !== '') return summary;
    }
  }
  return '';
}

/** For an item without a title: the heading of its text, or what it begins with. */
function titleFrom(field: Field, language: string): string {
  for (const element of TEXTS.flatMap(field)) {
    const blocks = blocksIn(element, 'text');
    const text = headingOf(blocks) ?? teaserOf(blocks, '', language);
    if (text !== '') return cutAtWord(shortened(text, language, 100), 100);
  }
  return '';
}

function guidOf(field: Field): string | null {
  const guid = [...field('guid'), ...field('id')]
    .map((element) =>
      wellFormed(
        textOf(element)
          .replace(/\p{Cc}/gu, '')
          .trim(),
      ),
    )
    .find((id) => id !== '');
  return guid === undefined ? null : guid.slice(0, 1000);
}

/** What programs write where they have no address; as a path it would lead nowhere. */
const NO_ADDRESS = /^(?:n\/?a|none|null|nil|undefined|about:blank|[-#?]?)$/i;

/**
 * The item's page: what FeedBurner's link stands for, its link, a guid or id that says (or does not deny) that it is one,
 * RSS 1.0's rdf:about; for episodes and the like the file itself.
 */
function linkOf(field: Field, base: URL): URL | null {
  const links = field('link').map((element) => ({
    to: attribute(element, 'href') ?? textOf(element),
    rel: (attribute(element, 'rel') ?? '').toLowerCase().replace(/^.*\//, '') || 'alternate',
    isHtml: /html/.test(attribute(element, 'type') ?? 'text/html'),
    base: baseOf(element, base),
  }));
  const alternates = links.filter(({ rel }) => rel === 'alternate');
  const seconds = links.filter(({ rel }) => rel === 'related' || rel === 'via' || rel === 'enclosure');
  const candidates: { to: string; base: URL }[] = [
    ...field('feedburner:origLink').map((element) => ({ to: textOf(element), base })),
    ...alternates.filter(({ isHtml }) => isHtml),
    ...alternates,
    ...field('guid')
      .filter((guid) => isPermalink(guid))
      .map((guid) => ({ to: textOf(guid), base })),
    ...field('id')
      .filter((id) => /^\s*https?:\/\//i.test(textOf(id)))
      .map((id) => ({ to: textOf(id), base })),
    ...['rdf:about', 'href'].map((name) => ({ to: attribute(field('$')[0], name) ?? '', base })),
    ...field('content').map((content) => ({
      to: attribute(content, 'src') ?? '',
      base: baseOf(content, base),
    })),
    ...seconds,
    ...field('enclosure').map((file) => ({
      to: attribute(file, 'url') ?? attribute(file, 'href') ?? '',
      base,
    })),
  ];
  for (const { to, base: from } of candidates) {
    const url = NO_ADDRESS.test(to.trim()) ? null : resolveAddress(to, from);
    if (url) return resolveAddress(unwrapped(url.href), from);
  }
  return null;
}

function isPermalink(guid: Element): boolean {
  const said = attribute(guid, 'ispermalink')?.trim().toLowerCase();
  return said !== 'false' && (said === 'true' || /^\s*https?:\/\//i.test(textOf(guid)));
}

function whyNoLink(field: Field): string {
  const [link] = field('link')
    .filter((element) => /^(?:.*\/)?alternate$/i.test(attribute(element, 'rel') ?? 'alternate'))
    .map((element) => attribute(element, 'href') ?? textOf(element));
  if (link === undefined || link.trim() === '') return 'it has no link to a page';
  return `its link "${wellFormed(link.trim().slice(0, 80))}" is no web address`;
}
