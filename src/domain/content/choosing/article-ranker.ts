import type { Article } from '../article.ts';
import type { ArticlePool } from './article-pool.ts';
import type { ArticlePick } from './pick.ts';
import { type Candidates, fillBest, fillVaried, makeCandidates } from './variety.ts';
import { because, decayed, feedWeight, interestWeight, type Taste } from './weights.ts';

/** What each further interest of the reader's that an article meets adds, as a share of that interest's weight. */
export const FURTHER_INTEREST = 0.25;
const DAY_MS = 24 * 60 * 60_000;

export interface DeskReader extends Taste {
  interests: readonly string[];
}

export interface DeskRules {
  now: Date;
  /** After this time a click counts half for what a reader likes. */
  halfLifeMs: number;
  /** False: just the best, for measuring what the rules of variety cost. */
  isVaried: boolean;
}

/** Where one language's articles are laid out and one reader's mail at a time is put together. */
export class Desk {
  private readonly pool: ArticlePool;
  private readonly rules: DeskRules;
  private readonly candidates: Candidates;
  private readonly published: Pick<ArticlePick, 'days' | 'priority'>[];
  /** The number of the reader at hand: what bears it was written for this one, so nothing is wiped in between. */
  private turn = 0;
  private readonly hadIn: Uint32Array;
  private readonly seenIn: Uint32Array;
  private readonly strongest: Float64Array;
  private readonly summed: Float64Array;
  private readonly feedWeights: Float64Array;
  private reader: DeskReader | null = null;
  private decay = 0;

  constructor(pool: ArticlePool, rules: DeskRules) {
    const { length } = pool.articles;
    this.pool = pool;
    this.rules = rules;
    this.published = pool.articles.map((article) => publishedFacts(article, rules.now));
    this.hadIn = new Uint32Array(length);
    this.seenIn = new Uint32Array(length);
    this.strongest = new Float64Array(length);
    this.summed = new Float64Array(length);
    this.feedWeights = new Float64Array(pool.feeds.length).fill(1);
    this.candidates = makeCandidates(pool);
  }

  /** Finds all that the reader may get and what each is worth. Returns how many. */
  rank(reader: DeskReader, had: Iterable<number>, isControl: boolean): number {
    const { pool, candidates } = this;
    this.turn += 1;
    for (const id of had) {
      const place = pool.placeOf.get(id);
      if (place !== undefined) this.hadIn[place] = this.turn;
    }
    candidates.count = 0;
    candidates.weights.fill(0);
    this.reader = isControl ? null : reader;
    if (isControl) this.takeAll();
    else this.takeWhatInterests(reader);
    return candidates.count;
  }

  private takeWhatInterests(reader: DeskReader): void {
    const { pool, candidates, turn } = this;
    this.decay = decayed(reader.affinities, this.rules.halfLifeMs, this.rules.now);
    for (const [order, interest] of reader.interests.entries()) {
      const number = pool.interestNumbers.get(interest);
      if (number === undefined || candidates.weights[number] !== 0) continue;
      const weight = interestWeight(interest, reader, this.decay);
      candidates.weights[number] = weight;
      candidates.order[number] = order;
      this.takeInterest(pool.ofInterest[number]!, weight, turn);
    }
    this.leanToFeeds(reader);
    for (let at = 0; at < candidates.count; at++) {
      const place = candidates.places[at]!;
      const strongest = this.strongest[place]!;
      const match = strongest + FURTHER_INTEREST * (this.summed[place]! - strongest);
      candidates.scores[place] = rounded(pool.worth[place]! * match * this.feedWeights[pool.feedOf[place]!]!);
    }
  }

  private takeInterest(places: Int32Array, weight: number, turn: number): void {
    const { hadIn, seenIn, strongest, summed, candidates } = this;
    for (let at = 0; at < places.length; at++) {
      const place = places[at]!;
      if (hadIn[place] === turn) continue;
      if (seenIn[place] !== turn) {
        seenIn[place] = turn;
        strongest[place] = weight;
        summed[place] = weight;
        candidates.places[candidates.count++] = place;
      } else {
        summed[place] = summed[place]! + weight;
        if (weight > strongest[place]!) strongest[place] = weight;
      }
    }
  }

  private leanToFeeds({ leanings }: DeskReader): void {
    this.feedWeights.fill(1);
    for (const key in leanings) {
      if (!key.startsWith('feed:')) continue;
      const number = this.pool.feeds.indexOf(key.slice(5));
      if (number >= 0) this.feedWeights[number] = feedWeight(leanings, key.slice(5));
    }
  }

  /** The control group: everything that is fresh, whoever reads it. */
  private takeAll(): void {
    const { pool, candidates } = this;
    candidates.weights.fill(1);
    candidates.order.fill(0);
    for (let place = 0; place < pool.articles.length; place++) {
      if (this.hadIn[place] === this.turn) continue;
      candidates.scores[place] = rounded(pool.worth[place]!);
      candidates.places[candidates.count++] = place;
    }
  }

  /** The mail of the reader who was ranked last. */
  fill(wanted: number): ArticlePick[] {
    const filled = this.rules.isVaried
      ? fillVaried(this.candidates, wanted)
      : fillBest(this.candidates, wanted);
    return filled.map(({ place, interest }, at) => this.pick(place, interest, at === 0));
  }

  private pick(place: number, number: number, isMain: boolean): ArticlePick {
    const { pool, candidates, reader } = this;
    const interest = pool.interests[number]!;
    const why = reader ? because(interest, candidates.weights[number]!, reader.leanings) : 'everybody';
    return {
      articleId: pool.articles[place]!.id,
      place: isMain ? 'main' : 'other',
      interest,
      score: candidates.scores[place]!,
      because: why,
      ...this.published[place]!,
      ...(why === 'everybody'
        ? { language: pool.articles[place]!.language }
        : { ...this.alsoAbout(place, number), ...this.aboutSource(place) }),
    };
  }

  private alsoAbout(place: number, chosen: number): Pick<ArticlePick, 'also'> {
    const { pool, candidates } = this;
    const numbers = pool.interestsOf[place]!;
    let others: number[] | null = null;
    for (let at = 0; at < numbers.length; at++) {
      const number = numbers[at]!;
      if (number === chosen || candidates.weights[number] === 0) continue;
      if (others) others.push(number);
      else others = [number];
    }
    if (!others) return NOTHING;
    others.sort((a, b) => candidates.order[a]! - candidates.order[b]!);
    return { also: others.map((number) => pool.interests[number]!) };
  }

  private aboutSource(place: number): Pick<ArticlePick, 'source'> {
    const weight = this.feedWeights[this.pool.feedOf[place]!]!;
    if (weight === 1) return NOTHING;
    return { source: weight > 1 ? 'liked' : 'less' };
  }
}

const NOTHING = {};

/** To four places, so that no rounding of the machine decides. */
export function rounded(score: number): number {
  return Math.round(score * 10_000) / 10_000;
}

function publishedFacts(
  { publishedAt, priority }: Article,
  now: Date,
): Pick<ArticlePick, 'days' | 'priority'> {
  const days = Math.floor(Math.max(0, now.getTime() - publishedAt.getTime()) / DAY_MS);
  return priority === 1 ? { days } : { days, priority };
}
