import { cut } from '../../text.ts';

/** One record of a CSV file, with the line it begins on (1 is the first). */
export interface CsvRecord {
  line: number;
  cells: string[];
  /** Why this line cannot be trusted; left out when it can. Its cells are then the bare line, cut at the separators. */
  fault?: CsvFault;
}

/**
 * A quotation mark that does not hold together. What a spreadsheet would make of it is one long cell with other
 * people's rows inside, so nothing of it is used.
 */
export interface CsvFault {
  /** `open-quote`: opened and never closed, or closed inside a row further down. `text-after-quote`: text right behind a closing one. */
  kind: 'open-quote' | 'text-after-quote';
  /** Where it was opened. */
  line: number;
}

/** The same as `csvRecords`, all at once. */
export function readCsv(text: string): CsvRecord[] {
  return [...csvRecords(text)];
}

/**
 * Reads comma-separated values (RFC 4180), one record at a time: quoted cells may hold separators, quotes and line ends.
 * The separator is what a first line "sep=;" says, else found out from the first lines: comma, semicolon (what
 * spreadsheets write in much of Europe), tab or bar. Lines may end in CR, LF or both; empty ones are passed over. Never
 * throws: lines that a stray quotation mark makes doubtful come out one by one, each with its fault, and reading goes on
 * behind them.
 */
export function* csvRecords(text: string): Generator<CsvRecord> {
  const lines = new Lines(text.replace(/^\ufeff/, ''));
  const said = /^"?sep=([^\r\n"])"?\s*$/i.exec(lines.text(1) ?? '')?.[1];
  if (said !== undefined) lines.first = 2;
  const separator = said ?? separatorOf(lines);
  const rows = new RowSigns(separator);
  for (let line = lines.first; lines.text(line) !== undefined; ) {
    const read = readRecord(lines, line, separator);
    let { next, fault } = read;
    for (let inside = line + 1; fault === null && inside < next; inside++)
      if (rows.isRow(lines.text(inside)!)) fault = { kind: 'open-quote', line };
    if (fault === null) {
      if (read.cells.some((cell) => cell.trim() !== '')) {
        rows.learn(read.cells);
        yield { line, cells: read.cells };
      }
    } else {
      for (; line < next; line++) {
        const cells = lines.text(line)!.split(separator);
        if (cells.some((cell) => cell.trim() !== '')) yield { line, cells, fault };
      }
    }
    line = next;
    lines.forget(line);
  }
}

/** The lines of a text, split as they are asked for: a large file is never split as a whole. */
class Lines {
  readonly #text: string;
  readonly #end = /\r\n|\n|\r/g;
  readonly #read = new Map<number, string>();
  #count = 0;
  /** Where the next line begins; null behind the last. */
  #from: number | null = 0;
  first = 1;

  constructor(text: string) {
    this.#text = text;
  }

  /** Undefined behind the last line. */
  text(line: number): string | undefined {
    while (this.#count < line && this.#from !== null) {
      this.#end.lastIndex = this.#from;
      const end = this.#end.exec(this.#text);
      this.#count += 1;
      this.#read.set(this.#count, this.#text.slice(this.#from, end?.index));
      this.#from = end && end.index + end[0].length;
    }
    return this.#read.get(line);
  }

  /** Lines before this one are not asked for again. */
  forget(before: number): void {
    for (let line = before - 1; this.#read.delete(line); line--);
  }
}

interface Read {
  cells: string[];
  /** The line the next record begins on. */
  next: number;
  fault: CsvFault | null;
}

function readRecord(lines: Lines, begin: number, separator: string): Read {
  let line = begin;
  let text = lines.text(line)!;
  if (!text.includes('"')) return { cells: text.split(separator), next: line + 1, fault: null };
  const cells: string[] = [];
  let at = 0;
  for (;;) {
    const opened = openingQuote(text, at, separator);
    if (opened === -1) {
      const end = text.indexOf(separator, at);
      cells.push(text.slice(at, end === -1 ? undefined : end));
      if (end === -1) return { cells, next: line + 1, fault: null };
      at = end + 1;
      continue;
    }
    const openedOn = line;
    const parts: string[] = [];
    let from = opened + 1;
    for (;;) {
      const quote = text.indexOf('"', from);
      if (quote === -1) {
        parts.push(text.slice(from), '\n');
        const further = lines.text(line + 1);
        if (further === undefined)
          return { cells, next: line + 1, fault: { kind: 'open-quote', line: openedOn } };
        line += 1;
        text = further;
        from = 0;
      } else if (text[quote + 1] === '"') {
        parts.push(text.slice(from, quote + 1));
        from = quote + 2;
      } else {
        parts.push(text.slice(from, quote));
        at = quote + 1;
        break;
      }
    }
    cells.push(parts.join(''));
    while (at < text.length && text[at] !== separator && isSpace(text[at]!)) at++;
    if (at === text.length) return { cells, next: line + 1, fault: null };
    if (text[at] !== separator) {
      const kind = line === openedOn ? 'text-after-quote' : 'open-quote';
      return { cells, next: line + 1, fault: { kind, line: openedOn } };
    }
    at += 1;
  }
}

const isSpace = (sign: string) => sign === ' ' || sign === '\t' || sign === '\u00a0';

/** Where a quoted cell opens, spaces before it passed over; -1 when this cell is none. */
function openingQuote(text: string, from: number, separator: string): number {
  let at = from;
  while (at < text.length && text[at] !== separator && isSpace(text[at]!)) at++;
  return text[at] === '"' ? at : -1;
}

/**
 * Tells a line that is somebody's row from a line of a note. A quote that was never closed and one that a later row
 * happens to close look the same to a reader of quotes; but only the first has whole rows inside.
 */
class RowSigns {
  readonly #separator: string;
  #width = 0;
  readonly #places = new Set<number>();

  constructor(separator: string) {
    this.#separator = separator;
  }

  learn(cells: readonly string[]): void {
    this.#width ||= cells.length;
    for (const [at, cell] of cells.entries()) if (isAddress(cell)) this.#places.add(at);
  }

  isRow(line: string): boolean {
    if (!line.includes('@')) return false;
    const cells = line.split(this.#separator);
    if (cells.length < Math.ceil(this.#width / 2) || (cells.length === 1 && this.#width > 1)) return false;
    return cells.some((cell, at) => isAddress(cell) && (this.#places.size === 0 || this.#places.has(at)));
  }
}

const isAddress = (cell: string) => /^\s*"?[^\s@"<>]{1,64}@[^\s@"<>]{1,255}"?\s*$/.test(cell);

const SEPARATORS = [',', ';', '\t', '|'];
const LOOKED_AT = 10;

/** The one that cuts most of the first lines into equally many cells; where that is even, into the most. */
function separatorOf(lines: Lines): string {
  const bare: string[] = [];
  let isQuoted = false;
  for (let line = lines.first; bare.length < LOOKED_AT; line++) {
    const found = lines.text(line);
    if (found === undefined) break;
    const text = cut(found, 5000);
    let outside = '';
    for (const [at, part] of text.split('"').entries()) {
      if (at > 0) isQuoted = !isQuoted;
      if (!isQuoted) outside += part;
    }
    if (text.trim() !== '') bare.push(outside);
  }
  const judged = SEPARATORS.map((separator) => {
    const widths = bare.map((text) => text.split(separator).length).filter((width) => width > 1);
    const width = widths[0] ?? 1;
    return { separator, alike: widths.filter((one) => one === width).length, width };
  });
  return judged.sort((a, b) => b.alike - a.alike || b.width - a.width)[0]!.separator;
}

/** One line of CSV, its line end included. Every cell is in quotes, so that no sign in it can end it. */
export function writeCsvLine(cells: readonly (string | number | null)[]): string {
  return `${cells.map((cell) => `"${harmless(String(cell ?? '')).replaceAll('"', '""')}"`).join(',')}\r\n`;
}

/**
 * A cell that a spreadsheet would take for a formula gets an apostrophe in front: a name somebody typed into a form must
 * not run anything on the marketer's machine. The same within a cell behind everything that separates cells somewhere:
 * a spreadsheet that cuts at semicolons cuts there in spite of the quotes. Whole numbers and phone numbers stay as they are.
 */
function harmless(text: string): string {
  return text
    .split(/([;,\t|\r\n])/)
    .map((part, at) =>
      at % 2 === 0 && isFormula(part) ? part.replace(/^[\s\p{Cc}\p{Cf}"']*/u, "$&'") : part,
    )
    .join('')
    .replace(/^[\t\r\n]/, "'$&");
}

/** What spreadsheets compute begins with one of these, whatever unseen signs or quotes stand before it. */
function isFormula(part: string): boolean {
  const begun = part.replace(/^[\s\p{Cc}\p{Cf}"']+/u, '');
  if (/^[+＋\-－−]/.test(begun)) return !/^[+-]?\d+\s*$/.test(begun) && !/^\+\d[\d\s()./-]*$/.test(begun);
  return /^[=＝@＠]/.test(begun);
}
