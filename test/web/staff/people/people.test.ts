import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importPeople } from '../../../../src/journey/audience/import-people.ts';
import { staffPages } from '../../../../src/web/staff/routes.ts';
import { type TestDatabase, testDatabase } from '../../../support/database.ts';
import { testLinks, testProgramme } from '../../../support/programme.ts';
import { asStaff, type SignedIn, signedIn } from '../../../support/staff.ts';
import { addSubscriber } from '../../../support/subscribers.ts';
import { testApp, testWebContext } from '../../../support/web.ts';

const NOW = new Date('2026-11-21T09:00:00Z');
let db: TestDatabase;
let app: FastifyInstance;
let mara: SignedIn;
let context: ReturnType<typeof testWebContext>;

beforeAll(async () => {
  db = await testDatabase();
  context = testWebContext(db.database);
  app = await testApp(context, staffPages);
  mara = await signedIn(db.database, 'marketer');
});
afterAll(async () => {
  await app?.close();
  await db?.close();
});

const get = async (url: string) => (await asStaff(app, mara).get(url)).body;
const names = (page: string) =>
  [...page.matchAll(/href="\/staff\/leads\/\d+">([^<]+)</g)].map(([, name]) => name);

async function upload(text: string | Uint8Array, name = 'fair.csv') {
  const form = new FormData();
  form.set('csrf', mara.csrf);
  form.set('file', new File([text as never], name, { type: 'text/csv' }));
  const request = new Response(form);
  return app.inject({
    method: 'POST',
    url: '/staff/people/import',
    headers: { cookie: mara.cookie, 'content-type': request.headers.get('content-type')! },
    payload: Buffer.from(await request.arrayBuffer()),
  });
}

describe('the list of people', () => {
  beforeAll(async () => {
    for (let n = 0; n < 120; n++) {
      await addSubscriber(db.database, {
        email: `reader${String(n).padStart(3, '0')}@kade${n % 3}.example`,
        name: `Reader ${n}`,
        company: n % 2 ? 'Kade 100% Logistics' : null,
        interests: n % 4 ? ['payroll'] : ['stock'],
        source: n % 5 ? {} : { utm_source: 'trade-fair' },
        status: n % 10 ? 'active' : 'pending',
      });
    }
    await db.pool.query(
      `update subscribers set score = id % 7, last_act_at = case when id % 3 = 0 then $1::timestamptz end`,
      [new Date('2026-11-18T09:00:00Z')],
    );
  });

  it.each(['score', 'last-act', 'newest', 'email'])(
    'goes through everybody once, ordered by %s',
    async (sort) => {
      const seen: string[] = [];
      let url: string | undefined = `/staff/people?sort=${sort}`;
      for (let pages = 0; url && pages < 10; pages++) {
        const page: string = await get(url);
        seen.push(...(names(page) as string[]));
        url = page
          .match(/class="button quiet" href="([^"]+)" rel="next"/)?.[1]
          ?.replaceAll('&amp;', '&')
          .replaceAll('&#x3D;', '=');
      }
      expect(seen).toHaveLength(120);
      expect(new Set(seen).size).toBe(120);
    },
  );

  it.each([
    ['search=READER+11', 11],
    ['search=%25', 60],
    ['search=_', 0],
    ['company=kade+100%25', 60],
    ['status=pending', 12],
    ['interest=stock', 30],
    ['source=fair', 24],
    ['act=7', 40],
    ['act=never', 80],
    ['act=none-90', 80],
    ['score_from=6&score_to=6', 17],
    ['stage=sql', 0],
    ['stage=unconfirmed', 12],
    ['stage=mql', 108],
    ['stage=left', 0],
    ['search=reader&interest=stock&status=active', 24],
  ])('is narrowed by %s', async (query, count) => {
    const { rows } = await db.pool.query('select count(*)::int as n from subscribers where score = 6');
    const page = await get(`/staff/people?${query}`);
    expect(page).toContain(`>${query.startsWith('score') ? rows[0].n : count} found<`);
  });

  it('a cursor somebody made up is no cursor', async () => {
    expect(names(await get('/staff/people?after=nonsense'))).toHaveLength(50);
  });

  it('keeps a search under a name, for its owner only, and forgets it', async () => {
    const saved = await asStaff(app, mara).post('/staff/people/views', {
      name: 'Stock readers',
      query: 'interest=stock&bad=1',
    });
    expect(await get(String(saved.headers.location))).toContain('The view is saved.');
    expect(await get('/staff/people')).toContain(
      '<a href="/staff/people?interest&#x3D;stock">Stock readers</a>',
    );
    const sam = await signedIn(db.database, 'sales');
    expect((await asStaff(app, sam).get('/staff/people')).body).not.toContain('Stock readers');
    const id = (await get('/staff/people?interest=stock')).match(/name="id" value="(\d+)"/)?.[1] ?? '';
    const refused = await asStaff(app, sam).post('/staff/people/views/delete', { id });
    expect(refused.headers.location).toBe('/staff/people');
    expect(await get('/staff/people')).toContain('Stock readers');
    const gone = await asStaff(app, mara).post('/staff/people/views/delete', { id });
    expect(await get(String(gone.headers.location))).toContain('The view is deleted.');
    expect(await get('/staff/people?done=made-up')).not.toContain('staff.done');
    expect(await get('/staff/people')).not.toContain('Stock readers');
  });

  it('comes as a file, whole, and the log says who took it', async () => {
    const csv = await get('/staff/people.csv?interest=stock');
    expect(csv.trim().split('\r\n')).toHaveLength(31);
    expect(csv).toContain(
      '"reader000@kade0.example","Reader 0","","","","","","","en","Europe/Amsterdam","stock","trade-fair","pending","unconfirmed"',
    );
    const [entry] = await db.database.stores.audit.list({ beforeId: null, limit: 1 });
    expect(entry).toMatchObject({
      act: 'people-exported',
      staffEmail: mara.email,
      subject: 'interest=stock',
    });
  });
});

describe('an import', () => {
  const FILE = [
    'email,name,interests,consent_at,consent_how',
    'new@fair.example,Nina New,payroll,,',
    'sure@fair.example,Suus Sure,stock,2026-03-01,"fair, form 12"',
    'reader001@kade1.example,Somebody Else,stock,,',
    'gone@fair.example,Gone,payroll,2026-03-01,fair',
    'broken,Bert,payroll,,',
    'new@fair.example,Twice,payroll,,',
  ].join('\n');

  it('changes nothing before the second press, and then asks those who have not agreed', async () => {
    await addSubscriber(db.database, { email: 'gone@fair.example', name: null, status: 'unsubscribed' });
    const { headers } = await upload(FILE);
    const path = String(headers.location);
    const dry = await get(path);
    expect(dry).toContain('Import 4 people');
    expect(dry).toContain('An email address has a name');
    expect(dry).toContain('The same address stands on line 2 already.');
    expect(await db.database.stores.subscribers.findByEmail('new@fair.example')).toBeNull();
    expect(await get(`${path}/problems.csv`)).toContain(
      '"broken","Bert","payroll","","","6","An email address',
    );

    await asStaff(app, mara).post(`${path}/begin`);
    const importId = Number(path.split('/').at(-1));
    expect(context.queue.jobs).toContainEqual({ name: 'import-people', importId });
    const deps = { database: db.database, links: testLinks, programme: testProgramme() };
    expect(await importPeople(deps, importId, NOW)).toBe(4);
    expect(await importPeople(deps, importId, NOW)).toBe(0);

    const { subscribers, consent, imports } = db.database.stores;
    const asked = (await subscribers.findByEmail('new@fair.example'))!;
    expect(asked).toMatchObject({ status: 'pending', interests: ['payroll'], name: 'Nina New' });
    const sure = (await subscribers.findByEmail('sure@fair.example'))!;
    expect(sure.status).toBe('active');
    expect((await consent.list(sure.id))[0]).toMatchObject({
      act: 'confirmed',
      how: { code: 'consent.import-how', values: { n: importId, what: 'fair, form 12' } },
    });
    // Known ones keep what they chose; who left stays gone, whatever the file proves.
    expect(await subscribers.findByEmail('reader001@kade1.example')).toMatchObject({
      name: 'Reader 1',
      interests: ['payroll'],
    });
    expect(await subscribers.findByEmail('gone@fair.example')).toMatchObject({
      status: 'unsubscribed',
      name: null,
    });
    const mails = await db.pool.query(`select to_address from outbox where kind = 'confirmation'`);
    expect(mails.rows).toEqual([{ to_address: 'new@fair.example' }]);
    expect(await imports.find(importId)).toMatchObject({
      status: 'done',
      done: 4,
      outcomes: { added: 2, 'filled-in': 0, unchanged: 1, 'left-alone': 1 },
    });
    expect(await get(path)).toContain('The import is done');
  });

  it('that is discarded leaves nobody’s data behind', async () => {
    const path = String((await upload('email\nx@y.example')).headers.location);
    await asStaff(app, mara).post(`${path}/discard`);
    const { rows } = await db.pool.query(
      `select from people_import_rows where person ->> 'email' = 'x@y.example'`,
    );
    expect(rows).toHaveLength(0);
    await asStaff(app, mara).post(`${path}/begin`);
    expect(await db.database.stores.subscribers.findByEmail('x@y.example')).toBeNull();
  });

  it('says what is wrong with a file that is no list of people', async () => {
    expect((await upload('name\nAnna')).body).toContain('No column is called “email”');
    expect((await upload('')).statusCode).toBe(422);
  });

  it('reads what older spreadsheets write', async () => {
    const latin = Uint8Array.from('email;name\nj@z.example;Jörg Müller', (sign) => sign.charCodeAt(0));
    const path = String((await upload(latin)).headers.location);
    const { rows } = await db.pool.query(
      `select person ->> 'name' as name from people_import_rows where import_id = $1`,
      [Number(path.split('/').at(-1))],
    );
    expect(rows).toEqual([{ name: 'Jörg Müller' }]);
  });
});
