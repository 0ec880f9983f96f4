import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { directionOf } from '../../domain/locale.ts';
import { MAIL_KINDS, type MailData, type MailKind } from '../../domain/mail/mails.ts';
import type { Brand } from '../../domain/programme.ts';
import type { MailRenderer } from '../../journey/delivery/ports/deliveries.ts';
import type { Texts } from '../templates/texts.ts';
import { mailColours } from './colours.ts';
import { compileMjml, MailTemplateError } from './compile-mjml.ts';
import { mailHandlebars } from './helpers.ts';
import { subjectOf } from './subjects.ts';
import { wrapText } from './wrap-text.ts';

export type MailBrand = Brand & { publicUrl: string };

interface CompiledMail {
  html: HandlebarsTemplateDelegate;
  text: HandlebarsTemplateDelegate;
}

/** The parts of a mail, each by itself. */
export interface MailParts {
  subject<K extends MailKind>(kind: K, language: string, data: MailData[K]): string;
  html<K extends MailKind>(kind: K, language: string, data: MailData[K], subject: string): string;
  text<K extends MailKind>(kind: K, language: string, data: MailData[K], subject: string): string;
  /** The text as the template writes it; `wrapText` makes it what `text` is. */
  unwrappedText<K extends MailKind>(kind: K, language: string, data: MailData[K], subject: string): string;
}

export interface LoadedMails extends MailRenderer {
  parts: MailParts;
}

/** A field that a template names and the data lacks is an error: a mail never goes out with a hole in it. */
const STRICT: CompileOptions = { strict: true, preventIndent: true };

/**
 * Loads templates/mails: MJML and Handlebars are compiled here, once; writing a mail later is some 30 µs. `languages`
 * are the texts by language. Throws MailTemplateError with every fault of every template.
 */
export async function loadMails(
  folder: string,
  languages: Map<string, Texts>,
  brand: MailBrand,
): Promise<LoadedMails> {
  const handlebars = mailHandlebars(languages);
  for (const file of readdirSync(join(folder, 'partials')).filter((name) => name.endsWith('.hbs'))) {
    handlebars.registerPartial(basename(file, '.hbs'), readFileSync(join(folder, 'partials', file), 'utf8'));
  }
  const colours = mailColours(brand.colours);
  const mails = new Map<MailKind, CompiledMail>();
  const problems: string[] = [];
  for (const kind of MAIL_KINDS) {
    try {
      const html = await compileMjml(join(folder, kind, 'html.mjml'), folder, colours);
      const text = readFileSync(join(folder, kind, 'text.hbs'), 'utf8');
      mails.set(kind, {
        html: handlebars.compile(html, STRICT),
        text: handlebars.compile(text, { ...STRICT, noEscape: true }),
      });
    } catch (error) {
      if (error instanceof MailTemplateError) problems.push(...error.problems);
      else problems.push(`${kind}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (problems.length > 0) throw new MailTemplateError([...new Set(problems)]);

  const absolute = (url: string) => (url.startsWith('/') ? brand.publicUrl + url : url);
  const shared = { ...brand, logo: absolute(brand.logo), siteUrl: absolute(brand.siteUrl) };
  const write = <K extends MailKind>(kind: K, language: string, part: (texts: Texts) => string): string => {
    const texts = languages.get(language);
    if (!texts) throw new Error(`there are no texts for language "${language}" in templates/locales`);
    try {
      return part(texts);
    } catch (error) {
      throw new Error(`mail "${kind}" in language "${language}": ${(error as Error).message}`, {
        cause: error,
      });
    }
  };
  const seen = (language: string, data: object, subject: string) => ({
    ...data,
    brand: shared,
    language,
    dir: directionOf(language),
    subject,
  });
  const parts: MailParts = {
    subject: (kind, language, data) =>
      write(kind, language, (texts) => subjectOf(kind, texts, language, data, shared)),
    html: (kind, language, data, subject) =>
      write(kind, language, () => mails.get(kind)!.html(seen(language, data, subject))),
    text: (kind, language, data, subject) => wrapText(parts.unwrappedText(kind, language, data, subject)),
    unwrappedText: (kind, language, data, subject) =>
      write(kind, language, () => mails.get(kind)!.text(seen(language, data, subject))),
  };
  return {
    parts,
    render(kind, language, data) {
      const subject = parts.subject(kind, language, data);
      return {
        subject,
        html: parts.html(kind, language, data, subject),
        text: parts.text(kind, language, data, subject),
      };
    },
  };
}
