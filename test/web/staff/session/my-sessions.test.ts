import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { staffPages } from '../../../../src/web/staff/routes.ts';
import { deviceInWords } from '../../../../src/web/staff/session/my-sessions.ts';
import { type TestDatabase, testDatabase } from '../../../support/database.ts';
import { asStaff, signedIn } from '../../../support/staff.ts';
import { testApp, testWebContext } from '../../../support/web.ts';

let db: TestDatabase;
let app: FastifyInstance;
beforeAll(async () => {
  db = await testDatabase();
  app = await testApp(testWebContext(db.database), staffPages);
});
afterAll(async () => {
  await app?.close();
  await db?.close();
});

it('lists the sessions of its owner only, and ends one or all', async () => {
  const [here, there, colleague] = [
    await signedIn(db.database, 'marketer'),
    await signedIn(db.database, 'marketer'),
    await signedIn(db.database, 'sales'),
  ];
  const page = (await asStaff(app, here).get('/staff/account')).body;
  expect(page.match(/Firefox · Linux/g)).toHaveLength(2);
  const [, session = ''] = page.match(/name="session" value="([^"]+)"/) ?? [];

  // Not theirs to end.
  await asStaff(app, colleague).post('/staff/account/end-session', { session });
  expect((await asStaff(app, there).get('/staff/account')).statusCode).toBe(200);

  await asStaff(app, here).post('/staff/account/end-session', { session });
  expect((await asStaff(app, there).get('/staff/account')).statusCode).toBe(302);
  expect((await asStaff(app, here).get('/staff/account')).statusCode).toBe(200);

  const again = await signedIn(db.database, 'marketer');
  await asStaff(app, again).post('/staff/account/sign-out-everywhere');
  expect((await asStaff(app, here).get('/staff/account')).statusCode).toBe(302);
  expect((await asStaff(app, colleague).get('/staff/account')).statusCode).toBe(200);
});

it('speaks the language the browser asks for, among the programme’s', async () => {
  const who = await signedIn(db.database, 'admin');
  const read = async (language: string) =>
    (await asStaff(app, who).get('/staff/account', { 'accept-language': language })).body;
  expect(await read('nl-BE,en;q=0.5')).toContain('Waar u bent ingelogd');
  expect(await read('de')).toContain('<html lang="de"');
  expect(await read('fr')).toContain('Where you’re signed in');
});

it('speaks the language that was chosen here, in every browser and in the mails to this person', async () => {
  const [who, colleague] = [await signedIn(db.database, 'sales'), await signedIn(db.database, 'marketer')];
  const dutch = { 'accept-language': 'nl' };
  const answer = await asStaff(app, who).post('/staff/account/language', { language: 'de' });
  expect((await asStaff(app, who).get(String(answer.headers.location), dutch)).body).toContain(
    '<html lang="de"',
  );
  // A list that is narrowed to a language is not shown in it.
  const list = await asStaff(app, who).get('/staff/people?language=nl', dutch);
  expect(list.body).toContain('<html lang="de"');
  expect((await asStaff(app, colleague).get('/staff/content?language=de', dutch)).body).toContain(
    '<html lang="nl"',
  );

  const sign = (email: string) =>
    app.inject({
      method: 'POST',
      url: '/staff/sign-in',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...dutch },
      payload: new URLSearchParams({ email: email.toUpperCase() }).toString(),
    });
  await sign(who.email);
  await sign(colleague.email);
  const { outbox } = db.database.stores;
  const at = new Date('2026-11-21T09:00:00Z');
  // Planned in the programme's language, before or after the choice; and a reader's mail stays the reader's.
  const mail = { language: 'en', data: null, subscriberId: null, dueAt: at, at };
  await outbox.add({ ...mail, kind: 'sales-alert', dedupeKey: 'alert', to: who.email });
  await outbox.add({ ...mail, kind: 'confirmation', dedupeKey: 'reader', to: who.email } as never);
  const claimed = await outbox.claimDue(new Date('2026-11-21T10:00:00Z'), 60_000, 10, 'test');
  expect(claimed.map(({ kind, to, language }) => [kind, to, language]).sort()).toEqual([
    ['confirmation', who.email, 'en'],
    ['sales-alert', who.email, 'de'],
    ['sign-in', colleague.email, 'nl'],
    ['sign-in', who.email, 'de'],
  ]);

  await asStaff(app, who).post('/staff/account/language', { language: '' });
  expect((await asStaff(app, who).get('/staff/account', dutch)).body).toContain('<html lang="nl"');
  await asStaff(app, who).post('/staff/account/language', { language: 'tlh' });
  expect((await asStaff(app, who).get('/staff/account', dutch)).body).toContain('<html lang="nl"');
});

it('names a device from what its browser says', () => {
  expect(deviceInWords('Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0')).toBe(
    'Edge · Windows',
  );
  expect(deviceInWords('curl/8')).toBe('curl/8');
  expect(deviceInWords(null)).toBeNull();
});
