/** One record of a CSV file, with the line it begins on (1 is the first). */
export interface CsvRecord {
  line: number;
  cells: string[];
}

/**
 * Reads comma-separated values (RFC 4180): quoted cells may hold separators, quotes and line ends. The separator is
 * found out from the first line: comma, semicolon (what spreadsheets write in much of Europe) or tab. Empty lines are
 * passed over. Never throws: a quote that is not closed ends with the file.
 */
export function readCsv(text: string): CsvRecord[] {
  const source = text.replace(/^﻿/, '');
  const separator = separatorOf(source);
  const records: CsvRecord[] = [];
  let cells: string[] = [];
  let cell = '';
  let line = 1;
  let begin = 1;
  let isQuoted = false;
  const endCell = () => {
    cells.push(cell);
    cell = '';
  };
  const endRecord = () => {
    endCell();
    if (cells.some((one) => one.trim() !== '')) records.push({ line: begin, cells });
    cells = [];
  };
  for (let at = 0; at < source.length; at++) {
    const sign = source[at]!;
    if (sign === '\n') line++;
    if (isQuoted) {
      if (sign !== '"') cell += sign;
      else if (source[at + 1] === '"') {
        cell += '"';
        at++;
      } else isQuoted = false;
    } else if (sign === '"' && cell.trim() === '') {
      isQuoted = true;
      cell = '';
    } else if (sign === separator) endCell();
    else if (sign === '\n') {
      endRecord();
      begin = line;
    } else if (sign !== '\r') cell += sign;
  }
  if (cell !== '' || cells.length > 0) endRecord();
  return records;
}

/** One line of CSV, its line end included. */
export function writeCsvLine(cells: readonly (string | number | null)[]): string {
  return `${cells.map((cell) => quoted(String(cell ?? ''))).join(',')}\r\n`;
}

/**
 * A cell that a spreadsheet would take for a formula gets an apostrophe in front: a name somebody typed into a form must
 * not run anything on the marketer's machine. Phone numbers (+31 …) stay as they are.
 */
function quoted(text: string): string {
  const safe = /^([=@\t\r]|[+-](?![\d\s(]))/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function separatorOf(source: string): string {
  const first = source.slice(0, 5000).split(/\r?\n/, 1)[0] ?? '';
  const counts = [',', ';', '\t'].map((separator) => ({
    separator,
    count: first.split(separator).length,
  }));
  return counts.sort((a, b) => b.count - a.count)[0]!.separator;
}
