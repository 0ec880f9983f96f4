const DAY_MS = 86_400_000;

/** The periods the overview may show, in days, with how many equal parts its charts cut them into. */
export const PERIODS = { 7: 7, 30: 10, 90: 9, 365: 12 } as const;
export type PeriodDays = keyof typeof PERIODS;
export const PERIOD_DAYS = Object.keys(PERIODS).map(Number) as PeriodDays[];

/** From `from` on, until just before `to`. */
export interface Period {
  from: Date;
  to: Date;
}

export function periodEnding(to: Date, days: number): Period {
  return { from: new Date(to.getTime() - days * DAY_MS), to };
}

/** The period of the same length right before. */
export function periodBefore({ from, to }: Period): Period {
  return { from: new Date(2 * from.getTime() - to.getTime()), to: from };
}

/** The beginnings of its equal parts, oldest first. */
export function partsOf({ from, to }: Period, parts: number): Date[] {
  const length = (to.getTime() - from.getTime()) / parts;
  return Array.from({ length: parts }, (_, at) => new Date(from.getTime() + at * length));
}

/** What one month cost. `month` is its first day, YYYY-MM-DD; the amount is in the programme's currency. */
export interface MonthCost {
  month: string;
  amount: number;
}

/**
 * What the programme cost within a period: each month counts by the share of its days (in UTC) that lie in the period.
 * Null when no month that touches the period has a cost entered: nothing is not the same as free.
 */
export function costWithin(costs: readonly MonthCost[], { from, to }: Period): number | null {
  let sum: number | null = null;
  for (const { month, amount } of costs) {
    const begin = Date.parse(`${month}T00:00:00Z`);
    const [year = 0, number = 1] = month.split('-').map(Number);
    const end = Date.UTC(year, number, 1);
    const shared = Math.min(end, to.getTime()) - Math.max(begin, from.getTime());
    if (shared > 0) sum = (sum ?? 0) + (amount * shared) / (end - begin);
  }
  return sum;
}

/** How much a number has changed: −0.25 is a quarter less. Null when there is nothing to compare with. */
export function changeSince(now: number | null, before: number | null): number | null {
  return now === null || before === null || before === 0 ? null : (now - before) / before;
}
