import type { FastifyInstance } from 'fastify';
import { CALL_BACK_TARGET } from '../../../domain/links.ts';
import { languageName } from '../../../domain/locale.ts';
import type { Reason } from '../../../domain/reason.ts';
import { reasonTeller, type Tell } from '../../../domain/reason-text.ts';
import { cancelIssue, pauseIssue, resumeIssue } from '../../../journey/delivery/control-issue.ts';
import type { IssueNumbers } from '../../../journey/delivery/ports/issue-views.ts';
import type { WebContext } from '../../context.ts';
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
    const tell = reasonTeller(context, language);
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
      brake: brake && {
        ...brake,
        failedBy: brake.failedBy.map((one) => ({ ...one, example: one.example && tell(one.example) })),
      },
      rates: rates(numbers.statuses.sent ?? 0, numbers, words),
      paused: brake?.pauseReason ? pausedInWords(context, language, brake.pauseReason, tell) : null,
      forms: words.number(numbers.forms),
      skipped: numbers.skipped.map((one) => ({ ...one, reason: tell(one.reason) })),
      failed: numbers.failed.map((one) => ({ ...one, reason: tell(one.reason) })),
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
      const why: Reason = {
        code: name === 'cancel' ? 'issue.cancelled-by' : 'issue.paused-by',
        values: { who: by },
      };
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

/** Why the issue stands still and, where Simmer paused it, what to do now. */
function pausedInWords(
  { say }: Pick<WebContext, 'say'>,
  language: string,
  reason: Reason,
  tell: Tell,
): { why: string; todo: string | null } {
  const { code } = reason;
  const isOwn = code === 'issue.failed' || code === 'issue.uncertain' || code === 'issue.restored';
  const todo = isOwn ? say(language, `staff.issues.pausedTodo.${code.slice('issue.'.length)}`) : null;
  return { why: tell(reason), todo };
}

/** Languages with articles that somebody clicked, the most clicked first. */
function mappedLanguages({ links }: IssueNumbers): string[] {
  const clicks = new Map<string, number>();
  for (const { role, language, people } of links)
    if (role === 'article') clicks.set(language, (clicks.get(language) ?? 0) + people + 0.001);
  return [...clicks].sort((a, b) => b[1] - a[1]).map(([language]) => language);
}
