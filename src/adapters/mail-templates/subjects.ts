import type {
  IssueMail,
  MailData,
  MailedLead,
  MailKind,
  SalesAlertMail,
  SalesReminderMail,
} from '../../domain/mail/mails.ts';
import type { Texts } from '../templates/texts.ts';
import { sayWhole } from './helpers.ts';

/** What the places of mails.KIND.subject are filled with. */
const VALUES: { [K in MailKind]: (data: MailData[K], brand: { name: string }) => Record<string, unknown> } = {
  confirmation: (_, brand) => ({ brand: brand.name }),
  'already-subscribed': (_, brand) => ({ brand: brand.name }),
  // The title first: a phone shows about 35 characters.
  issue: ({ main, digestName }) => ({ title: main.title, digest: digestName }),
  // Enough to tell this lead from the next one in a full inbox.
  'sales-alert': ({ lead, score }) => ({ who: whoOf(lead), points: score }),
  'sales-reminder': ({ lead }) => ({ who: whoOf(lead) }),
  'account-alert': ({ company, leads }) => ({ company, n: leads.length }),
  'sign-in': (_, brand) => ({ brand: brand.name }),
  notice: ({ subject }) => ({ subject }),
};

function whoOf({ name, email, company }: MailedLead): string {
  return [name ?? email, company].filter(Boolean).join(', ');
}

/** Some kinds have another subject for another occasion. */
function keyOf<K extends MailKind>(kind: K, data: MailData[K]): string {
  const wish = kind === 'sales-alert' ? (data as SalesAlertMail).wish : null;
  if (wish) return `mails.sales-alert.subjects.${wish.form}`;
  if (kind === 'sales-reminder' && (data as SalesReminderMail).escalatedFrom !== null)
    return 'mails.sales-reminder.subjectEscalation';
  if (kind === 'issue' && (data as IssueMail).isTest) return 'mails.issue.subjectTest';
  return `mails.${kind}.subject`;
}

/** One line, whatever a feed or a form put into it: a line break in a subject would start a new header. */
export function subjectOf<K extends MailKind>(
  kind: K,
  texts: Texts,
  language: string,
  data: MailData[K],
  brand: { name: string },
): string {
  const subject = sayWhole(texts, keyOf(kind, data), VALUES[kind](data, brand), language);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
  return subject.replace(/[\u0000-\u0020\u007f\u2028\u2029]+/g, ' ').trim();
}
