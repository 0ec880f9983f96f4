import type { FastifyInstance } from 'fastify';
import { goneInterests } from '../../domain/content/choosing/offered.ts';
import { freshSince } from '../../domain/delivery/issue-plan.ts';
import { languageName } from '../../domain/locale.ts';
import { inLanguage, type Programme } from '../../domain/programme.ts';
import { redact } from '../../domain/redact.ts';
import { rateOf } from '../../domain/staff/rate.ts';
import type { ArticleReach } from '../../journey/content/ports/content-views.ts';
import { type FeedHealth, feedHealth } from '../../journey/content/watch-feeds.ts';
import type { WebContext } from '../context.ts';
import { freshFor } from './issues/issues.ts';
import { type NumberFormat, numberFormat } from './number-format.ts';
import { staffOnly } from './session/session.ts';
import { showStaffPage, staffLanguage } from './staff-page.ts';

const PAGE = 25;
const DAY_MS = 86_400_000;
const LATEST_ISSUES = 6;

/** What there is to send: interests with who wants them and what there is for them, feeds, articles. */
export function staffContent(app: FastifyInstance, context: WebContext): void {
  const preHandler = staffOnly(context, ['marketer']);
  const { contentViews } = context.database.stores;

  app.get<{ Querystring: Record<string, string> }>(
    '/staff/content',
    { preHandler },
    async (request, reply) => {
      const { programme } = context;
      const now = context.now();
      const { query } = request;
      const interest = programme.interests.find(({ id }) => id === query.interest)?.id ?? null;
      const language = programme.languages.find((id) => id === query.language) ?? null;
      const beforeId = /^\d{1,15}$/.test(query.before ?? '') ? Number(query.before) : null;
      const since = freshestSince(programme, now);
      // First what articles are counted by: how many mails they went into, and the numbers of the issues that had them.
      const [health] = await Promise.all([feedHealth(context, now), countIssues(context, now)]);
      const [articles, audience, supply] = await Promise.all([
        contentViews.articles({ interest, language, beforeId, limit: PAGE + 1 }),
        contentViews.audience(),
        contentViews.supply(since, programme.feeds),
      ]);
      const pageLanguage = staffLanguage(context, request);
      const words = numberFormat(pageLanguage, programme.currency);
      const named = new Set(programme.feeds.map(({ url }) => url));
      const needed = Math.max(0, ...programme.digests.map(({ minimumArticles }) => minimumArticles));
      return showStaffPage(context, request, reply, 'content', {
        interests: programme.interests.map(({ id, label }) => ({
          id,
          label: inLanguage(label, pageLanguage),
          readers: sum(audience, id, null),
          fresh: sum(supply, id, null),
          languages: programme.languages.map((one) => {
            const [readers, fresh] = [sum(audience, id, one), sum(supply, id, one)];
            return {
              language: one,
              name: languageName(one, pageLanguage),
              readers,
              fresh,
              isShort: readers > 0 && fresh < needed,
            };
          }),
        })),
        gone: goneInterests(programme, audience),
        freshDays: Math.round((now.getTime() - since.getTime()) / DAY_MS),
        languages: programme.languages.map((id) => ({ id, name: languageName(id, pageLanguage) })),
        feeds: programme.feeds.map((feed, at) => ({
          ...shownFeed(feed, health[at]),
          languageName: languageName(feed.language, pageLanguage),
          interests: feed.interests.map((id) => labelOf(programme, id, pageLanguage)).join(', '),
        })),
        articles: articles.slice(0, PAGE).map((article) => ({
          ...article,
          isLeft: ![article.feedUrl, ...article.alsoIn].some((url) => named.has(url)),
          languageName: languageName(article.language, pageLanguage),
          interests: article.interests.map((id) => labelOf(programme, id, pageLanguage)).join(', '),
          clickShare: shareOf(article, words),
        })),
        filter: { interest, language },
        choices: programme.interests.map(({ id, label }) => ({ id, label: inLanguage(label, pageLanguage) })),
        next:
          articles.length > PAGE
            ? `/staff/content?${new URLSearchParams({
                interest: interest ?? '',
                language: language ?? '',
                before: String(articles[PAGE - 1]!.id),
              })}#articles`
            : null,
      });
    },
  );
}

function shareOf({ clicksOfMails, mails }: ArticleReach, words: NumberFormat): string | null {
  const rate = rateOf(clicksOfMails, mails);
  return rate === null ? null : words.share(rate);
}

/** Nobody may have looked at the latest issues yet. */
async function countIssues({ database }: WebContext, now: Date): Promise<void> {
  const { issueViews } = database.stores;
  const filter = { statuses: ['open', 'paused', 'done', 'cancelled'], toOne: false, beforeId: null };
  for (const issue of await issueViews.list({ ...filter, limit: LATEST_ISSUES }))
    await issueViews.numbers(issue.id, now, freshFor(issue, now));
}

type Count = { interest: string; language: string } & ({ readers: number } | { articles: number });

function sum(counts: readonly Count[], interest: string, language: string | null): number {
  return counts
    .filter((one) => one.interest === interest && (language === null || one.language === language))
    .reduce((total, one) => total + ('readers' in one ? one.readers : one.articles), 0);
}

/** Of several digests, the one that reaches back furthest. */
function freshestSince(programme: Programme, now: Date): Date {
  const since = programme.digests.map((digest) => freshSince(digest, now).getTime());
  return new Date(Math.min(now.getTime(), ...since));
}

function labelOf(programme: Programme, id: string, language: string): string {
  const known = programme.interests.find((one) => one.id === id);
  return known ? inLanguage(known.label, language) : id;
}

function shownFeed(feed: Programme['feeds'][number], health: FeedHealth | undefined) {
  const state = health?.state ?? null;
  const trouble = health?.trouble ?? null;
  return {
    url: redact(feed.url),
    state: trouble ?? (state === null ? 'unread' : state.failures > 0 ? 'trying' : 'well'),
    isTrouble: trouble !== null,
    error: state?.lastError ?? null,
    movedTo: state?.movedTo && state.movedSeen > 0 ? redact(state.movedTo) : null,
    lastSuccessAt: state?.lastSuccessAt ?? null,
    lastNewAt: state?.lastNewAt ?? null,
    recentArticles: health?.recentArticles ?? 0,
    offered: health?.offered ?? 0,
    used: health?.used ?? 0,
  };
}
