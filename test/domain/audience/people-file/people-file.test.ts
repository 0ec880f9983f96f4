import { describe, expect, it } from 'vitest';
import { readCsv, writeCsvLine } from '../../../../src/domain/audience/people-file/csv.ts';
import {
  type CheckedFile,
  checkPeopleFile,
} from '../../../../src/domain/audience/people-file/people-file.ts';
import {
  countFilters,
  readPeopleFilter,
  writePeopleFilter,
} from '../../../../src/domain/audience/people-filter.ts';
import { testProgramme } from '../../../support/programme.ts';
import { realFile } from '../../../support/real-use.ts';

const now = new Date('2026-11-21T09:00:00Z');
const check = (text: string) => checkPeopleFile(readCsv(text), { ...testProgramme(), now });
const rows = (text: string) => (check(text) as CheckedFile).rows;
it('a file may say how large a company is, what it does and where; what cannot be read keeps nobody out', () => {
  const [good, odd] = rows(
    'email,Sector,Employees,Country,Phone\na@b.example,Metal,50-249,Deutschland,\nc@d.example,,lots,Atlantis,ask\n',
  );
  expect(good?.person).toMatchObject({ industry: 'Metal', companySize: 150, country: 'DE' });
  expect(odd).toMatchObject({
    person: { email: 'c@d.example', companySize: null, phone: null },
    problems: [],
  });
  expect(odd?.notes.map(({ key }) => key)).toEqual([
    'subscriber.problems.field.bad-phone',
    'subscriber.problems.field.bad-size',
    'subscriber.problems.field.bad-country',
  ]);
});

it('countries come in as people write them', () => {
  const written = realFile('12-sign-up-country-as-people-write-it/people.csv').toString();
  expect(rows(written).map(({ person }) => person?.country)).toEqual(['US', 'NL', 'CZ', 'TR', 'US']);
});

const problems = (text: string) =>
  rows(text).map((row) => row.problems.map(({ key }) => key.split('problem.').at(-1)));

describe('CSV', () => {
  it.each([
    [
      'commas',
      'a,b\n1,2\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'semicolons, as spreadsheets in Europe write',
      'a;b\r\n1,5;2\r\n',
      [
        ['a', 'b'],
        ['1,5', '2'],
      ],
    ],
    [
      'tabs and a sign of byte order',
      '\ufeffa\tb\n1\t2',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'quotes, with separators, quotes and lines in them',
      'a,b\n"1,""x""\ny",2',
      [
        ['a', 'b'],
        ['1,"x"\ny', '2'],
      ],
    ],
    [
      'empty lines',
      'a,b\n\n ,\n1,2\n\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    ['nothing', '', []],
  ])('is read with %s', (_, text, cells) => {
    expect(readCsv(text).map((record) => record.cells)).toEqual(cells);
  });

  it('knows the line each record begins on', () => {
    expect(readCsv('a\n"x\ny"\nz').map(({ line }) => line)).toEqual([1, 2, 4]);
  });

  it('is written so that it reads back, and runs nothing in a spreadsheet', () => {
    const cells = ['a,b', 'say "x"', 'two\nlines', '+31 20 123', null, 7];
    expect(readCsv(`1,2,3,4,5,6\n${writeCsvLine(cells)}`)[1]?.cells).toEqual([
      'a,b',
      'say "x"',
      'two\nlines',
      '+31 20 123',
      '',
      '7',
    ]);
    expect(writeCsvLine(['=HYPERLINK("x")', '@sum', '-cmd', '-5'])).toBe(
      `"'=HYPERLINK(""x"")","'@sum","'-cmd","-5"\r\n`,
    );
  });
});

describe('a file of people', () => {
  it('is read by the names people give columns, in any order', () => {
    const [row] = rows(
      'Bedrijf;E-mailadres;Onderwerpen;Taal;Extra\nKade BV;Anna@Kade.example;Salarissen|stock;nl-NL;x',
    );
    expect(row).toMatchObject({
      line: 2,
      problems: [],
      person: {
        email: 'anna@kade.example',
        company: 'Kade BV',
        interests: ['payroll', 'stock'],
        language: 'nl',
        timeZone: 'Europe/Amsterdam',
        consent: null,
      },
    });
    expect((check('email,Extra\na@b.example,1') as CheckedFile).ignored).toEqual(['Extra']);
  });

  it('says for each row what is wrong, all at once', () => {
    expect(
      problems(
        [
          'email,phone,language,interests,time_zone,consent_at,consent_how',
          'no-address,12,fr,knitting,Mars/North,2026-03-01,',
          'a@b.example,,,,,2027-01-01,a fair',
          'a@b.example,,,,,,,too many',
          'c@d.example,,,,,2026-03-01,a fair',
          'C@D.example,,,,,,',
        ].join('\n'),
      ),
    ).toEqual([
      [
        'subscriber.problems.email.no-at',
        'subscriber.problems.field.bad-phone',
        'language',
        'zone',
        'interest',
        'consent-half',
      ],
      ['consent-date'],
      ['cells', 'twice'],
      [],
      ['twice'],
    ]);
  });

  it('keeps nobody out for what only helps to know them, and notes it', () => {
    const [row] = rows(
      'email,phone,language,interests,time_zone\ne@f.example,12,fr,knitting;payroll,Mars/North\n',
    );
    expect(row).toMatchObject({
      person: { phone: null, language: 'en', interests: ['payroll'], timeZone: 'Europe/London' },
      problems: [],
    });
    expect(row?.notes.map(({ key }) => key.split('problem.').at(-1))).toEqual([
      'subscriber.problems.field.bad-phone',
      'language',
      'zone',
      'interest',
    ]);
  });

  it('takes proof of consent only whole', () => {
    const [row] = rows('email,consent_at,consent_how\na@b.example,2026-03-01 10:00,fair in Utrecht');
    expect(row?.person?.consent?.how).toBe('fair in Utrecht');
  });

  it.each([
    ['', 'empty'],
    ['email\n', 'empty'],
    ['name\nAnna', 'no-email-column'],
  ])('cannot be used: %j', (text, unusable) => {
    expect(check(text)).toEqual({ unusable });
  });
});

describe('a filter of people', () => {
  it('reads back what it writes, and leaves out what it does not know', () => {
    const query = 'search=kade&status=active&stage=sql&score_from=5&interest=payroll&act=none-90&sort=newest';
    const filter = readPeopleFilter(Object.fromEntries(new URLSearchParams(query)));
    expect(writePeopleFilter(filter)).toBe(query);
    expect(countFilters(filter)).toBe(5);
    expect(
      writePeopleFilter(readPeopleFilter({ stage: 'boss', score_to: '1e9', act: ['7'], sort: 'x' })),
    ).toBe('');
  });
});
