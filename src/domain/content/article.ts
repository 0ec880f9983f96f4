export interface Article {
  id: number;
  feedUrl: string;
  url: string;
  title: string;
  /** Plain text, one or two sentences. */
  summary: string;
  imageUrl: string | null;
  language: string;
  interests: string[];
  publishedAt: Date;
  firstSeenAt: Date;
  /** The feed's priority. */
  priority: number;
  /** Other feeds that brought it too. */
  alsoIn?: string[];
  /** It turned out to tell the story of this article: it stays for the mails that have it, and is not chosen again. */
  sameAs?: number;
}

/** What a feed's item says, cleaned: not yet known to be new. */
export interface FeedItem {
  guid: string | null;
  url: string;
  title: string;
  summary: string;
  /** The first of the pictures it comes with that can be had with TLS. */
  imageUrl: string | null;
  /** Further pictures it comes with, to be shown instead when the first is none. */
  otherImages?: string[];
  /** Null when the feed gives none, or one that cannot be read. */
  publishedAt: Date | null;
}
