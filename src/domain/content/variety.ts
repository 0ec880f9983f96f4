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

/** From the best to what is taken only where nothing else is left. */
const APART = 0;
const OTHER_SOURCE = 1;
const SAME_SOURCE_AGAIN = 2;
const SAME_STORY_AGAIN = 3;

/** The best by their worth alone, the newer before the older: kept in order while they are found. */
export function fillBest({ places, count, scores, ...candidates }: Candidates, wanted: number): Filled[] {
  const found: number[] = [];
  for (let at = 0; at < count; at++) {
    const place = places[at]!;
    let rank = found.length;
    while (rank > 0 && isBetter(scores[place]!, place, scores[found[rank - 1]!]!, found[rank - 1]!)) rank--;
    if (rank >= wanted) continue;
    if (found.length === wanted) found.pop();
    found.splice(rank, 0, place);
  }
  return found.map((place) => ({ place, interest: strongestInterest(candidates, place, NOTHING_USED) }));
}

const NOTHING_USED = new Map<number, number>();

/**
 * The best as main article, then a mix: each further article of an interest, source or story counts for less, and
 * neighbours differ in source and story as long as that can be. The caller has seen to it that there are enough.
 */
export function fillVaried(candidates: Candidates, wanted: number): Filled[] {
  const { pool, scores } = candidates;
  const left = candidates.places.slice(0, candidates.count);
  const ofFeed = new Int32Array(pool.feeds.length);
  for (const place of left) ofFeed[pool.feedOf[place]!]!++;
  const used = { interests: new Map<number, number>(), feeds: new Map<number, number>() };
  const filled: Filled[] = [];

  while (filled.length < wanted) {
    const previous = filled.at(-1)?.place ?? null;
    const canFollow = feedsThatStayApart(ofFeed, wanted - filled.length - 1);
    let best = { at: -1, place: -1, interest: -1, value: -1, level: SAME_STORY_AGAIN + 1 };
    for (let at = 0; at < left.length; at++) {
      const place = left[at]!;
      if (place < 0) continue;
      const level = levelOf(pool, place, previous, canFollow);
      if (level > best.level) continue;
      // What is worth less before anything is taken off cannot win any more.
      if (level === best.level && scores[place]! < best.value) continue;
      const interest = strongestInterest(candidates, place, used.interests);
      const value = previous === null ? scores[place]! : valueIn(candidates, place, interest, used, filled);
      if (level < best.level || isBetter(value, place, best.value, best.place))
        best = { at, place, interest, value, level };
    }
    if (best.at < 0)
      throw new Error(`choosing ran out of articles with ${wanted - filled.length} places left`);
    const feed = pool.feedOf[best.place]!;
    left[best.at] = -1;
    ofFeed[feed]!--;
    count(used.interests, best.interest);
    count(used.feeds, feed);
    filled.push({ place: best.place, interest: best.interest });
  }
  return filled;
}

function levelOf(
  { feedOf, storyOf }: ArticlePool,
  place: number,
  previous: number | null,
  canFollow: Uint8Array,
): number {
  // The main article is the best match, whatever its source.
  if (previous === null) return APART;
  if (storyOf[place] === storyOf[previous]) return SAME_STORY_AGAIN;
  const feed = feedOf[place]!;
  if (feed === feedOf[previous]) return SAME_SOURCE_AGAIN;
  return canFollow[feed] === 1 ? APART : OTHER_SOURCE;
}

function valueIn(
  { pool, scores }: Candidates,
  place: number,
  interest: number,
  used: { interests: Map<number, number>; feeds: Map<number, number> },
  filled: readonly Filled[],
): number {
  const story = pool.storyOf[place];
  let ofStory = 0;
  for (const earlier of filled) if (pool.storyOf[earlier.place] === story) ofStory++;
  return (
    scores[place]! *
    SAME_INTEREST ** (used.interests.get(interest) ?? 0) *
    SAME_SOURCE ** (used.feeds.get(pool.feedOf[place]!) ?? 0) *
    SAME_STORY ** ofStory
  );
}

/** Of the reader's interests that the article meets, the one that is worth most after what was taken for it already. */
function strongestInterest(
  { pool, weights, order }: Pick<Candidates, 'pool' | 'weights' | 'order'>,
  place: number,
  used: ReadonlyMap<number, number>,
): number {
  const numbers = pool.interestsOf[place]!;
  if (numbers.length === 1) return numbers[0]!;
  let best = -1;
  let most = 0;
  for (let at = 0; at < numbers.length; at++) {
    const number = numbers[at]!;
    if (weights[number] === 0) continue;
    const weight = weights[number]! * SAME_INTEREST ** (used.get(number) ?? 0);
    if (weight > most || (weight === most && order[number]! < order[best]!)) {
      best = number;
      most = weight;
    }
  }
  return best;
}

/**
 * Marks the feeds after whose article `places` more can follow without two of one feed in a row: no feed can fill
 * more than every second place, and the one just taken not the first of them.
 */
function feedsThatStayApart(ofFeed: Int32Array, places: number): Uint8Array {
  const most = Math.ceil(places / 2);
  const mostOfSame = Math.floor(places / 2);
  let fillable = 0;
  for (let feed = 0; feed < ofFeed.length; feed++) fillable += Math.min(ofFeed[feed]!, most);
  const stay = new Uint8Array(ofFeed.length);
  for (let feed = 0; feed < ofFeed.length; feed++) {
    const own = ofFeed[feed]!;
    if (own === 0) continue;
    const others = fillable - Math.min(own, most);
    if (others + Math.min(own - 1, mostOfSame) >= places) stay[feed] = 1;
  }
  return stay;
}

/** A stable order: what is worth more, then the newer, then the lower id (that is the order of places). */
function isBetter(value: number, place: number, than: number, otherPlace: number): boolean {
  return value > than || (value === than && place < otherPlace);
}

function count(counts: Map<number, number>, key: number): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
