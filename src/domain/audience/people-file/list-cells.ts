import { type EmailAddressRead, readEmailAddress } from '../email-address.ts';
import { plainLine } from '../plain-line.ts';
import type { Standing } from './list-standing.ts';
import { columnNamed, type FileColumn } from './people-columns.ts';

/** How the columns of one file are read. */
export interface Reading {
  head: readonly string[];
  taken: readonly (FileColumn | null)[];
  /** What is known of everybody in the file. */
  standing: Standing | null;
}

const PLACEHOLDER = /^(?:-+|–|n\/?a|null|\(null\)|none|nil|undefined|#n\/?a|0{4}-00-00.*)$/i;

/** Column → where it stands, the best name first. */
export function placesOf({ head, taken }: Reading): Map<FileColumn, number[]> {
  const places = new Map<FileColumn, number[]>();
  for (const [at, column] of taken.entries())
    if (column !== null) places.set(column, [...(places.get(column) ?? []), at]);
  const rank = (at: number, column: FileColumn) => {
    const named = columnNamed(head[at] ?? '');
    return named?.column === column ? named.rank : 0;
  };
  for (const [column, at] of places) at.sort((a, b) => rank(a, column) - rank(b, column));
  return places;
}

/** What stands in a row, by what its columns were taken for. */
export class Cells {
  readonly #cells: readonly string[];
  readonly #places: ReadonlyMap<FileColumn, readonly number[]>;
  readonly #attributes: ReadonlyMap<FileColumn, string>;
  readonly reading: Reading;

  constructor(
    cells: readonly string[],
    reading: Reading,
    places: ReadonlyMap<FileColumn, readonly number[]>,
  ) {
    this.#cells = cells;
    this.#places = places;
    this.reading = reading;
    this.#attributes = attributesIn(this.#cells[places.get('attributes')?.[0] ?? -1] ?? '');
  }

  /** All that is filled in, with the names of their columns. */
  all(column: FileColumn): { text: string; head: string }[] {
    const found = (this.#places.get(column) ?? []).map((at) => ({
      text: tidy(this.#cells[at] ?? ''),
      head: this.reading.head[at] ?? '',
    }));
    const attribute = this.#attributes.get(column);
    if (attribute !== undefined) found.push({ text: tidy(attribute), head: column });
    return found.filter(({ text }) => text !== '');
  }

  /** The first that is filled in, else an empty text. */
  text(column: FileColumn): string {
    return this.all(column)[0]?.text ?? '';
  }

  has(column: FileColumn): boolean {
    return this.#places.has(column);
  }
}

/** One line, without what spreadsheets put in front of a text that looks like a formula, and without stand-ins for nothing. */
function tidy(cell: string): string {
  const text = plainLine(cell).replace(/^'(?=[=@+-])/, '');
  return PLACEHOLDER.test(text) ? '' : text;
}

/** listmonk keeps what it knows beside name and address in one cell, as JSON. */
function attributesIn(cell: string): Map<FileColumn, string> {
  const found = new Map<FileColumn, string>();
  if (!cell.trim().startsWith('{')) return found;
  try {
    for (const [name, value] of Object.entries(JSON.parse(cell) as Record<string, unknown>)) {
      const column = columnNamed(name)?.column;
      if (column && (typeof value === 'string' || typeof value === 'number'))
        found.set(column, String(value));
    }
  } catch {
    // No JSON: nothing to read in it.
  }
  return found;
}

/** The first address of a row, of how many; "Anna Visser <anna@kade.example>" gives a name too. */
export function addressIn(cells: Cells): { address: EmailAddressRead; name: string; count: number } {
  const written = cells.text('email');
  const parts = written
    .split(/[;,|]|:::|\s\/\s/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const isSeveral = parts.length > 1 && parts.every((part) => 'address' in readEmailAddress(part));
  const name = /^"?([^<>"@]+)(?:"\s*)?<[^<>]+>[\s;,.]*$/.exec(written)?.[1]?.trim() ?? '';
  const count = isSeveral ? parts.length : 1;
  return { address: readEmailAddress(isSeveral ? parts[0]! : written), name, count };
}

/**
 * First, middle and last name joined. "Name" beside a first name is the family's, and beside a last name the first one,
 * unless it holds that too.
 */
export function nameIn(cells: Cells): string {
  const [first, middle, last, whole] = [
    cells.text('firstName'),
    cells.text('middleName'),
    cells.text('lastName'),
    cells.text('name'),
  ];
  const holds = (part: string) => part === '' || whole.toLowerCase().includes(part.toLowerCase());
  if (whole !== '' && holds(first) && holds(last)) return whole;
  return [first || (last === '' ? '' : whole), middle, last || whole].filter((part) => part !== '').join(' ');
}
