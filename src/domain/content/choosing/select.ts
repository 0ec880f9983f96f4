import type { Reason } from '../../reason.ts';
import type { Article } from '../article.ts';
import { poolsByLanguage } from './article-pool.ts';
import { Desk } from './article-ranker.ts';
import { isInControlGroup } from './control-group.ts';
import type { ArticlePick } from './pick.ts';
import type { Taste } from './weights.ts';

/** What the programme says about choosing. */
export interface Choosing {
  /** The share of readers that gets the same digest for all, so that the gain of choosing can be measured: 0 to 0.5. */
  controlShare: number;
  /** After this time a click counts half for what a reader likes. */
  learningHalfLifeMs: number;
  /** After this time an article is worth half. */
  freshnessHalfLifeMs: number;
}

export interface ChoosingReader extends Taste {
  id: number;
  interests: readonly string[];
  language: string;
  pausedUntil: Date | null;
  /** Null: the reader's own wish. */
  pauseReason: Reason | null;
}

export interface IssueToChoose {
  /** All that the issue may draw from. */
  articles: readonly Article[];
  now: Date;
  layout: { main: 1; others: number };
  /** Fewer articles than this: no mail. With fewer than the layout holds the mail is shorter. */
  minimum: number;
  choosing: Choosing;
  /** False: just the best, for measuring what the rules of variety cost. */
  variety?: boolean;
}

/** Why there is no mail: one word to count by. */
export type SkipCause = 'paused' | 'planning' | 'no-interests' | 'too-few-articles';

export type Chosen = { picks: ArticlePick[]; isControl: boolean } | { skip: Reason; cause: SkipCause };

/** Chooses one reader's articles. `had` are ids of articles the reader has had before. */
export type Choose = (reader: ChoosingReader, had: Iterable<number>) => Chosen;

/**
 * Makes an issue ready and gives the function that chooses from it: the best match as main, then others as a mix over
 * the reader's interests, with two of one source or story in a row only where nothing else is left. Only the reader's
 * interests and language, never one they had; the control group gets the same for all in its language, and never
 * twice either. A mail has what there is, up to the layout; with less than the minimum there is none. The same input gives the same picks, in whatever order it comes.
 *
 * The worth of an article is its feed's priority × freshness × the weights of the interests it meets × the reader's
 * leaning to its feed. Weights come from what the reader chose, clicked (fading) and asked more or less of.
 *
 * Readers come by the hundred thousand, so everything that is the same for all is worked out here, once, and the
 * function writes into arrays that it keeps; what it returns is the caller's.
 */
export function prepareChoosing(issue: IssueToChoose): Choose {
  const { articles, now, layout, choosing } = issue;
  const wanted = layout.main + layout.others;
  const needed = Math.max(issue.minimum, layout.main);
  const ids = new Set(articles.map(({ id }) => id));
  const rules = { now, halfLifeMs: choosing.learningHalfLifeMs, isVaried: issue.variety !== false };
  const desks = new Map(
    [...poolsByLanguage(articles, now, choosing.freshnessHalfLifeMs)].map(([language, pool]) => [
      language,
      new Desk(pool, rules),
    ]),
  );

  return (reader, had) => {
    if (reader.pausedUntil !== null && reader.pausedUntil > now)
      return { skip: pausedReason(reader.pausedUntil, reader.pauseReason), cause: 'paused' };
    const isControl = isInControlGroup(reader.id, choosing.controlShare);
    if (reader.interests.length === 0 && !isControl)
      return { skip: { code: 'skip.no-interests' }, cause: 'no-interests' };
    const desk = desks.get(reader.language);
    const available = desk?.rank(reader, had, isControl) ?? 0;
    if (desk && available >= needed) return { picks: desk.fill(Math.min(wanted, available)), isControl };
    const counts = {
      needed,
      all: articles.length,
      had: new Set([...had].filter((id) => ids.has(id))).size,
      language: reader.language,
    };
    return {
      skip: tooFew(available, isControl ? null : reader.interests, counts),
      cause: 'too-few-articles',
    };
  };
}

function tooFew(
  n: number,
  interests: readonly string[] | null,
  counts: { needed: number; all: number; had: number; language: string },
): Reason {
  if (interests === null) return { code: 'skip.too-few-for-all', values: { n, ...counts } };
  return n === 0
    ? { code: 'skip.none', values: { interests, ...counts } }
    : { code: 'skip.too-few', values: { n, interests, ...counts } };
}

/** `why` is null when the reader wished it. Planning says the same in SQL. */
export function pausedReason(until: Date, why: Reason | null): Reason {
  const day = until.toISOString().slice(0, 10);
  return why === null
    ? { code: 'skip.paused-by-reader', values: { until: day } }
    : { code: 'skip.paused', values: { until: day, why } };
}
