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
  const path = sameSpelling(parsed.pathname).replace(/\/+$/, '');
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
 * The names that the items of one reading of a feed are known by, in the items' order: the guid within its feed, and
 * the page it leads to. An item that shares any name with an article is that article: so a changed guid, a link with
 * new tracking, http for https, or the same story in another feed bring nothing new.
 *
 * A page that several stories of one reading share (a home page, a page of release notes) names none of them: then
 * the fragment counts, or the title.
 */
export function keysOf(feedUrl: string, items: readonly FeedItem[]): string[][] {
  const titles = new Map<string, Set<string>>();
  for (const { url, title } of items) {
    const page = canonicalUrl(url);
    if (page) titles.set(page, (titles.get(page) ?? new Set()).add(title));
  }
  return items.map(({ guid, url, title }) => {
    const keys = guid ? [`guid ${feedUrl} ${guid}`] : [];
    const page = canonicalUrl(url);
    if (!page) return keys;
    const isShared = titles.get(page)!.size > 1;
    if (!isShared) return [...keys, `page ${page}`];
    const { hash } = new URL(url);
    if (hash.length > 1) return [...keys, `page ${page}${hash}`];
    return guid ? keys : [`page ${page} ${title}`];
  });
}
