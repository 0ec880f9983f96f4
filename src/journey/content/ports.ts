import type { Article, FeedItem } from '../../domain/content/article.ts';
import type { Feed } from '../../domain/programme.ts';

export interface FeedState {
  url: string;
  etag: string | null;
  lastModified: string | null;
  nextCheckAt: Date;
  lastCheckedAt: Date | null;
  lastSuccessAt: Date | null;
  failures: number;
  lastError: string | null;
}

export type FeedAnswer =
  | { status: 'changed'; items: FeedItem[]; etag: string | null; lastModified: string | null }
  | { status: 'unchanged' }
  /** `error` says what was found and where, for the marketer. */
  | { status: 'failed'; error: string; retryAfterMs: number | null };

/** Fetches and parses one feed. Never throws: whatever a feed does is an answer. */
export interface FeedReader {
  read(feed: Feed, state: FeedState | null): Promise<FeedAnswer>;
}

export interface FeedStore {
  list(): Promise<FeedState[]>;
  /** Takes the feeds that are due, so that two workers never fetch the same one: puts next_check_at forward by the lease. */
  claimDue(urls: string[], now: Date, leaseMs: number): Promise<FeedState[]>;
  save(state: FeedState): Promise<void>;
}

export interface NewArticle extends FeedItem {
  feedUrl: string;
  language: string;
  interests: string[];
  priority: number;
  publishedAt: Date;
  firstSeenAt: Date;
  /** Every name it is known by; see domain/content/identity.ts. */
  keys: string[];
}

export interface ArticleStore {
  /** Stores what is new, merges what is known under any of its keys. Says how many were new. */
  add(articles: NewArticle[]): Promise<number>;
  publishedSince(since: Date): Promise<Article[]>;
  find(ids: number[]): Promise<Article[]>;
}
