import type { FileColumn } from '../../../domain/audience/people-file/people-columns.ts';
import type {
  CheckedRow,
  FilePerson,
  FileReading,
  RowProblem,
} from '../../../domain/audience/people-file/people-file.ts';
import type { PeopleFilter } from '../../../domain/audience/people-filter.ts';
import type { Stage, SubscriberStatus } from '../../../domain/audience/subscriber.ts';

/** Lists of people, as staff search them. Nothing here changes anybody. */
export interface PeopleStore {
  /** Those after `after` (the cursor of the last row seen) in the filter's order. */
  page(filter: PeopleFilter, now: Date, after: string | null, limit: number): Promise<PersonRow[]>;
  /** How many there are, counted up to `atMost`. */
  count(filter: PeopleFilter, now: Date, atMost: number): Promise<number>;
  /** Where people came from, the most frequent first. */
  sources(limit: number): Promise<string[]>;
}

export interface PersonRow {
  id: number;
  email: string;
  name: string | null;
  company: string | null;
  jobTitle: string | null;
  industry: string | null;
  companySize: number | null;
  country: string | null;
  phone: string | null;
  language: string;
  timeZone: string;
  interests: string[];
  source: string | null;
  status: SubscriberStatus;
  stage: Stage;
  score: number;
  /** 0 to 100; null as long as nothing is known of the lead. */
  fit: number | null;
  mailsSent: number;
  createdAt: Date;
  confirmedAt: Date | null;
  lastActAt: Date | null;
  /** When the open qualification began; null when there is none. */
  qualifiedAt: Date | null;
  /** Of the open qualification, the last answer: null when sales has said nothing yet. */
  outcome: string | null;
  /** For the next page: give it as `after`. */
  cursor: string;
}

export interface SavedViewStore {
  /** By name. */
  list(ownerEmail: string): Promise<SavedView[]>;
  /** A second one under the same name replaces the first. */
  save(view: Omit<SavedView, 'id'> & { ownerEmail: string; at: Date }): Promise<void>;
  /** False when it was none of this owner's. */
  remove(ownerEmail: string, id: number): Promise<boolean>;
}

export interface SavedView {
  id: number;
  name: string;
  query: string;
}

export type ImportStatus = 'checked' | 'running' | 'done' | 'discarded';
/** `opted-out`: had left the list the file came from, or another one before: gets no mail because of a list. */
export type ImportOutcome = 'added' | 'filled-in' | 'unchanged' | 'left-alone' | 'opted-out';

/** Files of people on their way in. */
export interface ImportStore {
  add(file: NewImport): Promise<number>;
  find(id: number): Promise<ImportSummary | null>;
  recent(limit: number): Promise<ImportSummary[]>;
  /** Rows with problems, in the file's order, after a line. */
  badRows(id: number, afterLine: number, limit: number): Promise<ShownRow[]>;
  /** Good rows with notes, and good rows as they were read: the first of each. */
  notedRows(id: number, limit: number): Promise<ShownRow[]>;
  firstPeople(id: number, limit: number): Promise<FilePerson[]>;
  /** Every row of a file that waits, as it stood in the file, after a line. */
  rows(
    id: number,
    afterLine: number,
    limit: number,
  ): Promise<Pick<CheckedRow, 'line' | 'fields' | 'problems'>[]>;
  /** Writes how a file that waits is read now. False when it does not wait any more. */
  readAgain(id: number, file: FileReading & { rows: CheckedRow[] }): Promise<boolean>;
  /** checked → running, or checked → discarded. False when it was not waiting. */
  begin(id: number): Promise<boolean>;
  discard(id: number, at: Date): Promise<boolean>;
  /** Takes the next good rows and holds them until the transaction ends; others pass them over. */
  take(id: number, limit: number): Promise<{ line: number; person: FilePerson }[]>;
  /** good → done, with what became of the person. */
  settle(id: number, done: SettledRow[]): Promise<void>;
  /** running → done, when no row is left. */
  finish(id: number, at: Date): Promise<boolean>;
  /** Imports that are running: the schedule hands them on. */
  running(): Promise<number[]>;
}

/** Who had left other lists. */
export interface OptOutStore {
  addAll(people: readonly { email: string; at: Date; why: string }[]): Promise<void>;
  /** Those of these addresses, with since when. */
  among(emails: readonly string[]): Promise<Map<string, Date>>;
}

export interface SettledRow {
  line: number;
  outcome: ImportOutcome;
  /** Null: nobody was added. */
  subscriberId: number | null;
}

export interface NewImport extends FileReading {
  at: Date;
  staffEmail: string;
  fileName: string;
  rows: CheckedRow[];
}

export interface ImportSummary {
  id: number;
  at: Date;
  staffEmail: string;
  fileName: string;
  status: ImportStatus;
  columns: string[];
  taken: (FileColumn | null)[];
  ignored: string[];
  standing: FileReading['standing'];
  finishedAt: Date | null;
  good: number;
  bad: number;
  done: number;
  /** Of the rows not yet done: known addresses, and people with proof of consent. */
  known: number;
  withConsent: number;
  /** Of the rows not yet done: who has left the list, and who comes in with a note. */
  left: number;
  noted: number;
  outcomes: Partial<Record<ImportOutcome, number>>;
}

export interface ShownRow {
  line: number;
  fields: string[];
  /** Or notes, of a row that comes in. */
  problems: RowProblem[];
}
