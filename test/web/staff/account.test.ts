import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { deviceInWords } from '../../../src/web/staff/account.ts';
import { staffPages } from '../../../src/web/staff/routes.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { asStaff, signedIn } from '../../support/staff.ts';
import { testApp, testWebContext } from '../../support/web.ts';

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
  expect(await read('nl-BE,en;q=0.5')).toContain('Waar u bent aangemeld');
  expect(await read('de')).toContain('<html lang="de"');
  expect(await read('fr')).toContain('Where you are signed in');
});

it('names a device from what its browser says', () => {
  expect(deviceInWords('Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0')).toBe(
    'Edge · Windows',
  );
  expect(deviceInWords('curl/8')).toBe('curl/8');
  expect(deviceInWords(null)).toBeNull();
});
