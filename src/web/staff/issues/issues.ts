import type { FastifyInstance } from 'fastify';
import { type Digest, inLanguage } from '../../../domain/programme.ts';
import { FEWEST_FOR_A_RATE, rateOf, UNSUBSCRIBE_ALARM } from '../../../domain/staff/rate.ts';
import type { IssueNumbers, ListedIssue } from '../../../journey/delivery/ports/issue-views.ts';
import type { WebContext } from '../../context.ts';
import { type NumberFormat, numberFormat } from '../number-format.ts';
import { staffOnly } from '../session/session.ts';
import { showStaffPage, staffLanguage } from '../staff-page.ts';
import { comingSlots, progressOf } from './coming-issues.ts';

const PAGE = 15;
const TRIALS = 10;
const DAY_MS = 86_400_000;
/** Opens and clicks come in for weeks; after that an issue's numbers stand still. */
const SETTLED_MS = 30 * DAY_MS;
const FRESH_MS = 10 * 60_000;

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
      const words = numberFormat(language, context.programme.currency);
      const { digests } = context.programme;
      const over = ['done', 'cancelled'];
      const [open, past, trials] = await Promise.all([
        issueViews.list({ statuses: [...UNDER_WAY], beforeId: null, limit: 20 }),
        issueViews.list({ statuses: over, toOne: false, beforeId, limit: PAGE + 1 }),
        issueViews.list({ statuses: [...over, ...UNDER_WAY], toOne: true, beforeId: null, limit: TRIALS }),
      ]);
      const coming = await comingSlots(context, digests, open, now, language);
      const isNext = (at: number) => coming.findIndex((one) => one.digestId === coming[at]!.digestId) === at;
      const isShownAsComing = ({ id }: ListedIssue) => coming.some(({ issue }) => issue?.id === id);
      return showStaffPage(context, request, reply, 'issues', {
        next: coming.filter((_, at) => isNext(at)),
        later: coming.filter((_, at) => !isNext(at)),
        underWay: await Promise.all(
          open
            .filter((issue) => !issue.toOne && !isShownAsComing(issue))
            .map(async (issue) => ({
              ...issue,
              day: issueDay(issue),
              isByHand: isByHand(issue),
              name: digestName(digests, issue.digestId, language),
              ...progressOf(await issueViews.progress(issue.id)),
            })),
        ),
        past: await Promise.all(past.slice(0, PAGE).map(withNumbers)),
        trials: await Promise.all(trials.map(withNumbers)),
        older: past.length > PAGE ? past[PAGE - 1]!.id : null,
        // What is planned stands still until it is begun.
        script:
          open.some((issue) => !isShownAsComing(issue)) || coming.some(({ isBegun }) => isBegun)
            ? '/assets/refresh.js'
            : null,
      });

      async function withNumbers(issue: ListedIssue) {
        const numbers = await issueViews.numbers(issue.id, now, freshFor(issue, now));
        return {
          ...issue,
          day: issueDay(issue),
          isByHand: isByHand(issue),
          ...issueTitle(context, issue, numbers, language),
          ...rates(numbers.statuses.sent ?? 0, numbers, words),
        };
      }
    },
  );
}

/** The day an issue is of: that of its slot, or when somebody sent it manually. */
export function issueDay({ slot, firstDueAt }: ListedIssue): Date {
  return /^\d{4}-\d\d-\d\d$/.test(slot) ? new Date(`${slot}T12:00:00Z`) : firstDueAt;
}

export function isByHand({ slot }: ListedIssue): boolean {
  return slot.startsWith('now-');
}

/**
 * What an issue is called: the subject line that most of its readers of the page's language got, else most of all; by its
 * digest until something is sent. `others` counts the other main articles, each a subject line of its own.
 */
export function issueTitle(
  { programme, say }: Pick<WebContext, 'programme' | 'say'>,
  { digestId }: ListedIssue,
  { subjects, mainArticles }: IssueNumbers,
  language: string,
) {
  const name = digestName(programme.digests, digestId, language);
  const subject = subjects.find((one) => one.language === language) ?? subjects[0];
  if (!subject) return { name, title: name, titleLanguage: language, others: 0 };
  const written = programme.languages.includes(subject.language)
    ? subject.language
    : programme.defaultLanguage;
  const digest = digestName(programme.digests, digestId, written);
  return {
    name,
    title: say(written, 'mails.issue.subject', { title: subject.title, digest }),
    titleLanguage: subject.language,
    others: mainArticles - 1,
  };
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

/** Shares of the people the issue was sent to; of a handful there are only the numbers. */
export function rates(
  sent: number,
  numbers: Pick<IssueNumbers, 'opened' | 'clicked' | 'unsubscribed'>,
  words: NumberFormat,
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
    inDoubt: { opened: numbers.opened.doubtful, clicked: numbers.clicked.doubtful },
    unsubscribed: both(numbers.unsubscribed),
    isAlarm: (rateOf(numbers.unsubscribed, sent) ?? 0) > UNSUBSCRIBE_ALARM,
  };
}
