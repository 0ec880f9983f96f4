import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvRecords, readCsv, writeCsvLine } from '../../../../src/domain/audience/people-file/csv.ts';
import { readFileText } from '../../../../src/domain/audience/people-file/file-text.ts';
import { realFile } from '../../../support/real-use.ts';

const textOf = (bytes: Uint8Array) => {
  const read = readFileText(bytes);
  if ('problem' in read) throw new Error(read.problem);
  return read.text;
};
const fine = (text: string) =>
  readCsv(text)
    .filter(({ fault }) => fault === undefined)
    .map(({ cells }) => cells.join('|'));
const faults = (text: string) =>
  readCsv(text).flatMap(({ line, fault }) => (fault ? [`${line}: ${fault.kind} of ${fault.line}`] : []));

describe('a quotation mark that does not hold together', () => {
  it('as one file had it: every line from there on is named, each by itself', () => {
    const text = textOf(realFile('01-csv-open-quote/people.csv'));
    expect(fine(text)).toEqual(['email|name|company', 'q1@people.example|Ann|Acme']);
    expect(faults(text)).toEqual([3, 4, 5, 6].map((line) => `${line}: open-quote of 3`));
    expect(readCsv(text).find(({ line }) => line === 5)?.cells).toEqual([
      'q4@people.example',
      'Dave',
      'Acme',
    ]);
  });

  it('among a thousand rows nobody is in anybody’s cell, and nobody is gone', () => {
    const row = (n: number) => `p${n}@people.example,${n === 1 ? '"Bob' : `Name ${n}`},Acme`;
    const text = ['email,name,company', ...Array.from({ length: 1000 }, (_, n) => row(n))].join('\n');
    const records = readCsv(text);
    expect(records).toHaveLength(1001);
    expect(records.filter(({ fault }) => fault)).toHaveLength(999);
    expect(records.every(({ cells }) => cells.join().split('@').length <= 2)).toBe(true);
  });

  it.each([
    ['on the last line', 'a@x.example,Ann\nb@x.example,"Bob', ['2: open-quote of 2']],
    ['right at the end', 'a@x.example,Ann\nb@x.example,"', ['2: open-quote of 2']],
    ['text behind a closing one', 'a@x.example,"Ann" Lee\nb@x.example,Bob', ['1: text-after-quote of 1']],
    ['quotes that are not doubled', 'a@x.example,"Ann "Lee" Ray",x', ['1: text-after-quote of 1']],
    [
      'closed by the next quote of the file',
      'a@x.example,"Ann,1\nb@x.example,"Bob, Jr",2\nc@x.example,Cee,3',
      ['1: open-quote of 1', '2: open-quote of 1'],
    ],
    [
      'closed neatly, two rows further down',
      'e,n,c\na@x.example,Ann,1\nb@x.example,"Bob,2\nc@x.example,Cee,3\nd@x.example,Dee",4\ne@x.example,Eve,5',
      ['3: open-quote of 3', '4: open-quote of 3', '5: open-quote of 3'],
    ],
    [
      'in a file that quotes everything',
      '"e","n"\n"a@x.example","Ann\n"b@x.example","Bob"\n"c@x.example","Cee"',
      ['2: open-quote of 2', '3: open-quote of 2'],
    ],
    [
      'in a list of addresses alone',
      'email\n"a@x.example\nb@x.example"\nc@x.example',
      ['2: open-quote of 2', '3: open-quote of 2'],
    ],
  ])('%s', (_, text, named) => {
    expect(faults(text)).toEqual(named);
  });

  it.each([
    [
      'in the middle of a cell it is a sign like others',
      'a,Ann "The" Lee,5" screen',
      ['a|Ann "The" Lee|5" screen'],
    ],
    ['line breaks inside', 'a,"one\r\ntwo\n\nthree",b\nc,d,e', ['a|one\ntwo\n\nthree|b', 'c|d|e']],
    [
      'a note with an address in it',
      'e,n,note\na@x.example,Ann,"Write to:\nann@x.example\nor call, please"\nb@x.example,Bob,',
      ['e|n|note', 'a@x.example|Ann|Write to:\nann@x.example\nor call, please', 'b@x.example|Bob|'],
    ],
    ['spaces around', 'a , "b" , "c"\t\n', ['a |b|c']],
    ['an empty one', 'a,"",b', ['a||b']],
    ['doubled ones alone', 'a,"""",b', ['a|"|b']],
    ['quoted tabs of a table', 'a\t"b\tc"\td', ['a|b\tc|d']],
  ])('must stay as it is: %s', (_, text, rows) => {
    expect(faults(text)).toEqual([]);
    expect(fine(text)).toEqual(rows);
  });

  it('any cells that were written come back, whatever ends the lines', () => {
    const cell = fc.stringMatching(/^[a-z ",;|\t]{0,8}$/);
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 8 }),
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.constantFrom(',', ';', '\t', '|'),
        (rows, end, separator) => {
          const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
          const text = rows.map((cells) => cells.map(quoted).join(separator)).join(end);
          const wanted = rows.filter((cells) => cells.some((one) => one.trim() !== ''));
          expect(readCsv(text).map(({ cells }) => cells)).toEqual(wanted);
        },
      ),
    );
  });
});

describe('files as spreadsheets and programs save them', () => {
  it.each([
    ['15-csv-from-spreadsheets/utf16.csv', 'u16@people.example|Jörg Müller'],
    ['15-csv-from-spreadsheets/cr-only.csv', 'cr1@people.example|Ann'],
    ['15-csv-from-spreadsheets/sep-line.csv', 'sep1@people.example|Ann'],
    ['15-csv-from-spreadsheets/mixed-bytes.csv', 'mx1@people.example|Jörg Müller'],
    ['13-touchpoint-import-windows-1252/fair.csv', 'tp1@people.example|Jörg Müller|Bäckerei'],
  ])('%s', (path, row) => {
    expect(fine(textOf(realFile(path)))[1]).toBe(row);
  });

  it('the other half of mixed bytes is read too', () => {
    expect(fine(textOf(realFile('15-csv-from-spreadsheets/mixed-bytes.csv')))[2]).toBe(
      'mx2@people.example|René',
    );
  });

  const bytes = (text: string) => Uint8Array.from(text, (sign) => sign.charCodeAt(0));
  it.each([
    ['UTF-16, big end first', Buffer.from('\ufeffa;Jörg\n', 'utf16le').swap16(), 'a|Jörg'],
    ['UTF-16 without a mark', Buffer.from('name;company\nJörg;Kade\n', 'utf16le'), 'name|company'],
    ['UTF-8 with a mark', Buffer.from('\ufeffa,Jörg €'), 'a|Jörg €'],
    ['a Macintosh', bytes('a;J\x9arg\rb;M\x9fller\r'), 'a|Jörg'],
    ['DOS', bytes('a;J\x94rg M\x81ller\r\n'), 'a|Jörg Müller'],
    ['windows-1252 with its own signs', bytes('a;\x93Kade\x94 \x80\r\n'), 'a|“Kade” €'],
    ['a zero in it', bytes('a;J\0an\n'), 'a|Jan'],
  ])('%s', (_, file, row) => {
    expect(fine(textOf(file))[0]).toBe(row);
  });

  it('a workbook is none', () => {
    expect(readFileText(bytes('PK\x03\x04…'))).toEqual({ problem: 'workbook' });
  });

  it.each([
    ['sep=;\na,b;c', 'a,b|c'],
    ['"sep=|"\na|b', 'a|b'],
    ['sep=\t\na;b\tc', 'a;b|c'],
    ['a|b|c\n1|2|3', 'a|b|c'],
    ['Name;E-mail\nVisser, Anna;a@x.example\nLee, Bo;b@x.example', 'Name|E-mail'],
    ['email,interests\na@x.example,a;b;c\nb@x.example,a;b', 'email|interests'],
    [
      'Notes:\n"Some, text; with, all, of, them"\n\nFirst Name;Last Name;Email\nAnn;Lee;a@x.example',
      'Notes:',
    ],
  ])('the separator of %j', (text, first) => {
    expect(fine(text)[0]).toBe(first);
  });

  it('is read a record at a time', () => {
    const records = csvRecords('a,b\n1,"2\n3"\n4,5');
    expect(records.next().value?.cells).toEqual(['a', 'b']);
    expect(records.next().value?.cells).toEqual(['1', '2\n3']);
    expect([...records].map(({ line }) => line)).toEqual([4]);
  });
});

describe('a file that is opened in a spreadsheet', () => {
  const written = (cell: string) => writeCsvLine([cell]).trimEnd();
  it.each([
    ["-2+3+cmd|' /C calc'!A0", `"'-2+3+cmd|' /C calc'!A0"`],
    ["+2+3+cmd|' /C calc'!A0", `"'+2+3+cmd|' /C calc'!A0"`],
    ["a;=cmd|' /C calc'!A0", `"a;'=cmd|' /C calc'!A0"`],
    ['a,=1+1', `"a,'=1+1"`],
    ['a\t=1+1', `"a\t'=1+1"`],
    ['a\n=1+1', `"a\n'=1+1"`],
    ['a;"=1+1', `"a;""'=1+1"`],
    ['  =1+1', `"  '=1+1"`],
    ['\t=1+1', `"'\t'=1+1"`],
    ['\r=1+1', `"'\r'=1+1"`],
    ['\u200b=1+1', `"\u200b'=1+1"`],
    ['"=1+1', `"""'=1+1"`],
    ['@SUM(1)', `"'@SUM(1)"`],
    ['＝1+1', `"'＝1+1"`],
    ['-1-1', `"'-1-1"`],
    ['+1+1', `"'+1+1"`],
    ['-5.5', `"'-5.5"`],
    ['-A1', `"'-A1"`],
  ])('nothing in %j is run', (cell, line) => {
    expect(written(cell)).toBe(line);
  });

  it.each([
    '-5',
    '+5',
    '5',
    '+31 20 555 0147',
    '+31 (0)20-555.0147',
    'Kade & Co; Amsterdam',
    'a-b',
    'x=1',
    "O'Neill",
    'anna@kade.example',
    '2026-11-21',
    '',
  ])('must stay as it is: %s', (cell) => {
    expect(written(cell)).toBe(`"${cell}"`);
  });

  it('whatever is written comes back, but for the apostrophes', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 2, maxLength: 4 }), (cells) => {
        fc.pre(cells.some((cell) => cell.trim() !== '') && !/[\r\n\ufeff]/.test(cells.join('')));
        const back = readCsv(`${cells.map(() => 'h').join(',')}\r\n${writeCsvLine(cells)}`).at(-1)!.cells;
        expect(back.map((cell) => cell.replaceAll("'", ''))).toEqual(
          cells.map((cell) => cell.replaceAll("'", '')),
        );
      }),
    );
  });
});
