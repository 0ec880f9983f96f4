import type { FeedItem } from './article.ts';

/** Parameters that say where a click came from, not which page it is. Analytics and mail tools put them on any link. */
const TRACKING =
  /^(utm_\w+|mtm_\w+|pk_\w+|piwik_\w+|hsa_\w+|mc_[ce]id|_hs(enc|mi)|(fb|g|d|tt|tw|y)clid|msclkid|(wb|gb)raid|igshid?|oly_\w+|vero_\w+|ref(errer|_src)?|source|cmp(id)?|campaign(id)?|ns_\w+|spm|smid|xtor|sr_share|ito|wt_?mc\w*|at_(medium|campaign|custom\d?)|s_cid|icid|ncid|_ga|_gl)$/i;

/**
 * One spelling for all addresses of one page: without scheme, "www.", port, sign-in, fragment, tracking parameters
 * and slashes at the end; parameters in order. It is a name, not an address to open. Null when it is no web address.
 */
export function canonicalUrl(url: string): string | null {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (!parsed || !/^https?:$/.test(parsed.protocol)) return null;
  const parameters = [...parsed.searchParams]
    .filter(([name]) => !TRACKING.test(name))
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
 * bring nothing new.
 *
 * A page that several stories of one reading share (a home page, a page of release notes) names none of them, nor does
 * the front page of a site: then the fragment counts, or the title. A title that comes twice in one reading, or is too
 * short to be one story's alone ("Weekly update"), is no name either.
 */
export function keysOf(
  feedUrl: string,
  items: readonly FeedItem[],
  language = '',
  seenAt: Date | null = null,
): string[][] {
  const titlesOfPage = new Map<string, Set<string>>();
  const timesOfTitle = new Map<string, number>();
  for (const { url, title } of items) {
    const page = canonicalUrl(url);
    if (page) titlesOfPage.set(page, (titlesOfPage.get(page) ?? new Set()).add(title));
    const plain = plainTitle(title);
    timesOfTitle.set(plain, (timesOfTitle.get(plain) ?? 0) + 1);
  }
  return items.map((item) => {
    const { guid, url, title } = item;
    const keys = guid ? [`guid ${feedUrl} ${guid}`] : [];
    if (timesOfTitle.get(plainTitle(title)) === 1) {
      keys.push(...titleKeys(title, item.publishedAt ?? seenAt, language));
    }
    const page = canonicalUrl(url);
    if (!page) return keys;
    const isShared = titlesOfPage.get(page)!.size > 1 || !/[/?]/.test(page);
    if (!isShared) return [...keys, `page ${page}`];
    const { hash } = new URL(url);
    if (hash.length > 1) return [...keys, `page ${page}${hash}`];
    return guid ? keys : [...keys, `page ${page} ${title}`];
  });
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
  return (words ?? []).join(' ').slice(0, 200);
}
