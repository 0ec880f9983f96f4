import type { SkipCause } from '../content/choosing/select.ts';
import type { FeedTrouble } from '../content/feed-health.ts';
import { MOST_HTML_BYTES, NEAR_MOST_HTML_BYTES } from '../mail/mail-size.ts';
import type { Reason } from '../reason.ts';
import { counted } from '../text.ts';

export type Where = 'outside' | 'own';

export interface CheckedLink {
  where: Where;
  url: string;
  /** `unsure`: it refuses programs, people may get through. */
  state: 'broken' | 'unsure' | 'unreachable';
  why: string;
  /** How many readers would have it in their mail. */
  readers: number;
}

/** What going through an issue before it goes out has brought to light. */
export interface Findings {
  counts: { readers: number; mails: number; skipped: number; articles: number };
  /** Of the mails: the same digest for all. */
  control: number;
  /** Who gets nothing, by cause, with some of them. */
  skips: { cause: SkipCause; count: number; examples: { email: string; reason: Reason }[] }[];
  /** Articles by the number of mails they would be in. */
  reach: { title: string; url: string; language: string; mails: number; asMain: number }[];
  feeds: { url: string; trouble: FeedTrouble; error: string | null; lastNewAt: Date | null }[];
  /** `cutOff`: where nothing at all answered it is rather this machine that is cut off, or Simmer that does not run. */
  links: { checked: number; left: number; failing: CheckedLink[]; cutOff: Where[] };
  sizes: { largest: { email: string; bytes: number } | null; tooLarge: number; nearlyTooLarge: number };
  /** Mails that could not be written. */
  faults: { count: number; examples: { email: string; fault: string }[] };
  textFaults: string[];
  /** Readers in languages that the programme does not have: they get its default language. */
  foreign: { language: string; readers: number }[];
  /** What must be mended before the issue goes out, in words; and what is worth a look. */
  problems: string[];
  warnings: string[];
}

/** What was found, before it is judged. */
export type Found = Omit<Findings, 'problems' | 'warnings'>;

/** What of it must be mended, and what is worth a look. */
export function judge(found: Found, digest: { id: string }): Pick<Findings, 'problems' | 'warnings'> {
  const { counts, links, sizes, faults, feeds, textFaults, foreign } = found;
  const problems: string[] = [];
  const warnings: string[] = [];
  if (counts.readers > 0 && counts.mails === 0)
    problems.push(`nobody of ${counted(counts.readers, 'reader')} would get a mail of "${digest.id}"`);
  for (const { email, fault } of faults.examples)
    problems.push(
      `the mail to ${email} cannot be written: ${fault} (${counted(faults.count, 'mail')} in all)`,
    );
  if (sizes.tooLarge > 0)
    problems.push(
      `${counted(sizes.tooLarge, 'mail has', 'mails have')} more than ${MOST_HTML_BYTES / 1000} kB of HTML, which Gmail cuts off; the largest, to ${sizes.largest!.email}, has ${Math.round(sizes.largest!.bytes / 1000)} kB`,
    );
  if (sizes.nearlyTooLarge > 0)
    warnings.push(
      `${counted(sizes.nearlyTooLarge, 'mail has', 'mails have')} more than ${NEAR_MOST_HTML_BYTES / 1000} kB of HTML; Gmail cuts off at 102`,
    );
  for (const fault of textFaults) problems.push(`a text cannot be used: ${fault}`);
  for (const { url, where, state, why, readers } of links.failing) {
    if (links.cutOff.includes(where)) continue;
    const line = `${url}: ${why} (in ${counted(readers, 'mail')})`;
    if (state === 'unsure') warnings.push(`a link refuses programs, look at it by hand: ${line}`);
    else problems.push(`a link fails: ${line}`);
  }
  for (const where of links.cutOff) {
    const silent = links.failing.filter((link) => link.where === where);
    const question = where === 'own' ? 'is Simmer running?' : 'is this machine online?';
    warnings.push(
      `none of ${counted(silent.length, where === 'own' ? 'link to Simmer itself' : 'outside link', where === 'own' ? 'links to Simmer itself' : 'outside links')} answered (${silent[0]!.why}): ${question}`,
    );
  }
  if (links.left > 0)
    warnings.push(
      `${counted(links.left, 'link with fewer readers was', 'links with fewer readers were')} not looked at`,
    );
  for (const { url, trouble, error } of feeds)
    warnings.push(`the feed ${url} is ${trouble}${error ? `: ${error}` : ''}`);
  for (const { language, readers } of foreign)
    warnings.push(
      `${counted(readers, 'reader reads', 'readers read')} "${language}", which the programme does not have: the default language is sent instead`,
    );
  return { problems, warnings };
}
