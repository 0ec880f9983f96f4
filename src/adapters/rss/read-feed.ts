import type { FeedItem } from '../../domain/content/article.ts';
import { languageOf } from '../../domain/content/reading/text-language.ts';
import type { FeedFindings } from '../../journey/content/ports/feeds.ts';
import { decodeFeed } from './charset/charset.ts';
import { parseFeed } from './parse-feed.ts';
import { TOO_DEEP } from './prepare-feed.ts';
import { readItems } from './read-item.ts';

/** What a feed is read from; it can be handed to another thread. */
export interface FeedBytes {
  body: Uint8Array;
  contentType: string | null;
  /** Where the feed was in the end. */
  url: string;
  language: string;
  /** Pictures below it are Simmer's own. */
  publicUrl: string;
}

export interface ReadFeed {
  items: FeedItem[];
  findings: FeedFindings;
}

/** A feed's bytes → clean items. Throws an Error in words. All of it is CPU time: see read-in-thread.ts. */
export async function readFeed({
  body,
  contentType,
  url,
  language,
  publicUrl,
}: FeedBytes): Promise<ReadFeed> {
  const isOwn = (image: URL) => image.href.startsWith(`${publicUrl}/`);
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const { text, charset } = decodeFeed(bytes, contentType, language);
  try {
    const feed = await parseFeed(text, url);
    const { items, dropped } = readItems(feed, { url, language, isOwn });
    const { format, title, faults, language: said } = feed;
    const looksLike = languageOf(items.flatMap(({ title, summary }) => [title, summary]));
    return { items, findings: { format, charset, title, language: said, looksLike, dropped, faults } };
  } catch (error) {
    throw error instanceof RangeError ? new Error(TOO_DEEP) : error;
  }
}
