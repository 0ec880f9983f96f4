import { cut } from '../text.ts';
import { SHOWN_STAGE_NAMES, type ShownStage, type SubscriberStatus } from './subscriber.ts';

export const SORTS = ['priority', 'score', 'last-act', 'newest', 'email'] as const;
export type PeopleSort = (typeof SORTS)[number];

/** "7": acted within the last 7 days; "none-90": not in the last 90; "never". */
export const ACTS = ['7', '30', '90', 'none-90', 'never'] as const;
export type LastAct = (typeof ACTS)[number];

const STATUSES: SubscriberStatus[] = ['pending', 'active', 'unsubscribed', 'suppressed'];

/** What a list of people is narrowed to. Null: not by this. */
export interface PeopleFilter {
  /** A part of name, company or address. */
  search: string;
  status: SubscriberStatus | null;
  stage: ShownStage | null;
  scoreFrom: number | null;
  scoreTo: number | null;
  interest: string | null;
  /** Campaign source, campaign, form or referrer, as a part. */
  source: string;
  company: string;
  act: LastAct | null;
  sort: PeopleSort;
}

/** Reads an address's query. What it does not understand it leaves out: a saved view must never break. */
export function readPeopleFilter(query: Readonly<Record<string, unknown>>): PeopleFilter {
  const text = (name: string) => (typeof query[name] === 'string' ? cut(query[name].trim(), 100) : '');
  const among = <T extends string>(name: string, values: readonly T[]): T | null =>
    values.find((value) => value === text(name)) ?? null;
  const whole = (name: string) => (/^-?\d{1,6}$/.test(text(name)) ? Number(text(name)) : null);
  return {
    search: text('search'),
    status: among('status', STATUSES),
    stage: among('stage', SHOWN_STAGE_NAMES),
    scoreFrom: whole('score_from'),
    scoreTo: whole('score_to'),
    interest: text('interest') || null,
    source: text('source'),
    company: text('company'),
    act: among('act', ACTS),
    sort: among('sort', SORTS) ?? 'priority',
  };
}

/** The query that `readPeopleFilter` reads back, without what is not set. */
export function writePeopleFilter(filter: PeopleFilter): string {
  const fields: Record<string, string | number | null> = {
    search: filter.search,
    status: filter.status,
    stage: filter.stage,
    score_from: filter.scoreFrom,
    score_to: filter.scoreTo,
    interest: filter.interest,
    source: filter.source,
    company: filter.company,
    act: filter.act,
    sort: filter.sort === 'priority' ? null : filter.sort,
  };
  const set = Object.entries(fields).filter(([, value]) => value !== null && value !== '');
  return new URLSearchParams(set.map(([name, value]): [string, string] => [name, String(value)])).toString();
}

/** How many of the filters are set: the list says so where they are folded away. */
export function countFilters(filter: PeopleFilter): number {
  const { sort: _, search: __, ...rest } = filter;
  return Object.values(rest).filter((value) => value !== null && value !== '').length;
}
