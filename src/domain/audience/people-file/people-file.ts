import { readEmailAddress } from '../email-address.ts';
import { plainLine } from '../plain-line.ts';
import type { CsvRecord } from './csv.ts';
import type { NoText } from './file-text.ts';
import { type Standing, standingOfFile, worse } from './list-standing.ts';
import { columnNamed, type FileColumn, takenFor } from './people-columns.ts';
import { type CheckedRow, type FileContext, type FilePerson, problem, rowChecker } from './people-row.ts';

export type { CheckedRow, FileContext, FilePerson, RowProblem } from './people-row.ts';

/** What a person chose instead of what was found out. */
export interface Choice {
  taken: readonly (FileColumn | null)[];
  standing: Standing | null;
}

export interface FileReading {
  /** The names of the columns. */
  columns: string[];
  /** What each was taken for. */
  taken: (FileColumn | null)[];
  /** Columns nobody knows what to do with. */
  ignored: string[];
  /** How everybody in this file stands, as its name says or somebody chose. */
  standing: Standing | null;
}

export interface CheckedFile extends FileReading {
  rows: CheckedRow[];
}

/** The file cannot be read as a list of people at all: the end of a locale key, staff.import.unusable.*. */
export type UnusableFile = 'empty' | 'no-email-column' | 'too-many-rows' | NoText;

export const MOST_ROWS = 200_000;
/** Some programs write some lines before the first row. */
const MOST_BEFORE_HEAD = 10;
const LOOKED_AT = 100;

/** Reads the first row and checks every other, all at once. */
export function checkPeopleFile(
  records: readonly CsvRecord[],
  surroundings: FileContext,
  choice?: Choice,
): CheckedFile | { unusable: UnusableFile } {
  const file = openPeopleFile(records, surroundings, choice);
  return 'unusable' in file ? file : { ...file.reading, rows: [...file.rows()] };
}

/**
 * Reads the first row, and gives the others one by one as they are checked. An address that comes twice counts once: a
 * later row is a problem, and when it says that the person has left, so does the first.
 */
export function openPeopleFile(
  records: readonly CsvRecord[],
  surroundings: FileContext,
  choice?: Choice,
): { reading: FileReading; rows: () => Generator<CheckedRow> } | { unusable: UnusableFile } {
  const { head, body } = headOf(records);
  return reopenPeopleFile(head, body, surroundings, choice);
}

/** The same when the first row has been read before. */
export function reopenPeopleFile(
  head: readonly string[],
  body: readonly CsvRecord[],
  surroundings: FileContext,
  choice?: Choice,
): { reading: FileReading; rows: () => Generator<CheckedRow> } | { unusable: UnusableFile } {
  if (body.length === 0) return { unusable: 'empty' };
  if (body.length > MOST_ROWS) return { unusable: 'too-many-rows' };
  const sample = body.slice(0, LOOKED_AT).map(({ cells }) => cells);
  const taken = choice ? head.map((_, at) => choice.taken[at] ?? null) : takenFor(head, sample);
  if (!taken.includes('email')) return { unusable: 'no-email-column' };
  const standing = choice ? choice.standing : standingOfFile(surroundings.fileName ?? '');
  const reading: FileReading = {
    columns: [...head],
    taken,
    ignored: head.filter((_, at) => taken[at] === null),
    standing,
  };
  const check = rowChecker({ head, taken, standing }, body, surroundings);
  return {
    reading,
    *rows() {
      const seen = new Map<string, { row: CheckedRow; read: FilePerson }>();
      for (const record of body) {
        const { row, read } = check(record);
        const earlier = read && seen.get(read.email);
        if (read && earlier) {
          const person = worsePerson(earlier.read, read);
          if (earlier.row.person) earlier.row.person = person;
          else if (row.person) row.person = person;
          if (earlier.row.person || !row.person) {
            row.person = null;
            row.problems.push(problem('twice', { line: earlier.row.line }));
          }
          seen.set(read.email, { row: row.person ? row : earlier.row, read: person });
        } else if (read) seen.set(read.email, { row, read });
        yield row;
      }
    },
  };
}

/** Who has left by one row has left. */
function worsePerson(first: FilePerson, second: FilePerson): FilePerson {
  if (!second.left || !first.left) return second.left ? second : first;
  return worse(first.left.why, second.left.why) === first.left.why ? first : second;
}

/**
 * The names of the columns and the rows under them. A file whose first row has an address in it has no names: its columns
 * are called A, B, C, as in a spreadsheet.
 */
function headOf(records: readonly CsvRecord[]): { head: string[]; body: readonly CsvRecord[] } {
  const isHead = ({ cells, fault }: CsvRecord) =>
    !fault && cells.some((cell) => columnNamed(cell)?.column === 'email');
  const at = Math.max(0, records.slice(0, MOST_BEFORE_HEAD).findIndex(isHead));
  const first = records[at];
  if (!first) return { head: [], body: [] };
  const isNamed = at > 0 || isHead(first) || !first.cells.some((cell) => 'address' in readEmailAddress(cell));
  if (isNamed) return { head: first.cells.map(plainLine), body: records.slice(at + 1) };
  const width = Math.max(...records.slice(0, LOOKED_AT).map(({ cells }) => cells.length));
  return { head: Array.from({ length: width }, (_, index) => letters(index)), body: records };
}

/** 0 is A, 25 Z, 26 AA. */
const letters = (index: number): string =>
  (index > 25 ? letters(Math.floor(index / 26) - 1) : '') + String.fromCharCode(65 + (index % 26));

/** A checked row as it stood in the file. */
export function recordOf({
  line,
  fields,
  problems,
}: Pick<CheckedRow, 'line' | 'fields' | 'problems'>): CsvRecord {
  for (const kind of ['open-quote', 'text-after-quote'] as const) {
    const found = problems.find(({ key }) => key === problem(kind).key);
    if (found) return { line, cells: fields, fault: { kind, line: Number(found.values.line) } };
  }
  return { line, cells: fields };
}
