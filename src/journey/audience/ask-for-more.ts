import { lean } from '../../domain/content/choosing/weights.ts';
import type { Hit } from '../../domain/tracking/hit.ts';
import type { Database } from '../ports.ts';

export interface AskForMoreInput {
  deliveryId: number;
  linkNumber: number;
  wish: 'more' | 'less';
  hit: Hit;
}

export interface AskedFor {
  title: string;
  interest: string;
  /** How far the reader now leans to the interest: below 0 is less, above is more, 0 is as at first. */
  leaning: number;
}

/**
 * "More of this", "less of this": changes what is chosen for the reader from the next issue on. Not a matter of
 * consent, so it goes with the mail's link alone. Null when the link leads to no article of that mail.
 */
export async function askForMore(
  { database }: { database: Pick<Database, 'inTransaction'> },
  { deliveryId, linkNumber, wish, hit }: AskForMoreInput,
  now: Date,
): Promise<AskedFor | null> {
  return database.inTransaction(async ({ choosing, subscribers }) => {
    const article = await choosing.articleBehind(deliveryId, linkNumber);
    if (!article) return null;
    const { subscriberId, articleId, interest, title } = article;
    const reader = await subscribers.lock(subscriberId);
    if (!reader) return null;
    const leanings = lean(reader.leanings, article, wish);
    await subscribers.change(subscriberId, { leanings });
    await choosing.noteWish({
      subscriberId,
      deliveryId,
      linkNumber,
      wish,
      at: now,
      method: hit.method,
      userAgent: hit.userAgent,
      details: { articleId, interest, feed: article.feedUrl },
    });
    return { title, interest, leaning: leanings[`interest:${interest}`] ?? 0 };
  });
}
