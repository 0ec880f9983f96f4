import { z } from 'zod';
import { parseSchedule } from '../domain/delivery/schedule.ts';
import { DURATION_FORM, parseDuration } from '../domain/duration.ts';

/**
 * The shape of feeds.config.ts. Every rule's error text is the phrase that says what is allowed there; what was
 * found and where is added in programme.ts. What spans several places is in programme-checks.ts.
 */
export const text = z.string({ error: 'a text' }).trim().min(1, { error: 'a text that is not empty' });

/** One text per language: { en: 'Payroll', nl: 'Salarisadministratie', de: 'Lohnabrechnung' }. */
const localText = z.record(z.string(), text, {
  error: 'one text per language, such as { en: "…", nl: "…" }',
});

const id = z.string({ error: 'a short lower-case word' }).regex(/^[a-z][a-z0-9-]{0,39}$/, {
  error: 'a short lower-case word: a-z, 0-9 and "-", starting with a letter',
});

const language = z
  .string({ error: 'a language code, such as "en" or "nl"' })
  .regex(/^[a-z]{2}(-[A-Z]{2})?$/, { error: 'a language code, such as "en" or "nl"' });

const address = z.email({ error: 'an e-mail address, such as news@example.com' }).toLowerCase();

const colour = z
  .string({ error: 'a colour as #rrggbb' })
  .regex(/^#[0-9a-fA-F]{6}$/, { error: 'a colour as #rrggbb' });

const urlForm =
  'an address that starts with https:// or http://, or a path of Simmer itself that starts with /';
const url = z.string({ error: urlForm }).refine(isUrlOrPath, { error: urlForm });

const points = z
  .int({ error: 'a whole number of points' })
  .min(-1000)
  .max(1000, { error: 'a whole number from -1000 to 1000' });

/** A length of time as text, at least `least`. */
function duration(least: string) {
  const allowed = `${DURATION_FORM}; at least ${least}`;
  return z.string({ error: allowed }).transform((written, context) => {
    const ms = parseDuration(written);
    if (ms !== null && ms >= parseDuration(least)!) return ms;
    context.issues.push({ code: 'custom', message: allowed, input: written });
    return z.NEVER;
  });
}

const SCHEDULE_FORM =
  '"every 2 weeks on tuesday at 09:00", "every week on monday, thursday at 10:00" or "every 3 days at 07:30"';

/** Stays text here; programme.ts reads it together with the day it starts on. */
const schedule = z.string({ error: SCHEDULE_FORM }).superRefine((written, context) => {
  try {
    parseSchedule(written);
  } catch (error) {
    // "found …; allowed …": what was found is said by us already.
    const [, allowed = SCHEDULE_FORM] = (error as Error).message.split(/;\s*allowed (?:is |are )?/);
    context.addIssue({ code: 'custom', message: allowed, input: written });
  }
});

const DAY_FORM = 'a day as YYYY-MM-DD, such as "2026-01-06"';
const day = z.iso.date({ error: DAY_FORM });

/** A group of named fields. An unknown name is a problem: it is usually a slip of the hand. */
function group<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const names = `one of: ${Object.keys(shape).join(', ')}`;
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? names : `a group of fields { ${Object.keys(shape).join(', ')} }`,
  });
}

function list<Item extends z.ZodType>(item: Item, atLeast = 0) {
  const allowed =
    atLeast === 0
      ? 'a list [ … ]'
      : `a list with at least ${atLeast === 1 ? 'one entry' : `${atLeast} entries`}`;
  return z.array(item, { error: allowed }).min(atLeast, { error: allowed });
}

function oneOf<const Choice extends string>(choices: readonly Choice[]) {
  return z.enum(choices, { error: `one of: ${choices.join(', ')}` });
}

function whole(from: number, to: number) {
  const allowed = `a whole number from ${from} to ${to}`;
  return z.int({ error: allowed }).min(from, { error: allowed }).max(to, { error: allowed });
}

const brand = group({
  name: text,
  from: group({ name: text, address }),
  /** Where answers to a mail go. */
  replyTo: address,
  /** The law of most countries asks for it in every mail. */
  postalAddress: text,
  /** PNG or JPEG; most mail programs show no SVG. */
  logo: url,
  siteUrl: url,
  colours: group({ primary: colour, accent: colour, text: colour, background: colour }),
});

const feed = group({
  url,
  interests: list(id, 1),
  language: text,
  pollEvery: duration('10 seconds').default(1_800_000),
  /** 1 is normal; a feed with 2 wins from a feed with 1 when all else is equal. */
  priority: z
    .number({ error: 'a number from 0.1 to 10' })
    .min(0.1)
    .max(10, { error: 'a number from 0.1 to 10' })
    .default(1),
  /** Only for feeds inside the company's own network. */
  allowPrivateNetwork: z.boolean({ error: 'true or false' }).default(false),
});

const digest = group({
  id,
  name: localText,
  schedule,
  /** The day from which its weeks or days are counted. */
  startingOn: day.optional(),
  /** 'reader', or one IANA zone for all, such as 'Europe/Amsterdam'. */
  timeZone: text.default('reader'),
  layout: group({ main: z.literal(1, { error: '1' }), others: whole(0, 12) }).default({ main: 1, others: 4 }),
  minimumArticles: whole(1, 50),
  freshness: duration('1 hour'),
});

const callToAction = group({
  id,
  kind: oneOf(['brochure', 'reference-story', 'call-back']),
  label: localText,
  /** Left out for call-back: that page is Simmer's own. */
  url: url.optional(),
  points: points.optional(),
});

/** The table of the programme that Simmer copies; every field can be left out. */
const scoring = group({
  threshold: whole(1, 10_000).default(12),
  customerThreshold: whole(1, 10_000).default(6),
  mailsBeforeSql: whole(0, 1000).default(2),
  floor: whole(-10_000, 0).default(-12),
  scoreAfterReturn: whole(-10_000, 10_000).default(0),
  points: group({
    furtherMail: points.default(-1),
    open: points.default(1),
    article: points.default(3),
    download: points.default(5),
    sqlAtOnce: points.default(12),
  }).prefault({}),
  sqlAtOnceUrls: list(url).default([]),
}).prefault({});

export const programmeSchema = group({
  brand,
  /** Each has a file in templates/locales. */
  languages: list(language, 1),
  defaultLanguage: text,
  /** Change it when the words that people agree to change. */
  consentVersion: text,
  interests: list(group({ id, label: localText, description: localText }), 1),
  feeds: list(feed, 1),
  digests: list(digest, 1),
  callsToAction: list(callToAction),
  footerLinks: list(group({ id, label: localText, url, points })),
  scoring,
  sales: group({ address, hold: duration('0 seconds').default(120_000) }),
  staff: list(group({ email: address, name: text, role: oneOf(['admin', 'marketer', 'sales']) }), 1),
});

function isUrlOrPath(written: string): boolean {
  if (/^\/(?!\/)/.test(written)) return !/[\s\\]/.test(written);
  return /^https?:\/\//i.test(written) && URL.canParse(written);
}
