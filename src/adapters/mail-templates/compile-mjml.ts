import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import mjml2html from 'mjml';

/** Something in the mail templates that must be mended before mail can be sent. `problems` has one line per fault. */
export class MailTemplateError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`the mail templates cannot be used:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'MailTemplateError';
    this.problems = problems;
  }
}

/**
 * MJML → HTML that still holds its Handlebars. Runs once per mail when templates are loaded: it costs 13-40 ms, and
 * rendering per reader costs thousandths of that. Handlebars blocks stand in <mj-raw>, or anywhere inside texts.
 * `colours` fills $names before MJML, which checks that colours are colours. Throws MailTemplateError.
 */
export async function compileMjml(
  file: string,
  folder: string,
  colours: Readonly<Record<string, string>>,
): Promise<string> {
  const unknown: string[] = [];
  const fillColours = (source: string) =>
    source.replace(/\$([a-z][a-z-]*)/g, (place, name: string) => {
      const colour = colours[name];
      if (colour === undefined) unknown.push(place);
      return colour ?? '#000000';
    });
  try {
    const { html } = await mjml2html(readFileSync(file, 'utf8'), {
      validationLevel: 'strict',
      filePath: file,
      actualPath: file,
      ignoreIncludes: false,
      includePath: folder,
      preprocessors: [fillColours],
      keepComments: false,
      fonts: {},
    });
    if (unknown.length > 0) {
      const known = Object.keys(colours).map((name) => `$${name}`);
      throw new MailTemplateError(
        unknown.map(
          (name) => `${relative(folder, file)}: ${name} is no colour; there are ${known.join(', ')}`,
        ),
      );
    }
    return squeeze(html);
  } catch (error) {
    if (error instanceof MailTemplateError) throw error;
    throw new MailTemplateError(describe(error).map((fault) => withPlace(fault, file, folder)));
  }
}

/** Indentation is a quarter of what MJML writes. Lines stay, so that none grows over the 998 characters of RFC 5322. */
function squeeze(html: string): string {
  return html.replace(/[ \t]*\n\s*/g, '\n').replace(/<(\w+) {2,}/g, '<$1 ');
}

function describe(error: unknown): string[] {
  const faults = (error as { errors?: { formattedMessage: string }[] }).errors;
  if (Array.isArray(faults)) return faults.map(({ formattedMessage }) => formattedMessage);
  return [error instanceof Error ? error.message : String(error)];
}

/**
 * "Line 5 of /…/mails/issue/html.mjml (mj-group) — …" → "issue/html.mjml line 5 (mj-group) — …". Of a fault in a
 * partial MJML also says every place that includes it; the partial alone is where to mend it.
 */
function withPlace(fault: string, file: string, folder: string): string {
  const line = /^Line (\d+) of (.+?)(?:, included at .*?)? (?=\([\w-]+\) — )/.exec(fault);
  if (!line) return `${relative(folder, file)}: ${fault}`;
  return `${relative(folder, line[2]!)} line ${line[1]} ${fault.slice(line[0].length)}`;
}
