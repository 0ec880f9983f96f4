import type { Interest } from '../programme.ts';
import type { CsvRecord } from './csv.ts';
import { readEmailAddress } from './email-address.ts';
import type { NoText } from './file-text.ts';
import { plainLine } from './plain-line.ts';
import { LONGEST, type Profile, readProfile } from './profile-field.ts';
import { readTimeZone, usualTimeZone } from './time-zone.ts';

/** What a column of a file may hold, with the names people give it. */
const COLUMNS = {
  email: ['email', 'e-mail', 'e-mail address', 'email address', 'e-mailadres', 'mail', 'e-mail-adresse'],
  name: ['name', 'full name', 'naam'],
  company: ['company', 'organisation', 'organization', 'bedrijf', 'firma', 'unternehmen'],
  jobTitle: ['job_title', 'job title', 'title', 'position', 'functie', 'funktion'],
  phone: ['phone', 'telephone', 'telefoon', 'telefon', 'tel'],
  industry: ['industry', 'sector', 'branche', 'bedrijfstak'],
  companySize: ['company_size', 'company size', 'employees', 'medewerkers', 'mitarbeiter', 'mitarbeitende'],
  country: ['country', 'land'],
  language: ['language', 'taal', 'sprache'],
  timeZone: ['time_zone', 'time zone', 'timezone', 'tijdzone', 'zeitzone'],
  interests: ['interests', 'interest', 'onderwerpen', 'themen', 'subjects'],
  source: ['source', 'utm_source', 'bron', 'quelle'],
  consentAt: ['consent_at', 'consent date', 'opt_in_at', 'toestemming_op', 'einwilligung_am'],
  consentHow: ['consent_how', 'consent text', 'opt_in_how', 'toestemming_hoe', 'einwilligung_wie'],
} as const;
export type FileColumn = keyof typeof COLUMNS;

/** Somebody from a file, checked. */
export interface FilePerson extends Profile {
  email: string;
  language: string;
  timeZone: string;
  interests: string[];
  source: string | null;
  /** When and how they agreed to get mail, when the file proves it; else they are asked. */
  consent: { at: string; how: string } | null;
}

/** A text of the locales and what fills its places. */
export interface RowProblem {
  key: string;
  values: Record<string, string | number>;
}

export interface CheckedRow {
  line: number;
  fields: string[];
  person: FilePerson | null;
  problems: RowProblem[];
}

export interface CheckedFile {
  columns: string[];
  /** Columns nobody knows what to do with. */
  ignored: string[];
  rows: CheckedRow[];
}

export interface FileSurroundings {
  languages: readonly string[];
  defaultLanguage: string;
  interests: readonly Interest[];
  now: Date;
}

/** The file cannot be read as a list of people at all: the end of a locale key, staff.import.unusable.*. */
export type UnusableFile = 'empty' | 'no-email-column' | 'too-many-rows' | NoText;

export const MOST_ROWS = 200_000;
const LONGEST_CONSENT = 500;

/** Checks every row by itself, so that the good ones can come in and the others can be mended. */
export function checkPeopleFile(
  records: readonly CsvRecord[],
  surroundings: FileSurroundings,
): CheckedFile | { unusable: UnusableFile } {
  const [head, ...rest] = records;
  if (!head || rest.length === 0) return { unusable: 'empty' };
  if (rest.length > MOST_ROWS) return { unusable: 'too-many-rows' };
  const columns = head.cells.map(plainLine);
  const known = columns.map(columnNamed);
  if (!known.includes('email')) return { unusable: 'no-email-column' };
  const seen = new Map<string, number>();
  const rows = rest.map(({ line, cells, fault }): CheckedRow => {
    if (fault)
      return { line, fields: cells, person: null, problems: [problem(fault.kind, { line: fault.line })] };
    const checked = checkRow(cells, known, columns.length, surroundings);
    const { person, problems } = checked;
    const earlier = person && seen.get(person.email);
    if (person && earlier === undefined) seen.set(person.email, line);
    if (earlier !== null && earlier !== undefined) problems.push(problem('twice', { line: earlier }));
    return { line, fields: cells, person: problems.length > 0 ? null : person, problems };
  });
  return { columns, ignored: columns.filter((_, at) => known[at] === null), rows };
}

function columnNamed(name: string): FileColumn | null {
  const wanted = name.toLowerCase();
  const found = Object.entries(COLUMNS).find(([, names]) => (names as readonly string[]).includes(wanted));
  return (found?.[0] as FileColumn | undefined) ?? null;
}

function checkRow(
  cells: readonly string[],
  known: readonly (FileColumn | null)[],
  width: number,
  surroundings: FileSurroundings,
): { person: FilePerson | null; problems: RowProblem[] } {
  const problems: RowProblem[] = [];
  if (cells.length > width) problems.push(problem('cells', { found: cells.length, expected: width }));
  const cell = (column: FileColumn) =>
    plainLine(cells[known.indexOf(column)] ?? '').replace(/^'(?=[=@+-])/, '');

  const address = readEmailAddress(cell('email'));
  if ('problem' in address)
    problems.push({ key: `subscriber.problems.email.${address.problem}`, values: {} });
  const profile = readProfile(cell, (field, found) =>
    problems.push({ key: `subscriber.problems.field.${found}`, values: { longest: LONGEST[field] } }),
  );
  const language = readLanguage(cell('language'), surroundings, problems);
  const timeZone = readZone(cell('timeZone'), language, problems);
  const interests = readInterests(cell('interests'), surroundings.interests, problems);
  const consent = readConsent(cell('consentAt'), cell('consentHow'), surroundings.now, problems);
  const person =
    'problem' in address
      ? null
      : {
          email: address.address,
          ...profile,
          language,
          timeZone,
          interests,
          source: cell('source').slice(0, 120) || null,
          consent,
        };
  return { person, problems };
}

function readLanguage(
  text: string,
  { languages, defaultLanguage }: FileSurroundings,
  problems: RowProblem[],
) {
  if (text === '') return defaultLanguage;
  const found = languages.find((id) => id === text.toLowerCase().split(/[-_]/)[0]);
  if (!found) problems.push(problem('language', { found: text, allowed: languages.join(', ') }));
  return found ?? defaultLanguage;
}

function readZone(text: string, language: string, problems: RowProblem[]): string {
  if (text === '') return usualTimeZone(language);
  const zone = readTimeZone(text);
  if (zone === null) problems.push(problem('zone', { found: text }));
  return zone ?? usualTimeZone(language);
}

/** Ids or labels in any language, separated by semicolons, bars or commas. */
function readInterests(text: string, interests: readonly Interest[], problems: RowProblem[]): string[] {
  const chosen = new Set<string>();
  for (const written of text.split(/[;|,]/).map((one) => one.trim())) {
    if (written === '') continue;
    const wanted = written.toLowerCase();
    const found = interests.find(
      ({ id, label }) => id === wanted || Object.values(label).some((one) => one.toLowerCase() === wanted),
    );
    if (found) chosen.add(found.id);
    else {
      const allowed = interests.map(({ id }) => id).join(', ');
      problems.push(problem('interest', { found: written, allowed }));
    }
  }
  return interests.map(({ id }) => id).filter((id) => chosen.has(id));
}

/** Proof of consent is a day and a way; one without the other proves nothing. */
function readConsent(at: string, how: string, now: Date, problems: RowProblem[]): FilePerson['consent'] {
  if (at === '' && how === '') return null;
  const iso = /^(\d{4})-(\d{2})-(\d{2})([T ]\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:?\d{2})?)?$/.test(at);
  const when = iso ? new Date(at.replace(' ', 'T')) : new Date(Number.NaN);
  if (at === '' || how === '') problems.push(problem('consent-half'));
  else if (Number.isNaN(when.getTime()) || when > now) problems.push(problem('consent-date', { found: at }));
  else return { at: when.toISOString(), how: how.slice(0, LONGEST_CONSENT) };
  return null;
}

function problem(name: string, values: RowProblem['values'] = {}): RowProblem {
  return { key: `staff.import.problem.${name}`, values };
}
