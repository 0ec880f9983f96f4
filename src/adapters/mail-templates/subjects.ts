import type { MailData, MailKind } from '../../domain/delivery/mails.ts';
import type { Texts } from '../templates/texts.ts';
import { sayWhole } from './helpers.ts';

/** What the places of mails.KIND.subject are filled with. */
const VALUES: { [K in MailKind]: (data: MailData[K], brand: { name: string }) => Record<string, unknown> } = {
  confirmation: (_, brand) => ({ brand: brand.name }),
  'already-subscribed': (_, brand) => ({ brand: brand.name }),
  // The title first: a phone shows about 35 characters.
  issue: ({ main, digestName }) => ({ title: main.title, digest: digestName }),
  // Enough to tell this lead from the next one in a full inbox.
  'sales-alert': ({ lead, score }) => ({
    who: [lead.name ?? lead.email, lead.company].filter(Boolean).join(', '),
    points: score,
  }),
  'sign-in': (_, brand) => ({ brand: brand.name }),
  notice: ({ subject }) => ({ subject }),
};

/** One line, whatever a feed or a form put into it: a line break in a subject would start a new header. */
export function subjectOf<K extends MailKind>(
  kind: K,
  texts: Texts,
  data: MailData[K],
  brand: { name: string },
): string {
  const subject = sayWhole(texts, `mails.${kind}.subject`, VALUES[kind](data, brand));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
  return subject.replace(/[\u0000-\u0020\u007f\u2028\u2029]+/g, ' ').trim();
}
