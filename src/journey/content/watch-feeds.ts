import { createHash } from 'node:crypto';
import { type FeedTrouble, troubleOf } from '../../domain/content/feed-health.ts';
import { dateLocale } from '../../domain/locale.ts';
import type { Programme } from '../../domain/programme.ts';
import { redact } from '../../domain/redact.ts';
import type { Database, Log, Say } from '../ports.ts';
import type { FeedHealthRow, FeedState } from './ports/feeds.ts';

export interface WatchDeps {
  programme: Programme;
  database: Database;
  say: Say;
  log: Log;
}

/**
 * Tells the marketers by mail of feeds that are gone, cannot be read, or bring nothing new any more: each trouble once, all
 * that are found at one time in one mail. A feed that recovers is told of again the next time. Returns how many feeds
 * were told of.
 */
export async function watchFeeds(deps: WatchDeps, now: Date): Promise<number> {
  const { programme, database } = deps;
  const states = new Map((await database.stores.feeds.list()).map((state) => [state.url, state]));
  const changed = programme.feeds.flatMap(({ url }) => {
    const state = states.get(url);
    const trouble = troubleOf(state ?? null, programme.feedWatch, now);
    return state && trouble !== (state.toldTrouble ?? null) ? [{ url, trouble, state }] : [];
  });
  if (changed.length === 0) return 0;
  return database.inTransaction(async (stores) => {
    const told = new Set(await stores.feeds.tell(changed, now));
    const troubles = changed.filter(({ url }) => told.has(url));
    if (troubles.length === 0) return 0;
    const data = { ...noticeOf(deps, troubles, now), url: null };
    const key = createHash('sha256')
      .update(JSON.stringify([...told].sort()))
      .digest('hex')
      .slice(0, 16);
    for (const to of marketersOf(programme)) {
      await stores.outbox.add({
        kind: 'notice',
        dedupeKey: `feeds ${now.toISOString()} ${key} ${to}`,
        to,
        language: programme.defaultLanguage,
        data,
        subscriberId: null,
        dueAt: now,
        at: now,
      });
    }
    deps.log.warn({ feeds: [...told] }, 'feeds need a look; the marketers are told by mail');
    return told.size;
  });
}

/** Whom to tell: the marketers, or the administrators where there are none. */
function marketersOf({ staff }: Programme): string[] {
  const marketers = staff.filter(({ role }) => role === 'marketer');
  return (marketers.length > 0 ? marketers : staff.filter(({ role }) => role === 'admin')).map(
    ({ email }) => email,
  );
}

function noticeOf(
  { programme, say }: WatchDeps,
  troubles: { url: string; trouble: FeedTrouble | null; state: FeedState }[],
  now: Date,
): { subject: string; paragraphs: string[] } {
  const language = programme.defaultLanguage;
  const text = (key: string, values: Record<string, unknown> = {}) =>
    say(language, `mails.feedNotice.${key}`, values);
  const day = (date: Date | null) =>
    date === null
      ? text('never')
      : new Intl.DateTimeFormat(dateLocale(language), { dateStyle: 'long', timeZone: 'UTC' }).format(date);
  const lines = troubles.map(({ url, trouble, state }) =>
    text(trouble ?? 'failing', {
      url: redact(url),
      error: state.lastError ?? '',
      since: day(trouble === 'stale' ? state.lastNewAt : state.lastSuccessAt),
      days: Math.floor((now.getTime() - (state.lastNewAt ?? now).getTime()) / 86_400_000),
    }),
  );
  const subject =
    troubles.length === 1 ? text('subjectOne') : text('subjectMany', { count: troubles.length });
  return { subject, paragraphs: [...lines, text('whatToDo')] };
}

/** How a feed does, for people: what PAGES and the command line show. */
export interface FeedHealth extends FeedHealthRow {
  trouble: FeedTrouble | null;
  articlesPerWeek: number;
  /** 0 to 1, of its articles that an issue could draw from; null while there were none. */
  shareUsed: number | null;
}

/** Every feed of the programme, in its order, with how it does. */
export async function feedHealth(
  { programme, database }: Pick<WatchDeps, 'programme' | 'database'>,
  now: Date,
): Promise<FeedHealth[]> {
  const { feeds } = database.stores;
  await feeds.countMails(50);
  const rows = await feeds.health(
    programme.feeds.map(({ url }) => url),
    now,
  );
  return rows.map((row) => ({
    ...row,
    trouble: troubleOf(row.state, programme.feedWatch, now),
    articlesPerWeek: perWeek(row, now),
    shareUsed: row.offered === 0 ? null : row.used / row.offered,
  }));
}

/** Over the last four weeks, or since the oldest article that is known where that is shorter. */
function perWeek({ recentArticles, firstArticleAt }: FeedHealthRow, now: Date): number {
  const age = firstArticleAt === null ? 28 : (now.getTime() - firstArticleAt.getTime()) / 86_400_000;
  return recentArticles / (Math.min(28, Math.max(7, age)) / 7);
}
