import type { FeedItem } from '../../../domain/content/article.ts';
import type { Feed } from '../../../domain/programme.ts';
import type { Database } from '../../ports.ts';
import type { ImageChecker, ImageFacts } from '../ports/feeds.ts';

/** Pictures of one reading that are looked at; those of the other items wait for the next reading. */
const MOST_LOOKS = 60;
const AT_ONCE = 4;

/**
 * The items with a picture that a mail can show, or none: the first of theirs that turned out to be one. What is known is
 * not looked at again. A picture never holds up its article: it is left out until it is known.
 */
export async function withCheckedImages(
  deps: { database: Database; imageChecker: ImageChecker },
  feed: Feed,
  items: FeedItem[],
  now: Date,
): Promise<FeedItem[]> {
  const candidates = items.map(({ imageUrl, otherImages = [] }) =>
    imageUrl === null ? otherImages : [imageUrl, ...otherImages],
  );
  const urls = [...new Set(candidates.flat())];
  if (urls.length === 0) return items;
  const { images } = deps.database.stores;
  const facts = new Map((await images.known(urls, now)).map((known) => [known.url, known]));
  const found = await lookAt(deps.imageChecker, feed, candidates, facts);
  if (found.length > 0) await images.keep(found, now);
  return items.map((item, place) => {
    const good = candidates[place]!.find((url) => facts.get(url)?.fault === null);
    return { ...item, imageUrl: good ?? null };
  });
}

/** Looks at each item's pictures in turn until one is good. Adds to `facts`; gives what is new. */
async function lookAt(
  checker: ImageChecker,
  feed: Feed,
  candidates: string[][],
  facts: Map<string, ImageFacts>,
): Promise<ImageFacts[]> {
  const found: ImageFacts[] = [];
  const waiting = candidates.values();
  const underWay = new Map<string, Promise<ImageFacts>>();
  let looks = 0;
  const look = async (url: string): Promise<ImageFacts | null> => {
    const known = facts.get(url) ?? underWay.get(url);
    if (known) return known;
    if (looks++ >= MOST_LOOKS) return null;
    const looking = checker.check(url, feed);
    underWay.set(url, looking);
    const seen = await looking;
    facts.set(url, seen);
    found.push(seen);
    return seen;
  };
  const worker = async () => {
    for (const urls of waiting) {
      for (const url of urls) {
        const seen = await look(url);
        if (seen === null || seen.fault === null) break;
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return found;
}
