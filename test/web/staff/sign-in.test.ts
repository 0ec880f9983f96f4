import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { staffPages } from '../../../src/web/staff/routes.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { testApp, testWebContext } from '../../support/web.ts';

const START = Date.parse('2026-11-21T09:00:00Z');
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
let db: TestDatabase;
let app: FastifyInstance;
let now = new Date(START);
let email: string;

beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db?.close());
beforeEach(async () => {
  // Each test has limits of its own.
  await app?.close();
  const context = testWebContext(db.database, { now: () => now });
  email = context.programme.staff.find(({ role }) => role === 'marketer')!.email;
  now = new Date(START);
  app = await testApp(context, staffPages);
});

const post = (url: string, fields: Record<string, string> = {}) =>
  app.inject({ method: 'POST', url, headers: FORM, payload: new URLSearchParams(fields).toString() });
const ask = (address: string, next = '/staff') => post('/staff/sign-in', { email: address, next });

/** The address in the newest sign-in mail; undefined when there is none. */
async function mailedLink(): Promise<string> {
  const { rows } = await db.pool.query(
    `select data ->> 'url' as url from outbox where kind = 'sign-in' order by id desc limit 1`,
  );
  return new URL(rows[0].url).pathname;
}

describe('a sign-in link', () => {
  it('shows a button however often it is opened; the press signs in, once', async () => {
    await ask(email, '/staff/people?stage=sql');
    const link = await mailedLink();
    for (let time = 0; time < 3; time++) {
      const opened = await app.inject(link);
      expect(opened.statusCode).toBe(200);
      expect(opened.headers['set-cookie']).toBeUndefined();
      expect(opened.headers['referrer-policy']).toBe('no-referrer');
    }
    const pressed = await post(link);
    expect(pressed.statusCode).toBe(303);
    expect(pressed.headers.location).toBe('/staff/people?stage=sql');
    expect(String(pressed.headers['set-cookie'])).toMatch(/simmer_staff=[\w-]{40,};.*HttpOnly.*SameSite=Lax/);
    const cookie = String(pressed.headers['set-cookie']).split(';')[0]!;
    expect((await app.inject({ url: '/staff', headers: { cookie } })).statusCode).toBe(200);

    const again = await post(link);
    expect(again.statusCode).toBe(410);
    expect(again.headers['set-cookie']).toBeUndefined();
    expect(again.body).toContain('role="alert"');
    expect(again.body).toContain('action="/staff/sign-in"');
  });

  it('works for fifteen minutes and no second longer', async () => {
    await ask(email);
    const late = await mailedLink();
    await ask(email);
    const inTime = await mailedLink();
    expect(late).not.toBe(inTime);
    now = new Date(START + 15 * 60_000 - 1000);
    expect((await post(inTime)).statusCode).toBe(303);
    now = new Date(START + 15 * 60_000);
    expect((await post(late)).statusCode).toBe(410);
  });

  it('leads nowhere but to pages for staff', async () => {
    for (const next of ['https://evil.example/', '//evil.example', '/\\evil.example', '/staff/../inbox']) {
      await ask(email, next);
      const { headers } = await post(await mailedLink());
      expect(String(headers.location), next).toMatch(/^\/staff(?!\/\.\.)/);
    }
  });

  it('made up opens nothing', async () => {
    expect((await post('/staff/sign-in/made-up')).statusCode).toBe(410);
  });
});

it('asking looks the same for an address that is no member’s, and mails nothing', async () => {
  const known = await ask(email);
  const before = (await db.pool.query('select count(*)::int as n from outbox')).rows[0].n;
  const unknown = await ask('stranger@elsewhere.example');
  expect(unknown.statusCode).toBe(known.statusCode);
  expect(unknown.body.replaceAll('stranger@elsewhere.example', email)).toBe(known.body);
  expect((await db.pool.query('select count(*)::int as n from outbox')).rows[0].n).toBe(before);
});

it('asking and pressing are limited', async () => {
  const asked = [];
  for (let time = 0; time < 12; time++) asked.push((await ask('nobody@elsewhere.example')).statusCode);
  expect(asked.filter((status) => status === 429)).toHaveLength(2);
  const pressed = [];
  for (let time = 0; time < 12; time++) pressed.push((await post('/staff/sign-in/guess')).statusCode);
  expect(pressed.filter((status) => status === 429)).toHaveLength(2);
});

it('over HTTPS the cookie goes nowhere else', async () => {
  await app.close();
  const context = testWebContext(db.database, { now: () => now, publicUrl: 'https://news.example' });
  app = await testApp(context, staffPages);
  await ask(email);
  expect(String((await post(await mailedLink())).headers['set-cookie'])).toContain('Secure');
});
