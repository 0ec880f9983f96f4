import { z } from 'zod';
import { isTimeZone } from '../domain/delivery/schedule.ts';
import { DURATION_FORM, parseDuration } from '../domain/duration.ts';
import { WEEKDAYS } from '../domain/sales/office-hours.ts';
import { address, duration, group, language, list, oneOf, text, whole } from './schema-parts.ts';

const COUNTRY_FORM = 'a country as two capital letters, such as "NL" or "DE"';
const country = z.string({ error: COUNTRY_FORM }).regex(/^[A-Z]{2}$/, { error: COUNTRY_FORM });

const DOMAIN_FORM = 'a domain in lower case, such as "example.com"';
const domain = z.string({ error: DOMAIN_FORM }).regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/, { error: DOMAIN_FORM });

const TIME_FORM = 'a time as HH:MM, such as "09:00"';
const timeOfDay = z
  .string({ error: TIME_FORM })
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: TIME_FORM })
  .transform((written) => Number(written.slice(0, 2)) * 60 + Number(written.slice(3)));

const ZONE_FORM = 'an IANA time zone, such as "Europe/Amsterdam"';
const timeZone = z.string({ error: ZONE_FORM }).refine(isTimeZone, { error: ZONE_FORM });

/** A length of office time, or 'never'. */
const WAIT_FORM = `${DURATION_FORM}, counted in office hours; or "never"`;
const wait = z.string({ error: WAIT_FORM }).transform((written, context): number | null => {
  if (written.trim() === 'never') return null;
  const ms = parseDuration(written);
  if (ms !== null && ms > 0) return ms;
  context.issues.push({ code: 'custom', message: WAIT_FORM, input: written });
  return z.NEVER;
});

const officeHours = group({
  timeZone: timeZone.default('UTC'),
  days: list(oneOf(WEEKDAYS), 1).default(['monday', 'tuesday', 'wednesday', 'thursday', 'friday']),
  from: timeOfDay.default(9 * 60),
  to: timeOfDay.default(17 * 60),
}).superRefine(({ from, to }, context) => {
  if (from >= to)
    context.addIssue({ code: 'custom', path: ['to'], message: 'a time after "from", on the same day' });
});

/** Who gets a new SQL. Every list that is there must hold; one address is fixed, several take turns. */
const handOutRule = group({
  countries: list(country, 1).default([]),
  languages: list(language, 1).default([]),
  /** Part of the company's name, or its e-mail domain. */
  companies: list(text, 1).default([]),
  to: list(address, 1),
});

/** The sales desk: whom leads go to, how long an alert waits, and who is reminded when nobody acts. */
export const sales = group({
  address,
  hold: duration('0 seconds').default(120_000),
  handOut: group({ rules: list(handOutRule).default([]), to: list(address, 1).optional() }).prefault({}),
  officeHours: officeHours.prefault({}),
  remindAfter: wait.default(4 * 3_600_000),
  escalateAfter: wait.default(8 * 3_600_000),
  escalateTo: address.optional(),
  pauseMailsInProgress: z.boolean({ error: 'true or false' }).default(true),
  accountThreshold: whole(1, 100_000).optional(),
  freeMailDomains: list(domain).default([]),
});
