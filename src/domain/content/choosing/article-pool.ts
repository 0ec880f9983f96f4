import type { Article } from '../article.ts';
import { storiesOf } from './stories.ts';

/**
 * The articles of one language, laid out for choosing: by their place in a list that has the newest first, then the
 * lower id. The place is therefore also what breaks ties. Made once per issue, read for every reader.
 */
export interface ArticlePool {
  articles: Article[];
  /** Feed priority × freshness. */
  worth: Float64Array;
  interests: string[];
  interestNumbers: Map<string, number>;
  /** Interest → places of its articles: what a reader does not follow is never looked at. */
  ofInterest: Int32Array[];
  /** Place → its interests. */
  interestsOf: Int32Array[];
  feeds: string[];
  feedOf: Int32Array;
  /** Place → the place of the first article that tells the same story. */
  storyOf: Int32Array;
  placeOf: Map<number, number>;
}

/** One pool per language. An article given twice counts once, one that tells another's story not at all. */
export function poolsByLanguage(
  articles: readonly Article[],
  now: Date,
  freshnessHalfLifeMs: number,
): Map<string, ArticlePool> {
  const byLanguage = new Map<string, Map<number, Article>>();
  for (const article of articles) {
    if (article.sameAs !== undefined) continue;
    const known = byLanguage.get(article.language);
    if (known) known.set(article.id, known.get(article.id) ?? article);
    else byLanguage.set(article.language, new Map([[article.id, article]]));
  }
  return new Map(
    [...byLanguage].map(([language, found]) => [
      language,
      articlePool([...found.values()], now, freshnessHalfLifeMs),
    ]),
  );
}

function articlePool(found: Article[], now: Date, halfLifeMs: number): ArticlePool {
  const articles = found.sort((a, b) => b.publishedAt.getTime() - a.publishedAt.getTime() || a.id - b.id);
  const interests = [...new Set(articles.flatMap((article) => article.interests))].sort();
  const interestNumbers = new Map(interests.map((interest, number) => [interest, number]));
  const interestsOf = articles.map((article) =>
    Int32Array.from(new Set(article.interests.map((interest) => interestNumbers.get(interest)!))).sort(),
  );
  const ofInterest = interests.map(() => [] as number[]);
  for (const [place, numbers] of interestsOf.entries()) {
    for (const number of numbers) ofInterest[number]!.push(place);
  }
  const feeds = [...new Set(articles.map(({ feedUrl }) => feedUrl))];
  const feedNumbers = new Map(feeds.map((url, number) => [url, number]));
  return {
    articles,
    worth: Float64Array.from(articles, (article) => worth(article, now, halfLifeMs)),
    interests,
    interestNumbers,
    ofInterest: ofInterest.map((places) => Int32Array.from(places)),
    interestsOf,
    feeds,
    feedOf: Int32Array.from(articles, ({ feedUrl }) => feedNumbers.get(feedUrl)!),
    storyOf: storiesOf(articles.map(({ title }) => title)),
    placeOf: new Map(articles.map(({ id }, place) => [id, place])),
  };
}

/** Feed priority × freshness, which halves with every half-life. */
export function worth(article: Article, now: Date, halfLifeMs: number): number {
  const ageMs = Math.max(0, now.getTime() - article.publishedAt.getTime());
  return article.priority * 0.5 ** (ageMs / halfLifeMs);
}
