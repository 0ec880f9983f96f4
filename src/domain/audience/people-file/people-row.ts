import { isDayFirstIn } from '../../content/reading/feed-date.ts';
import type { Interest } from '../../programme.ts';
import { cut } from '../../text.ts';
import { readLanguageName } from '../language.ts';
import { LONGEST, type Profile, type ProfileField, readProfile } from '../profile-field.ts';
import { readTimeZone, usualTimeZone } from '../time-zone.ts';
import type { CsvRecord } from './csv.ts';
import { addressIn, Cells, nameIn, placesOf, type Reading } from './list-cells.ts';
import { readListDate } from './list-date.ts';
import {
  isLeaving,
  type Leaving,
  readStatus,
  type Standing,
  saysLeft,
  saysNo,
  worse,
} from './list-standing.ts';

/** Somebody from a file, checked. */
export interface FilePerson extends Profile {
  email: string;
  language: string;
  timeZone: string;
  interests: string[];
  source: string | null;
  /** When, how and from which address they agreed to get mail, when the file proves it; else they are asked. */
  consent: { at: string; how: string; ip: string | null } | null;
  /**
   * Why and since when this person is no reader of the list that the file comes from; null for everybody else. Of who left,
   * nothing but the address is read: enough that no list brings them in.
   */
  left: { why: Leaving; at: string | null } | null;
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
  /** Why the row stays out. */
  problems: RowProblem[];
  /** What of it was left out or read with a guess; the person comes in. */
  notes: RowProblem[];
}

export interface FileContext {
  languages: readonly string[];
  defaultLanguage: string;
  interests: readonly Interest[];
  now: Date;
  /** As it was called where it came from: part of the proof of consent. */
  fileName?: string;
}

const LONGEST_CONSENT = 500;
/** So many of a column's dates are enough to see how they are written. */
const MOST_DATES = 10_000;

/**
 * Checks each row by itself, so that the good ones can come in and the others can be mended. `read` is who the row is
 * about, also when it stays out.
 */
export function rowChecker(reading: Reading, records: readonly CsvRecord[], surroundings: FileContext) {
  const { head, taken } = reading;
  const places = placesOf(reading);
  const width = head.findLastIndex((name) => name !== '') + 1;
  const dates = function* () {
    for (const column of ['consentAt', 'optedOut', 'bounced', 'confirmed', 'optedIn'] as const)
      for (const at of places.get(column) ?? [])
        for (const { cells } of records.slice(0, MOST_DATES)) yield cells[at] ?? '';
  };
  const isDayFirst = isDayFirstIn(dates(), surroundings.defaultLanguage);

  return ({ line, cells, fault }: CsvRecord): { row: CheckedRow; read: FilePerson | null } => {
    const found = new Findings();
    if (fault) found.refuse(problem(fault.kind, { line: fault.line }));
    const extra = cells.findLastIndex((cell) => cell.trim() !== '') + 1;
    if (!fault && extra > Math.max(width, taken.length))
      found.refuse(problem('cells', { found: extra, expected: width }));
    const read = fault ? null : readRow(new Cells(cells, reading, places), found, isDayFirst, surroundings);
    const person = found.isRefused ? null : read;
    return { row: { line, fields: cells, person, ...found.told() }, read: read?.email ? read : null };
  };
}

/** What is wrong with a row. One that stays out says everything at once, so that it can be mended at once. */
class Findings {
  readonly #found: RowProblem[] = [];
  isRefused = false;

  note(found: RowProblem): void {
    this.#found.push(found);
  }

  refuse(found: RowProblem): void {
    this.isRefused = true;
    this.#found.push(found);
  }

  told(): Pick<CheckedRow, 'problems' | 'notes'> {
    return this.isRefused ? { problems: this.#found, notes: [] } : { problems: [], notes: this.#found };
  }
}

function readRow(
  cells: Cells,
  found: Findings,
  isDayFirst: boolean,
  surroundings: FileContext,
): FilePerson | null {
  const { address, name: nameInAddress, count } = addressIn(cells);
  if (count > 1) found.note(problem('several-addresses', { found: count }));
  if ('problem' in address) found.refuse({ key: `subscriber.problems.email.${address.problem}`, values: {} });
  const email = 'address' in address ? address.address : '';
  const { standing, leftAt } = readStanding(cells, isDayFirst, surroundings.now);
  if (isLeaving(standing)) return gone(email, { why: standing, at: leftAt }, surroundings.defaultLanguage);

  const written = (field: ProfileField): string =>
    field === 'name' ? nameIn(cells) || nameInAddress : cells.text(field).split(' ::: ', 1)[0]!;
  const profile = readProfile(written, (field, what) =>
    found.note({ key: `subscriber.problems.field.${what}`, values: { longest: LONGEST[field] } }),
  );
  const language = readLanguage(cells.text('language'), surroundings, found);
  return {
    email,
    ...profile,
    language,
    timeZone: readZone(cells.text('timeZone'), language, found),
    interests: readInterests(cells.text('interests'), surroundings.interests, found),
    source: cut(cells.text('source'), 120) || null,
    consent: readConsent(cells, standing, isDayFirst, surroundings, found),
    left: null,
  };
}

function gone(email: string, left: FilePerson['left'], language: string): FilePerson {
  const profile = readProfile(
    () => '',
    () => {},
  );
  const timeZone = usualTimeZone(language);
  return { email, ...profile, language, timeZone, interests: [], source: null, consent: null, left };
}

function readStanding(
  cells: Cells,
  isDayFirst: boolean,
  now: Date,
): { standing: Standing | null; leftAt: string | null } {
  let standing = cells.reading.standing;
  let leftAt: string | null = null;
  for (const { text } of cells.all('status')) standing = worse(standing, readStatus(text));
  for (const [column, meaning] of LEAVING_COLUMNS) {
    for (const { text } of cells.all(column)) {
      if (!saysLeft(text)) continue;
      standing = worse(standing, worse(meaning, readStatus(text)));
      const at = readListDate(text, isDayFirst);
      if (at !== null && at <= now) leftAt ??= at.toISOString();
    }
  }
  if (cells.all('optedIn').some(({ text }) => saysNo(text))) standing = worse(standing, 'not-subscribed');
  if (cells.all('confirmed').some(({ text }) => saysNo(text))) standing = worse(standing, 'unconfirmed');
  return { standing, leftAt };
}

const LEAVING_COLUMNS = [
  ['optedOut', 'unsubscribed'],
  ['bounced', 'bounced'],
  ['blocked', 'blocked'],
] as const;

function readLanguage(text: string, { languages, defaultLanguage }: FileContext, found: Findings): string {
  if (text === '') return defaultLanguage;
  const language = readLanguageName(text, languages);
  if (!language) found.note(problem('language', { found: text, allowed: languages.join(', ') }));
  return language ?? defaultLanguage;
}

function readZone(text: string, language: string, found: Findings): string {
  if (text === '') return usualTimeZone(language);
  const zone = readTimeZone(text);
  if (zone === null) found.note(problem('zone', { found: text }));
  return zone ?? usualTimeZone(language);
}

/** Ids or labels in any language, separated by semicolons, bars or commas. */
function readInterests(text: string, interests: readonly Interest[], found: Findings): string[] {
  const chosen = new Set<string>();
  for (const written of text.split(/[;|,]/).map((one) => one.trim())) {
    if (written === '') continue;
    const wanted = written.toLowerCase();
    const interest = interests.find(
      ({ id, label }) => id === wanted || Object.values(label).some((one) => one.toLowerCase() === wanted),
    );
    if (interest) chosen.add(interest.id);
    else {
      const allowed = interests.map(({ id }) => id).join(', ');
      found.note(problem('interest', { found: written, allowed }));
    }
  }
  return interests.map(({ id }) => id).filter((id) => chosen.has(id));
}

/**
 * Proof of consent is a time with a way, or with the network address it came from, as newsletter tools export it. Nothing
 * proves anything for who has not confirmed there. Where the proof is half or doubtful and whoever made the list meant to
 * give one, the row stays out, so that nobody is asked again by a slip; else the person is asked.
 */
function readConsent(
  cells: Cells,
  standing: Standing | null,
  isDayFirst: boolean,
  { now, fileName = '' }: FileContext,
  found: Findings,
): FilePerson['consent'] {
  const how = cells.text('consentHow');
  const ip = cells.text('consentIp');
  const [at] = [
    ...cells.all('consentAt'),
    ...[...cells.all('confirmed'), ...cells.all('optedIn')].filter(
      ({ text }) => readListDate(text, isDayFirst) !== null,
    ),
  ];
  if (!at && how === '') return null;
  const when = at ? readListDate(at.text, isDayFirst) : null;
  if (!at) found.refuse(problem('consent-half'));
  else if (when === null || when > now) found.refuse(problem('consent-date', { found: at.text }));
  else if (how === '' && ip === '' && cells.has('consentHow')) found.refuse(problem('consent-half'));
  else if (how === '' && ip === '') found.note(problem('consent-half'));
  else if (standing === 'unconfirmed' || isVague(cells)) found.note(problem('consent-doubted'));
  else {
    const way = how || [fileName, at.head].filter((part) => part !== '').join(', ');
    return { at: when.toISOString(), how: cut(way, LONGEST_CONSENT), ip: ip || null };
  }
  return null;
}

/** A status that says nothing about mail ("Lead") does not bear out a proof. */
const isVague = (cells: Cells): boolean => cells.all('status').some(({ text }) => readStatus(text) === null);

export function problem(name: string, values: RowProblem['values'] = {}): RowProblem {
  return { key: `staff.import.problem.${name}`, values };
}
