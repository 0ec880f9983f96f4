import type { Article, FeedItem } from '../../../domain/content/article.ts';
import type { Named, ToldApart } from '../../../domain/content/choosing/one-story.ts';
import type { FeedTrouble } from '../../../domain/content/feed-health.ts';
import type { Feed } from '../../../domain/programme.ts';

export interface FeedState {
  url: string;
  etag: string | null;
  lastModified: string | null;
  nextCheckAt: Date;
  lastCheckedAt: Date | null;
  lastSuccessAt: Date | null;
  failures: number;
  lastError: string | null;
  /** 'gone': its server said so for good (410); it is not read any more. */
  status: 'active' | 'gone';
  /** Where its server says it has moved to for good, and how often in a row it has said so. */
  movedTo: string | null;
  movedSeen: number;
  /** The date of the newest article it brought. */
  lastNewAt: Date | null;
  /** What the marketers were told is wrong with it; written by FeedStore.tell alone. */
  toldTrouble?: FeedTrouble | null;
}

/** An item that became no article, and why, in words. */
export interface DroppedItem {
  title: string;
  why: string;
}

/** What a feed turned out to be, for people. */
export interface FeedFindings {
  /** "RSS 2.0", "Atom 1.0", "JSON Feed 1.1". */
  format: string;
  charset: string;
  title: string;
  /** What it says of its language, as it writes it ("nl-BE"); null for nothing. */
  language: string | null;
  /** What its texts are written in; null where that cannot be told. */
  looksLike: string | null;
  dropped: DroppedItem[];
  /** What was found that should not be, and was mended, in words. */
  faults: string[];
}

export type FeedAnswer =
  | {
      status: 'changed';
      items: FeedItem[];
      etag: string | null;
      lastModified: string | null;
      findings?: FeedFindings;
      /** Where it has moved to for good; null when it has not. */
      movedTo?: string | null;
    }
  | { status: 'unchanged'; movedTo?: string | null }
  /** The server says it will never be there again (410). */
  | { status: 'gone'; error: string }
  /** `error` says what was found and where, for the marketer. */
  | { status: 'failed'; error: string; retryAfterMs: number | null };

/** Fetches and parses one feed. Never throws: whatever a feed does is an answer. */
export interface FeedReader {
  read(feed: Feed, state: FeedState | null): Promise<FeedAnswer>;
}

export interface FeedStore {
  list(): Promise<FeedState[]>;
  /** Takes the feeds that are due, so that two workers never fetch the same one: puts next_check_at forward by the lease. */
  claimDue(urls: string[], now: Date, leaseMs: number, worker?: string): Promise<FeedState[]>;
  save(state: FeedState): Promise<void>;
  /** Makes a feed due again, also one that is gone. False when there is none, or it is being read just now. */
  retry(url: string, now: Date): Promise<boolean>;
  /** Keeps under another spelling all that is known under this one. False when there is nothing. */
  respell(url: string, used: string): Promise<boolean>;
  /**
   * Notes what is wrong with feeds (null: nothing). Says which have a trouble that was not noted before: of several
   * workers one hears of it.
   */
  tell(troubles: { url: string; trouble: FeedTrouble | null }[], now: Date): Promise<string[]>;
  /** Counts, for at most so many issues that are done, the mails that each article went into. Each issue once. */
  countMails(limit: number): Promise<number>;
  /** One row per URL, in their order. */
  health(urls: readonly string[], now: Date): Promise<FeedHealthRow[]>;
}

export interface FeedHealthRow {
  url: string;
  /** Null for a feed that was never read. */
  state: FeedState | null;
  /** Published in the last 28 days. */
  recentArticles: number;
  /** When its oldest article was published. */
  firstArticleAt: Date | null;
  /** Of its articles of the last 90 days: how many an issue that is done could draw from, and how many of these went out. */
  offered: number;
  used: number;
  toldTrouble: FeedTrouble | null;
  toldAt: Date | null;
}

/** What a picture turned out to be. */
export interface ImageFacts {
  url: string;
  /** In pixels; null when it is not known. */
  width: number | null;
  height: number | null;
  /** Why no mail can show it, in words; null: it can. */
  fault: string | null;
}

export interface ImageStore {
  /** What is known of these, and not too long ago. */
  known(urls: string[], now: Date): Promise<ImageFacts[]>;
  keep(facts: ImageFacts[], now: Date): Promise<void>;
}

/** Looks at a picture, within limits. Never throws: whatever it is, is an answer. */
export interface ImageChecker {
  check(url: string, feed: Feed): Promise<ImageFacts>;
}

export interface NewArticle extends FeedItem {
  feedUrl: string;
  language: string;
  interests: string[];
  priority: number;
  publishedAt: Date;
  firstSeenAt: Date;
  /** Every name it is known by; see domain/content/reading/identity.ts. */
  keys: string[];
}

/** Told the articles, which stored one each key is known for, and all names of those that are known by a title. */
export type TellApart = (
  articles: readonly NewArticle[],
  known: ReadonlyMap<string, number>,
  titled: ReadonlyMap<number, Named>,
) => ToldApart<NewArticle>;

export interface ArticleStore {
  /**
   * Stores what is new and merges what is known, as `tellApart` says of what is stored under any of their keys; that is held
   * meanwhile. Says how many were new.
   */
  add(articles: readonly NewArticle[], tellApart: TellApart): Promise<number>;
  publishedSince(since: Date): Promise<Article[]>;
  find(ids: number[]): Promise<Article[]>;
}
