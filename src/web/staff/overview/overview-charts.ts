import { inLanguage, type Programme } from '../../../domain/programme.ts';
import { rateOf } from '../../../domain/staff/rate.ts';
import type { BestInterest, EnteredCost, PartNumbers } from '../../../journey/staff/ports/overview.ts';
import type { NumberFormat } from '../number-format.ts';
import { barChart, type Chart, lineChart, type Series } from './charts.ts';

/** A chart as partials/chart.hbs shows it: the drawing, and all of it again as a table. */
interface ShownChart {
  id: string;
  svg: string;
  top: string;
  middle: string;
  labels: string[];
  legend: string[];
  /** Null: of so few people that a share says nothing. */
  rows: { label: string; values: (string | null)[] }[];
  limit: string | null;
  /** There is nothing to draw yet. */
  isEmpty: boolean;
  /** … because it is a share, and of too few people in each part. */
  isTooFew: boolean;
}

interface Input {
  parts: readonly PartNumbers[];
  costs: readonly EnteredCost[];
  byMonth: readonly { month: string; customers: number }[];
  /** The first of the twelve months of the cost chart. */
  since: Date;
  words: NumberFormat;
  alarm: number;
}

export function overviewCharts({ parts, costs, byMonth, since, words, alarm }: Input): ShownChart[] {
  const labels = parts.map(({ from }) => words.day(from));
  const of = (id: string, value: (part: PartNumbers) => number | null): Series => ({
    id,
    values: parts.map(value),
  });
  const leads = [
    of('confirmed', ({ confirmed }) => confirmed),
    of('qualified', ({ qualified }) => qualified),
    of('customers', ({ customers }) => customers),
  ];
  const clicks = [of('clickRate', ({ clicked, reached }) => rateOf(clicked, reached))];
  const leavers = [of('unsubscribeRate', ({ unsubscribed, reached }) => rateOf(unsubscribed, reached))];
  const fewPeople = parts.map(({ reached }, part) => reached > 0 && clicks[0]?.values[part] === null);
  const months = Array.from({ length: 12 }, (_, at) =>
    new Date(Date.UTC(since.getUTCFullYear(), since.getUTCMonth() + at, 1)).toISOString().slice(0, 10),
  );
  const perCustomer: Series = {
    id: 'costPerCustomer',
    values: months.map((month) => {
      const cost = costs.find((one) => one.month === month);
      const won = byMonth.find((one) => one.month === month)?.customers ?? 0;
      return cost && won > 0 ? cost.amount / won : null;
    }),
  };
  return [
    shown('leads', barChart({ series: leads, atLeast: 4 }), leads, labels, words.number),
    shown('clickRate', lineChart({ series: clicks, atLeast: 0.1 }), clicks, labels, words.share, fewPeople),
    {
      ...shown(
        'unsubscribeRate',
        barChart({ series: leavers, limit: alarm }),
        leavers,
        labels,
        words.share,
        fewPeople,
      ),
      limit: words.share(alarm),
    },
    shown(
      'costPerCustomer',
      barChart({ series: [perCustomer] }),
      [perCustomer],
      months.map(words.month),
      words.money,
    ),
  ];
}

function shown(
  id: string,
  { svg, top }: Chart,
  series: readonly Series[],
  labels: string[],
  write: (value: number | null) => string,
  fewPeople: readonly boolean[] = [],
): ShownChart {
  return {
    id,
    svg,
    top: write(top),
    middle: write(top / 2),
    labels,
    legend: series.map((one) => one.id),
    rows: labels.map((label, part) => ({
      label,
      values: series.map(({ values }) => (fewPeople[part] ? null : write(values[part] ?? null))),
    })),
    limit: null,
    isEmpty: series.every(({ values }) =>
      values.every((value) => value === null || (value === 0 && id === 'leads')),
    ),
    isTooFew: fewPeople.some(Boolean),
  };
}

export function bestInterests(programme: Programme, found: readonly BestInterest[], language: string) {
  return found.map(({ interest, clicks, sqls }) => {
    const known = programme.interests.find(({ id }) => id === interest);
    return { label: known ? inLanguage(known.label, language) : interest, clicks, sqls };
  });
}
