import type { Subscriber } from '../../../domain/audience/subscriber.ts';
import type { Article } from '../../../domain/content/article.ts';
import { offeredBy } from '../../../domain/content/choosing/offered.ts';
import type { ArticlePick } from '../../../domain/content/choosing/pick.ts';
import { type Choose, prepareChoosing, type SkipCause } from '../../../domain/content/choosing/select.ts';
import { freshSince, linkTable } from '../../../domain/delivery/issue-plan.ts';
import type { Links } from '../../../domain/links.ts';
import { issueMail, type TrackedLink } from '../../../domain/mail/issue-mail.ts';
import type { IssueMail } from '../../../domain/mail/mails.ts';
import type { Digest, Programme } from '../../../domain/programme.ts';
import type { Reason } from '../../../domain/reason.ts';
import { IN_PROGRESS_REASON } from '../../../domain/sales/outcome.ts';
import type { Stores } from '../../ports.ts';

export interface PreviewDeps {
  stores: Pick<Stores, 'issues' | 'articles' | 'subscribers'>;
  programme: Programme;
  links: Links;
}

export interface PreviewedPick {
  article: Article;
  pick: ArticlePick;
}

export type PreviewedReader = { subscriber: Subscriber; isControl: boolean } & (
  | { picks: PreviewedPick[] }
  | { skip: Reason; cause: SkipCause }
);

export interface RehearsalSum {
  /** How many readers there are, and how many of them were looked at. */
  readers: number;
  sample: number;
  mails: number;
  skips: { cause: SkipCause; count: number }[];
  /** The articles most readers would get, with how many would. */
  articles: { article: Article; count: number; asMain: number }[];
}

/** More readers than this are not all looked at for a page: an even sample of them is. */
const SAMPLE = 400;

/** One digest as it would go out now. Only reads: nothing is planned, sent or written. */
export async function openPreview({ stores, programme, links }: PreviewDeps, digest: Digest, now: Date) {
  const fresh = await stores.articles.publishedSince(freshSince(digest, now));
  const articles = offeredBy(programme, fresh, now);
  const byId = new Map(articles.map((article) => [article.id, article]));
  const choose = prepareChoosing({
    articles,
    now,
    layout: digest.layout,
    minimum: digest.minimumArticles,
    choosing: programme.choosing,
  });
  const ids = [...byId.keys()];

  return {
    articles,

    /** Readers in the order of their ids, after one. */
    async page(afterId: number, limit: number): Promise<PreviewedReader[]> {
      const plan = {
        digestId: digest.id,
        at: now,
        inProgressReason: programme.sales.pauseMailsInProgress ? IN_PROGRESS_REASON : null,
      };
      const readers = await stores.issues.readersWithPast(ids, afterId, limit, plan);
      return readers.map(({ subscriber, hadArticleIds, skip }) =>
        skip === null
          ? chosen(choose, subscriber, hadArticleIds, byId)
          : { subscriber, isControl: false, skip, cause: 'planning' },
      );
    },

    /** Null when there is no active reader with this id. */
    async reader(id: number): Promise<PreviewedReader | null> {
      const [found] = await this.page(id - 1, 1);
      return found?.subscriber.id === id ? found : null;
    },

    /** What all readers would get together; of very many, an even sample. */
    async sum(): Promise<RehearsalSum> {
      const readers = await stores.issues.countActiveReaders();
      const counts = new Map<number, { count: number; asMain: number }>();
      const skips = new Map<SkipCause, number>();
      let [sample, mails] = [0, 0];
      for (const one of await evenly(readers, (after, limit) => this.page(after, limit))) {
        sample += 1;
        if ('skip' in one) {
          skips.set(one.cause, (skips.get(one.cause) ?? 0) + 1);
          continue;
        }
        mails += 1;
        for (const { pick } of one.picks) {
          const before = counts.get(pick.articleId) ?? { count: 0, asMain: 0 };
          const asMain = before.asMain + (pick.place === 'main' ? 1 : 0);
          counts.set(pick.articleId, { count: before.count + 1, asMain });
        }
      }
      return {
        readers,
        sample,
        mails,
        skips: [...skips].map(([cause, count]) => ({ cause, count })).sort((a, b) => b.count - a.count),
        articles: [...counts]
          .map(([id, count]) => ({ article: byId.get(id)!, ...count }))
          .sort((a, b) => b.count - a.count || a.article.id - b.article.id)
          .slice(0, 10),
      };
    },

    /** The mail itself. Its links lead straight to their targets: looking at a preview is nobody's click. */
    mail(reader: PreviewedReader & { picks: PreviewedPick[] }): IssueMail {
      const table: TrackedLink[] = linkTable(programme, articles, links);
      return issueMail({
        programme,
        links: plainLinks(links, table),
        digestId: digest.id,
        issueId: 0,
        deliveryId: 0,
        subscriber: inKnownLanguage(programme, reader.subscriber),
        picks: reader.picks.map(({ pick }) => pick),
        articles,
        issueLinks: table,
        now,
        webVersion: true,
      });
    },
  };
}

export type Preview = Awaited<ReturnType<typeof openPreview>>;

function chosen(
  choose: Choose,
  subscriber: Subscriber,
  had: Iterable<number>,
  articles: ReadonlyMap<number, Article>,
): PreviewedReader {
  const answer = choose(subscriber, had);
  if ('skip' in answer) return { subscriber, isControl: false, ...answer };
  const picks = answer.picks.map((pick) => ({ pick, article: articles.get(pick.articleId)! }));
  return { subscriber, isControl: answer.isControl, picks };
}

/** All of them when they are few; else ten pieces of the list, spread over it. */
async function evenly(
  readers: number,
  page: (afterId: number, limit: number) => Promise<PreviewedReader[]>,
): Promise<PreviewedReader[]> {
  if (readers <= SAMPLE) return page(0, SAMPLE);
  const pieces: PreviewedReader[] = [];
  let after = 0;
  // Ids have few gaps, so a step over ids is about the same step over readers.
  const step = Math.floor(readers / 10);
  for (let piece = 0; piece < 10; piece++) {
    pieces.push(...(await page(Math.max(after, piece * step), SAMPLE / 10)));
    after = pieces.at(-1)?.subscriber.id ?? after;
  }
  return pieces;
}

function inKnownLanguage(programme: Programme, subscriber: Subscriber): Subscriber {
  const { languages, defaultLanguage } = programme;
  return languages.includes(subscriber.language) ? subscriber : { ...subscriber, language: defaultLanguage };
}

/** Links that count nothing and are nobody's: what is a reader's own leads to the page for everybody. */
export function plainLinks(links: Links, table: readonly TrackedLink[]): Links {
  const targets = new Map(
    table.map(({ number, url }) => [number, url.startsWith('simmer:') ? links.signUp() : url]),
  );
  const nowhere = () => links.signUp();
  return {
    ...links,
    click: (_issue, _delivery, number) => targets.get(number) ?? links.signUp(),
    more: nowhere,
    less: nowhere,
    webVersion: nowhere,
    preferencesFrom: nowhere,
    unsubscribeFrom: nowhere,
    callBack: nowhere,
  };
}
