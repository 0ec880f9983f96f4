import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { staffPages } from '../../../src/web/staff/routes.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { realFile } from '../../support/real-use.ts';
import { asStaff, type SignedIn, signedIn } from '../../support/staff.ts';
import { testApp, testWebContext } from '../../support/web.ts';

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
    expect(csv).toContain('q5@people.example,Eve,Acme,6,');
  });
});

it('a workbook is refused in words', async () => {
  const { statusCode, body } = await upload(Buffer.from('PK\x03\x04…'), 'people.xlsx');
  expect([statusCode, body]).toEqual([422, expect.stringContaining('This is a workbook')]);
});
