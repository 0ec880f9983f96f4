import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { SOURCE_INPUTS } from '../../../domain/audience/sign-up-form.ts';
import type { Source } from '../../../domain/audience/subscriber.ts';
import { shownStage } from '../../../domain/audience/subscriber.ts';
import { dayAfter, localDay } from '../../../domain/delivery/schedule.ts';
import { languageName } from '../../../domain/locale.ts';
import { inLanguage } from '../../../domain/programme.ts';
import { reasonTeller } from '../../../domain/reason-text.ts';
import { readNotBefore } from '../../../domain/sales/not-before.ts';
import { OUTCOME_STATUSES, type OutcomeStatus } from '../../../domain/sales/outcome.ts';
import { completenessOf, fitOf } from '../../../domain/scoring/fit.ts';
import { cut } from '../../../domain/text.ts';
import { recordOutcome } from '../../../journey/sales/record-outcome.ts';
import { showAccount } from '../../../journey/sales/show-account.ts';
import { type Profile, showProfile } from '../../../journey/sales/show-profile.ts';
import type { WebContext } from '../../context.ts';
import { digestName } from '../issues/issues.ts';
import { doubtBoxes } from '../sales/doubt-boxes.ts';
import { touchName } from '../sales/touches.ts';
import { staffOnly } from '../session/session.ts';
import { showStaffPage, staffLanguage } from '../staff-page.ts';
import { timelineLines } from './timeline.ts';

type Params = { Params: { id: string } };
type Answer = Partial<
  Record<'qualification' | 'status' | 'duplicate' | 'running-deal' | 'note' | 'not-before', string>
>;

const SAVED =
  'recorded returned unchanged closed unknown claimed yours taken said-person said-machine nothing'.split(
    ' ',
  );
const LONGEST_NOTE = 2000;
const MOST_COLLEAGUES = 10;

/** Everything about one lead, and the form after the call. */
export function staffProfile(app: FastifyInstance, context: WebContext): void {
  const find = (id: string) =>
    /^\d{1,15}$/.test(id)
      ? showProfile({ ...context.database.stores, programme: context.programme }, Number(id))
      : null;

  app.get<Params & { Querystring: { saved?: string } }>(
    '/staff/leads/:id',
    { preHandler: staffOnly(context) },
    async (request, reply) => {
      const profile = await find(request.params.id);
      if (!profile) return reply.callNotFound();
      const saved = SAVED.find((word) => word === request.query.saved);
      return show(context, request, reply, profile, { saved });
    },
  );

  app.post<Params & { Body: Answer }>(
    '/staff/leads/:id/outcome',
    { preHandler: staffOnly(context) },
    async (request, reply) => {
      const profile = await find(request.params.id);
      if (!profile || !request.staff) return reply.callNotFound();
      const body = request.body;
      const status = OUTCOME_STATUSES.find((known) => known === body.status);
      const said = {
        isDuplicate: body.duplicate === 'yes',
        hasRunningDeal: body['running-deal'] === 'yes',
        note: cut(String(body.note ?? '').trim(), LONGEST_NOTE),
      };
      const written = cut(String(body['not-before'] ?? ''), 40);
      const until = readNotBefore(written, context.now(), context.programme.sales.officeHours.timeZone);
      const problem = !status ? 'status' : 'problem' in until ? 'notBefore' : null;
      if (!status || 'problem' in until)
        return show(context, request, reply.code(422), profile, {
          said: { ...said, status, notBefore: written },
          problem: problem ?? 'status',
        });
      const answer = await recordOutcome(
        context,
        {
          qualificationId: Number(body.qualification) || 0,
          status,
          staffEmail: request.staff.member.email,
          notBefore: until.day,
          ...said,
        },
        context.now(),
      );
      const isReturned = answer.result === 'recorded' && answer.stage !== 'sql';
      const saved = isReturned && status !== 'won' ? 'returned' : answer.result;
      return reply.redirect(`/staff/leads/${profile.lead.id}?saved=${saved}`, 303);
    },
  );
}

interface Extra {
  saved?: string | undefined;
  problem?: string;
  said?: {
    isDuplicate: boolean;
    hasRunningDeal: boolean;
    note: string;
    status: OutcomeStatus | undefined;
    notBefore: string;
  };
}

async function show(
  context: WebContext,
  request: FastifyRequest,
  reply: FastifyReply,
  profile: Profile,
  extra: Extra,
) {
  const { programme } = context;
  const now = context.now();
  const { lead, openQualification, lastRead } = profile;
  const { accounts } = context.database.stores;
  const domain = lead.email.slice(lead.email.lastIndexOf('@') + 1);
  const account = await showAccount({ accounts, programme }, domain, now);
  const language = staffLanguage(context, request);
  const tell = reasonTeller(context, language);
  const fit = fitOf(lead, programme.persona, programme.sales.freeMailDomains);
  const rules = profile.rules.map((rule) => ({ ...rule, words: tell(rule.name) }));
  const lastOutcome = openQualification?.outcomes.at(-1);
  return showStaffPage(context, request, reply, 'profile', {
    ...extra,
    lead: {
      ...lead,
      stage: shownStage(lead),
      title: lead.name ?? lead.email,
      languageName: languageName(lead.language, language),
    },
    country: lead.country && new Intl.DisplayNames([language], { type: 'region' }).of(lead.country),
    requestPhone: profile.requestPhone,
    threshold: profile.threshold,
    statuses: OUTCOME_STATUSES satisfies readonly OutcomeStatus[],
    answer: openQualification && {
      ...lastOutcome,
      ...extra.said,
      qualificationId: openQualification.id,
      earliest: dayAfter(localDay(now, programme.sales.officeHours.timeZone), 1).day,
    },
    withSales: openQualification && {
      ...openQualification,
      isMine: openQualification.claimedBy === request.staff?.member.email,
      waitsUntil: openQualification.alert?.status === 'planned' ? openQualification.alert.dueAt : null,
    },
    fit: { percent: fit.percent, words: fit.reason && tell(fit.reason) },
    completeness: completenessOf(lead),
    account: account && {
      ...account,
      others: account.members.filter(({ id }) => id !== lead.id).slice(0, MOST_COLLEAGUES),
    },
    rules: rules.filter(({ times }) => times > 0),
    rulesUnused: rules.filter(({ times }) => times === 0),
    timeline: timelineLines(profile.timeline, {
      tell,
      digest: (id) => digestName(programme.digests, id, language),
      touch: (name) => touchName(context, name, language),
    }),
    doubts: doubtBoxes(profile.doubts, tell, (id) => digestName(programme.digests, id, language)),
    interests: programme.interests
      .filter(({ id }) => lead.interests.includes(id))
      .map(({ label }) => inLanguage(label, language)),
    lastReads: [
      { kind: 'article', ...lastRead.article },
      { kind: 'brochure', ...lastRead.brochure },
      { kind: 'reference-story', ...lastRead.referenceStory },
    ],
    origin: sourceLines(lead.source),
    lastTouch: lead.lastTouch && { at: lead.lastTouch.at, source: sourceLines(lead.lastTouch.source) },
    withheld: profile.withheldMails.map(({ values }) => values),
    consent: profile.consent.map((entry) => ({
      ...entry,
      how: tell(entry.how),
      iso: entry.at.toISOString(),
    })),
    qualifications: profile.qualifications.map((one) => ({
      ...one,
      alertStatus: one.alert?.status ?? 'none',
      alertSentAt: one.alert?.sentAt ?? null,
    })),
  });
}

/** In one order, whichever the database keeps. */
const sourceLines = (source: Source) =>
  (Object.keys(SOURCE_INPUTS) as (keyof Source)[])
    .filter((key) => source[key])
    .map((key) => ({ key, value: source[key] }));
