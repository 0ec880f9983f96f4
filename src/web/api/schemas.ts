import { z } from 'zod';
import { SHOWN_STAGE_NAMES } from '../../domain/audience/subscriber.ts';
import { API_KINDS, eventKinds } from '../../domain/scoring/lead-event.ts';

// What the API takes and gives. openapi.json is made of these, and the tests hold the answers to it.

const text = (longest: number) => z.string().trim().min(1).max(longest);
/** What helps to know somebody and is not needed: whatever is in it, the person comes in. */
const typed = (description: string) => z.union([z.string(), z.number()]).nullish().describe(description);
const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/)
  .describe('A short lower-case word, such as "contact" or "trade-fair": what score rules name.');

const telling = (what: 'name' | 'page') => eventKinds(({ byApi }) => byApi === what).join(', ');

export const eventBody = z
  .strictObject({
    email: text(254).describe('Whose event it is: a subscriber’s address.'),
    kind: z.enum(API_KINDS).describe(`Needs a name: ${telling('name')}. Needs a page: ${telling('page')}.`),
    name: z
      .string()
      .max(200)
      .optional()
      .describe('The form (contact, call-back and order make an SQL at once), the file, the touchpoint.'),
    page: z
      .url({ protocol: /^https?$/ })
      .max(500)
      .optional()
      .describe('The page that was looked at.'),
    at: z.iso
      .datetime({ offset: true })
      .optional()
      .describe('When it happened; now, when left out. Not in the future.'),
    details: z
      .record(z.string().max(40), z.string().max(2000))
      .optional()
      .describe('Kept with the event and shown on the profile.'),
  })
  .describe('Something a lead did elsewhere.');

export const formName = name;

export const subscriberBody = z
  .strictObject({
    email: text(254),
    name: typed('Of a person, at most 100 characters. What is no name is left out, and noted.'),
    company: typed('At most 120 characters.'),
    jobTitle: typed('At most 100 characters.'),
    phone: typed('With its country code, such as +31 20 123 4567.'),
    industry: typed('At most 100 characters.'),
    companySize: typed('Employees: 250, or "50-249".'),
    country: typed('Two letters (ISO 3166) such as NL, or its name in any language.'),
    language: typed('One of the programme’s languages; else its default.'),
    timeZone: typed('An IANA time zone, such as Europe/Amsterdam; else that of the language.'),
    source: z
      .strictObject({
        utm_source: text(120).optional(),
        utm_medium: text(120).optional(),
        utm_campaign: text(200).optional(),
        utm_term: text(200).optional(),
        utm_content: text(200).optional(),
        referrer: text(500).optional(),
        landing_page: text(500).optional(),
        download: text(200).optional(),
      })
      .optional()
      .describe('Where they came from.'),
  })
  .describe(
    'A sign-up. The address gets a confirmation mail; nothing else is sent before its owner confirms.',
  );

const time = z.iso.datetime();
export const subscriberAnswer = z.strictObject({
  id: z.int(),
  email: z.string(),
  status: z.enum(['pending', 'active', 'unsubscribed', 'suppressed']),
  stage: z
    .enum(SHOWN_STAGE_NAMES)
    .describe('unconfirmed: the address is not confirmed yet; left: unsubscribed or unreachable.'),
  score: z.int().describe('The sum of the ledger.'),
  isCustomer: z.boolean(),
  name: z.string().nullable(),
  company: z.string().nullable(),
  jobTitle: z.string().nullable(),
  phone: z.string().nullable(),
  industry: z.string().nullable(),
  companySize: z.int().nullable().describe('Employees.'),
  country: z.string().nullable().describe('ISO 3166, as the person said.'),
  language: z.string(),
  timeZone: z.string(),
  interests: z.array(z.string()),
  mailsSent: z.int(),
  createdAt: time,
  confirmedAt: time.nullable(),
  lastActAt: time.nullable(),
});

export const eventAnswer = z.strictObject({
  status: z.literal('recorded'),
  subscriber: subscriberAnswer,
});

export const fieldError = z.strictObject({
  path: z.string().describe('Where it is in what was sent.'),
  code: z.string().describe('Stays the same in every language: for programs.'),
  message: z.string().describe('For people: in English, or as Accept-Language asks.'),
});

export const signUpAnswer = z.strictObject({
  status: z
    .enum(['confirmation-sent', 'already-subscribed', 'nothing-sent'])
    .describe(
      'nothing-sent: the mailbox has had as many of these mails as it may get for now, or mail does not reach it.',
    ),
  subscriber: subscriberAnswer,
  notes: z
    .array(fieldError)
    .optional()
    .describe('What was left out because it could not be read. The person was signed up all the same.'),
});

export const outcomeBody = z
  .strictObject({
    email: text(254).describe('Whose call it was: the lead’s address.'),
    qualification: z
      .int()
      .positive()
      .optional()
      .describe('Which crossing is answered, as the webhook named it; the open one, when left out.'),
    status: z
      .enum(['in-progress', 'won', 'lost', 'rejected'])
      .describe('lost and rejected send the lead back to be warmed again.'),
    isDuplicate: z.boolean().optional(),
    hasRunningDeal: z.boolean().optional(),
    note: z.string().trim().max(2000).optional(),
    notBefore: z.iso
      .date()
      .optional()
      .describe('On lost and rejected: no alert about this lead before that day.'),
    by: text(254).optional().describe('Who says so; the key’s name, when left out.'),
  })
  .describe('What sales says after the call.');

export const outcomeAnswer = z.strictObject({
  status: z.enum(['recorded', 'unchanged']).describe('unchanged: the same was said before.'),
  qualification: z.int(),
  subscriber: subscriberAnswer,
});

export const problemAnswer = z.strictObject({
  title: z.string(),
  status: z.int(),
  detail: z.string().describe('What to do.'),
  errors: z.array(fieldError).optional(),
});
