import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { staffPages } from '../../../../src/web/staff/routes.ts';
import { type TestDatabase, testDatabase } from '../../../support/database.ts';
import { testApp, testWebContext } from '../../../support/web.ts';

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
    expect(again.body).toContain('That link has been used already.');
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
    // The page behind it says so at once, and no press is needed to learn it.
    const opened = await app.inject(late);
    expect([opened.statusCode, opened.body]).toEqual([410, expect.stringContaining('That link has expired')]);
  });

  it('opened again in the browser that it signed in leads on', async () => {
    now = new Date(START + 3 * 86_400_000);
    await ask(email);
    const link = await mailedLink();
    const cookie = String((await post(link)).headers['set-cookie']).split(';')[0]!;
    const again = await app.inject({ url: link, headers: { cookie } });
    expect([again.statusCode, again.headers.location]).toEqual([303, '/staff']);
    expect((await app.inject(link)).statusCode).toBe(410);
    now = new Date(START);
  });

  it('leads nowhere but to pages for staff', async () => {
    for (const next of ['https://evil.example/', '//evil.example', '/\\evil.example', '/staff/../inbox']) {
      await ask(email, next);
      const { headers } = await post(await mailedLink());
      expect(String(headers.location), next).toMatch(/^\/staff(?!\/\.\.)/);
    }
  });

  it('made up opens nothing', async () => {
    const made = await post('/staff/sign-in/made-up');
    expect([made.statusCode, made.body]).toEqual([410, expect.stringContaining('That link is not complete')]);
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
  for (let time = 0; time < 12; time++)
    asked.push((await ask(`nobody-${time}@elsewhere.example`)).statusCode);
  expect(asked.filter((status) => status === 429)).toHaveLength(2);
  const pressed = [];
  for (let time = 0; time < 12; time++) pressed.push((await post('/staff/sign-in/guess')).statusCode);
  expect(pressed.filter((status) => status === 429)).toHaveLength(2);
});

it('one mailbox gets a few links at a time, whoever asks from wherever', async () => {
  const mails = async () =>
    (
      await db.pool.query(
        `select count(*)::int as n from outbox where kind = 'sign-in' and to_address = $1`,
        [email],
      )
    ).rows[0].n;
  now = new Date(START + 86_400_000);
  const before = await mails();
  const askFrom = async (remoteAddress: string) => {
    const payload = new URLSearchParams({ email: ` ${email.toUpperCase()}`, next: '/staff' }).toString();
    const answer = await app.inject({
      method: 'POST',
      url: '/staff/sign-in',
      headers: FORM,
      remoteAddress,
      payload,
    });
    expect(answer.statusCode).toBe(200);
  };
  for (let time = 0; time < 9; time++) await askFrom(`192.0.2.${time}`);
  expect(await mails()).toBe(before + 5);
  now = new Date(START + 86_400_000 + 16 * 60_000);
  await askFrom('192.0.2.77');
  expect(await mails()).toBe(before + 6);
});

it('over HTTPS the cookie goes nowhere else', async () => {
  await app.close();
  const context = testWebContext(db.database, { now: () => now, publicUrl: 'https://news.example' });
  app = await testApp(context, staffPages);
  await ask(email);
  expect(String((await post(await mailedLink())).headers['set-cookie'])).toContain('Secure');
});
