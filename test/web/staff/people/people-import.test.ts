import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { staffPages } from '../../../../src/web/staff/routes.ts';
import { type TestDatabase, testDatabase } from '../../../support/database.ts';
import { realFile } from '../../../support/real-use.ts';
import { asStaff, type SignedIn, signedIn } from '../../../support/staff.ts';
import { testApp, testWebContext } from '../../../support/web.ts';

let db: TestDatabase;
let app: FastifyInstance;
let mara: SignedIn;

beforeAll(async () => {
  db = await testDatabase();
  app = await testApp(testWebContext(db.database), staffPages);
  mara = await signedIn(db.database, 'marketer');
});
afterAll(async () => {
  await app?.close();
  await db?.close();
});

const get = async (url: string) => (await asStaff(app, mara).get(url)).body;

async function upload(bytes: string | Uint8Array, name = 'people.csv') {
  const form = new FormData();
  form.set('csrf', mara.csrf);
  form.set('file', new File([bytes as never], name, { type: 'text/csv' }));
  const request = new Response(form);
  return app.inject({
    method: 'POST',
    url: '/staff/people/import',
    headers: { cookie: mara.cookie, 'content-type': request.headers.get('content-type')! },
    payload: Buffer.from(await request.arrayBuffer()),
  });
}
const importOf = ({ headers }: Awaited<ReturnType<typeof upload>>) =>
  Number(String(headers.location).split('/').at(-1));
const peopleOf = async (id: number) =>
  (
    await db.pool.query(
      'select number as line, person from people_import_rows where import_id = $1 order by number',
      [id],
    )
  ).rows;

describe('a file with an open quotation mark', () => {
  it('says so for each line behind it, and mails nobody under another’s name', async () => {
    const id = importOf(await upload(realFile('01-csv-open-quote/people.csv')));
    expect(await peopleOf(id)).toMatchObject([
      { line: 2, person: { email: 'q1@people.example', name: 'Ann' } },
      ...[3, 4, 5, 6].map((line) => ({ line, person: null })),
    ]);
    const page = await get(`/staff/people/imports/${id}`);
    expect(page).toContain('A quotation mark opened on line 3 is never closed');
    expect(page).toContain('q3@people.example · Carol · Acme');
  });

  it('comes back as a file of the rows as they stood, to be mended and sent again', async () => {
    const id = importOf(await upload(realFile('01-csv-open-quote/people.csv')));
    const csv = await get(`/staff/people/imports/${id}/problems.csv`);
    expect(csv).toContain('"q5@people.example","Eve","Acme","6",');
  });
});

it('a workbook is refused in words', async () => {
  const { statusCode, body } = await upload(Buffer.from('PK\x03\x04…'), 'people.xlsx');
  expect([statusCode, body]).toEqual([422, expect.stringContaining('This is a workbook')]);
});

describe('what a file’s columns were taken for', () => {
  const FILE = [
    'Kontakt;Wer;Firma;Newsletter;Shoe size',
    'a@x.example;Ann;Kade;ja;44',
    'b@x.example;Bo;Kade;nein;45',
    'c@x.example;Cee;Kade;;',
  ].join('\n');

  it('is shown with what stands in them, and how the first rows come out', async () => {
    const id = importOf(await upload(FILE));
    const page = await get(`/staff/people/imports/${id}`);
    expect(page).toMatch(/<label for="column-0">Kontakt<\/label>[\s\S]*?<option value="email" selected>/);
    expect(page).toMatch(/<label for="column-2">Firma<\/label>[\s\S]*?<option value="company" selected>/);
    expect(page).toContain('44 · 45');
    expect(page).toContain('2 columns that are not read');
    expect(page).toMatch(/b@x\.example[\s\S]*?Never subscribed/);
    expect(page).toContain('Import 2 people');
  });

  it('can be changed before the import, without any script', async () => {
    const id = importOf(await upload(FILE));
    const columns = {
      'column-0': 'email',
      'column-1': 'name',
      'column-2': 'jobTitle',
      'column-3': 'constructor',
    };
    const sent = await asStaff(app, mara).post(`/staff/people/imports/${id}/columns`, columns);
    expect(sent.headers.location).toBe(`/staff/people/imports/${id}?done=columns-read`);
    expect(await peopleOf(id)).toMatchObject([
      { person: { name: 'Ann', jobTitle: 'Kade', company: null, left: null } },
      { person: { name: 'Bo', left: null } },
      { person: { name: 'Cee' } },
    ]);
    const everybody = { ...columns, standing: 'unsubscribed' };
    await asStaff(app, mara).post(`/staff/people/imports/${id}/columns`, everybody);
    const page = await get(`/staff/people/imports/${id}`);
    expect(page).toContain('Remember 3 people who left');
    expect(page).toContain('<option value="unsubscribed" selected>');
  });

  it('is left as it was when no column is the address any more', async () => {
    const id = importOf(await upload(FILE));
    const sent = await asStaff(app, mara).post(`/staff/people/imports/${id}/columns`, { 'column-1': 'name' });
    expect(await get(String(sent.headers.location))).toContain(
      'No column is taken for the e-mail address any more',
    );
    expect((await peopleOf(id))[0]!.person).toMatchObject({ email: 'a@x.example' });
  });

  it('is closed once the import has begun', async () => {
    const id = importOf(await upload(FILE));
    await asStaff(app, mara).post(`/staff/people/imports/${id}/begin`);
    await asStaff(app, mara).post(`/staff/people/imports/${id}/columns`, { 'column-1': 'email' });
    expect((await peopleOf(id))[0]!.person).toMatchObject({ email: 'a@x.example' });
    expect(await get(`/staff/people/imports/${id}`)).not.toContain('/columns"');
  });

  it('says in notes what was left out, and keeps nobody out for it', async () => {
    const id = importOf(await upload('email,country,company size\na@x.example,Atlantis,lots\n'));
    const page = await get(`/staff/people/imports/${id}`);
    expect(page).toContain('1 row comes in with a note');
    expect(page).toContain('We do not know this country');
    expect(page).toContain('Import 1 person');
  });

  it.each(['nl', 'de'])('reads in %s', async (language) => {
    const id = importOf(await upload(FILE));
    const { body } = await asStaff(app, mara).get(`/staff/people/imports/${id}`, {
      'accept-language': language,
    });
    expect(body).toContain(language === 'nl' ? 'Wat in de kolommen staat' : 'Was in den Spalten steht');
    expect(body).not.toContain('staff.import');
  });
});

it('a file that is named for who left brings nobody in', async () => {
  const id = importOf(
    await upload(
      'Email Address,CONFIRM_TIME,CONFIRM_IP\na@x.example,2024-01-01 10:00:00,192.0.2.7\n',
      'cleaned_members_export_1.csv',
    ),
  );
  expect(await get(`/staff/people/imports/${id}`)).toContain('<option value="bounced" selected>');
  expect(await peopleOf(id)).toMatchObject([{ person: { left: { why: 'bounced' }, consent: null } }]);
});
