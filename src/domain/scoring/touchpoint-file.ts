import { createHash } from 'node:crypto';
import { foldedName } from '../audience/country-names.ts';
import { readLanguageName } from '../audience/language.ts';
import type { CsvFault, CsvRecord } from '../audience/people-file/csv.ts';
import { addressIn, Cells, nameIn, placesOf } from '../audience/people-file/list-cells.ts';
import { readListDate } from '../audience/people-file/list-date.ts';
import { takenFor } from '../audience/people-file/people-columns.ts';
import { plainLine } from '../audience/plain-line.ts';
import { type Profile, type ProfileField, readProfile } from '../audience/profile-field.ts';
import { isDayFirstIn } from '../content/reading/feed-date.ts';
import { cut } from '../text.ts';
import { TOUCHPOINT_NAME } from './touchpoint-form.ts';

/** The columns a file may have, by their plainest names; the order is free, and only the first is needed. */
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
  /** What of a row could not be read and was left out; the row comes in. */
  notes: RowProblem[];
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

/** So many rows show what a column holds. */
const LOOKED_AT = 100;
/** The names a list has for what only a touchpoint has. */
const OWN_NAMES: Record<'touchpoint' | 'date' | 'note', readonly string[]> = {
  touchpoint: ['touchpoint', 'kind', 'soort', 'art'],
  date: ['date', 'day', 'met on', 'datum', 'dag', 'tag', 'jour'],
  note: [
    'note',
    'notes',
    'comment',
    'comments',
    'remarks',
    'notitie',
    'opmerking',
    'opmerkingen',
    'notiz',
    'notizen',
    'bemerkung',
    'bemerkungen',
    'remarque',
    'remarques',
  ],
};
type Own = keyof typeof OWN_NAMES;

const folded = (name: string): string => foldedName(name).replaceAll(' ', '_');
const ownColumn = (name: string): Own | null =>
  (Object.keys(OWN_NAMES) as Own[]).find((own) =>
    OWN_NAMES[own].includes(folded(name).replaceAll('_', ' ')),
  ) ?? null;

/**
 * Reads a list of people met elsewhere, its columns called as lists of people call them; every problem is named with its
 * line. Rows with problems are left out; what only helps to know somebody is noted, and the row comes in.
 */
export function readTouchpointFile(records: readonly CsvRecord[], defaults: FileDefaults): TouchpointFile {
  const [first, ...body] = records;
  const head = (first?.cells ?? []).map(plainLine);
  const own = head.map(ownColumn);
  const named = takenFor(
    head,
    body.slice(0, LOOKED_AT).map(({ cells }) => cells),
  );
  const taken = named.map((column, at) => (own[at] === null ? column : null));
  const columns = TOUCHPOINT_COLUMNS.join(', ');
  const problems: RowProblem[] = [];
  const notes: RowProblem[] = [];
  const line = first?.line ?? 1;
  if (!taken.includes('email'))
    problems.push({
      line,
      column: 'email',
      found: 'no such column',
      allowed: `a first line with the names of columns: ${columns}`,
    });
  for (const [at, name] of head.entries()) {
    if (name === '') continue;
    if (own[at] === null && taken[at] === null)
      problems.push({ line, column: name, found: 'an unknown column', allowed: `one of: ${columns}` });
    else if (head.findIndex((other) => folded(other) === folded(name)) < at)
      problems.push({ line, column: folded(name), found: 'the column twice', allowed: 'each column once' });
  }
  if (problems.length > 0) return { rows: [], problems, notes };
  const reading = { head, taken, standing: null };
  const places = placesOf(reading);
  const dateAt = own.indexOf('date');
  const isDayFirst = isDayFirstIn(
    body.map(({ cells }) => cells[dateAt] ?? ''),
    defaults.defaultLanguage,
  );
  const rows = body.flatMap((record) => {
    if (record.fault) {
      problems.push(quoteProblem(record.line, record.fault));
      return [];
    }
    const cells = new Cells(record.cells, reading, places);
    const ownCell = (column: Own) => (record.cells[own.indexOf(column)] ?? '').trim();
    const read = readRow(record.line, cells, ownCell, isDayFirst, defaults);
    problems.push(...read.problems);
    notes.push(...read.notes);
    return read.row ? [read.row] : [];
  });
  return { rows, problems, notes };
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

function readRow(
  line: number,
  cells: Cells,
  own: (column: Own) => string,
  isDayFirst: boolean,
  defaults: FileDefaults,
) {
  const told: RowProblem[] = [];
  let isRefused = false;
  const note = (column: string, found: string, allowed: string) =>
    void told.push({ line, column, found: shown(found), allowed });
  const refuse: typeof note = (column, found, allowed) => {
    isRefused = true;
    note(column, found, allowed);
  };

  const { address: email, name } = addressIn(cells);
  if ('problem' in email) refuse('email', cells.text('email'), 'an e-mail address, such as ann@example.com');
  const written = (field: ProfileField) => (field === 'name' ? nameIn(cells) || name : cells.text(field));
  const profile = readProfile(written, (field) =>
    note(PROFILE_COLUMNS[field], written(field), ALLOWED[field] ?? ONE_LINE),
  );
  const typed = cells.text('language');
  const language = typed === '' ? defaults.defaultLanguage : readLanguageName(typed, defaults.languages);
  if (language === null) note('language', typed, `one of: ${defaults.languages.join(', ')}`);
  const touchpoint = own('touchpoint') || defaults.touchpoint;
  if (!TOUCHPOINT_NAME.test(touchpoint))
    refuse('touchpoint', touchpoint, 'a short lower-case word, such as trade-fair');
  const date = own('date');
  const at = date === '' ? defaults.at : readListDate(date, isDayFirst);
  if (at === null)
    refuse('date', date, 'a day such as 2026-11-21 or 21.11.2026, perhaps with its time: 2026-11-21T14:30Z');
  else if (at > defaults.now) refuse('date', date, 'a day that is not in the future');
  if (isRefused || at === null || 'problem' in email) return { row: null, problems: told, notes: [] };
  const remark = cut(own('note'), 2000);
  const key = keyOf([email.address, touchpoint, date || defaults.at.toISOString().slice(0, 10), remark]);
  const row: TouchpointRow = {
    line,
    email: email.address,
    profile,
    language: language ?? defaults.defaultLanguage,
    touchpoint,
    at,
    note: remark,
    key,
  };
  return { row, problems: [], notes: told };
}

const PROFILE_COLUMNS: Record<ProfileField, string> = {
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

const shown = (text: string): string => (text === '' ? 'nothing' : `"${cut(text, 80)}"`);

/** A UUID made of what it names (like version 5, with SHA-256). */
export function keyOf(parts: readonly string[]): string {
  const hex = createHash('sha256').update(JSON.stringify(parts)).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
