import type { Article } from '../../../domain/content/article.ts';
import type { CheckedLink, Findings, Where } from '../../../domain/delivery/rehearsal.ts';
import type { Links } from '../../../domain/links.ts';
import type { Programme } from '../../../domain/programme.ts';
import type { LinkChecker } from '../ports/link-checker.ts';

/** The links with most readers are looked at; so many at a time, and no more of them than this. */
const LINKS_AT_ONCE = 8;
const MOST_LINKS = 300;

/**
 * Looks where the links of an issue lead: of the articles that were picked, most readers first, and those that stand in
 * all of `mails` mails. `tell` hears how many of how many are done.
 */
export async function checkLinks(
  deps: { programme: Programme; links: Links; linkChecker: LinkChecker },
  picked: readonly { article: Article; mails: number }[],
  mails: number,
  tell: (done: number, of: number) => void,
): Promise<Findings['links']> {
  const { programme, links, linkChecker } = deps;
  const privateFeeds = new Set(
    programme.feeds.filter(({ allowPrivateNetwork }) => allowPrivateNetwork).map(({ url }) => url),
  );
  const fixed = [...programme.callsToAction, ...programme.footerLinks].flatMap(({ url }) => url ?? []);
  const all = new Map<string, { readers: number; isPrivate: boolean }>();
  if (mails > 0) for (const url of fixed) all.set(links.absolute(url), { readers: mails, isPrivate: false });
  for (const { article, mails: readers } of picked) {
    const isPrivate = privateFeeds.has(article.feedUrl);
    const url = links.absolute(article.url);
    if (!all.has(url)) all.set(url, { readers, isPrivate });
  }
  const waiting = [...all].slice(0, MOST_LINKS);
  const size = waiting.length;
  const failing: CheckedLink[] = [];
  const answered = new Set<Where>();
  let done = 0;
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [url, { readers, isPrivate }] = next;
      const answer = await linkChecker.check(url, isPrivate);
      const where = url.startsWith(links.absolute('/')) ? 'own' : 'outside';
      if (answer.state !== 'unreachable') answered.add(where);
      if (answer.state !== 'good') failing.push({ where, url, ...answer, readers });
      done += 1;
      tell(done, size);
    }
  };
  await Promise.all(Array.from({ length: LINKS_AT_ONCE }, worker));
  failing.sort((a, b) => b.readers - a.readers || (a.url < b.url ? -1 : 1));
  const cutOff = [...new Set(failing.map(({ where }) => where))].filter((where) => !answered.has(where));
  return { checked: size, left: all.size - size, failing, cutOff };
}
