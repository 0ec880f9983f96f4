import type Handlebars from 'handlebars';
import type { Source } from '../../domain/audience/subscriber.ts';
import { dateLocale } from '../../domain/locale.ts';
import type { ConfirmationMail } from '../../domain/mail/mails.ts';
import { describeRhythm } from '../../domain/mail/rhythm.ts';
import { sourceInWords } from '../../domain/sales/source-in-words.ts';
import { makeHandlebars } from '../templates/handlebars.ts';
import { say, type Texts } from '../templates/texts.ts';

/** Where in its template a helper was called; Handlebars tells, its types do not. */
interface Located {
  loc: { start: { line: number } };
}

type MailedDigest = ConfirmationMail['digests'][number];

interface TouchedLead {
  touches?: readonly Source[];
  source?: string | null;
}

/** The shared helpers, and those only mails have. In mails `t` is stricter: an unfilled place is an error. */
export function mailHandlebars(languages: Map<string, Texts>): typeof Handlebars {
  const handlebars = makeHandlebars(languages);
  handlebars.registerHelper('t', (key: string, options: Handlebars.HelperOptions) => {
    const language = String(options.data.root.language);
    const texts = languages.get(language);
    if (!texts) throw new Error(`there are no texts for language "${language}" in templates/locales`);
    return sayWhole(texts, key, options.hash, language);
  });
  /** {{href x}}: an address in an attribute. Handlebars' own escaping would also turn every "=" into an entity. */
  handlebars.registerHelper('href', (address: unknown) => new handlebars.SafeString(webAddress(address)));
  /** {{dial x}}: what follows "tel:". */
  handlebars.registerHelper('dial', (number: string) => number.replace(/(?!^\+)[^\d]/g, ''));
  /** {{moment at}}: "24 Nov 2026, 10:41 CET", in the zone that the mail names: that of the office hours. */
  handlebars.registerHelper('moment', (at: string, options: Handlebars.HelperOptions) =>
    new Intl.DateTimeFormat(dateLocale(String(options.data.root.language)), {
      day: 'numeric',
      month: 'short',
      year: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      timeZoneName: 'short',
      timeZone: options.data.root.timeZone ?? 'UTC',
    }).format(new Date(at)),
  );
  /** {{#each (touches lead)}}: where a lead came from, first and latest, each with its label and in words. */
  handlebars.registerHelper('touches', (lead: TouchedLead, options: Handlebars.HelperOptions) => {
    const language = String(options.data.root.language);
    const texts = languages.get(language)!;
    // A mail that was planned before an update has its words already.
    if (!lead.touches) return lead.source ? [{ label: 'source', words: lead.source }] : [];
    return lead.touches
      .map((source, at) => ({
        label: at === 0 ? 'source' : 'latestSource',
        words: sourceInWords(source, (part, values) =>
          sayWhole(texts, `common.touch.${part}`, values, language),
        ),
      }))
      .filter(({ words }) => words !== null);
  });
  /** {{howOften digest}}: "every two weeks". */
  handlebars.registerHelper('howOften', (digest: MailedDigest, options: Handlebars.HelperOptions) => {
    const language = String(options.data.root.language);
    const texts = languages.get(language)!;
    return (
      digest.rhythm ??
      describeRhythm(digest.schedule, language, (part, values = {}) =>
        sayWhole(texts, `common.rhythm.${part}`, values, language),
      )
    );
  });
  /** {{signed 8}} → "+8"; a true minus sign for the others. */
  handlebars.registerHelper('signed', (points: number) => (points < 0 ? `−${-points}` : `+${points}`));
  refuseMissing(handlebars);
  return handlebars;
}

/** Handlebars' strict mode minds {{x}} but not {{#if x}}: an optional part must be null, so that forgetting it shows. */
function refuseMissing(handlebars: typeof Handlebars): void {
  for (const name of ['if', 'unless', 'each', 'with']) {
    const helper = handlebars.helpers[name]!;
    handlebars.registerHelper(
      name,
      function (this: unknown, value: unknown, options: Handlebars.HelperOptions) {
        if (value === undefined) {
          const { line } = (options as Handlebars.HelperOptions & Located).loc.start;
          throw new Error(`the data lacks what {{#${name}}} in line ${line} of the template asks for`);
        }
        const capture = name === 'each' || name === 'with' ? captureOf(value) : undefined;
        return capture ? capture(options) : helper.call(this, value, options);
      },
    );
  }
}

/** On what is given to {{#each}} or {{#with}}: called with the block in place of writing it. Gives what stands there. */
export const CAPTURE = Symbol('capture');

function captureOf(value: unknown): ((block: Handlebars.HelperOptions) => string) | undefined {
  return typeof value === 'object' && value !== null
    ? (value as { [CAPTURE]?: (block: Handlebars.HelperOptions) => string })[CAPTURE]
    : undefined;
}

/** The names of the places in a text, read once: a mail asks for some twenty texts. */
const placesOf = new WeakMap<Texts, Map<string, string[]>>();

function places(texts: Texts, key: string): string[] {
  let known = placesOf.get(texts);
  if (!known) {
    known = new Map();
    placesOf.set(texts, known);
  }
  let found = known.get(key);
  if (!found) {
    found = [...(texts.get(key) ?? '').matchAll(/\{(\w+)[|}]/g)].map((place) => place[1]!);
    known.set(key, found);
  }
  return found;
}

/** Like `say`, and an error when a place is left over or would be filled with nothing. */
export function sayWhole(
  texts: Texts,
  key: string,
  values: Record<string, unknown>,
  language: string,
): string {
  for (const name in values) {
    const value = values[name];
    if (value === null || value === undefined) throw new Error(`text "${key}" got nothing for {${name}}`);
  }
  const needed = places(texts, key);
  if (needed.length === 0) return texts.get(key) ?? say(texts, key, values, language);
  const lacking = needed.filter((name) => !(name in values));
  if (lacking.length > 0) throw new Error(`text "${key}" has {${lacking.join('}, {')}}, which nothing fills`);
  return say(texts, key, values, language);
}

export function webAddress(address: unknown): string {
  if (typeof address !== 'string' || !/^https?:\/\/[^\s/]/i.test(address)) {
    throw new Error(
      `${typeof address === 'string' ? JSON.stringify(address) : String(address)} is no web address, so it cannot be linked in a mail`,
    );
  }
  const entities: Record<string, string> = {
    '&': '&amp;',
    '"': '&quot;',
    "'": '&#39;',
    '<': '&lt;',
    '>': '&gt;',
  };
  return address.replace(/[&"'<>]/g, (sign) => entities[sign]!).replace(/\s/g, encodeURIComponent);
}
