import { makeLinks } from '../../domain/links.ts';
import type { RenderedMail } from '../../domain/mail/mails.ts';
import { MAIL_KINDS } from '../../domain/mail/mails.ts';
import type { Programme } from '../../domain/programme.ts';
import type { Texts } from '../templates/texts.ts';
import { MailTemplateError } from './compile-mjml.ts';
import { exampleMails } from './examples.ts';
import { accessFaults, linksIn, unclosedTags } from './html-faults.ts';
import { loadMails } from './renderer.ts';

/** Gmail clips HTML above 102 KB; encoding for the wire adds a little. */
const MOST_BYTES = 75_000;
/** RFC 5321: at most 998 octets on a line; what is longer must be encoded, and no template needs it. */
const LONGEST_LINE = 998;

/**
 * Writes every kind of mail in every language of the programme with example data and looks at the result, for
 * `simmer check`. Gives one line per problem; none means the mails can go out.
 */
export async function checkMails(
  folder: string,
  languages: Map<string, Texts>,
  programme: Programme,
  publicUrl: string,
): Promise<string[]> {
  const links = makeLinks(publicUrl, ['example-secret-for-checking-mails']);
  try {
    const mails = await loadMails(folder, languages, { ...programme.brand, publicUrl });
    return programme.languages.flatMap((language) => {
      const examples = exampleMails(programme, links, language);
      return MAIL_KINDS.flatMap((kind) => {
        try {
          const faults = mailFaults(mails.render(kind, language, examples[kind]));
          return faults.map((fault) => `mail "${kind}" in language "${language}": ${fault}`);
        } catch (error) {
          return [(error as Error).message];
        }
      });
    });
  } catch (error) {
    if (error instanceof MailTemplateError) return [...error.problems];
    return [error instanceof Error ? error.message : String(error)];
  }
}

/** What is wrong with one written mail, in words. */
export function mailFaults({ subject, html, text }: RenderedMail): string[] {
  const faults = [...unclosedTags(html), ...accessFaults(html)];
  if (subject === '') faults.push('the subject is empty');
  if (/\{\{|\}\}/.test(`${subject}${html.replace(/<style(?:(?!<style)[\s\S])*?<\/style>/g, '')}${text}`)) {
    faults.push('template signs {{ }} are left over');
  }
  if (/<\/?mj-/.test(html)) faults.push('an mj- tag came through: it stands inside a text or is not closed');
  const inText = new Set(text.split(/\s+/));
  for (const address of linksIn(html)) {
    const bare = address.replace(/^(mailto|tel):/, '');
    const isThere =
      bare === address
        ? inText.has(address)
        : text.replace(/[^\w@.+-]/g, '').includes(bare.replace(/[^\w@.+-]/g, ''));
    if (!isThere) faults.push(`the text part lacks a link of the HTML part: ${address}`);
  }
  const bytes = Buffer.byteLength(html);
  if (bytes > MOST_BYTES)
    faults.push(`the HTML part has ${bytes} bytes; at most ${MOST_BYTES}, or Gmail clips it`);
  const longest = Math.max(...html.split('\n').map((line) => Buffer.byteLength(line)));
  if (longest > LONGEST_LINE)
    faults.push(`the HTML part has a line of ${longest} bytes; at most ${LONGEST_LINE}`);
  return faults;
}
