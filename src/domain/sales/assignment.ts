import type { HandOut } from '../programme.ts';
import { countryOf } from '../scoring/country.ts';

export interface LeadToAssign {
  email: string;
  phone: string | null;
  company: string | null;
  /** As the lead said; else it is guessed. */
  country?: string | null;
  language: string;
  timeZone: string;
}

/** The addresses that may get this lead: those of the first rule that fits. Several take turns. */
export function assignmentList(lead: LeadToAssign, { rules, to }: HandOut): readonly string[] {
  return rules.find((rule) => fits(lead, rule))?.to ?? to;
}

/** Whose turn it is; `turn` counts up from 0. */
export function inTurn(list: readonly string[], turn: number): string {
  const chosen = list[turn % list.length];
  if (chosen === undefined) throw new Error('a lead was to be handed to a list of nobody');
  return chosen;
}

function fits(lead: LeadToAssign, rule: HandOut['rules'][number]): boolean {
  const country = rule.countries.length > 0 ? countryOf(lead) : null;
  return (
    (rule.countries.length === 0 || (country !== null && rule.countries.includes(country))) &&
    (rule.languages.length === 0 || rule.languages.includes(lead.language)) &&
    (rule.companies.length === 0 || rule.companies.some((company) => isOf(lead, company.toLowerCase())))
  );
}

/** "acme.example" is a domain: the whole of it must be the address's. Anything else is a part of the company's name. */
function isOf(lead: LeadToAssign, company: string): boolean {
  const domain = lead.email.slice(lead.email.lastIndexOf('@') + 1);
  return domain === company || (lead.company ?? '').toLowerCase().includes(company);
}
