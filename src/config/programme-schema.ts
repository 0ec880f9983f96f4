import { z } from 'zod';
import { delivery } from './delivery-schema.ts';
import { machines, site } from './events-schema.ts';
import { returns } from './returns-schema.ts';
import { sales } from './sales-schema.ts';
import {
  address,
  colour,
  currency,
  day,
  duration,
  group,
  id,
  language,
  list,
  localText,
  oneOf,
  points,
  schedule,
  text,
  url,
  whole,
} from './schema-parts.ts';
import { persona, scoring } from './score-schema.ts';

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
  /** A mail due on a weekend or one of the holidays comes on the next office day. */
  officeDaysOnly: z.boolean({ error: 'true or false' }).default(false),
  holidays: list(day).default([]),
});

const choosing = group({
  /** The share of readers that gets the same digest for all: what personal choosing brings is measured against it. */
  controlShare: z
    .number({ error: 'a share from 0 (nobody) to 0.5 (every second reader)' })
    .min(0)
    .max(0.5, { error: 'a share from 0 (nobody) to 0.5 (every second reader)' })
    .default(0.1),
  /** After this time a click counts half for what a reader likes. */
  learningHalfLife: duration('1 day').default(60 * 86_400_000),
  /** After this time an article is worth half. */
  freshnessHalfLife: duration('1 hour').default(7 * 86_400_000),
}).prefault({});

/** When a feed's silence is reported to the marketers. */
const feedWatch = group({
  /** No new article for so long. */
  staleAfter: duration('1 day').default(45 * 86_400_000),
  /** Nothing could be read for so long. */
  failingAfter: duration('1 hour').default(2 * 86_400_000),
}).prefault({});

const callToAction = group({
  id,
  kind: oneOf(['brochure', 'reference-story', 'call-back']),
  label: localText,
  /** Left out for call-back: that page is Simmer's own. */
  url: url.optional(),
  points: points.optional(),
});

/**
 * The shape of feeds.config.ts. Every rule's error text is the phrase that says what is allowed there; what was
 * found and where is added in programme.ts. What spans several places is in programme-checks.ts.
 */
export const programmeSchema = group({
  brand,
  /** Each has a file in templates/locales. */
  languages: list(language, 1),
  defaultLanguage: text,
  /** Change it when the words that people agree to change. */
  consentVersion: text,
  currency: currency.default('EUR'),
  interests: list(group({ id, label: localText, description: localText }), 1),
  feeds: list(feed, 1),
  digests: list(digest, 1),
  choosing,
  feedWatch,
  delivery,
  returns,
  callsToAction: list(callToAction),
  footerLinks: list(group({ id, label: localText, url, points })),
  scoring,
  /** Whom the company would like to have as a customer: what fit is measured against. */
  persona,
  sales,
  machines,
  site,
  staff: list(group({ email: address, name: text, role: oneOf(['admin', 'marketer', 'sales']) }), 1),
});
