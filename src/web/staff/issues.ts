import type { FastifyInstance } from 'fastify';
import { planningWindow, slotsBetween } from '../../domain/delivery/schedule.ts';
import { type Digest, inLanguage } from '../../domain/programme.ts';
import { FEWEST_FOR_A_RATE, rateOf, UNSUBSCRIBE_ALARM } from '../../domain/sales/rate.ts';
import type { ListedIssue } from '../../journey/delivery/issue-views.ts';
import type { WebContext } from '../context.ts';
import { type InWords, inWords } from './in-words.ts';
import { staffOnly } from './session.ts';
import { showStaffPage, staffLanguage } from './show.ts';

const PAGE = 15;
const DAY_MS = 86_400_000;
/** Opens and clicks come in for weeks; after that an issue's numbers stand still. */
const SETTLED_MS = 30 * DAY_MS;
const FRESH_MS = 10 * 60_000;
const SLOTS_AHEAD = 3;

/** Issues to come, under way, and past. */
export function staffIssues(app: FastifyInstance, context: WebContext): void {
  const { issueViews } = context.database.stores;
  app.get<{ Querystring: { before?: string } }>(
    '/staff/issues',
    { preHandler: staffOnly(context, ['marketer']) },
    async (request, reply) => {
      const now = context.now();
      const beforeId = /^\d{1,15}$/.test(request.query.before ?? '') ? Number(request.query.before) : null;
      const language = staffLanguage(context, request);
      const words = inWords(language, context.programme.currency);
      const [open, past] = await Promise.all([
        issueViews.list({ statuses: [...UNDER_WAY], beforeId: null, limit: 20 }),
        issueViews.list({ statuses: ['done', 'cancelled'], beforeId, limit: PAGE + 1 }),
      ]);
      const name = (id: string) => digestName(context.programme.digests, id, language);
      return showStaffPage(context, request, reply, 'issues', {
        upcoming: upcoming(context.programme.digests, now, language),
        underWay: await Promise.all(
          open.map(async (issue) => ({
            ...issue,
            name: name(issue.digestId),
            ...progressOf(await issueViews.progress(issue.id)),
          })),
        ),
        past: await Promise.all(
          past.slice(0, PAGE).map(async (issue) => ({
            ...issue,
            day: issueDay(issue),
            isByHand: issue.slot.startsWith('now-'),
            name: name(issue.digestId),
            ...(await pastNumbers(issue)),
          })),
        ),
        older: past.length > PAGE ? past[PAGE - 1]!.id : null,
        script: open.length > 0 ? '/assets/refresh.js' : null,
      });

      async function pastNumbers(issue: ListedIssue) {
        const { statuses, opened, clicked, unsubscribed } = await issueViews.numbers(
          issue.id,
          now,
          freshFor(issue, now),
        );
        return rates(statuses.sent ?? 0, { opened, clicked, unsubscribed }, words);
      }
    },
  );
}

/** The day an issue is of: that of its slot, or when somebody sent it by hand. */
export function issueDay({ slot, firstDueAt }: ListedIssue): Date {
  return /^\d{4}-\d\d-\d\d$/.test(slot) ? new Date(`${slot}T12:00:00Z`) : firstDueAt;
}

/** Everything that is not over. */
export const UNDER_WAY = ['open', 'paused'] as const;

/** How long kept numbers of an issue hold. */
export function freshFor(issue: ListedIssue, now: Date): number {
  return now.getTime() - issue.lastDueAt.getTime() > SETTLED_MS ? Number.POSITIVE_INFINITY : FRESH_MS;
}

export function digestName(digests: readonly Digest[], id: string, language: string): string {
  const digest = digests.find((one) => one.id === id);
  return digest ? inLanguage(digest.name, language) : id;
}

export function progressOf(statuses: Record<string, number>) {
  const count = (...names: string[]) => names.reduce((sum, name) => sum + (statuses[name] ?? 0), 0);
  const all = Object.values(statuses).reduce((sum, one) => sum + one, 0);
  const waiting = count('planned', 'claimed', 'sending');
  return {
    all,
    waiting,
    sent: count('sent'),
    skipped: count('skipped', 'cancelled'),
    failed: count('failed'),
    uncertain: count('uncertain'),
    percentDone: all === 0 ? 0 : Math.floor((100 * (all - waiting)) / all),
  };
}

/** Shares of the people the issue was sent to; of a handful there are only the numbers. */
export function rates(
  sent: number,
  numbers: {
    opened: { human: number; proxied: number; machine: number };
    clicked: { human: number; proxied: number; machine: number };
    unsubscribed: number;
  },
  words: InWords,
) {
  const both = (part: number) => {
    const rate = rateOf(part, sent);
    return { people: words.number(part), share: rate === null ? null : words.share(rate) };
  };
  return {
    sent: words.number(sent),
    isTooFew: sent > 0 && sent < FEWEST_FOR_A_RATE,
    opened: both(numbers.opened.human),
    openedProxied: both(numbers.opened.proxied),
    openedMachine: both(numbers.opened.machine),
    clicked: both(numbers.clicked.human),
    clickedMachine: both(numbers.clicked.machine),
    unsubscribed: both(numbers.unsubscribed),
    isAlarm: (rateOf(numbers.unsubscribed, sent) ?? 0) > UNSUBSCRIBE_ALARM,
  };
}

/** The next slots of every digest, soonest first. */
function upcoming(digests: readonly Digest[], now: Date, language: string) {
  return digests
    .flatMap((digest) =>
      slotsBetween(digest.schedule, now, new Date(now.getTime() + 120 * DAY_MS))
        .map((day) => ({ day, ...planningWindow(digest.schedule, day, digest.timeZone) }))
        .filter(({ lastDueAt }) => lastDueAt > now)
        .slice(0, SLOTS_AHEAD)
        .map(({ day, firstDueAt, lastDueAt }, at) => ({
          digestId: digest.id,
          name: inLanguage(digest.name, language),
          day: new Date(`${day}T12:00:00Z`),
          time: `${String(digest.schedule.hour).padStart(2, '0')}:${String(digest.schedule.minute).padStart(2, '0')}`,
          isOwnClock: digest.timeZone === 'reader',
          timeZone: digest.timeZone,
          isNext: at === 0,
          isUnderWay: firstDueAt <= now && now < lastDueAt,
          firstDueAt,
        })),
    )
    .sort((a, b) => a.firstDueAt.getTime() - b.firstDueAt.getTime());
}
