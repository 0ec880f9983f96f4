import type { Article } from '../../domain/content/article.ts';
import { type Choosing, prepareChoosing } from '../../domain/content/select.ts';
import { freshSince } from '../../domain/delivery/plan.ts';
import type { Digest } from '../../domain/programme.ts';
import type { Stores } from '../ports.ts';

export interface RehearsedPick {
  title: string;
  url: string;
  interest: string;
  /** In English, for staff. */
  reason: string;
}

export type RehearsedReader = { email: string; picks: RehearsedPick[] } | { email: string; skip: string };

const CHUNK = 1000;

/** How many readers and articles a rehearsal will go through. */
export async function sizeOfRehearsal(
  stores: Pick<Stores, 'issues' | 'articles'>,
  digest: Digest,
  now: Date,
): Promise<{ readers: number; articles: number }> {
  const articles = await stores.articles.publishedSince(freshSince(digest, now));
  return { readers: await stores.issues.countActiveReaders(), articles: articles.length };
}

/**
 * What each active reader would get of an issue planned now, and why, or why nothing; one after the other, so that
 * any number of them fits in memory. Only reads: nothing is planned, sent or written.
 */
export async function* rehearseIssue(
  stores: Pick<Stores, 'issues' | 'articles'>,
  digest: Digest,
  choosing: Choosing,
  now: Date,
): AsyncGenerator<RehearsedReader> {
  const articles = await stores.articles.publishedSince(freshSince(digest, now));
  const byId = new Map(articles.map((article) => [article.id, article]));
  const choose = prepareChoosing({
    articles,
    now,
    layout: digest.layout,
    minimum: digest.minimumArticles,
    choosing,
  });
  const ids = [...byId.keys()];
  let afterId = 0;
  for (;;) {
    const readers = await stores.issues.readersWithPast(ids, afterId, CHUNK);
    for (const { subscriber, hadArticleIds } of readers) {
      const chosen = choose(subscriber, hadArticleIds);
      yield 'skip' in chosen
        ? { email: subscriber.email, skip: chosen.skip }
        : { email: subscriber.email, picks: chosen.picks.map((pick) => shown(pick, byId)) };
    }
    const last = readers.at(-1);
    if (!last || readers.length < CHUNK) return;
    afterId = last.subscriber.id;
  }
}

function shown(
  pick: { articleId: number; interest: string; reason: string },
  articles: Map<number, Article>,
): RehearsedPick {
  const article = articles.get(pick.articleId)!;
  return { title: article.title, url: article.url, interest: pick.interest, reason: pick.reason };
}
