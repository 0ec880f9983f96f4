import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readCsv } from '../../../src/domain/audience/people-file/csv.ts';
import { readFileText } from '../../../src/domain/audience/people-file/file-text.ts';
import { readStatus, standingOfFile } from '../../../src/domain/audience/people-file/list-standing.ts';
import {
  columnNamed,
  FILE_COLUMNS,
  takenFor,
} from '../../../src/domain/audience/people-file/people-columns.ts';
import { type CheckedFile, checkPeopleFile } from '../../../src/domain/audience/people-file/people-file.ts';
import { testProgramme } from '../../support/programme.ts';
import { realCases, realFile } from '../../support/real-use.ts';

const now = new Date('2026-11-21T09:00:00Z');

function check(bytes: Uint8Array | string, fileName = 'people.csv'): CheckedFile {
  const read = readFileText(typeof bytes === 'string' ? Buffer.from(bytes) : bytes);
  if ('problem' in read) throw new Error(read.problem);
  const checked = checkPeopleFile(readCsv(read.text), { ...testProgramme(), now, fileName });
  if ('unusable' in checked) throw new Error(checked.unusable);
  return checked;
}
const fixture = (name: string) =>
  check(readFileSync(new URL(`../../fixtures/people-files/${name}`, import.meta.url)), name);
/** "bo: unsubscribed" of everybody who stays out by their standing. */
const leavers = ({ rows }: CheckedFile) =>
  rows.flatMap(({ person }) => (person?.left ? [`${person.email.split('@')[0]}: ${person.left.why}`] : []));
const comers = ({ rows }: CheckedFile) =>
  rows.flatMap(({ person }) => (person && !person.left ? [person] : []));
const agreed = (file: CheckedFile) => comers(file).filter(({ consent }) => consent !== null);

describe('what real lists are called', () => {
  it.each(
    realCases<{ file: string }, Record<string, string>>('import-columns').map(
      (one) => [one.note, one] as const,
    ),
  )('%s', (_, { input, want }) => {
    expect(check(input.file).rows[0]?.person).toMatchObject(want);
  });

  const files = '15-csv-from-spreadsheets';
  it.each([
    ['utf16.csv', { email: 'u16@people.example', name: 'Jörg Müller' }],
    ['cr-only.csv', { email: 'cr1@people.example', name: 'Ann' }],
    ['sep-line.csv', { email: 'sep1@people.example', name: 'Ann' }],
    ['head-nl.csv', { email: 'h1@people.example', name: 'Ann' }],
    ['head-de.csv', { email: 'h2@people.example', name: 'Ann' }],
    ['head-underscore.csv', { email: 'h3@people.example', name: 'Ann' }],
    ['head-google.csv', { email: 'h7@people.example', name: 'Ann Muster' }],
    ['trailing-empty.csv', { email: 't1@people.example', name: 'Ann' }],
    [
      'outlook.csv',
      { email: 'h5@people.example', name: 'Ann Muster', company: 'Acme', jobTitle: 'Head of Sales' },
    ],
    ['mixed-bytes.csv', { email: 'mx1@people.example', name: 'Jörg Müller' }],
  ])('%s', (file, person) => {
    const { rows } = check(realFile(`${files}/${file}`));
    expect(rows[0]?.person).toMatchObject(person);
    for (const row of rows) expect(row.problems).toEqual([]);
  });
});

describe('the exports of other programs', () => {
  const anna = { email: 'anna@kade.example', name: 'Anna Visser', company: 'Kade', jobTitle: 'CFO' };

  it('HubSpot', () => {
    const file = fixture('hubspot.csv');
    const more = {
      phone: '+31 20 555 0147',
      country: 'NL',
      industry: 'Logistics',
      companySize: 250,
      language: 'nl',
    };
    expect(comers(file)[0]).toMatchObject({ ...anna, ...more, consent: null });
    expect(leavers(file)).toEqual(['bo: unsubscribed', 'cy: unsubscribed', 'di: bounced']);
    expect(agreed(file)).toEqual([]);
  });

  it('Salesforce, as a report and by the Data Loader', () => {
    const report = fixture('salesforce-report.csv');
    expect(comers(report)).toEqual([
      expect.objectContaining({ ...anna, phone: '+31 6 5550 1470', source: 'Trade Show' }),
    ]);
    expect(leavers(report)).toEqual(['bo: unsubscribed']);
    const loader = fixture('salesforce-data-loader.csv');
    expect(comers(loader)).toEqual([
      expect.objectContaining({ ...anna, companySize: 250, country: 'NL', source: 'Web' }),
    ]);
    expect(leavers(loader)).toEqual(['bo: unsubscribed', 'cy: bounced']);
  });

  it('Mailchimp: who confirmed there is proved by time and address; its other files are of those who left', () => {
    const name = (standing: string) => `${standing}_email_audience_export_3f2a9c.csv`;
    const file = fixture(name('subscribed'));
    expect(agreed(file)).toEqual([
      expect.objectContaining({
        email: 'anna@kade.example',
        timeZone: 'Europe/Amsterdam',
        consent: {
          at: '2024-03-12T09:16:03.000Z',
          how: `${name('subscribed')}, CONFIRM_TIME`,
          ip: '203.0.113.8',
        },
      }),
    ]);
    expect(comers(file)).toHaveLength(2);
    expect(file.rows[1]?.notes).toEqual([{ key: 'staff.import.problem.consent-half', values: {} }]);
    expect(leavers(fixture(name('unsubscribed')))).toEqual(['cy: unsubscribed']);
    expect(fixture(name('unsubscribed')).rows[0]?.person?.left?.at).toBe('2024-05-06T10:00:00.000Z');
    expect(leavers(fixture(name('cleaned')))).toEqual(['di: bounced']);
    expect(leavers(fixture(name('nonsubscribed')))).toEqual(['ed: not-subscribed']);
  });

  it('listmonk, with what it keeps in its attributes', () => {
    const file = fixture('listmonk.csv');
    expect(comers(file)).toEqual([expect.objectContaining({ ...anna, country: 'NL', consent: null })]);
    expect(leavers(file)).toEqual(['bo: blocked', 'cy: unsubscribed']);
  });

  it('Mautic, whose title is none at work', () => {
    const file = fixture('mautic.csv');
    expect(comers(file)).toEqual([
      expect.objectContaining({ ...anna, country: 'NL', language: 'nl', timeZone: 'Europe/Amsterdam' }),
    ]);
    expect(leavers(file)).toEqual(['bo: unsubscribed', 'cy: unsubscribed']);
  });

  it('Pipedrive', () => {
    const file = fixture('pipedrive.csv');
    expect(comers(file)).toEqual([
      expect.objectContaining({ ...anna, phone: '+31 6 5550 1470' }),
      expect.objectContaining({ email: 'di@kade.example', consent: null }),
    ]);
    expect(leavers(file)).toEqual(['bo: unsubscribed', 'cy: bounced', 'ed: unsubscribed']);
  });

  it('LinkedIn, below the lines it begins with', () => {
    const file = fixture('linkedin-connections.csv');
    expect(comers(file)).toEqual([expect.objectContaining({ ...anna, company: 'Kade, Logistics' })]);
    expect(file.rows.map(({ line }) => line)).toEqual([5, 6]);
  });

  it('Google contacts, several values in one cell', () => {
    const [person] = comers(fixture('google-contacts.csv'));
    expect(person).toMatchObject({ ...anna, phone: '+31 6 5550 1470' });
    expect(fixture('google-contacts.csv').rows[0]?.notes).toHaveLength(1);
    expect(comers(fixture('google-contacts-old.csv'))).toEqual([
      expect.objectContaining({ ...anna, phone: '+31 20 555 0147' }),
    ]);
  });

  it('Outlook, in three languages', () => {
    expect(comers(fixture('outlook.csv'))).toEqual([
      expect.objectContaining({ ...anna, country: 'NL', phone: '+31 20 555 0147' }),
    ]);
    expect(comers(fixture('outlook-de.csv'))).toEqual([
      expect.objectContaining({
        email: 'joerg@baeckerei.example',
        name: 'Jörg Müller',
        company: 'Bäckerei',
        jobTitle: 'Leiter Einkauf',
        country: 'DE',
        language: 'de',
      }),
    ]);
    expect(comers(fixture('outlook-nl.csv'))).toEqual([
      expect.objectContaining({ name: 'Anna van der Berg', jobTitle: 'Directeur', country: 'NL' }),
    ]);
  });

  it('Excel: UTF-16 and tabs, a sep= line, days as they are written in the Netherlands, Germany and France', () => {
    const dutch = fixture('excel-unicode-text.txt');
    expect(agreed(dutch)).toEqual([
      expect.objectContaining({
        name: 'Anna Visser',
        consent: {
          at: '2026-03-01T00:00:00.000Z',
          how: 'excel-unicode-text.txt, Aangemeld op',
          ip: '203.0.113.7',
        },
      }),
    ]);
    expect(leavers(dutch)).toEqual(['bo: unsubscribed']);

    const german = fixture('excel-de.csv');
    expect(agreed(german)).toEqual([
      expect.objectContaining({
        name: 'Jörg Müller',
        company: 'Bäckerei',
        companySize: 12,
        consent: expect.objectContaining({ at: '2026-03-12T00:00:00.000Z' }),
      }),
    ]);
    expect(leavers(german)).toEqual(['bo: unsubscribed', 'di: blocked']);
    expect(comers(german).map(({ email, consent }) => [email, consent])).toContainEqual([
      'cy@kade.example',
      null,
    ]);

    const french = fixture('excel-fr.csv');
    expect(agreed(french)).toEqual([
      expect.objectContaining({
        name: 'Anne Lefèvre',
        company: 'Quai',
        jobTitle: 'Directrice financière',
        country: 'FR',
        consent: { at: '2026-03-12T00:00:00.000Z', how: 'formulaire du salon', ip: null },
      }),
    ]);
    expect(leavers(french)).toEqual(['bo: unsubscribed', 'cy: not-subscribed']);
  });

  it('bars between the cells, and no head at all', () => {
    expect(leavers(fixture('bars.txt'))).toEqual(['bo: not-subscribed']);
    const bare = fixture('no-head.csv');
    expect(bare.columns).toEqual(['A', 'B', 'C']);
    expect(bare.taken).toEqual(['email', null, null]);
    expect(comers(bare)).toHaveLength(2);
  });
});

describe('who left there', () => {
  it.each([
    ['Unsubscribed', 'unsubscribed'],
    ['opted out', 'unsubscribed'],
    ['Opt-Out', 'unsubscribed'],
    ['abgemeldet', 'unsubscribed'],
    ['Uitgeschreven', 'unsubscribed'],
    ['désabonné', 'unsubscribed'],
    ['Archived', 'unsubscribed'],
    ['inactive', 'unsubscribed'],
    ['deactivated', 'unsubscribed'],
    ['cleaned', 'bounced'],
    ['Hard bounce', 'bounced'],
    ['bounced', 'bounced'],
    ['ungültig', 'bounced'],
    ['blocklisted', 'blocked'],
    ['blacklisted', 'blocked'],
    ['Do not contact', 'blocked'],
    ['spam complaint', 'blocked'],
    ['gesperrt', 'blocked'],
    ['non-subscribed', 'not-subscribed'],
    ['Nonsubscribed', 'not-subscribed'],
    ['NEVER_SUBSCRIBED', 'not-subscribed'],
    ['not opted in', 'not-subscribed'],
    ['transactional', 'not-subscribed'],
    ['nicht abonniert', 'not-subscribed'],
    ['no', 'not-subscribed'],
    ['unconfirmed', 'unconfirmed'],
    ['double_opt_in_pending', 'unconfirmed'],
    ['nicht bestätigt', 'unconfirmed'],
    ['No consent', 'unconfirmed'],
    ['Non-marketing contact', 'unconfirmed'],
    ['subscribed', 'subscribed'],
    ['Active', 'subscribed'],
    ['enabled', 'subscribed'],
    ['Aangemeld', 'subscribed'],
    ['abonniert', 'subscribed'],
    ['Marketing contact', 'subscribed'],
    ['Not opted out', 'subscribed'],
    ['Open - Not Contacted', null],
    ['Customer', null],
    ['NEW', null],
    ['', null],
  ])('a status of "%s" is %s', (text, standing) => {
    expect(readStatus(text)).toBe(standing);
  });

  it.each([
    ['Unsubscribed', 'true', 'unsubscribed'],
    ['Email Opt Out', '1', 'unsubscribed'],
    ['HasOptedOutOfEmail', 'TRUE', 'unsubscribed'],
    ['Opted out of email: Newsletter', 'Opted Out', 'unsubscribed'],
    ['Do not contact', 'Yes', 'unsubscribed'],
    ['Abgemeldet am', '12.03.2024', 'unsubscribed'],
    ['Uitgeschreven', 'ja', 'unsubscribed'],
    ['Opt-out', 'x', 'unsubscribed'],
    ['Désinscrit', 'oui', 'unsubscribed'],
    ['Nicht anschreiben', '✓', 'unsubscribed'],
    ['Unsubscribed', 'since the fair', 'unsubscribed'],
    ['Bounced', 'yes', 'bounced'],
    ['Email hard bounce reason', 'UNKNOWN_USER', 'bounced'],
    ['Blocklisted', 'true', 'blocked'],
    ['Newsletter', 'nein', 'not-subscribed'],
    ['Subscribed', 'false', 'not-subscribed'],
    ['Email Marketing Consent', 'NEVER_SUBSCRIBED', 'not-subscribed'],
    ['Email Marketing Consent', 'unsubscribed', 'not-subscribed'],
    ['Opt-in', '0', 'not-subscribed'],
    ['State', 'Unsubscribed', 'unsubscribed'],
    ['Do not allow Bulk Emails', 'Do Not Allow', 'blocked'],
    ['Has unsubscribed from newsletter', 'Y', 'unsubscribed'],
    ['hs_email_optout_6871816', 'true', 'unsubscribed'],
    ['EMAIL_BLACKLISTED', '1', 'blocked'],
    ['Email opt-in status', 'Unsubscribed', 'unsubscribed'],
    ['Consent status', 'Denied', 'not-subscribed'],
    ['Aktiv', '0', 'not-subscribed'],
    ['subscribed_to_emails', 'false', 'not-subscribed'],
    ['email_disabled', 'true', 'unsubscribed'],
  ])('%s: %s', (head, cell, why) => {
    const { rows } = check(`email;${head}\na@x.example;${cell}\n`);
    expect(rows[0]?.person?.left?.why).toBe(why);
  });

  it.each([
    ['Unsubscribed', 'false'],
    ['Unsubscribed', 'No'],
    ['Email Opt Out', '0'],
    ['Do not contact', 'nee'],
    ['Abgemeldet am', '0000-00-00 00:00:00'],
    ['Uitgeschreven', ''],
    ['Bounced', 'n/a'],
    ['Newsletter', 'Monthly'],
    ['Newsletter', 'ja'],
    ['E-Mail bestätigt', 'nein'],
    ['Status', 'Customer'],
    ['State', 'Noord-Holland'],
    ['MEMBER_RATING', '1'],
    ['Fax Opt Out', '1'],
    ['Do Not Call', 'true'],
    ['SMS opt-out', 'yes'],
    ['Number of unsubscribes', '3'],
    ['Bounce rate', '5'],
    ['Do not allow Bulk Emails', 'Allow'],
    ['Lead Status', 'Open - Not Contacted'],
    ['Active', 'yes'],
  ])('must stay: %s: "%s" keeps nobody out', (head, cell) => {
    const { rows } = check(`email;${head}\na@x.example;${cell}\nb@x.example;${cell}\n`);
    expect(rows[0]?.person?.left).toBeNull();
  });

  const PROOF = '2024-03-01;fair';
  it.each(['unconfirmed', 'pending', 'Customer', 'No consent'])(
    'a proof beside the status "%s" makes nobody active',
    (status) => {
      const { rows } = check(`email;consent_at;consent_how;status\na@x.example;${PROOF};${status}\n`);
      expect(rows[0]).toMatchObject({ person: { consent: null, left: null }, problems: [] });
      expect(rows[0]?.notes.map(({ key }) => key)).toEqual(['staff.import.problem.consent-doubted']);
    },
  );

  it('in one of two rows has left, whichever comes first', () => {
    const head = 'email;consent_at;consent_how;unsubscribed\n';
    const [yes, no] = [`a@x.example;${PROOF};\n`, 'A@x.example;;;1\n'];
    for (const file of [head + yes + no, head + no + yes]) {
      const { rows } = check(file);
      expect(rows.map(({ person }) => person?.left?.why)).toEqual(['unsubscribed', undefined]);
    }
    // Also when the row that says so has to be mended.
    const broken = 'a@x.example;;;1;too much\n';
    expect(check(head + broken + yes).rows.map(({ person }) => person?.left?.why)).toEqual([
      undefined,
      'unsubscribed',
    ]);
    expect(check(head + yes + broken).rows.map(({ person }) => person?.left?.why)).toEqual([
      'unsubscribed',
      undefined,
    ]);
  });

  it('is known by nothing but the address', () => {
    const [row] = check('email;name;company;unsubscribed\na@x.example;Ann;Kade;1\n').rows;
    expect(row?.person).toMatchObject({ email: 'a@x.example', name: null, company: null });
  });

  it.each([
    ['unsubscribed_members_export_3f2a.csv', 'unsubscribed'],
    ['cleaned_members_export_3f2a.csv', 'bounced'],
    ['nonsubscribed_email_audience_export_1.csv', 'not-subscribed'],
    ['Unsubscribes.csv', 'unsubscribed'],
    ['Blacklist 2024.txt', 'blocked'],
    ['opt-outs.csv', 'unsubscribed'],
    ['subscribed_members_export_3f2a.csv', null],
    ['fair.csv', null],
    ['how to win back the unsubscribed.csv', null],
  ])('by the name of the file: %s', (name, standing) => {
    expect(standingOfFile(name)).toBe(standing);
  });
});

describe('the names of columns', () => {
  it('belong to one column each', () => {
    expect(FILE_COLUMNS.length).toBeGreaterThan(20);
    for (const name of ['E-Mail-Adresse', 'E_MAIL adresse', ' email  ADRESSE: '])
      expect(columnNamed(name)?.column).toBe('email');
    expect(columnNamed('Bestaetigt am')?.column).toBe('consentAt');
    expect(columnNamed('shoe size')).toBeNull();
  });

  it.each([
    ['Title;E-mail', ['CFO;a@x.example', 'Head of Sales;b@x.example'], ['jobTitle', 'email']],
    ['Title;E-mail', ['Mr.;a@x.example', 'Dr.;b@x.example', ';c@x.example'], [null, 'email']],
    ['Nom;E-mail', ['Anne Lefèvre;a@x.example'], ['name', 'email']],
    ['Kontakt;Wer', ['a@x.example;Ann', 'b@x.example;Bo'], ['email', null]],
  ])('%s over %j', (head, rows, taken) => {
    expect(
      takenFor(
        head.split(';'),
        rows.map((row) => row.split(';')),
      ),
    ).toEqual(taken);
  });

  it.each([
    ['Voornaam;Naam\nAnna;Visser', 'Anna Visser'],
    ['Voornaam;Naam\nAnna;Anna Visser', 'Anna Visser'],
    ['Vorname;Nachname\n;Visser', 'Visser'],
    ['First name;Last name;Full name\nAnna;Visser;Anna B. Visser', 'Anna B. Visser'],
    ['Name;Last name\nAnna;Visser', 'Anna Visser'],
    ['Name;Last name\nAnna Visser;Visser', 'Anna Visser'],
    ['Name;Last name\n;Visser', 'Visser'],
    ['First name;Name\n;Visser', 'Visser'],
    ['Voornaam;Tussenvoegsel;Achternaam\nAnna;van der;Berg', 'Anna van der Berg'],
  ])('a name of %j', (text, name) => {
    const [head, row] = text.split('\n');
    expect(check(`email;${head}\na@x.example;${row}`).rows[0]?.person?.name).toBe(name);
  });

  it('are taken as somebody chose', () => {
    const records = readCsv('Kontakt;Wer\na@x.example;Ann\n');
    const choice = { taken: ['email', 'name'] as const, standing: null };
    expect(checkPeopleFile(records, { ...testProgramme(), now }, choice)).toMatchObject({
      ignored: [],
      rows: [{ person: { name: 'Ann' } }],
    });
    const gone = checkPeopleFile(records, { ...testProgramme(), now }, { ...choice, standing: 'bounced' });
    expect(gone).toMatchObject({ rows: [{ person: { left: { why: 'bounced' } } }] });
    expect(
      checkPeopleFile(records, { ...testProgramme(), now }, { ...choice, taken: [null, 'name'] }),
    ).toEqual({
      unusable: 'no-email-column',
    });
  });
});

describe('days in lists', () => {
  const at = (day: string, more: string[] = []) => {
    const rows = [day, ...more].map((one, n) => `p${n}@x.example;${one};fair`).join('\n');
    const checked = check(`email;consent_at;consent_how\n${rows}`).rows[0];
    return checked?.person?.consent?.at ?? checked?.problems[0]?.key.split('.').at(-1);
  };
  it.each([
    ['2026-03-12', '2026-03-12T00:00:00.000Z'],
    ['12.03.2026', '2026-03-12T00:00:00.000Z'],
    ['12.3.26', '2026-03-12T00:00:00.000Z'],
    ['1-3-2026', '2026-03-01T00:00:00.000Z'],
    ['12.03.2026 14:05', '2026-03-12T14:05:00.000Z'],
    ['12.03.2026, 14:05 Uhr', '2026-03-12T14:05:00.000Z'],
    ['2026-03-12 14:05:06', '2026-03-12T14:05:06.000Z'],
    ['2026-03-12T14:05:06+01:00', '2026-03-12T13:05:06.000Z'],
    ['3/13/2026 2:05 PM', '2026-03-13T14:05:00.000Z'],
    ['25/03/2026', '2026-03-25T00:00:00.000Z'],
    ['12 mrt 2026', '2026-03-12T00:00:00.000Z'],
    ['12. März 2026', '2026-03-12T00:00:00.000Z'],
    ['Mar 12, 2026', '2026-03-12T00:00:00.000Z'],
    ['46093', '2026-03-12T00:00:00.000Z'],
    ['2026', 'consent-date'],
    ['12', 'consent-date'],
    ['31.02.2026', 'consent-date'],
    ['soon', 'consent-date'],
    ['2027-01-01', 'consent-date'],
  ])('%s', (day, read) => {
    expect(at(day)).toBe(read);
  });

  it('with slashes are read as the others of the column show', () => {
    expect(at('03/04/2026', ['25/04/2026'])).toBe('2026-04-03T00:00:00.000Z');
    expect(at('03/04/2026', ['04/25/2026'])).toBe('2026-03-04T00:00:00.000Z');
  });
});
