import type { FastifyInstance } from 'fastify';
import {
  changeSince,
  costWithin,
  PERIOD_DAYS,
  PERIODS,
  type Period,
  type PeriodDays,
  periodBefore,
  periodEnding,
} from '../../domain/sales/period.ts';
import { type LiftReport, reportLift } from '../../journey/content/report-lift.ts';
import type { PeriodNumbers } from '../../journey/sales/overview.ts';
import type { WebContext } from '../context.ts';
import { type InWords, inWords, ratio } from './in-words.ts';
import { keeper } from './kept.ts';
import { bestInterests, overviewCharts } from './overview-charts.ts';
import { staffOnly } from './session.ts';
import { showStaffPage, staffLanguage } from './show.ts';
import { uncertainGroups } from './uncertain.ts';

const USUAL: PeriodDays = 30;
/** Above this share of the people reached, unsubscribing is an alarm. */
export const UNSUBSCRIBE_ALARM = 0.01;
const BEST = 8;

/** The numbers a marketer steers by, for a period, each beside the one of the period before. */
export function staffOverview(app: FastifyInstance, context: WebContext): void {
  const { overview, views, keptCounts } = context.database.stores;
  const kept = keeper(keptCounts, context.log);

  app.get<{ Querystring: { days?: string; by?: string } }>(
    '/staff',
    { preHandler: staffOnly(context) },
    async (request, reply) => {
      const days = PERIOD_DAYS.find((one) => String(one) === request.query.days) ?? USUAL;
      const by = request.query.by === 'sqls' ? 'sqls' : 'clicks';
      const period = periodEnding(context.now(), days);
      const before = periodBefore(period);
      const [{ value: counted, countedAt }, standing, costs, uncertain] = await Promise.all([
        kept(
          `overview ${days} ${by}`,
          context.now(),
          () => countAll(context, period, before, by, days),
          revive,
        ),
        overview.standing(),
        overview.costs(),
        views.uncertain(50),
      ]);
      const { numbers, numbersBefore, parts, articles, interests, byMonth, since, lift, left } = counted;
      const language = staffLanguage(context, request);
      const words = inWords(language, context.programme.currency);
      const present = { ...numbers, cost: costWithin(costs, period) };
      const past = { ...numbersBefore, cost: costWithin(costs, before) };
      return showStaffPage(context, request, reply, 'overview', {
        days,
        by,
        periods: PERIOD_DAYS.map((one) => ({ days: one, isShown: one === days })),
        figures: figures(present, past, words),
        funnel: funnel(present, words),
        standing: {
          ...standing.subscribers,
          ...standing.stages,
        },
        charts: overviewCharts({ parts, costs, byMonth, since, words, alarm: UNSUBSCRIBE_ALARM }),
        articles,
        interests: bestInterests(context.programme, interests, language),
        countedAt: context.now().getTime() - countedAt.getTime() > 60_000 ? countedAt : null,
        lift: shownLift(lift, words),
        left,
        hits: numbers.hits,
        isFresh: Object.values(standing.subscribers).every((count) => count === 0),
        uncertain,
        uncertainGroups: uncertainGroups(uncertain),
        decides: request.staff?.member.role !== 'sales',
      });
    },
  );
}

/** All that takes counting. */
async function countAll(
  context: WebContext,
  period: Period,
  before: Period,
  by: 'clicks' | 'sqls',
  days: PeriodDays,
) {
  const { overview, ownData } = context.database.stores;
  const since = new Date(Date.UTC(period.to.getUTCFullYear(), period.to.getUTCMonth() - 11, 1));
  const [numbers, numbersBefore, parts, articles, interests, byMonth, lift, left] = await Promise.all([
    overview.numbers(period),
    overview.numbers(before),
    overview.parts(period, PERIODS[days]),
    overview.bestArticles(period, by, BEST),
    overview.bestInterests(period),
    overview.customersByMonth(since),
    reportLift(context.database.stores, period.from),
    ownData.unsubscribeReasons(period.from),
  ]);
  return { numbers, numbersBefore, parts, articles, interests, byMonth, since, lift, left };
}

function revive(json: unknown): Awaited<ReturnType<typeof countAll>> {
  const counted = json as Awaited<ReturnType<typeof countAll>>;
  return {
    ...counted,
    since: new Date(counted.since),
    parts: counted.parts.map((part) => ({ ...part, from: new Date(part.from) })),
  };
}

/** Null while there is no control group to compare with. */
function shownLift({ clicks, sqls }: LiftReport, words: InWords) {
  const shown = (id: string, lift: LiftReport['clicks']) =>
    lift && {
      id,
      ratio: lift.ratio === null ? null : words.change(lift.ratio.value - 1),
      personal: words.share(lift.personal),
      control: words.share(lift.control),
      from: words.change(lift.ratio === null ? null : lift.ratio.from - 1),
      to: words.change(lift.ratio === null ? null : lift.ratio.to - 1),
      isSure: lift.isSure,
    };
  const both = [shown('clicks', clicks), shown('sqls', sqls)].filter((one) => one !== null);
  return both.length > 0 ? both : null;
}

type WithCost = PeriodNumbers & { cost: number | null };

/** Each figure with its trend. `isGood` is left out where more or less is neither. */
function figures(now: WithCost, then: WithCost, words: InWords) {
  const figure = (
    id: string,
    of: (numbers: WithCost) => number | null,
    write: (value: number | null) => string,
    better: 'more' | 'less',
    values: Record<string, unknown> = {},
  ) => {
    const change = withinReason(changeSince(of(now), of(then)));
    const rises = change !== null && Math.round(change * 100) !== 0 ? change > 0 : null;
    return {
      id,
      value: write(of(now)),
      before: write(of(then)),
      change: change === null ? null : words.change(change),
      direction: rises === null ? 'same' : rises ? 'up' : 'down',
      isGood: rises === null ? null : rises === (better === 'more'),
      values,
    };
  };
  const unsubscribeRate = ratio(now.unsubscribed, now.reached);
  return [
    figure('clickRate', ({ clicked, reached }) => ratio(clicked, reached), words.share, 'more', {
      clicked: words.number(now.clicked),
      reached: words.number(now.reached),
    }),
    figure('conversionRate', ({ converted, reached }) => ratio(converted, reached), words.share, 'more', {
      converted: words.number(now.converted),
    }),
    {
      ...figure(
        'unsubscribeRate',
        ({ unsubscribed, reached }) => ratio(unsubscribed, reached),
        words.share,
        'less',
        { n: words.number(now.unsubscribed) },
      ),
      isAlarm: unsubscribeRate !== null && unsubscribeRate > UNSUBSCRIBE_ALARM,
    },
    figure('mailsSent', ({ mailsSent }) => mailsSent, words.number, 'more', {
      reached: words.number(now.reached),
    }),
    figure('confirmed', ({ funnel }) => funnel.confirmed, words.number, 'more', {
      signedUp: words.number(now.funnel.signedUp),
    }),
    figure('qualified', ({ qualified }) => qualified, words.number, 'more'),
    figure('customers', ({ customers }) => customers, words.number, 'more'),
    figure(
      'costPerCustomer',
      ({ cost, customers }) => (cost === null || customers === 0 ? null : cost / customers),
      words.money,
      'less',
      { cost: words.money(now.cost), customers: words.number(now.customers) },
    ),
  ];
}

/** Beside next to nothing anything is a giant leap; the number before says more than a percentage. */
function withinReason(change: number | null): number | null {
  return change !== null && change < 10 ? change : null;
}

const STEPS = ['signedUp', 'confirmed', 'mql', 'sql', 'customer'] as const;

/** The steps, each with its share of the one before and of the first. */
function funnel({ funnel: counts, timeInStage }: PeriodNumbers, words: InWords) {
  const times: Partial<Record<(typeof STEPS)[number], number | null>> = {
    signedUp: timeInStage.pending,
    mql: timeInStage.mql,
    sql: timeInStage.sql,
  };
  return STEPS.map((step, at) => {
    const before = STEPS[at - 1];
    return {
      step,
      people: words.number(counts[step]),
      ofBefore: before ? words.share(ratio(counts[step], counts[before])) : null,
      width: Math.round(1000 * (ratio(counts[step], counts.signedUp) ?? 0)) / 10,
      time: step in times ? words.span(times[step] ?? null) : null,
    };
  });
}
