import type { ShownStage } from '../../../domain/audience/subscriber.ts';
import type { MonthCost, Period } from '../../../domain/staff/reporting-period.ts';

/**
 * The numbers a marketer steers by. Counts are of people, not of hits, unless they say so; mails are those that issues
 * sent to all their readers, never one that somebody sent to one person to try it.
 */
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
export interface CachedCounts {
  find(key: string): Promise<CachedCount | null>;
  keep(key: string, count: CachedCount): Promise<void>;
}

export interface CachedCount {
  countedAt: Date;
  /** Milliseconds. */
  tookMs: number;
  /** As JSON gives it back: times are texts. */
  value: unknown;
}

/** Where people are now: everybody is in one of the stages. */
export interface Standing {
  people: number;
  /** Who gets mail. */
  active: number;
  stages: Record<ShownStage, number>;
}

export interface PeriodNumbers {
  /** Of the people who signed up in the period: how far they have come until now. Each step holds those of the next. */
  funnel: { signedUp: number; mql: number; sql: number; customer: number };
  /** Medians in seconds over those who left the stage in the period; null when nobody did. */
  timeInStage: { pending: number | null; mql: number | null; sql: number | null };
  mailsSent: number;
  /** People who were sent at least one issue in the period. */
  reached: number;
  /** Of these, who clicked at least one link of such a mail, by a human act, in the period. */
  clicked: number;
  /** Of these, who afterwards, in the period, sent a form or took a download. */
  converted: number;
  /** Of those reached, who left after the mail, in the period. */
  unsubscribed: number;
  /** Who confirmed an address. */
  confirmed: number;
  /** Who became an SQL, once or more often. */
  qualified: number;
  /** Whom sales has won for the first time. */
  customers: number;
  hits: { kind: 'open' | 'click'; human: number; proxied: number; machine: number; doubtful: number }[];
}

/** A part of the period. The parts of `qualified` and `customers` add up to the period's; `reached` counts anew in each. */
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
  imageUrl: string | null;
  publishedAt: Date;
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
