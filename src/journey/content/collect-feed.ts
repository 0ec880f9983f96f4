import { createHash } from 'node:crypto';
import type { FeedItem } from '../../domain/content/article.ts';
import { keysOf } from '../../domain/content/identity.ts';
import { nextCheck } from '../../domain/content/next-check.ts';
import type { Links } from '../../domain/links.ts';
import type { Feed, Programme } from '../../domain/programme.ts';
import type { Database, Log, Queue } from '../ports.ts';
import type { FeedAnswer, FeedReader, FeedState, NewArticle } from './ports.ts';

export interface CollectDeps {
  programme: Programme;
  database: Database;
  feedReader: FeedReader;
  links: Links;
  log: Log;
}

/** A worker that dies while it reads a feed leaves it to others after this. Well above the reader's time limit. */
const LEASE_MS = 2 * 60_000;

/** Makes a job for each feed of the programme that is due; one that was never read is. Returns how many. */
export async function handOnDueFeeds(
  deps: { programme: Programme; database: Database; queue: Queue },
  now: Date,
): Promise<number> {
  const states = await deps.database.stores.feeds.list();
  const nextChecks = new Map(states.map((state) => [state.url, state.nextCheckAt]));
  const due = deps.programme.feeds.filter(({ url }) => (nextChecks.get(url) ?? now) <= now);
  for (const { url } of due) {
    await deps.queue.add({ name: 'collect-feed', url }, { key: `collect-feed ${url}` });
  }
  return due.length;
}

/**
 * Reads one feed, if it is due and nobody else has it, and stores what is new. The feed's state and its articles are
 * written together, so that an ETag is never kept for articles that were lost. Returns how many were new.
 */
export async function collectFeed(deps: CollectDeps, url: string, now: Date): Promise<number> {
  const feed = deps.programme.feeds.find((one) => one.url === url);
  if (!feed) {
    deps.log.info({ feed: url }, 'a feed that is no longer in the programme is not read');
    return 0;
  }
  const [state] = await deps.database.stores.feeds.claimDue([url], now, LEASE_MS);
  if (!state) return 0;
  const answer = await deps.feedReader.read({ ...feed, url: deps.links.absolute(feed.url) }, state);
  const added = await deps.database.inTransaction(async ({ articles, feeds }) => {
    const fresh = answer.status === 'changed' ? newArticles(feed, answer.items, now) : [];
    const count = fresh.length > 0 ? await articles.add(fresh) : 0;
    await feeds.save(stateAfter(feed, state, answer, now));
    return count;
  });
  if (answer.status === 'failed') {
    deps.log.warn({ feed: url, failures: state.failures + 1, reason: answer.error }, 'a feed cannot be read');
  } else if (added > 0) {
    deps.log.info({ feed: url, added }, 'new articles');
  }
  return added;
}

function newArticles(feed: Feed, items: FeedItem[], now: Date): NewArticle[] {
  const keys = keysOf(feed.url, items);
  return items.map((item, index) => ({
    ...item,
    feedUrl: feed.url,
    language: feed.language,
    interests: feed.interests,
    priority: feed.priority,
    // A date still to come would keep an article fresh for ever.
    publishedAt: item.publishedAt && item.publishedAt < now ? item.publishedAt : now,
    firstSeenAt: now,
    keys: keys[index]!,
  }));
}

function stateAfter(feed: Feed, state: FeedState, answer: FeedAnswer, now: Date): FeedState {
  const jitter = jitterOf(feed.url, now);
  if (answer.status === 'failed') {
    const failures = state.failures + 1;
    return {
      ...state,
      nextCheckAt: nextCheck(feed, { failures, retryAfterMs: answer.retryAfterMs }, now, jitter),
      lastCheckedAt: now,
      failures,
      lastError: answer.error,
    };
  }
  return {
    url: feed.url,
    etag: answer.status === 'changed' ? answer.etag : state.etag,
    lastModified: answer.status === 'changed' ? answer.lastModified : state.lastModified,
    nextCheckAt: nextCheck(feed, { failures: 0, retryAfterMs: null }, now, jitter),
    lastCheckedAt: now,
    lastSuccessAt: now,
    failures: 0,
    lastError: null,
  };
}

/** 0 to 1, different per feed and moment, and the same when asked again. */
function jitterOf(url: string, now: Date): number {
  return createHash('sha256').update(`${url} ${now.getTime()}`).digest().readUInt32BE(0) / 0xffffffff;
}
