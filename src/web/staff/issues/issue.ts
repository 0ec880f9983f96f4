import type { FastifyInstance } from 'fastify';
import { CALL_BACK_TARGET } from '../../../domain/links.ts';
import { dateLocale, languageName } from '../../../domain/locale.ts';
import { cancelIssue, pauseIssue, resumeIssue } from '../../../journey/delivery/control-issue.ts';
import type { IssueNumbers } from '../../../journey/delivery/ports/issue-views.ts';
import type { PausedBecause } from '../../../journey/returns/ports/returns.ts';
import type { WebContext } from '../../context.ts';
import { retold } from '../../reason-text.ts';
import { numberFormat } from '../number-format.ts';
import { staffOnly } from '../session/session.ts';
import { showStaffPage, staffLanguage } from '../staff-page.ts';
import { progressOf } from './coming-issues.ts';
import { clickMap } from './issue-map.ts';
import { freshFor, isByHand, issueDay, issueTitle, rates, UNDER_WAY } from './issues.ts';
import { MAIL_FRAME_HEADERS } from './mail-frame.ts';

const CONTROLS: Record<string, string[]> = { open: ['pause', 'cancel'], paused: ['resume', 'cancel'] };
const SAID = ['paused', 'resumed', 'cancelled', 'unchanged'];

type Params = { Params: { id: string }; Querystring: { language?: string; said?: string } };

/** One issue: how it goes while it goes, and what came of it, with the clicks drawn on the mail. */
export function staffIssue(app: FastifyInstance, context: WebContext): void {
  const preHandler = staffOnly(context, ['marketer']);
  const { issueViews } = context.database.stores;
  const find = (id: string) => (/^\d{1,15}$/.test(id) ? issueViews.find(Number(id)) : null);

  app.get<Params>('/staff/issues/:id', { preHandler }, async (request, reply) => {
    const issue = await find(request.params.id);
    if (!issue) return reply.callNotFound();
    const now = context.now();
    const isLive = UNDER_WAY.some((status) => status === issue.status);
    const [numbers, statuses, brake] = await Promise.all([
      issueViews.numbers(issue.id, now, freshFor(issue, now)),
      issueViews.progress(issue.id),
      context.database.stores.brake.progress(issue.id, now),
    ]);
    const language = staffLanguage(context, request);
    const words = numberFormat(language, context.programme.currency);
    const languages = mappedLanguages(numbers);
    const mapLanguage =
      [request.query.language, language].find((one) => languages.includes(one ?? '')) ?? languages[0] ?? null;
    const tell = retold(context, language);
    const progress = progressOf(statuses);
    const isUntouched = progress.sent + progress.failed + progress.uncertain === 0;
    return showStaffPage(context, request, reply, 'issue', {
      issue: {
        ...issue,
        ...issueTitle(context, issue, numbers, language),
        day: issueDay(issue),
        isByHand: isByHand(issue),
        shownStatus: issue.status === 'open' && isUntouched ? 'planned' : issue.status,
      },
      progress,
      isLive,
      controls: CONTROLS[issue.status] ?? null,
      said: SAID.find((word) => word === request.query.said),
      brake,
      rates: rates(numbers.statuses.sent ?? 0, numbers, words),
      paused: brake?.pausedBecause ? pausedInWords(context, language, brake.pausedBecause) : null,
      forms: words.number(numbers.forms),
      skipped: numbers.skipped.map((one) => ({ ...one, reason: tell(one.reason) })),
      failed: numbers.failed,
      countedAt: new Date(numbers.countedAt),
      mapLanguage,
      languages: languages.map((id) => ({
        id,
        name: languageName(id, language),
        isShown: id === mapLanguage,
      })),
      links: numbers.links
        .filter((link) => link.language === mapLanguage && link.people + link.machine + link.doubtful > 0)
        .map((link) => ({ ...link, url: link.url === CALL_BACK_TARGET ? null : link.url })),
      script: isLive ? '/assets/refresh.js' : null,
    });
  });

  const acts = {
    pause: { said: 'paused', run: pauseIssue },
    resume: { said: 'resumed', run: resumeIssue },
    cancel: { said: 'cancelled', run: cancelIssue },
  } as const;
  for (const [name, { said, run }] of Object.entries(acts)) {
    app.post<Params>(`/staff/issues/:id/${name}`, { preHandler }, async (request, reply) => {
      const issue = await find(request.params.id);
      if (!issue) return reply.callNotFound();
      const by = request.staff!.member.email;
      const why = `${said} by ${by}`;
      const done = await run(context.database, { issueId: issue.id, why, by }, context.now());
      const hasChanged = done !== false && done !== null;
      return reply.redirect(`/staff/issues/${issue.id}?said=${hasChanged ? said : 'unchanged'}`, 303);
    });
  }

  app.get<Params>('/staff/issues/:id/map', { preHandler }, async (request, reply) => {
    const issue = await find(request.params.id);
    if (!issue) return reply.callNotFound();
    const now = context.now();
    const numbers = await issueViews.numbers(issue.id, now, freshFor(issue, now));
    const languages = mappedLanguages(numbers);
    const language = languages.find((one) => one === request.query.language) ?? languages[0];
    const html = language ? await clickMap(context, issue, numbers, language) : null;
    if (html === null) return reply.callNotFound();
    return reply.headers(MAIL_FRAME_HEADERS).type('text/html; charset=utf-8').send(html);
  });
}

/** Why Simmer paused the issue, and what to do now. */
function pausedInWords(
  { say, programme }: Pick<WebContext, 'say' | 'programme'>,
  language: string,
  because: PausedBecause,
): { why: string; todo: string } {
  const { code } = because;
  const values =
    code === 'restored'
      ? {
          madeAt: new Intl.DateTimeFormat(dateLocale(language), {
            dateStyle: 'medium',
            timeStyle: 'short',
            timeZone: programme.sales.officeHours.timeZone,
          }).format(new Date(because.madeAt)),
        }
      : because;
  return {
    why: say(language, `staff.issues.pausedBecause.${code}`, values),
    todo: say(language, `staff.issues.pausedTodo.${code}`),
  };
}

/** Languages with articles that somebody clicked, the most clicked first. */
function mappedLanguages({ links }: IssueNumbers): string[] {
  const clicks = new Map<string, number>();
  for (const { role, language, people } of links)
    if (role === 'article') clicks.set(language, (clicks.get(language) ?? 0) + people + 0.001);
  return [...clicks].sort((a, b) => b[1] - a[1]).map(([language]) => language);
}
