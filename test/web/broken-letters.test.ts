import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildApp } from '../../src/web/app.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { testLinks, testPublicUrl } from '../support/programme.ts';
import { asStaff, type SignedIn, signedIn } from '../support/staff.ts';
import { addSubscriber } from '../support/subscribers.ts';
import { testWebContext } from '../support/web.ts';

// What anybody can send: an emoji cut in half, a zero character, and both where forms cut what is too long.
const HALF = '\ud83d';
const LETTERS: [string, string][] = [
  ['half an emoji', `Anna ${HALF}`],
  ['the other half', '\ude00 Anna'],
  ['a zero character', 'An\0na'],
  ['an emoji where texts are cut', `${'x'.repeat(39)}😀`],
  ['emojis all the way', '😀'.repeat(300)],
];
const KEY = 'simmer_a-key-that-only-this-test-knows';

let db: TestDatabase;
let app: FastifyInstance;
let mara: SignedIn;
let sam: SignedIn;
beforeAll(async () => {
  db = await testDatabase();
  app = await buildApp(testWebContext(db.database), { trustProxy: 1, ready: {}, inbox: null });
  mara = await signedIn(db.database, 'marketer');
  sam = await signedIn(db.database, 'sales');
  await addSubscriber(db.database, { email: 'known@reader.example' });
  await db.database.stores.apiKeys.add(
    {
      name: 'site',
      hash: createHash('sha256').update(KEY).digest('hex'),
      start: KEY.slice(0, 12),
      scopes: ['events:write', 'subscribers:read', 'subscribers:write'],
    },
    new Date(),
  );
});
afterAll(async () => {
  await app?.close();
  await db?.close();
});

let visitors = 0;
/** As bytes, which is how a half can be sent: browsers mend it, attackers do not. */
const escaped = (text: string) =>
  [...Buffer.from(text.replaceAll(HALF, '\u{10fffe}').replaceAll('\ude00 ', '\u{10fffd} '), 'utf8')]
    .map((byte) => `%${byte.toString(16).padStart(2, '0')}`)
    .join('')
    .replaceAll('%f4%8f%bf%be', '%ed%a0%bd')
    .replaceAll('%f4%8f%bf%bd', '%ed%b8%80');
const post = (url: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
  app.inject({
    method: 'POST',
    url,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-forwarded-for': `198.51.100.${visitors++ % 250}`,
      ...headers,
    },
    payload: Object.entries(fields)
      .map(([name, value]) => `${name}=${escaped(value)}`)
      .join('&'),
  });

describe.each(LETTERS)('%s', (_, text) => {
  const FIELDS = [
    'company',
    'job_title',
    'industry',
    'country',
    'utm_source',
    'utm_campaign',
    'referrer',
    'download',
  ];
  it('in a sign-up tells nothing about who is on the list', async () => {
    for (const field of FIELDS) {
      const answers = [];
      for (const email of ['known@reader.example', `new-${visitors}@reader.example`])
        answers.push((await post('/sign-up', { email, [field]: text, language: 'en' })).statusCode);
      expect([field, ...answers]).toEqual([field, answers[0], answers[0]]);
      expect([303, 422]).toContain(answers[0]);
    }
  });

  it('loses no form of the site', async () => {
    for (const email of ['known@reader.example', `form-${visitors}@reader.example`])
      expect(
        (await post('/forms/contact', { email, message: text, name: text, phone: text })).statusCode,
      ).toBe(303);
    const { rows } = await db.pool.query(
      `select count(*)::int as n from held_touchpoints h join subscribers s on s.id = h.subscriber_id where s.email like 'form-%'`,
    );
    expect(rows[0].n).toBeGreaterThan(0);
  });

  it('is taken by the API', async () => {
    const headers = { authorization: `Bearer ${KEY}`, 'idempotency-key': `letters-${visitors++}` };
    const ask = (path: string, payload: object) =>
      app.inject({ method: 'POST', url: `/api/v1${path}`, headers, payload });
    for (const email of ['known@reader.example', `api-${visitors}@reader.example`]) {
      headers['idempotency-key'] = `letters-${visitors++}`;
      expect(
        (await ask('/subscribers', { email, company: text, source: { utm_source: 'x' } })).statusCode,
      ).toBe(202);
      headers['idempotency-key'] = `letters-${visitors++}`;
      const details = { message: text };
      expect((await ask('/events', { email, kind: 'form', name: 'demo', details })).statusCode).toBe(201);
    }
    const found = await app.inject({ url: `/api/v1/subscribers?email=${escaped(text)}`, headers });
    expect(found.statusCode).toBe(404);
  });

  it('breaks no page of staff: search, views, notes, costs, a list', async () => {
    const reader = (await db.database.stores.subscribers.findByEmail('known@reader.example'))!;
    const csrf = { csrf: mara.csrf };
    const staff = { cookie: mara.cookie };
    for (const query of ['search', 'company', 'source', 'after', 'done', 'language'])
      expect((await asStaff(app, mara).get(`/staff/people?${query}=${escaped(text)}`)).statusCode).toBe(200);
    for (const path of [
      '/staff/settings/suppressions?search=',
      '/staff/accounts/',
      '/staff/rehearsal/news?reader=',
    ])
      expect((await asStaff(app, mara).get(path + escaped(text))).statusCode).toBeLessThan(500);
    expect(
      (await post('/staff/people/views', { ...csrf, name: text, query: `search=${text}` }, staff)).statusCode,
    ).toBe(303);
    const cost = { ...csrf, month: '2026-10', amount: '5', note: text };
    expect((await post('/staff/costs', cost, staff)).statusCode).toBeLessThan(500);
    const touch = { csrf: sam.csrf, id: String(reader.id), name: 'phone-call', note: text };
    expect((await post('/staff/desk/touch', touch, { cookie: sam.cookie })).statusCode).toBeLessThan(500);
    const form = `--b\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n${mara.csrf}\r\n--b\r\nContent-Disposition: form-data; name="file"; filename="${text}.csv"\r\n\r\nemail,name,${text}\na${visitors}@list.example,${text},${text}\n\r\n--b--\r\n`;
    const list = await app.inject({
      method: 'POST',
      url: '/staff/people/import',
      headers: { cookie: mara.cookie, 'content-type': 'multipart/form-data; boundary=b' },
      payload: Buffer.from(form),
    });
    expect(list.statusCode).toBe(303);
    expect((await asStaff(app, mara).get(String(list.headers.location))).statusCode).toBe(200);
  });

  it('in what a reader writes is kept but for itself', async () => {
    const reader = (await db.database.stores.subscribers.findByEmail('known@reader.example'))!;
    const path = testLinks.preferences(reader.id).slice(testPublicUrl.length);
    const answer = await post(path, { interest: 'payroll', name: text.slice(0, 20), language: 'en' });
    expect(answer.statusCode).toBeLessThan(500);
    expect((await app.inject(`/?company=${escaped(text)}&language=${escaped(text)}`)).statusCode).toBe(200);
    expect([400, 404, 414]).toContain((await app.inject(`/${escaped(text)}`)).statusCode);
  });
});
