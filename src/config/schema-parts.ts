import { z } from 'zod';
import { standardAddress, standardPattern } from '../domain/address.ts';
import { parseSchedule } from '../domain/delivery/schedule.ts';
import { DURATION_FORM, parseDuration } from '../domain/duration.ts';

/** The words that the programme's shape is made of. Every rule's error text is the phrase that says what is allowed there. */
export const text = z.string({ error: 'a text' }).trim().min(1, { error: 'a text that is not empty' });

/** ISO 4217. */
export const currency = z
  .string({ error: "a currency of three letters, such as 'EUR'" })
  .regex(/^[A-Z]{3}$/, { error: "a currency of three letters, such as 'EUR'" });

/** One text per language: { en: 'Payroll', nl: 'Salarisadministratie', de: 'Lohnabrechnung' }. */
export const localText = z.record(z.string(), text, {
  error: 'one text per language, such as { en: "…", nl: "…" }',
});

export const id = z.string({ error: 'a short lower-case word' }).regex(/^[a-z][a-z0-9-]{0,39}$/, {
  error: 'a short lower-case word: a-z, 0-9 and "-", starting with a letter',
});

export const language = z
  .string({ error: 'a language code, such as "en" or "nl"' })
  .regex(/^[a-z]{2}(-[A-Z]{2})?$/, { error: 'a language code, such as "en" or "nl"' });

export const address = z.email({ error: 'an e-mail address, such as news@example.com' }).toLowerCase();

export const colour = z
  .string({ error: 'a colour as #rrggbb' })
  .regex(/^#[0-9a-fA-F]{6}$/, { error: 'a colour as #rrggbb' });

const URL_FORM =
  'an address that starts with https:// or http://, or a path of Simmer itself that starts with /';
/** Kept in the spelling that travels, so that nothing later meets another. */
export const url = respelled(standardAddress);
/** The beginning of an address, as rules are written with. */
export const urlPattern = respelled(standardPattern);

export const points = z
  .int({ error: 'a whole number of points' })
  .min(-1000)
  .max(1000, { error: 'a whole number from -1000 to 1000' });

/** A length of time as text, at least `least`. */
export function duration(least: string) {
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
export const schedule = z.string({ error: SCHEDULE_FORM }).superRefine((written, context) => {
  try {
    parseSchedule(written);
  } catch (error) {
    // "found …; allowed …": what was found is said by us already.
    const [, allowed = SCHEDULE_FORM] = (error as Error).message.split(/;\s*allowed (?:is |are )?/);
    context.addIssue({ code: 'custom', message: allowed, input: written });
  }
});

const DAY_FORM = 'a day as YYYY-MM-DD, such as "2026-01-06"';
export const day = z.iso.date({ error: DAY_FORM });

/** A group of named fields. An unknown name is a problem: it is usually a slip of the hand. */
export function group<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const names = `one of: ${Object.keys(shape).join(', ')}`;
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? names : `a group of fields { ${Object.keys(shape).join(', ')} }`,
  });
}

export function list<Item extends z.ZodType>(item: Item, atLeast = 0) {
  const allowed =
    atLeast === 0
      ? 'a list [ … ]'
      : `a list with at least ${atLeast === 1 ? 'one entry' : `${atLeast} entries`}`;
  return z.array(item, { error: allowed }).min(atLeast, { error: allowed });
}

export function oneOf<const Choice extends string>(choices: readonly Choice[]) {
  return z.enum(choices, { error: `one of: ${choices.join(', ')}` });
}

export function whole(from: number, to: number) {
  const allowed = `a whole number from ${from} to ${to}`;
  return z.int({ error: allowed }).min(from, { error: allowed }).max(to, { error: allowed });
}

function respelled(standard: (written: string) => string | null) {
  return z.string({ error: URL_FORM }).transform((written, context) => {
    const address = standard(written);
    if (address !== null) return address;
    context.issues.push({ code: 'custom', message: URL_FORM, input: written });
    return z.NEVER;
  });
}
