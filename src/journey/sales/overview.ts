import type { MonthCost, Period } from '../../domain/sales/period.ts';

/** The numbers a marketer steers by. Counts are of people, not of hits, unless they say so. */
export interface OverviewStore {
  standing(): Promise<Standing>;
  numbers(period: Period): Promise<PeriodNumbers>;
  /** One row per part, oldest first. */
  parts(period: Period, parts: number): Promise<PartNumbers[]>;
  bestArticles(period: Period, by: 'clicks' | 'sqls', limit: number): Promise<BestArticle[]>;
  /** Every interest that was clicked in the period. */
  bestInterests(period: Period): Promise<BestInterest[]>;
  /** Customers won per month (first days, YYYY-MM-DD), since that month. */
  customersByMonth(since: Date): Promise<{ month: string; customers: number }[]>;
  costs(): Promise<EnteredCost[]>;
  setCost(cost: EnteredCost & { at: Date; staffEmail: string }): Promise<void>;
}

/** Counts that took long, kept to be shown again. */
export interface KeptCounts {
  find(key: string): Promise<KeptCount | null>;
  keep(key: string, count: KeptCount): Promise<void>;
}

export interface KeptCount {
  countedAt: Date;
  /** Milliseconds. */
  tookMs: number;
  /** As JSON gives it back: times are texts. */
  value: unknown;
}

/** Where people are now. */
export interface Standing {
  subscribers: { pending: number; active: number; unsubscribed: number; suppressed: number };
  /** Of the active ones. */
  stages: { mql: number; sql: number; customer: number };
}

export interface PeriodNumbers {
  /** Of the people who signed up in the period: how far they have come until now. Each step holds those of the next. */
  funnel: { signedUp: number; confirmed: number; mql: number; sql: number; customer: number };
  /** Medians in seconds over those who left the stage in the period; null when nobody did. */
  timeInStage: { pending: number | null; mql: number | null; sql: number | null };
  mailsSent: number;
  /** People who were sent at least one issue in the period. */
  reached: number;
  /** Of these, who clicked at least one link of such a mail, by a human act. */
  clicked: number;
  /** Of these, who afterwards sent a form that makes an SQL at once. */
  converted: number;
  unsubscribed: number;
  /** Crossings to SQL. */
  qualified: number;
  /** Leads that sales has won. */
  customers: number;
  hits: { kind: 'open' | 'click'; human: number; proxied: number; machine: number }[];
}

export interface PartNumbers {
  from: Date;
  confirmed: number;
  qualified: number;
  customers: number;
  reached: number;
  clicked: number;
  unsubscribed: number;
}

export interface BestArticle {
  id: number;
  title: string;
  url: string;
  language: string;
  /** People who clicked it in the period. */
  clicks: number;
  /** Of these, who became an SQL within 30 days after. */
  sqls: number;
}

export interface BestInterest {
  interest: string;
  clicks: number;
  sqls: number;
}

export interface EnteredCost extends MonthCost {
  note: string;
}
