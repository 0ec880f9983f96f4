import { cut } from '../../text.ts';
import type { FeedItem } from '../article.ts';
import { isTracking } from './tracking.ts';

/**
 * One spelling for all addresses of one page: without scheme, "www.", port, sign-in, fragment, tracking parameters
 * and slashes at the end; parameters in order. It is a name, not an address to open. Null when it is no web address.
 */
export function canonicalUrl(url: string): string | null {
  return spelled(url, (name, value) => !isTracking(name, value));
}

function spelled(url: string, isOfPage: (name: string, value: string) => boolean): string | null {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (!parsed || !/^https?:$/.test(parsed.protocol)) return null;
  const parameters = [...parsed.searchParams]
    .filter(([name, value]) => isOfPage(name, value))
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .sort();
  const host = parsed.host.replace(/^www\./, '');
  const path = sameSpelling(parsed.pathname).replace(/(?<!\/)\/+$/, '');
  return host + path + (parameters.length > 0 ? `?${parameters.join('&')}` : '');
}

/** "%7E" and "~", "%c3" and "%C3" are the same in a path. */
function sameSpelling(path: string): string {
  return path.replace(/%[0-9a-f]{2}/gi, (code) => {
    const character = String.fromCharCode(Number.parseInt(code.slice(1), 16));
    return /[A-Za-z0-9._~-]/.test(character) ? character : code.toUpperCase();
  });
}

/**
 * The names that the items of one reading of a feed are known by, in the items' order: the guid within its feed, the
 * page it leads to, and the title in its language within some days of its date, or of `seenAt`, when it is read, if it
 * gives none. An item that shares any name with an article is that article: so a changed guid, a link with new tracking, http for https, or the same story in another feed
 * bring nothing new. Of the title alone that holds only between feeds: see one-story.ts.
 *
 * A page that several stories of one reading share (a home page, a page of release notes) names none of them, nor does
 * the front page of a site: then the parameters that were taken for tracking count where they tell the stories apart, the
 * fragment, or the title. A guid that several stories share, or that is no more than "N/A" or the site's address, names none
 * either, nor does a title that comes twice in one reading, or is too short to be one story's alone ("Weekly update").
 */
export function keysOf(
  feedUrl: string,
  items: readonly FeedItem[],
  language = '',
  seenAt: Date | null = null,
): string[][] {
  const pages = items.map(({ url }) => canonicalUrl(url));
  const titlesOfPage = titlesBy(pages, items);
  const wholes = items.map(({ url }, place) =>
    (titlesOfPage.get(pages[place] ?? null)?.size ?? 0) > 1 ? spelled(url, () => true) : null,
  );
  const titlesOfWhole = titlesBy(wholes, items);
  const storiesOfGuid = new Map<string, Set<string>>();
  const timesOfTitle = new Map<string, number>();
  for (const [place, { guid, title }] of items.entries()) {
    const plain = plainTitle(title);
    timesOfTitle.set(plain, (timesOfTitle.get(plain) ?? 0) + 1);
    if (guid) addTo(storiesOfGuid, guid, `${pages[place]} ${plain}`);
  }
  return items.map((item, place) => {
    const { guid, url, title } = item;
    const isNamedByGuid = guid !== null && !isNoName(guid) && storiesOfGuid.get(guid)!.size === 1;
    const keys = isNamedByGuid ? [`guid ${feedUrl} ${guid}`] : [];
    if (timesOfTitle.get(plainTitle(title)) === 1) {
      keys.push(...titleKeys(title, item.publishedAt ?? seenAt, language));
    }
    const [page, whole] = [pages[place], wholes[place]];
    if (!page) return keys;
    const isShared = titlesOfPage.get(page)!.size > 1 || !/[/?]/.test(page);
    if (!isShared) return [...keys, `page ${page}`];
    if (whole && whole !== page && titlesOfWhole.get(whole)!.size === 1) return [...keys, `page ${whole}`];
    const { hash } = new URL(url);
    if (hash.length > 1) return [...keys, `page ${page}${hash}`];
    return isNamedByGuid ? keys : [...keys, `page ${page} ${title}`];
  });
}

function titlesBy(
  names: readonly (string | null)[],
  items: readonly FeedItem[],
): Map<string | null, Set<string>> {
  const titles = new Map<string | null, Set<string>>();
  for (const [place, name] of names.entries()) addTo(titles, name, items[place]!.title);
  return titles;
}

function addTo<Key>(sets: Map<Key, Set<string>>, key: Key, value: string): void {
  sets.set(key, (sets.get(key) ?? new Set()).add(value));
}

/** What programs write where they have no guid: the word for it, zeros, or the address of the whole site. */
function isNoName(guid: string): boolean {
  const plain = guid.trim().toLowerCase();
  if (
    /^(?:n\/?a|none|null|nil|undefined|nan|unknown|false|true|guid|id|uuid|empty|tbd|test|\[object object\]|[\p{P}\p{S}0\s]*|-1)$/u.test(
      plain,
    )
  )
    return true;
  const page = canonicalUrl(guid.trim());
  return page !== null && !/[/?]/.test(page) && !/#./.test(guid);
}

/** Whether a name is that of a title; it holds for some days only. */
export function isTitleKey(key: string): boolean {
  return key.startsWith('title ');
}

const FEWEST_WORDS = 4;
const FEWEST_LETTERS = 24;
const DAY = 86_400_000;
/** Feeds that carry one story date it hours apart, at most a day or two. */
const NEAR = 2 * DAY;

/**
 * A title names a story together with the days around its date: two dates less than a day apart share at least one of
 * these names, and dates four days apart share none.
 */
function titleKeys(title: string, date: Date | null, language: string): string[] {
  const plain = plainTitle(title);
  if (date === null || plain.length < FEWEST_LETTERS || plain.split(' ').length < FEWEST_WORDS) return [];
  const span = date.getTime() / NEAR;
  const first = Math.floor(span);
  const second = span - first < 0.5 ? first - 1 : first + 1;
  return [Math.min(first, second), Math.max(first, second)].map(
    (time) => `title ${language} ${time} ${plain}`,
  );
}

/** Words alone: no accents, capitals or marks, and no "| Name of the site" at the end. */
function plainTitle(title: string): string {
  const own = title.replace(/\s[|·»]\s[^|·»]{1,40}$/u, '');
  const words = own
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu);
  return cut((words ?? []).join(' '), 200);
}
