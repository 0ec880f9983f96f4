import type { Article } from './article.ts';
import type { Pick } from './pick.ts';

export interface Choice {
  reader: { interests: readonly string[]; language: string };
  /** The articles the issue may draw from. */
  articles: readonly Article[];
  /** Ids of articles this reader has had before. */
  had: ReadonlySet<number>;
  now: Date;
  layout: { main: 1; others: number };
  /** Fewer articles than this (or than the layout holds): no mail. */
  minimum: number;
}

export type Chosen = { picks: Pick[] } | { skip: string };

const DAY_MS = 24 * 60 * 60_000;
/** An article is worth half as much after this many days. */
const HALF_LIFE_DAYS = 7;
/** What each further interest of the reader's that an article meets adds to its worth. */
const FURTHER_INTEREST = 0.25;
/** How much less the next article is worth for each one already picked for its interest, and from its source. */
const SAME_INTEREST = 0.5;
const SAME_SOURCE = 0.7;

interface Candidate {
  article: Article;
  /** The reader's interests it meets, in the reader's order. */
  interests: string[];
  score: number;
}

/**
 * Chooses one reader's articles: the best match as main, then others as a mix over the reader's interests and
 * sources, with two of one source in a row only where nothing else is left. Only the reader's interests and
 * language, never one they had. The mail is full or there is none. The same input gives the same picks.
 */
export function choose(choice: Choice): Chosen {
  const candidates = rank(choice);
  const wanted = choice.layout.main + choice.layout.others;
  const skip = reasonToSkip(choice, candidates.length, Math.max(choice.minimum, wanted));
  if (skip !== null) return { skip };

  const picks: Pick[] = [];
  const used = { interests: new Map<string, number>(), sources: new Map<string, number>() };
  let previous: string | null = null;
  while (picks.length < wanted) {
    const [next, interest] = pickNext(candidates, used, previous, wanted - picks.length);
    candidates.splice(candidates.indexOf(next), 1);
    picks.push({
      articleId: next.article.id,
      place: picks.length === 0 ? 'main' : 'other',
      interest,
      score: next.score,
      reason: explain(next, interest, picks.length === 0, choice.now),
    });
    count(used.interests, interest);
    count(used.sources, next.article.feedUrl);
    previous = next.article.feedUrl;
  }
  return { picks };
}

/** All the reader may get, best first. */
function rank({ reader, articles, had, now }: Choice): Candidate[] {
  const candidates: Candidate[] = [];
  const seen = new Set<number>();
  for (const article of articles) {
    if (article.language !== reader.language || had.has(article.id) || seen.has(article.id)) continue;
    const interests = reader.interests.filter((interest) => article.interests.includes(interest));
    if (interests.length === 0) continue;
    seen.add(article.id);
    candidates.push({ article, interests, score: worth(article, interests.length, now) });
  }
  return candidates.sort(best);
}

/** Feed priority × interests met × freshness, to four places so that no rounding decides. */
function worth(article: Article, interestsMet: number, now: Date): number {
  const match = 1 + FURTHER_INTEREST * (interestsMet - 1);
  const freshness = 0.5 ** (ageDays(article, now) / HALF_LIFE_DAYS);
  return Math.round(article.priority * match * freshness * 10_000) / 10_000;
}

/** A stable order: score, then the newer, then the lower id. */
function best(a: Candidate, b: Candidate): number {
  return (
    b.score - a.score ||
    b.article.publishedAt.getTime() - a.article.publishedAt.getTime() ||
    a.article.id - b.article.id
  );
}

type Used = { interests: Map<string, number>; sources: Map<string, number> };

function pickNext(
  candidates: Candidate[],
  used: Used,
  previous: string | null,
  places: number,
): [Candidate, string] {
  // The main article is the best match, whatever its source.
  const first = candidates[0];
  if (previous === null && first) return [first, first.interests[0]!];
  const counts = new Map<string, number>();
  for (const { article } of candidates) count(counts, article.feedUrl);
  // Prefer sources that leave the rest of the mail without neighbours from one source, then any other source, then any.
  const sources = [...counts.keys()];
  const others = sources.filter((source) => source !== previous);
  const apart = others.filter((source) => canStayApart(counts, source, places - 1));
  const allowed = new Set(apart.length > 0 ? apart : others.length > 0 ? others : sources);

  let found: [Candidate, string] | null = null;
  let bestValue = -1;
  for (const candidate of candidates) {
    if (!allowed.has(candidate.article.feedUrl)) continue;
    const [interest, times] = leastUsed(candidate.interests, used.interests);
    const sameSource = used.sources.get(candidate.article.feedUrl) ?? 0;
    const value = candidate.score * SAME_INTEREST ** times * SAME_SOURCE ** sameSource;
    // Candidates are in order, so the first of equals stays.
    if (value > bestValue) {
      found = [candidate, interest];
      bestValue = value;
    }
  }
  if (!found) throw new Error(`choosing ran out of articles with ${places} places left`);
  return found;
}

/**
 * Whether, after an article from `source`, `places` more can follow without two of one source in a row: no source
 * can fill more than every second place, and `source` itself not the first one.
 */
function canStayApart(counts: Map<string, number>, source: string, places: number): boolean {
  let fillable = 0;
  for (const [each, number] of counts) {
    const left = each === source ? number - 1 : number;
    fillable += Math.min(left, each === source ? Math.floor(places / 2) : Math.ceil(places / 2));
  }
  return fillable >= places;
}

function leastUsed(interests: string[], used: Map<string, number>): [string, number] {
  let found = interests[0]!;
  for (const interest of interests) if ((used.get(interest) ?? 0) < (used.get(found) ?? 0)) found = interest;
  return [found, used.get(found) ?? 0];
}

function reasonToSkip({ reader, articles, had }: Choice, available: number, needed: number): string | null {
  if (available >= needed) return null;
  if (reader.interests.length === 0) return 'has chosen no interests';
  const hadHere = articles.filter((article) => had.has(article.id)).length;
  return (
    `${available} fresh ${available === 1 ? 'article' : 'articles'} for ${reader.interests.join(', ')} in ` +
    `"${reader.language}", ${needed} needed (of ${articles.length} in this issue, ${hadHere} had before)`
  );
}

function explain({ article, interests }: Candidate, interest: string, isMain: boolean, now: Date): string {
  const days = Math.floor(ageDays(article, now));
  const published = days === 0 ? 'today' : days === 1 ? 'yesterday' : `${days} days ago`;
  const also = interests.filter((other) => other !== interest);
  return [
    `${isMain ? 'best match' : 'match'} for ${interest}`,
    ...(also.length > 0 ? [`also about ${also.join(' and ')}`] : []),
    `published ${published}`,
    ...(article.priority === 1 ? [] : [`feed priority ${article.priority}`]),
  ].join(', ');
}

function ageDays(article: Article, now: Date): number {
  return Math.max(0, now.getTime() - article.publishedAt.getTime()) / DAY_MS;
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
