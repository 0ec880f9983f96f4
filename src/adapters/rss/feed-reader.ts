import type { Feed } from '../../domain/programme.ts';
import { redact } from '../../domain/redact.ts';
import type { FeedAnswer, FeedReader } from '../../journey/content/ports/feeds.ts';
import { BREAKS_OFF } from './feed-fields.ts';
import { FETCH_LIMITS, type Fetched, type FetchLimits, fetchFeed } from './fetch-feed.ts';
import type { Reach } from './http/addresses.ts';
import { type HostGate, hostGate } from './http/host-gate.ts';
import { feedThread, READ_LIMITS, type ReadLimits } from './read-in-thread.ts';

export interface FeedReaderSettings {
  /** Feeds and images below it are Simmer's own, wherever it runs. No slash at its end. */
  publicUrl: string;
  limits?: FetchLimits;
  readLimits?: ReadLimits;
  /** Shared with others that connect to the same hosts. */
  gate?: HostGate;
}

/** A move is believed when the server has said so as often as this: one wrong answer must not lose a feed. */
const SAID_OFTEN = 3;

/** Reads feeds over HTTP. A feed's URL must be absolute. What is wrong with a feed is in its answer, in words. */
export function feedReader({
  publicUrl,
  limits = FETCH_LIMITS,
  readLimits = READ_LIMITS,
  gate = hostGate(),
}: FeedReaderSettings): FeedReader {
  const isOwn = (url: URL) => url.href === publicUrl || url.href.startsWith(`${publicUrl}/`);
  const readFeed = feedThread(readLimits);
  return {
    async read(feed, state): Promise<FeedAnswer> {
      if (!URL.canParse(feed.url)) {
        return failed(`found the feed address "${feed.url}"; allowed is an absolute URL`);
      }
      const fetchFrom = (url: string) =>
        fetchFeed({
          url,
          etag: state?.etag ?? null,
          lastModified: state?.lastModified ?? null,
          userAgent: `Simmer/0.1 (+${publicUrl})`,
          limits,
          gate,
          reach: (asked) => (isOwn(asked) ? null : reachOf(feed, asked)),
        });
      const answerAt = async (url: string) => answerOf(await fetchFrom(url), feed);
      return readMoved(feed.url, state, answerAt);
    },
  };

  async function answerOf(fetched: Fetched, feed: Feed): Promise<FeedAnswer> {
    if (fetched.status !== 'fetched') return fetched;
    try {
      const { body, contentType, url, etag, lastModified, movedTo } = fetched;
      const { items, findings } = await readFeed({
        body,
        contentType,
        url,
        language: feed.language,
        publicUrl,
      });
      // Kept for a feed that broke off, they would hide the rest until the feed changes.
      const isWhole = !findings.faults.includes(BREAKS_OFF);
      const marks = isWhole ? { etag, lastModified } : { etag: null, lastModified: null };
      return { status: 'changed', items, ...marks, findings, movedTo };
    } catch (error) {
      return failed((error as Error).message);
    }
  }
}

/** Goes to where the feed has moved to, and back to its own address when nothing that can be read is there. */
async function readMoved(
  url: string,
  state: { movedTo: string | null; movedSeen: number } | null,
  answerAt: (url: string) => Promise<FeedAnswer>,
): Promise<FeedAnswer> {
  const moved = state?.movedTo && state.movedSeen >= SAID_OFTEN ? state.movedTo : null;
  if (moved !== null && URL.canParse(moved)) {
    const answer = await answerAt(moved);
    if (answer.status === 'changed' || answer.status === 'unchanged') {
      return { ...answer, movedTo: answer.movedTo ?? moved };
    }
  }
  return answerAt(url);
}

/** The permission to look inside the own network is for the feed's own host, not for whatever it redirects to. */
function reachOf(feed: Feed, url: URL): Reach {
  return feed.allowPrivateNetwork && url.host === new URL(feed.url).host ? 'private-too' : 'public';
}

function failed(error: string): FeedAnswer {
  return { status: 'failed', error: redact(error), retryAfterMs: null };
}
