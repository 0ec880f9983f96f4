import type { Programme } from '../../programme.ts';
import type { Article } from '../article.ts';

/** Active readers who want an interest, in one language. */
export interface InterestAudience {
  interest: string;
  language: string;
  readers: number;
}

/** Interests that active readers have and the programme has not (any more): nothing is sent about them. Most readers first. */
export function goneInterests(
  { interests }: Pick<Programme, 'interests'>,
  audience: readonly InterestAudience[],
): { interest: string; readers: number }[] {
  const known = new Set(interests.map(({ id }) => id));
  const gone = new Map<string, number>();
  for (const { interest, readers } of audience) {
    if (!known.has(interest)) gone.set(interest, (gone.get(interest) ?? 0) + readers);
  }
  return [...gone]
    .map(([interest, readers]) => ({ interest, readers }))
    .sort((a, b) => b.readers - a.readers || a.interest.localeCompare(b.interest));
}

/**
 * The articles as the programme offers them: those of feeds that it names, about what these feeds are about. What a feed
 * brought that has left the programme is of no issue any more, unless another feed brought it too. Nor is what is published
 * after `by`: a clock may have been set back.
 */
export function offeredBy(
  { feeds, interests }: Pick<Programme, 'feeds' | 'interests'>,
  articles: readonly Article[],
  by?: Date,
): Article[] {
  const named = new Map(feeds.map((feed) => [feed.url, feed]));
  const known = new Set(interests.map(({ id }) => id));
  return articles.flatMap((article) => {
    const own = [article.feedUrl, ...(article.alsoIn ?? [])].flatMap((url) => named.get(url) ?? []);
    const about = [...new Set(own.flatMap((feed) => feed.interests))].filter((id) => known.has(id));
    const [first] = own;
    const isToCome = by !== undefined && article.publishedAt > by;
    if (first === undefined || about.length === 0 || isToCome) return [];
    const priority = Math.max(...own.map((feed) => feed.priority));
    return [{ ...article, feedUrl: first.url, interests: about.sort(), priority }];
  });
}
