import { createHash } from 'node:crypto';
import type { FeedItem } from '../../domain/content/article.ts';
import { tellApart } from '../../domain/content/choosing/one-story.ts';
import { nextCheck } from '../../domain/content/next-check.ts';
import { keysOf } from '../../domain/content/reading/identity.ts';
import type { Links } from '../../domain/links.ts';
import type { Feed, Programme } from '../../domain/programme.ts';
import type { Database, Log, Queue } from '../ports.ts';
import { withCheckedImages } from './collect/with-checked-images.ts';
import type { FeedAnswer, FeedReader, FeedState, ImageChecker, NewArticle } from './ports/feeds.ts';

export interface CollectDeps {
  programme: Programme;
  database: Database;
  feedReader: FeedReader;
  imageChecker: ImageChecker;
  links: Links;
  log: Log;
  /** Names this process in the rows that it holds. */
  worker?: string;
}

/** A worker that dies while it reads a feed leaves it to others after this. Well above the time limits of reading. */
const LEASE_MS = 2 * 60_000;

/** Makes a job for each feed of the programme that is due; one that was never read is. Returns how many. */
export async function handOnDueFeeds(
  deps: { programme: Programme; database: Database; queue: Queue },
  now: Date,
): Promise<number> {
  const states = await deps.database.stores.feeds.list();
  const nextChecks = new Map(states.map((state) => [state.url, state.nextCheckAt]));
  const gone = new Set(states.filter(({ status }) => status === 'gone').map(({ url }) => url));
  const due = deps.programme.feeds.filter(({ url }) => !gone.has(url) && (nextChecks.get(url) ?? now) <= now);
  for (const { url } of due) {
    await deps.queue.add({ name: 'collect-feed', url }, { key: `collect-feed ${url}` });
  }
  return due.length;
}

/**
 * Reads one feed, if it is due, nobody else has it and its host is not busy with others, and stores what is new. The feed's state and its articles are
 * written together, so that an ETag is never kept for articles that were lost. Returns how many were new.
 */
export async function collectFeed(deps: CollectDeps, url: string, now: Date): Promise<number> {
  const feed = deps.programme.feeds.find((one) => one.url === url);
  if (!feed) {
    deps.log.info({ feed: url }, 'a feed that is no longer in the programme is not read');
    return 0;
  }
  const [state] = await deps.database.stores.feeds.claimDue([url], now, LEASE_MS, deps.worker);
  if (!state) return 0;
  const absolute = { ...feed, url: deps.links.absolute(feed.url) };
  const answer = await deps.feedReader.read(absolute, state);
  const items = answer.status === 'changed' ? await withCheckedImages(deps, absolute, answer.items, now) : [];
  const added = await deps.database.inTransaction(async ({ articles, feeds }) => {
    const fresh = newArticles(feed, items, now);
    const count = fresh.length > 0 ? await articles.add(fresh, tellApart) : 0;
    await feeds.save(stateAfter(feed, state, answer, count, now));
    return count;
  });
  if (answer.status === 'gone') {
    deps.log.warn({ feed: url, reason: answer.error }, 'a feed is gone for good and is read no more');
  } else if (answer.status === 'failed') {
    deps.log.warn({ feed: url, failures: state.failures + 1, reason: answer.error }, 'a feed cannot be read');
  } else if (added > 0) {
    deps.log.info({ feed: url, added }, 'new articles');
  }
  return added;
}

function newArticles(feed: Feed, items: FeedItem[], now: Date): NewArticle[] {
  const keys = keysOf(feed.url, items, feed.language, now);
  return items.map(({ otherImages: _, ...item }, index) => ({
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

function stateAfter(feed: Feed, state: FeedState, answer: FeedAnswer, added: number, now: Date): FeedState {
  const jitter = jitterOf(feed.url, now);
  if (answer.status === 'failed' || answer.status === 'gone') {
    const failures = state.failures + 1;
    const retryAfterMs = answer.status === 'failed' ? answer.retryAfterMs : null;
    return {
      ...state,
      status: answer.status === 'gone' ? 'gone' : 'active',
      nextCheckAt: nextCheck(feed, { failures, retryAfterMs }, now, jitter),
      lastCheckedAt: now,
      failures,
      lastError: answer.error,
    };
  }
  const { movedTo = null } = answer;
  return {
    url: feed.url,
    etag: answer.status === 'changed' ? answer.etag : state.etag,
    lastModified: answer.status === 'changed' ? answer.lastModified : state.lastModified,
    nextCheckAt: nextCheck(feed, { failures: 0, retryAfterMs: null }, now, jitter),
    lastCheckedAt: now,
    lastSuccessAt: now,
    failures: 0,
    lastError: null,
    status: 'active',
    movedTo,
    movedSeen: movedTo === null ? 0 : movedTo === state.movedTo ? state.movedSeen + 1 : 1,
    lastNewAt: newest(state.lastNewAt, answer, added, now),
  };
}

/** The date of the newest article; without dates, the day on which something new came. */
function newest(before: Date | null, answer: FeedAnswer, added: number, now: Date): Date | null {
  if (answer.status !== 'changed') return before;
  const dates = answer.items.flatMap(({ publishedAt }) =>
    publishedAt && publishedAt <= now ? [publishedAt.getTime()] : [],
  );
  if (added > 0 && dates.length < answer.items.length) dates.push(now.getTime());
  if (before) dates.push(before.getTime());
  return dates.length === 0 ? null : new Date(Math.max(...dates));
}

/** 0 to 1, different per feed and moment, and the same when asked again. */
function jitterOf(url: string, now: Date): number {
  return createHash('sha256').update(`${url} ${now.getTime()}`).digest().readUInt32BE(0) / 0xffffffff;
}
