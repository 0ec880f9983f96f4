import type { Subscriber } from '../audience/subscriber.ts';
import type { Links } from '../links.ts';
import type { MailedLead, SalesAlertMail } from '../mail/mails.ts';
import { inLanguage, type Programme } from '../programme.ts';
import type { Reason } from '../reason.ts';
import type { Tell } from '../reason-text.ts';
import type { SqlForm } from '../scoring/lead-event.ts';
import { thresholdFor } from '../scoring/qualify.ts';
import { RETURNED_RULE } from '../scoring/score-rules.ts';
import { quickAnswers } from './quick-answers.ts';
import { sourceInWords } from './source-in-words.ts';

/** More than this nobody reads in a mail; the profile has the rest. */
const MOST_ACTS = 15;
const MOST_READS = 5;
const MOST_COLLEAGUES = 5;

/** What is known about a lead when its alert is written. Lists are newest first. */
export interface AlertFacts {
  lead: Subscriber;
  qualification: { id: number; at: Date };
  fit: SalesAlertMail['fit'];
  entries: readonly { at: Date; points: number; rule: string; cause: Reason }[];
  reads: readonly { title: string; url: string; at: Date }[];
  /** What the lead wrote with its wish to be called, its question or its order, in this round. */
  wish: Readonly<Record<string, unknown>> | null;
  colleagues: readonly { name: string | null; email: string; score: number }[];
  /** Opens and clicks of this round that may be a machine's. Left out: none. */
  hitsInDoubt?: number;
}

/**
 * What the alert tells sales: who, and what the lead did since it was last with them. Our own further mails are left
 * out: they are no act of the lead. Times are ISO 8601, for the template to write out.
 */
export function salesAlertMail(
  facts: AlertFacts,
  programme: Pick<Programme, 'scoring' | 'interests' | 'sales'>,
  links: Links,
  language: string,
  tell: Tell,
): SalesAlertMail {
  const { lead, qualification, entries, reads, wish, colleagues } = facts;
  const lastReturn = entries.findIndex(({ rule }) => rule === RETURNED_RULE);
  const acts = (lastReturn < 0 ? entries : entries.slice(0, lastReturn))
    .filter(({ rule }) => rule !== 'further-mail')
    .slice(0, MOST_ACTS)
    .map(({ at, points, cause }) => ({ what: tell(cause), reason: cause, at: at.toISOString(), points }));
  return {
    lead: {
      ...mailedLead(lead),
      interests: programme.interests
        .filter(({ id }) => lead.interests.includes(id))
        .map(({ label }) => inLanguage(label, language)),
      source: sourceInWords(lead.source),
      touches: [lead.source, ...(lead.lastTouch ? [lead.lastTouch.source] : [])],
    },
    score: lead.score,
    threshold: thresholdFor(lead, programme.scoring),
    fit: facts.fit,
    wish: wish && {
      form: formOf(wish.form),
      phone: words(wish.phone),
      bestTime: words(wish.bestTime),
      note: noteOf(wish),
    },
    hitsInDoubt: facts.hitsInDoubt ?? 0,
    qualifiedAt: qualification.at.toISOString(),
    timeZone: programme.sales.officeHours.timeZone,
    acts,
    reads: reads.slice(0, MOST_READS).map(({ title, url, at }) => ({ title, url, at: at.toISOString() })),
    colleagues: colleagues
      .slice(0, MOST_COLLEAGUES)
      .map(({ name, email, score }) => ({ name: name ?? email, score })),
    profileUrl: links.profile(lead.id),
    answers: quickAnswers(links, lead.id, qualification.id),
  };
}

export function mailedLead(lead: MailedLead): MailedLead {
  const { name, email, company, jobTitle, phone } = lead;
  return { name, email, company, jobTitle, phone };
}

const formOf = (form: unknown): SqlForm => (form === 'contact' || form === 'order' ? form : 'call-back');

/** Inputs of forms that say who it is; the alert shows that by itself. */
const NO_NOTE = 'form round phone bestTime name company job_title industry company_size country'.split(' ');

/** What was written. Forms of the company's site call it message, question …: then each with its name. */
function noteOf(wish: Readonly<Record<string, unknown>>): string | null {
  const note = words(wish.note) ?? words(wish.message);
  if (note !== null) return note;
  const said = Object.entries(wish).filter(
    ([name, value]) => !NO_NOTE.includes(name) && words(value) !== null,
  );
  return said.length === 0 ? null : said.map(([name, value]) => `${name}: ${value}`).join('\n');
}

function words(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}
