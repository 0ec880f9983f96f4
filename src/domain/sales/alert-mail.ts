import type { Subscriber } from '../audience/subscriber.ts';
import type { SalesAlertMail } from '../delivery/mails.ts';
import { thresholdFor } from '../engagement/qualify.ts';
import { RETURNED_RULE } from '../engagement/rules.ts';
import { inLanguage, type Programme } from '../programme.ts';
import { sourceInWords } from './source-in-words.ts';

/** More than this nobody reads in a mail; the profile has the rest. */
const MOST_ACTS = 15;

type Lead = Pick<
  Subscriber,
  'name' | 'email' | 'company' | 'jobTitle' | 'phone' | 'isCustomer' | 'score' | 'interests' | 'source'
>;

/**
 * What the alert tells sales: who, and what the lead did since it was last with them. Our own further mails are left
 * out: they are no act of the lead. `entries` are newest first; times are ISO 8601, for the template to write out.
 */
export function salesAlertMail(
  lead: Lead,
  qualification: { at: Date },
  entries: readonly { at: Date; points: number; rule: string; cause: string }[],
  programme: Pick<Programme, 'scoring' | 'interests' | 'defaultLanguage'>,
  profileUrl: string,
): SalesAlertMail {
  const lastReturn = entries.findIndex(({ rule }) => rule === RETURNED_RULE);
  const acts = (lastReturn < 0 ? entries : entries.slice(0, lastReturn))
    .filter(({ rule }) => rule !== 'further-mail')
    .slice(0, MOST_ACTS)
    .map(({ at, points, cause }) => ({ what: cause, at: at.toISOString(), points }));
  return {
    lead: {
      name: lead.name,
      email: lead.email,
      company: lead.company,
      jobTitle: lead.jobTitle,
      phone: lead.phone,
      interests: programme.interests
        .filter(({ id }) => lead.interests.includes(id))
        .map(({ label }) => inLanguage(label, programme.defaultLanguage)),
      source: sourceInWords(lead.source),
    },
    score: lead.score,
    threshold: thresholdFor(lead, programme.scoring),
    qualifiedAt: qualification.at.toISOString(),
    acts,
    profileUrl,
  };
}
