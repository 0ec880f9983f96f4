import type { Feed } from '../../domain/programme.ts';
import type { FeedAnswer, FeedReader } from '../../journey/content/ports.ts';
import type { Reach } from './addresses.ts';
import { decodeFeed } from './charset.ts';
import { FETCH_LIMITS, type FetchLimits, fetchFeed } from './fetch-feed.ts';
import { parseFeed, TOO_DEEP } from './parse-feed.ts';
import { readItems } from './read-item.ts';

export interface FeedReaderSettings {
  /** Feeds and images below it are Simmer's own, wherever it runs. No slash at its end. */
  publicUrl: string;
  limits?: FetchLimits;
}

/** Reads feeds over HTTP. A feed's URL must be absolute. What is wrong with a feed is in its answer, in words. */
export function feedReader({ publicUrl, limits = FETCH_LIMITS }: FeedReaderSettings): FeedReader {
  const isOwn = (url: URL) => url.href === publicUrl || url.href.startsWith(`${publicUrl}/`);
  return {
    async read(feed, state): Promise<FeedAnswer> {
      if (!URL.canParse(feed.url)) {
        return failed(`found the feed address "${feed.url}"; allowed is an absolute URL`);
      }
      const fetched = await fetchFeed({
        url: feed.url,
        etag: state?.etag ?? null,
        lastModified: state?.lastModified ?? null,
        userAgent: `Simmer/0.1 (+${publicUrl})`,
        limits,
        reach: (url) => (isOwn(url) ? null : reachOf(feed, url)),
      });
      if (fetched.status !== 'fetched') return fetched;
      try {
        const parsed = await parseFeed(decodeFeed(fetched.body, fetched.contentType));
        const items = readItems(parsed, { url: fetched.url, language: feed.language, isOwn });
        return {
          status: 'changed',
          items,
          etag: fetched.etag,
          lastModified: fetched.lastModified,
        };
      } catch (error) {
        return failed(error instanceof RangeError ? TOO_DEEP : (error as Error).message);
      }
    },
  };
}

/** The permission to look inside the own network is for the feed's own host, not for whatever it redirects to. */
function reachOf(feed: Feed, url: URL): Reach {
  return feed.allowPrivateNetwork && url.host === new URL(feed.url).host ? 'private-too' : 'public';
}

function failed(error: string): FeedAnswer {
  return { status: 'failed', error, retryAfterMs: null };
}
