import { expect, it } from 'vitest';
import { readCsv } from '../../../src/domain/audience/people-file/csv.ts';
import { readTouchpointFile } from '../../../src/domain/scoring/touchpoint-file.ts';
import { realFile } from '../../support/real-use.ts';

const now = new Date('2026-11-21T12:00:00Z');
const read = (text: string) =>
  readTouchpointFile(readCsv(text), {
    touchpoint: 'trade-fair',
    at: new Date('2026-11-12T00:00:00Z'),
    now,
    languages: ['en', 'nl'],
    defaultLanguage: 'en',
  });

it('reads what a spreadsheet writes: any order, semicolons, quotes, a date or none', () => {
  const { rows, problems } = read(
    '\uFEFFJob title;Email;Name;Date;Note;Touchpoint;Language\r\n"Head; of payroll";ANN@lead.example;Ann;2026-11-10;"said ""call me""";phone-call;nl\r\n;bob@lead.example;;;;;\r\n',
  );
  expect(problems).toEqual([]);
  expect(rows).toMatchObject([
    {
      line: 2,
      email: 'ann@lead.example',
      profile: { name: 'Ann', jobTitle: 'Head; of payroll', company: null, phone: null },
      language: 'nl',
      touchpoint: 'phone-call',
      at: new Date('2026-11-10T00:00:00Z'),
      note: 'said "call me"',
    },
    {
      line: 3,
      email: 'bob@lead.example',
      language: 'en',
      touchpoint: 'trade-fair',
      at: new Date('2026-11-12T00:00:00Z'),
    },
  ]);
});

it('names every problem with its line, and reads the other rows', () => {
  const { rows, problems } = read(
    'email,date,language,touchpoint\nnobody,,,\nann@lead.example,2026-02-31,,\nbob@lead.example,2026-12-01,fr,Fair!\ncia@lead.example,,,\n',
  );
  expect(problems.map(({ line, column }) => `${line} ${column}`)).toEqual([
    '2 email',
    '3 date',
    '4 language',
    '4 touchpoint',
    '4 date',
  ]);
  expect(rows.map(({ email }) => email)).toEqual(['cia@lead.example']);
});

it.each([
  ['name\nAnn\n', 'email'],
  ['email,shoe_size\na@b.example,44\n', 'shoe_size'],
  ['email,email\na@b.example,a@b.example\n', 'email'],
  ['', 'email'],
])('a file without the right first line is refused whole', (text, column) => {
  const { rows, problems } = read(text);
  expect(rows).toEqual([]);
  expect(problems[0]).toMatchObject({ line: 1, column });
});

it('the same row has the same key, another one another', () => {
  const keys = read('email,note\na@b.example,x\na@b.example,x\na@b.example,y\n').rows.map(({ key }) => key);
  expect(keys[0]).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect([keys[0] === keys[1], keys[0] === keys[2]]).toEqual([true, false]);
});

it('an open quotation mark swallows nobody: the lines behind it are named', () => {
  const { rows, problems } = read(realFile('01-csv-open-quote/people.csv').toString());
  expect(rows.map(({ email }) => email)).toEqual(['q1@people.example']);
  expect(problems.map(({ line }) => line)).toEqual([3, 4, 5, 6]);
  expect(problems[0]?.found).toBe('a quotation mark opened on line 3 that is never closed');
});

it('columns are called as lists of people call them, and days written as people write them', () => {
  const { rows, problems } = read(
    'Vorname;Nachname;E-Mail-Adresse;Firma;Datum;Bemerkung\nJörg;Müller;j@b.example;Bäckerei;12.11.2026;will ein Angebot\n',
  );
  expect(problems).toEqual([]);
  expect(rows[0]).toMatchObject({
    email: 'j@b.example',
    profile: { name: 'Jörg Müller', company: 'Bäckerei' },
    at: new Date('2026-11-12T00:00:00Z'),
    note: 'will ein Angebot',
  });
});

it('what only helps to know somebody is noted, and keeps nobody out', () => {
  const { rows, problems, notes } = read(
    'email,phone,company_size,country,language\na@b.example,ask,lots,Atlantis,fr\n',
  );
  expect(problems).toEqual([]);
  expect(rows).toMatchObject([
    { email: 'a@b.example', language: 'en', profile: { phone: null, country: null } },
  ]);
  expect(notes.map(({ line, column }) => `${line} ${column}`)).toEqual([
    '2 phone',
    '2 company_size',
    '2 country',
    '2 language',
  ]);
});
