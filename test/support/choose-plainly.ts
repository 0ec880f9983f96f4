import type { Article } from '../../src/domain/content/article.ts';
import { worth } from '../../src/domain/content/choosing/article-pool.ts';
import { FURTHER_INTEREST, rounded } from '../../src/domain/content/choosing/article-ranker.ts';
import { isInControlGroup } from '../../src/domain/content/choosing/control-group.ts';
import type { ChoosingReader, IssueToChoose } from '../../src/domain/content/choosing/select.ts';
import { storiesOf } from '../../src/domain/content/choosing/stories.ts';
import { SAME_INTEREST, SAME_SOURCE, SAME_STORY } from '../../src/domain/content/choosing/variety.ts';
import { decayed, feedWeight, interestWeight } from '../../src/domain/content/choosing/weights.ts';

interface Candidate {
  article: Article;
  /** The interests it stands for, with their weights, in the reader's order. */
  interests: [string, number][];
  score: number;
  story: Article;
}

/**
 * The rules of choosing written down as plainly as they read: objects, sets, sorting, everything worked out anew for
 * each reader. What the fast one in domain/content/choosing/select.ts must agree with, and what it is measured against.
 * Gives [article id, interest] for each pick, or null for no mail.
 */
export function choosePlainly(
  issue: IssueToChoose,
  reader: ChoosingReader,
  had: ReadonlySet<number>,
): [number, string][] | null {
  if (reader.pausedUntil && reader.pausedUntil > issue.now) return null;
  let left = candidatesFor(issue, reader, had);
  if (left.length < Math.max(issue.minimum, 1)) return null;
  const wanted = Math.min(1 + issue.layout.others, left.length);
  if (issue.variety === false) {
    left.sort((a, b) => b.score - a.score || newerFirst(a.article, b.article));
    return left.slice(0, wanted).map(({ article, interests }) => [article.id, strongest(interests)]);
  }
  const mail: { candidate: Candidate; interest: string }[] = [];
  while (mail.length < wanted) {
    const previous = mail.at(-1)?.candidate;
    const level = levels(previous, left, wanted - mail.length - 1);
    const options = left.map((candidate) => {
      const [interest, value] = valueIn(mail, candidate);
      return {
        candidate,
        interest,
        level: level(candidate),
        value: previous ? value : candidate.score,
      };
    });
    options.sort(
      (a, b) =>
        a.level - b.level || b.value - a.value || newerFirst(a.candidate.article, b.candidate.article),
    );
    mail.push(options[0]!);
    left = left.filter((candidate) => candidate !== options[0]!.candidate);
  }
  return mail.map(({ candidate, interest }) => [candidate.article.id, interest]);
}

const strongest = (interests: [string, number][]) =>
  interests.reduce((best, next) => (next[1] > best[1] ? next : best))[0];

function candidatesFor(issue: IssueToChoose, reader: ChoosingReader, had: ReadonlySet<number>): Candidate[] {
  const isControl = isInControlGroup(reader.id, issue.choosing.controlShare);
  const decay = decayed(reader.affinities, issue.choosing.learningHalfLifeMs, issue.now);
  return articlesIn(issue, reader.language).flatMap(({ article, story }) => {
    if (had.has(article.id)) return [];
    const interests = (isControl ? [...article.interests].sort() : reader.interests)
      .filter(
        (interest, place, all) => article.interests.includes(interest) && all.indexOf(interest) === place,
      )
      .map((interest): [string, number] => [
        interest,
        isControl ? 1 : interestWeight(interest, reader, decay),
      ]);
    if (interests.length === 0) return [];
    const base = worth(article, issue.now, issue.choosing.freshnessHalfLifeMs);
    const weights = interests.map(([, weight]) => weight);
    const strongest = Math.max(...weights);
    const match = strongest + FURTHER_INTEREST * (weights.reduce((sum, weight) => sum + weight) - strongest);
    const score = isControl ? base : base * match * feedWeight(reader.leanings, article.feedUrl);
    return [{ article, interests, score: rounded(score), story }];
  });
}

function valueIn(mail: { candidate: Candidate; interest: string }[], candidate: Candidate): [string, number] {
  const before = (like: (pick: (typeof mail)[number]) => boolean) => mail.filter(like).length;
  const timesFor = (interest: string) => before((pick) => pick.interest === interest);
  const left = ([interest, weight]: [string, number]) => weight * SAME_INTEREST ** timesFor(interest);
  const [interest] = candidate.interests.reduce((best, next) => (left(next) > left(best) ? next : best));
  const value =
    candidate.score *
    SAME_INTEREST ** timesFor(interest) *
    SAME_SOURCE ** before((pick) => pick.candidate.article.feedUrl === candidate.article.feedUrl) *
    SAME_STORY ** before((pick) => pick.candidate.story === candidate.story);
  return [interest, value];
}

/** How far from the ideal each candidate would be as the next one; see the levels of domain/content/choosing/variety.ts. */
function levels(previous: Candidate | undefined, left: Candidate[], places: number) {
  const counts = new Map<string, number>();
  for (const { article } of left) counts.set(article.feedUrl, (counts.get(article.feedUrl) ?? 0) + 1);
  return ({ article, story }: Candidate): number => {
    if (!previous) return 0;
    if (story === previous.story) return 3;
    if (article.feedUrl === previous.article.feedUrl) return 2;
    let fillable = 0;
    for (const [feed, own] of counts) {
      fillable +=
        feed === article.feedUrl
          ? Math.min(own - 1, Math.floor(places / 2))
          : Math.min(own, Math.ceil(places / 2));
    }
    return fillable >= places ? 0 : 1;
  };
}

/** The articles of a language and their stories: worked out once per issue, for it depends on no reader. */
function articlesIn(issue: IssueToChoose, language: string): { article: Article; story: Article }[] {
  let known = ISSUES.get(issue);
  if (!known) {
    known = new Map();
    ISSUES.set(issue, known);
  }
  let found = known.get(language);
  if (!found) {
    const ids = new Set<number>();
    const ours = issue.articles
      .filter((article) => article.language === language)
      .sort(newerFirst)
      .filter(({ id }) => !ids.has(id) && ids.add(id));
    const stories = storiesOf(ours.map(({ title }) => title));
    found = ours.map((article, at) => ({ article, story: ours[stories[at]!]! }));
    known.set(language, found);
  }
  return found;
}

const ISSUES = new WeakMap<IssueToChoose, Map<string, { article: Article; story: Article }[]>>();

function newerFirst(a: Article, b: Article): number {
  return b.publishedAt.getTime() - a.publishedAt.getTime() || a.id - b.id;
}
