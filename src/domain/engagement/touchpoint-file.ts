import { createHash } from 'node:crypto';
import type { CsvFault, CsvRecord } from '../audience/csv.ts';
import { readEmailAddress } from '../audience/email-address.ts';
import { type Profile, type ProfileField, readProfile } from '../audience/profile-field.ts';
import { TOUCHPOINT_NAME } from './touchpoint-form.ts';

/** The columns a file may have; the order is free, and only the first is needed. */
export const TOUCHPOINT_COLUMNS = [
  'email',
  'name',
  'company',
  'job_title',
  'phone',
  'industry',
  'company_size',
  'country',
  'language',
  'touchpoint',
  'date',
  'note',
] as const;
type Column = (typeof TOUCHPOINT_COLUMNS)[number];

export interface TouchpointRow {
  line: number;
  email: string;
  profile: Profile;
  language: string;
  /** trade-fair, phone-call … */
  touchpoint: string;
  at: Date;
  note: string;
  /** The same row of the same list, read again, is the same touchpoint. */
  key: string;
}

export interface RowProblem {
  line: number;
  column: string;
  found: string;
  allowed: string;
}

export interface TouchpointFile {
  rows: TouchpointRow[];
  problems: RowProblem[];
}

export interface FileDefaults {
  /** For rows without a touchpoint. */
  touchpoint: string;
  /** For rows without a date. */
  at: Date;
  now: Date;
  languages: readonly string[];
  defaultLanguage: string;
}

/** Reads a list of people met elsewhere; every problem is named with its line. Rows with problems are left out. */
export function readTouchpointFile(records: readonly CsvRecord[], defaults: FileDefaults): TouchpointFile {
  const [head, ...body] = records;
  const names = (head?.cells ?? []).map((cell) =>
    cell
      .trim()
      .toLowerCase()
      .replace(/[\s-]+/g, '_'),
  );
  const columns = TOUCHPOINT_COLUMNS.join(', ');
  const problems: RowProblem[] = [];
  const line = head?.line ?? 1;
  if (!names.includes('email'))
    problems.push({
      line,
      column: 'email',
      found: 'no such column',
      allowed: `a first line with the names of columns: ${columns}`,
    });
  for (const [at, name] of names.entries()) {
    if (!TOUCHPOINT_COLUMNS.includes(name as Column))
      problems.push({
        line,
        column: head!.cells[at]!.trim(),
        found: 'an unknown column',
        allowed: `one of: ${columns}`,
      });
    else if (names.indexOf(name) < at)
      problems.push({ line, column: name, found: 'the column twice', allowed: 'each column once' });
  }
  if (problems.length > 0) return { rows: [], problems };
  const rows = body.flatMap((record) => {
    if (record.fault) {
      problems.push(quoteProblem(record.line, record.fault));
      return [];
    }
    const read = readRow(record, names as Column[], defaults);
    problems.push(...read.problems);
    return read.row ? [read.row] : [];
  });
  return { rows, problems };
}

function quoteProblem(line: number, { kind, line: opened }: CsvFault): RowProblem {
  return kind === 'open-quote'
    ? {
        line,
        column: 'the whole line',
        found: `a quotation mark opened on line ${opened} that is never closed`,
        allowed: 'one more " where that cell ends',
      }
    : {
        line,
        column: 'the whole line',
        found: 'text right behind a closing quotation mark',
        allowed: 'a quotation mark within a cell written twice ("")',
      };
}

function readRow(record: CsvRecord, names: readonly Column[], defaults: FileDefaults) {
  const { line } = record;
  const problems: RowProblem[] = [];
  const cell = (column: Column) => (record.cells[names.indexOf(column)] ?? '').trim();
  const problem = (column: string, found: string, allowed: string) =>
    problems.push({ line, column, found, allowed });

  const email = readEmailAddress(cell('email'));
  if ('problem' in email)
    problem('email', shown(cell('email')), 'an e-mail address, such as ann@example.com');
  const profile = readProfile(
    (field) => cell(PROFILE_COLUMNS[field]),
    (field) =>
      problem(PROFILE_COLUMNS[field], shown(cell(PROFILE_COLUMNS[field])), ALLOWED[field] ?? ONE_LINE),
  );
  const language = cell('language').toLowerCase() || defaults.defaultLanguage;
  if (!defaults.languages.includes(language))
    problem('language', shown(language), `one of: ${defaults.languages.join(', ')}`);
  const touchpoint = cell('touchpoint') || defaults.touchpoint;
  if (!TOUCHPOINT_NAME.test(touchpoint))
    problem('touchpoint', shown(touchpoint), 'a short lower-case word, such as trade-fair');
  const at = cell('date') === '' ? defaults.at : readDate(cell('date'));
  if (at === null)
    problem('date', shown(cell('date')), 'a day such as 2026-11-21, or with its time 2026-11-21T14:30Z');
  else if (at > defaults.now) problem('date', shown(cell('date')), 'a day that is not in the future');
  if (problems.length > 0 || at === null || 'problem' in email) return { row: null, problems };
  const note = cell('note').slice(0, 2000);
  const key = keyOf([
    email.address,
    touchpoint,
    cell('date') || defaults.at.toISOString().slice(0, 10),
    note,
  ]);
  return { row: { line, email: email.address, profile, language, touchpoint, at, note, key }, problems };
}

const PROFILE_COLUMNS: Record<ProfileField, Column> = {
  name: 'name',
  company: 'company',
  jobTitle: 'job_title',
  phone: 'phone',
  industry: 'industry',
  companySize: 'company_size',
  country: 'country',
};

const ONE_LINE = 'one line of text that is not too long';
const ALLOWED: Partial<Record<ProfileField, string>> = {
  phone: 'a phone number, such as +31 20 123 4567',
  companySize: 'a number of employees, such as 250 or 50-249',
  country: 'a country, such as NL or Netherlands',
};

const shown = (text: string): string => (text === '' ? 'nothing' : `"${text.slice(0, 80)}"`);

function readDate(text: string): Date | null {
  if (!/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/.test(text)) return null;
  const at = new Date(text);
  // 2026-02-31 is read as a day in March; it is a slip.
  return Number.isNaN(at.getTime()) || (text.length === 10 && at.toISOString().slice(0, 10) !== text)
    ? null
    : at;
}

/** A UUID made of what it names (like version 5, with SHA-256). */
export function keyOf(parts: readonly string[]): string {
  const hex = createHash('sha256').update(JSON.stringify(parts)).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
