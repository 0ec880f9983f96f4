import { createHash } from 'node:crypto';
import { isFreeMail } from '../audience/free-mail.ts';
import type { Persona, Programme, Scoring } from '../programme.ts';
import { asText, type Reason } from '../reason.ts';
import { countryOf } from './country.ts';
import { readJobTitle } from './job-title.ts';

/** What is known of a lead as a person in a company. */
export interface LeadProfile {
  email: string;
  name: string | null;
  company: string | null;
  jobTitle: string | null;
  phone: string | null;
  timeZone: string;
  interests: readonly string[];
  companySize?: number | null;
  industry?: string | null;
  country?: string | null;
}

export interface Fit {
  /** 0 to 100; null when nothing is known that the persona asks for: an address alone fits nobody and everybody. */
  percent: number | null;
  /** What speaks for the lead, and what against it: director, finance; less so: free-mail address. Null: nothing is known. */
  reason: Reason | null;
  /** Each thing that was looked at, with how well it fits from 0 to 1. */
  criteria: { what: Criterion; found: Reason | null; fits: number }[];
}

export type Criterion = 'seniority' | 'department' | 'company size' | 'industry' | 'country' | 'address';

/** How much each counts in fit. What the persona says nothing about is left out, and the rest counts as the whole. */
const CRITERION_WEIGHTS: Readonly<Record<Criterion, number>> = {
  seniority: 40,
  department: 15,
  'company size': 15,
  industry: 10,
  country: 10,
  address: 10,
};
/** What is not known is neither good nor bad, and a little less than the middle. */
const UNKNOWN = 0.4;

/** How near the lead is to the company's ideal customer. `freeMailDomains` are those beside the known providers. */
export function fitOf(lead: LeadProfile, persona: Persona, freeMailDomains: readonly string[] = []): Fit {
  const { seniority, department } = readJobTitle(lead.jobTitle);
  const country = countryOf(lead);
  const isFree = isFreeMail(lead.email, freeMailDomains);
  const criteria: Fit['criteria'] = [
    {
      what: 'seniority',
      found: seniority === 'unknown' ? null : { code: `fit.${seniority}` },
      fits: seniority === 'unknown' ? UNKNOWN : persona.seniority[seniority] / 100,
    },
    { what: 'address', found: isFree ? { code: 'fit.free-mail' } : null, fits: isFree ? 0 : 1 },
  ];
  const oneOf = (what: Criterion, wanted: readonly string[], found: Reason | null, isWanted: boolean) => {
    if (wanted.length > 0) criteria.push({ what, found, fits: found === null ? UNKNOWN : Number(isWanted) });
  };
  const known: Reason | null = department === 'unknown' ? null : { code: `fit.${department}` };
  oneOf('department', persona.departments, known, persona.departments.includes(department));
  const industry = lead.industry?.trim() || null;
  const isIndustry = persona.industries.some((part) => industry?.toLowerCase().includes(part.toLowerCase()));
  oneOf('industry', persona.industries, industry === null ? null : asText(industry), isIndustry);
  const inCountry: Reason | null = country ? { code: 'fit.country', values: { country } } : null;
  oneOf('country', persona.countries, inCountry, persona.countries.includes(country ?? ''));
  if (persona.companySize) {
    const size = lead.companySize ?? null;
    const { from, to } = persona.companySize;
    criteria.push({
      what: 'company size',
      found: size === null ? null : { code: 'fit.employees', values: { n: size } },
      fits: size === null ? UNKNOWN : Number(size >= from && size <= (to ?? Number.POSITIVE_INFINITY)),
    });
  }
  const weight = (what: Criterion) => CRITERION_WEIGHTS[what];
  const whole = criteria.reduce((sum, { what }) => sum + weight(what), 0);
  const reached = criteria.reduce((sum, { what, fits }) => sum + weight(what) * fits, 0);
  const isKnown = criteria.some(({ what, found: known }) => what !== 'address' && known !== null);
  return {
    percent: isKnown ? Math.round((100 * reached) / whole) : null,
    reason: reasonOf(criteria),
    criteria,
  };
}

function reasonOf(criteria: Fit['criteria']): Reason | null {
  const named = (isGood: boolean) =>
    criteria.flatMap(({ found, fits }) => (found !== null && fits >= 0.5 === isGood ? [found] : []));
  const [good, less] = [named(true), named(false)];
  if (good.length === 0) return less.length === 0 ? null : { code: 'fit.less-so', values: { less } };
  return less.length === 0
    ? { code: 'fit.good', values: { good } }
    : { code: 'fit.mixed', values: { good, less } };
}

const FIELD_WEIGHTS = { name: 30, email: 20, company: 20, phone: 15, jobTitle: 10, interests: 5 } as const;

/** How much of what sales needs to call is there: 0 to 100, a name and an e-mail address being half of it. */
export function completenessOf(lead: LeadProfile): number {
  return (Object.keys(FIELD_WEIGHTS) as (keyof typeof FIELD_WEIGHTS)[]).reduce(
    (sum, field) => sum + (lead[field]?.length ? FIELD_WEIGHTS[field] : 0),
    0,
  );
}

/**
 * The score as a part of 100: 0 at the floor, 50 at the lead's threshold, and always more for a higher score, so that of
 * two alike leads the more active one comes first however active both are.
 */
export function engagementOf(
  lead: { score: number; isCustomer: boolean },
  scoring: Pick<Scoring, 'threshold' | 'customerThreshold' | 'floor'>,
): number {
  const threshold = lead.isCustomer ? scoring.customerThreshold : scoring.threshold;
  const above = Math.max(0, lead.score - scoring.floor);
  return 100 * (1 - 2 ** (-above / (threshold - scoring.floor)));
}

/**
 * In which order leads are worth a call, 0 to 100: the mean of engagement, fit and completeness, weighted as the persona
 * says. It orders lists and is told in alerts; who becomes an SQL is decided by the score alone.
 */
export function priorityOf(
  parts: { engagement: number; fit: number | null; completeness: number },
  weights: Persona['weights'],
): number {
  const whole = weights.engagement + weights.fit + weights.completeness;
  const sum =
    parts.engagement * weights.engagement +
    (parts.fit ?? 100 * UNKNOWN) * weights.fit +
    parts.completeness * weights.completeness;
  return sum / whole;
}

/** What priority is made of beside the lead: kept in the database, which orders lists by it. */
export interface PriorityFormula {
  weights: Persona['weights'];
  threshold: number;
  customerThreshold: number;
  floor: number;
}

export function priorityFormula({
  persona,
  scoring,
}: Pick<Programme, 'persona' | 'scoring'>): PriorityFormula {
  const { threshold, customerThreshold, floor } = scoring;
  return { weights: persona.weights, threshold, customerThreshold, floor };
}

/** Counts up when the way of measuring changes. */
const WAY = 2;

/** Eight hex digits that change when what leads are measured against does: then they are measured again. */
export function measureName(programme: Pick<Programme, 'persona' | 'scoring' | 'sales'>): string {
  const measure = [WAY, programme.persona, priorityFormula(programme), programme.sales.freeMailDomains];
  return createHash('sha256').update(JSON.stringify(measure)).digest('hex').slice(0, 8);
}
