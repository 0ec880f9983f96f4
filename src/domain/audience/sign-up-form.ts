import { cut } from '../text.ts';
import { type EmailAddressProblem, readEmailAddress } from './email-address.ts';
import {
  LONGEST,
  type Profile,
  type ProfileField,
  type ProfileFieldProblem,
  plainLine,
  readProfile,
} from './profile-field.ts';
import type { Source } from './subscriber.ts';
import { readTimeZone, usualTimeZone } from './time-zone.ts';

/** The names of the fields, as any form that posts to /sign-up writes them. */
export const PROFILE_INPUTS = {
  name: 'name',
  company: 'company',
  jobTitle: 'job_title',
  phone: 'phone',
  industry: 'industry',
  companySize: 'company_size',
  country: 'country',
} as const;

/** Hidden fields that say where a visitor came from; longest allowed, in characters. What is longer is cut. */
export const SOURCE_INPUTS: Record<keyof Source, number> = {
  form: 60,
  utm_source: 120,
  utm_medium: 120,
  utm_campaign: 200,
  utm_term: 200,
  utm_content: 200,
  referrer: 500,
  landing_page: 500,
  download: 200,
};

/** Has to stay empty: people do not see it, robots fill it in. */
export const HONEYPOT_INPUT = 'fax_number';

export interface SignUp extends Profile {
  email: string;
  language: string;
  timeZone: string;
  source: Source;
}

export interface FieldProblem {
  /** The input's name. */
  field: string;
  /** The end of a locale key below subscriber.problems: "email.no-at", "did-you-mean". */
  text: string;
  /** Fills the places of that text. */
  values: Record<string, string | number>;
}

/** `notes`: what was left out because it could not be read. Left out where there is none. */
export type SignUpRead = { signUp: SignUp; notes?: FieldProblem[] } | { problems: FieldProblem[] };

/** Is only nice to know: what cannot be read of it is left out, and nobody is kept out for it. */
const NICE_TO_KNOW: readonly ProfileField[] = ['name', 'industry', 'companySize', 'country'];

/**
 * Checks a posted form as a whole, so that the page can say everything there is to mend at once. Fields nobody types
 * (zone, language, campaign) are put right silently. An address that looks like a slip is a problem once:
 * posting it again with `email_checked` holding the same address lets it pass. When a program posts (`isAsked` false),
 * nobody is there to be asked: then only an address that is none is a problem, and all else is noted.
 */
export function readSignUpForm(
  inputs: Readonly<Record<string, string>>,
  languages: readonly string[],
  pageLanguage: string,
  isAsked = true,
): SignUpRead {
  const problems: FieldProblem[] = [];
  const notes: FieldProblem[] = [];
  const address = readAddress(inputs, problems, isAsked);
  const profile = readProfile(
    (field) => inputs[PROFILE_INPUTS[field]] ?? '',
    (field, problem) =>
      (isAsked && !NICE_TO_KNOW.includes(field) ? problems : notes).push({
        field: PROFILE_INPUTS[field],
        ...profileProblem(field, problem),
      }),
  );
  if (address === null || problems.length > 0) return { problems };
  const wanted = (inputs.language ?? '').trim().toLowerCase();
  const language = languages.includes(wanted) ? wanted : pageLanguage;
  return {
    signUp: {
      email: address,
      ...profile,
      language,
      timeZone: readTimeZone((inputs.time_zone ?? '').trim()) ?? usualTimeZone(language),
      source: readSource(inputs),
    },
    ...(notes.length > 0 ? { notes } : {}),
  };
}

function readAddress(
  inputs: Readonly<Record<string, string>>,
  problems: FieldProblem[],
  isAsked: boolean,
): string | null {
  const read = readEmailAddress(inputs.email ?? '');
  if ('problem' in read) {
    problems.push({ field: 'email', text: emailText(read.problem), values: {} });
    return null;
  }
  const isChecked = !isAsked || inputs.email_checked?.trim().toLowerCase() === read.address;
  if (read.suggestion !== null && !isChecked) {
    const values = { suggestion: read.suggestion, address: read.address };
    problems.push({ field: 'email', text: 'email.did-you-mean', values });
  }
  return read.address;
}

/** What to tell a person about a field that cannot stay as it is. */
export function profileProblem(
  field: ProfileField,
  problem: ProfileFieldProblem,
): Omit<FieldProblem, 'field'> {
  return { text: `field.${problem}`, values: { longest: LONGEST[field] } };
}

/** What was typed into the fields that could not be read. */
export function unreadOf(
  inputs: Readonly<Record<string, string>>,
  notes: readonly FieldProblem[] = [],
): Record<string, string> | undefined {
  if (notes.length === 0) return undefined;
  return Object.fromEntries(notes.map(({ field }) => [field, cut(plainLine(inputs[field] ?? ''), 200)]));
}

/** Campaign fields, trimmed and cut; the empty ones left out. */
export function readSource(inputs: Readonly<Record<string, string>>): Source {
  const source: Source = {};
  for (const [key, longest] of Object.entries(SOURCE_INPUTS)) {
    const value = cut(plainLine(inputs[key] ?? ''), longest);
    if (value !== '') source[key as keyof Source] = value;
  }
  return source;
}

function emailText(problem: EmailAddressProblem): string {
  return `email.${problem}`;
}
