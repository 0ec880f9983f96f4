import type { Links } from '../links.ts';
import type { AccountAlertMail, MailedLead } from '../mail/mails.ts';
import type { AccountLead } from './account.ts';
import { mailedLead } from './alert-mail.ts';

/** More than this nobody reads in a mail. */
const MOST_LEADS = 10;

/** What sales is told about an account: who of it is warm. `leads` are warmest first. */
export function accountAlertMail(
  domain: string,
  leads: readonly (MailedLead & AccountLead & { id: number })[],
  warmth: number,
  threshold: number,
  links: Links,
): AccountAlertMail {
  const warm = leads.filter(({ status, score, isQuiet }) => status === 'active' && score > 0 && !isQuiet);
  return {
    company: companyName(leads) ?? domain,
    domain,
    warmth,
    threshold,
    leads: warm.slice(0, MOST_LEADS).map((lead) => ({
      ...mailedLead(lead),
      score: lead.score,
      profileUrl: links.profile(lead.id),
    })),
  };
}

/** The company's name as most of its leads write it. */
export function companyName(leads: readonly { company: string | null }[]): string | null {
  const counts = new Map<string, number>();
  for (const { company } of leads) if (company) counts.set(company, (counts.get(company) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? null;
}
