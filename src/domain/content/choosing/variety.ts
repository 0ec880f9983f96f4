import type { ArticlePool } from './article-pool.ts';

/** What one reader may get, and what it is worth to that reader. */
export interface Candidates {
  pool: ArticlePool;
  /** The first `count` are this reader's, in no order. */
  places: Int32Array;
  count: number;
  /** Place → worth. Only what stands for a candidate means anything. */
  scores: Float64Array;
  /** Interest number → its weight for the reader; 0: not the reader's. */
  weights: Float64Array;
  /** Interest number → its place among the reader's interests: the earlier one wins a tie. */
  order: Int32Array;
  desk: Desk;
}

/** Where a mail is put together; kept from one reader to the next, because making it anew would cost as much as choosing. */
interface Desk {
  left: Int32Array;
  /** Feed → how many of its articles are left. */
  ofFeed: Int32Array;
  /** Feed → 1: its article can come next and leave the rest without neighbours of one feed. */
  canFollow: Uint8Array;
  used: Used;
}

/** What is in the mail already: how often each interest and source. */
interface Used {
  interests: Uint8Array;
  feeds: Uint8Array;
}

export function makeCandidates(pool: ArticlePool): Candidates {
  const [articles, interests, feeds] = [pool.articles.length, pool.interests.length, pool.feeds.length];
  return {
    pool,
    places: new Int32Array(articles),
    count: 0,
    scores: new Float64Array(articles),
    weights: new Float64Array(interests),
    order: new Int32Array(interests),
    desk: {
      left: new Int32Array(articles),
      ofFeed: new Int32Array(feeds),
      canFollow: new Uint8Array(feeds),
      used: { interests: new Uint8Array(interests), feeds: new Uint8Array(feeds) },
    },
  };
}

export interface Filled {
  place: number;
  /** The number of the interest that the article stands for in this mail. */
  interest: number;
}

/** How much less the next article is worth for each one picked before for its interest, from its source, of its story. */
export const SAME_INTEREST = 0.5;
export const SAME_SOURCE = 0.7;
export const SAME_STORY = 0.02;

const powers = (factor: number) => Float64Array.from({ length: 64 }, (_, times) => factor ** times);
const INTEREST_POWERS = powers(SAME_INTEREST);
const SOURCE_POWERS = powers(SAME_SOURCE);
const STORY_POWERS = powers(SAME_STORY);

/** From the best to what is taken only where nothing else is left. */
const APART = 0;
const OTHER_SOURCE = 1;
const SAME_SOURCE_AGAIN = 2;
const SAME_STORY_AGAIN = 3;

/** The best by their worth alone, the newer before the older: kept in order while they are found. */
export function fillBest(candidates: Candidates, wanted: number): Filled[] {
  const { places, count, scores, pool } = candidates;
  const found: number[] = [];
  for (let at = 0; at < count; at++) {
    const place = places[at]!;
    let rank = found.length;
    while (rank > 0 && isBetter(scores[place]!, place, scores[found[rank - 1]!]!, found[rank - 1]!)) rank--;
    if (rank >= wanted) continue;
    if (found.length === wanted) found.pop();
    found.splice(rank, 0, place);
  }
  const nothingUsed = new Uint8Array(pool.interests.length);
  return found.map((place) => ({ place, interest: strongestInterest(candidates, place, nothingUsed) }));
}

/**
 * The best as main article, then a mix: each further article of an interest, source or story counts for less, and
 * neighbours differ in source and story as long as that can be. The caller has seen to it that there are enough.
 */
export function fillVaried(candidates: Candidates, wanted: number): Filled[] {
  const { pool, scores, count } = candidates;
  const { left, ofFeed, canFollow, used } = clear(candidates);
  const filled: Filled[] = [];

  while (filled.length < wanted) {
    const previous = filled.length === 0 ? -1 : filled[filled.length - 1]!.place;
    markFeedsThatStayApart(canFollow, ofFeed, wanted - filled.length - 1);
    let bestAt = -1;
    let bestPlace = -1;
    let bestInterest = -1;
    let bestValue = -1;
    let bestLevel = SAME_STORY_AGAIN;
    for (let at = 0; at < count; at++) {
      const place = left[at]!;
      if (place < 0) continue;
      // What is worth less before anything is taken off cannot win any more.
      if (bestLevel === APART && scores[place]! < bestValue) continue;
      const level = levelOf(pool, place, previous, canFollow);
      if (level > bestLevel) continue;
      if (level === bestLevel && scores[place]! < bestValue) continue;
      const interest = strongestInterest(candidates, place, used.interests);
      const value = previous < 0 ? scores[place]! : valueIn(candidates, place, interest, used, filled);
      if (level === bestLevel && !isBetter(value, place, bestValue, bestPlace)) continue;
      bestAt = at;
      bestPlace = place;
      bestInterest = interest;
      bestValue = value;
      bestLevel = level;
    }
    if (bestAt < 0)
      throw new Error(`choosing ran out of articles with ${wanted - filled.length} places left`);
    const feed = pool.feedOf[bestPlace]!;
    left[bestAt] = -1;
    ofFeed[feed]!--;
    used.feeds[feed]!++;
    used.interests[bestInterest]!++;
    filled.push({ place: bestPlace, interest: bestInterest });
  }
  return filled;
}

function levelOf(
  { feedOf, storyOf }: ArticlePool,
  place: number,
  previous: number,
  canFollow: Uint8Array,
): number {
  // The main article is the best match, whatever its source.
  if (previous < 0) return APART;
  if (storyOf[place] === storyOf[previous]) return SAME_STORY_AGAIN;
  const feed = feedOf[place]!;
  if (feed === feedOf[previous]) return SAME_SOURCE_AGAIN;
  return canFollow[feed] === 1 ? APART : OTHER_SOURCE;
}

function valueIn(
  { pool, scores }: Candidates,
  place: number,
  interest: number,
  used: Used,
  filled: readonly Filled[],
): number {
  const story = pool.storyOf[place];
  let ofStory = 0;
  for (let at = 0; at < filled.length; at++) if (pool.storyOf[filled[at]!.place] === story) ofStory++;
  return (
    scores[place]! *
    INTEREST_POWERS[used.interests[interest]!]! *
    SOURCE_POWERS[used.feeds[pool.feedOf[place]!]!]! *
    STORY_POWERS[ofStory]!
  );
}

/** Of the reader's interests that the article meets, the one that is worth most after what was taken for it already. */
function strongestInterest({ pool, weights, order }: Candidates, place: number, used: Uint8Array): number {
  const numbers = pool.interestsOf[place]!;
  if (numbers.length === 1) return numbers[0]!;
  let best = -1;
  let most = 0;
  for (let at = 0; at < numbers.length; at++) {
    const number = numbers[at]!;
    if (weights[number] === 0) continue;
    const weight = weights[number]! * INTEREST_POWERS[used[number]!]!;
    if (weight > most || (weight === most && order[number]! < order[best]!)) {
      best = number;
      most = weight;
    }
  }
  return best;
}

function clear({ pool, places, count, desk }: Candidates): Desk {
  const { left, ofFeed, used } = desk;
  used.interests.fill(0);
  used.feeds.fill(0);
  ofFeed.fill(0);
  for (let at = 0; at < count; at++) {
    const place = places[at]!;
    left[at] = place;
    ofFeed[pool.feedOf[place]!]!++;
  }
  return desk;
}

/**
 * Marks the feeds after whose article `places` more can follow without two of one feed in a row: no feed can fill
 * more than every second place, and the one just taken not the first of them.
 */
function markFeedsThatStayApart(marks: Uint8Array, ofFeed: Int32Array, places: number): void {
  const most = Math.ceil(places / 2);
  const mostOfSame = Math.floor(places / 2);
  let fillable = 0;
  for (let feed = 0; feed < ofFeed.length; feed++) fillable += Math.min(ofFeed[feed]!, most);
  for (let feed = 0; feed < ofFeed.length; feed++) {
    const own = ofFeed[feed]!;
    const others = fillable - Math.min(own, most);
    marks[feed] = own > 0 && others + Math.min(own - 1, mostOfSame) >= places ? 1 : 0;
  }
}

/** A stable order: what is worth more, then the newer, then the lower id (that is the order of places). */
function isBetter(value: number, place: number, than: number, otherPlace: number): boolean {
  return value > than || (value === than && place < otherPlace);
}
