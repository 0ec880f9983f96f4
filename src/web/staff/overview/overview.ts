import type { FastifyInstance } from 'fastify';
import { byStory } from '../../../domain/content/choosing/translations.ts';
import { FEWEST_FOR_A_RATE, rateOf, UNSUBSCRIBE_ALARM } from '../../../domain/staff/rate.ts';
import {
  changeSince,
  costWithin,
  PERIOD_DAYS,
  PERIODS,
  type Period,
  type PeriodDays,
  periodBefore,
  periodEnding,
} from '../../../domain/staff/reporting-period.ts';
import { type LiftReport, reportLift } from '../../../journey/content/report-lift.ts';
import type { BestArticle, PeriodNumbers } from '../../../journey/staff/ports/overview.ts';
import type { WebContext } from '../../context.ts';
import { keeper } from '../cached-counts.ts';
import { type NumberFormat, numberFormat, ratio } from '../number-format.ts';
import { staffOnly } from '../session/session.ts';
import { showStaffPage, staffLanguage } from '../staff-page.ts';
import { bestInterests, overviewCharts } from './overview-charts.ts';
import { uncertainGroups } from './uncertain.ts';

const USUAL: PeriodDays = 30;
const BEST = 8;
/** A story is there in several languages. */
const LOOKED_AT = 8;

/** The numbers a marketer steers by, for a period, each beside the one of the period before. */
export function staffOverview(app: FastifyInstance, context: WebContext): void {
  const { overview, views, cachedCounts } = context.database.stores;
  const kept = keeper(cachedCounts, context.log);

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
      const words = numberFormat(language, context.programme.currency);
      const present = { ...numbers, cost: costWithin(costs, period) };
      const past = { ...numbersBefore, cost: costWithin(costs, before) };
      return showStaffPage(context, request, reply, 'overview', {
        days,
        by,
        periods: PERIOD_DAYS.map((one) => ({ days: one, isShown: one === days })),
        figures: figures(present, past, words),
        funnel: funnel(present, words),
        standing: { ...standing, ...standing.stages },
        charts: overviewCharts({ parts, costs, byMonth, since, words, alarm: UNSUBSCRIBE_ALARM }),
        articles,
        interests: bestInterests(context.programme, interests, language),
        countedAt: context.now().getTime() - countedAt.getTime() > 60_000 ? countedAt : null,
        lift: shownLift(lift, words),
        left,
        hits: numbers.hits,
        isFresh: standing.people === 0,
        fewest: FEWEST_FOR_A_RATE,
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
    overview.bestArticles(period, by, BEST * LOOKED_AT),
    overview.bestInterests(period),
    overview.customersByMonth(since),
    reportLift(context.database.stores, period.from),
    ownData.unsubscribeReasons(period.from),
  ]);
  return {
    numbers,
    numbersBefore,
    parts,
    articles: bestStories(articles, by),
    interests,
    byMonth,
    since,
    lift,
    left,
  };
}

/** The best stories, each once, whatever languages it is read in: by its best read one. */
function bestStories(articles: readonly BestArticle[], by: 'clicks' | 'sqls') {
  const sum = (story: readonly BestArticle[], what: 'clicks' | 'sqls') =>
    story.reduce((total, one) => total + one[what], 0);
  return byStory(articles)
    .map((story) => {
      const { title, url, language } = story[0]!;
      const languages = story.map((one) => one.language).join(' · ');
      return { title, url, language, languages, clicks: sum(story, 'clicks'), sqls: sum(story, 'sqls') };
    })
    .sort((a, b) => b[by] - a[by] || b.clicks - a.clicks)
    .slice(0, BEST);
}

function revive(json: unknown): Awaited<ReturnType<typeof countAll>> {
  const counted = json as Awaited<ReturnType<typeof countAll>>;
  return {
    ...counted,
    since: new Date(counted.since),
    parts: counted.parts.map((part) => ({ ...part, from: new Date(part.from) })),
  };
}

/** Null while there is no control group to compare with. What may be chance is not drawn as if it were an effect. */
function shownLift({ groups, clicks, sqls }: LiftReport, words: NumberFormat) {
  const isEnough = Math.min(groups.personal.readers, groups.control.readers) >= FEWEST_FOR_A_RATE;
  const shown = (id: string, lift: LiftReport['clicks']) =>
    lift && {
      id,
      isEnough,
      isSure: isEnough && lift.isSure,
      isPoints: lift.ratio === null,
      value: lift.ratio ? words.change(lift.ratio.value - 1) : words.points(lift.difference.value),
      personal: words.share(lift.personal),
      control: words.share(lift.control),
      readers: words.number(groups.personal.readers),
      others: words.number(groups.control.readers),
      from: lift.ratio ? words.change(lift.ratio.from - 1) : words.points(lift.difference.from),
      to: lift.ratio ? words.change(lift.ratio.to - 1) : words.points(lift.difference.to),
    };
  const both = [shown('clicks', clicks), shown('sqls', sqls)].filter((one) => one !== null);
  return both.length > 0 ? both : null;
}

type WithCost = PeriodNumbers & { cost: number | null };

/** Each figure with its trend. `isGood` is left out where more or less is neither. */
function figures(now: WithCost, then: WithCost, words: NumberFormat) {
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
      isTooFew: false,
      values,
    };
  };
  /** A share of the people reached: of a handful of them there is none. */
  const rate = (id: 'clicked' | 'converted' | 'unsubscribed', better: 'more' | 'less') => ({
    ...figure(RATES[id], (numbers) => rateOf(numbers[id], numbers.reached), words.share, better, {
      n: words.number(now[id]),
      reached: words.number(now.reached),
    }),
    isTooFew: now.reached > 0 && now.reached < FEWEST_FOR_A_RATE,
  });
  const unsubscribeRate = rateOf(now.unsubscribed, now.reached);
  return [
    rate('clicked', 'more'),
    rate('converted', 'more'),
    {
      ...rate('unsubscribed', 'less'),
      isAlarm: unsubscribeRate !== null && unsubscribeRate > UNSUBSCRIBE_ALARM,
    },
    figure('mailsSent', ({ mailsSent }) => mailsSent, words.number, 'more', {
      reached: words.number(now.reached),
    }),
    figure('confirmed', ({ confirmed }) => confirmed, words.number, 'more', {
      signedUp: words.number(now.funnel.signedUp),
    }),
    figure('qualified', ({ qualified }) => qualified, words.number, 'more'),
    figure('customers', ({ customers }) => customers, words.number, 'more'),
    figure(
      'costPerCustomer',
      ({ cost, customers }) => (cost === null || customers === 0 ? null : cost / customers),
      words.money,
      'less',
      { cost: now.cost === null ? null : words.money(now.cost), customers: words.number(now.customers) },
    ),
  ];
}

const RATES = { clicked: 'clickRate', converted: 'conversionRate', unsubscribed: 'unsubscribeRate' } as const;

/** Beside next to nothing anything is a giant leap; the number before says more than a percentage. */
function withinReason(change: number | null): number | null {
  return change !== null && change < 10 ? change : null;
}

const STEPS = ['signedUp', 'mql', 'sql', 'customer'] as const;

/** The steps, each with its share of the one before and of the first. */
function funnel({ funnel: counts, timeInStage }: PeriodNumbers, words: NumberFormat) {
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
      ofBefore:
        before && counts[before] >= FEWEST_FOR_A_RATE
          ? words.share(rateOf(counts[step], counts[before]))
          : null,
      width: Math.round(1000 * (ratio(counts[step], counts.signedUp) ?? 0)) / 10,
      time: step in times ? words.span(times[step] ?? null) : null,
    };
  });
}
