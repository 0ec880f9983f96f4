import type { FastifyInstance } from 'fastify';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLog } from '../../src/adapters/log.ts';
import { makePool } from '../../src/adapters/postgres/pool.ts';
import { makeDatabase } from '../../src/database.ts';
import { buildApp } from '../../src/web/app.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { testLinks, testProgramme } from '../support/programme.ts';
import { addSubscriber } from '../support/subscribers.ts';
import { testWebContext } from '../support/web.ts';

// How long an answer takes is how much was done for it: whoever asks about an address must not learn from that who is on
// the list, or on the staff. Counted are the statements to the database, each by its first words.
let db: TestDatabase;
let pool: pg.Pool;
let app: FastifyInstance;
let context: ReturnType<typeof testWebContext>;
const asked: string[] = [];

beforeAll(async () => {
  db = await testDatabase();
  pool = makePool(db.url, silentLog, 2);
  pool.on('connect', (client) => {
    const query = client.query.bind(client) as (...args: unknown[]) => unknown;
    Object.assign(client, {
      query: (statement: string | { text: string }, ...rest: unknown[]) => {
        asked.push(
          (typeof statement === 'string' ? statement : statement.text)
            .trim()
            .split(/\s+/)
            .slice(0, 3)
            .join(' '),
        );
        return query(statement, ...rest);
      },
    });
  });
  context = testWebContext(makeDatabase(pool, { programme: testProgramme(), links: testLinks }));
  app = await buildApp(context, { trustProxy: 1, ready: {}, inbox: null });
  for (const status of ['active', 'pending', 'unsubscribed'] as const)
    await addSubscriber(db.database, { email: `${status}@reader.example`, status });
  await addSubscriber(db.database, { email: 'suppressed@reader.example' });
  await db.pool.query(
    `update subscribers set status = 'suppressed' where email = 'suppressed@reader.example'`,
  );
});
afterAll(async () => {
  await app?.close();
  await pool?.end();
  await db?.close();
});

let visitors = 0;
async function doneFor(url: string, fields: Record<string, string>) {
  asked.length = 0;
  const answer = await app.inject({
    method: 'POST',
    url,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-forwarded-for': `198.51.100.${visitors++ % 250}`,
    },
    payload: new URLSearchParams(fields).toString(),
  });
  const body = answer.body.replaceAll(fields.email!, 'ADDRESS').replace(/nonce-[\w+/=]+/g, '');
  return {
    status: answer.statusCode,
    location: answer.headers.location,
    body,
    asked: [...asked],
  };
}

const READERS = [
  'new@reader.example',
  'pending@reader.example',
  'active@reader.example',
  'active@reader.example',
  'unsubscribed@reader.example',
  'suppressed@reader.example',
];

describe('the same is done for a stranger and for somebody who is known', () => {
  it.each([
    ['/sign-up', { name: 'Anna', company: 'Kade', language: 'en' }],
    ['/forms/contact', { name: 'Anna', message: 'Call me', language: 'en' }],
    ['/forms/download', { name: 'Anna', download: 'guide.pdf', language: 'en' }],
    ['/sign-up', { name: 'Anna', download: 'guide.pdf', language: 'en' }],
  ])('by %s', async (url, fields) => {
    const first = await doneFor(url, { ...fields, email: `first-${visitors}@reader.example` });
    expect(first.asked.length).toBeGreaterThan(5);
    expect(first.status).toBe(303);
    for (const email of [`new-${visitors}@reader.example`, ...READERS])
      expect([email, await doneFor(url, { ...fields, email })]).toEqual([email, first]);
  });

  it('by the sign-in of staff', async () => {
    const [member] = testProgramme().staff;
    const stranger = await doneFor('/staff/sign-in', { email: 'stranger@reader.example' });
    expect(stranger.asked.length).toBeGreaterThan(2);
    for (let times = 0; times < 7; times++)
      expect(await doneFor('/staff/sign-in', { email: member!.email })).toEqual(stranger);
    const { rows } = await db.pool.query(
      `select to_address, count(*)::int as n from outbox where kind = 'sign-in' group by 1`,
    );
    expect(rows).toEqual([{ to_address: member!.email, n: 5 }]);
    const links = await db.pool.query('select distinct email from sign_in_links');
    expect(links.rows).toEqual([{ email: member!.email }]);
  });

  it('and the mail that may follow is begun after the answer', async () => {
    const delays: (number | undefined)[] = [];
    const queue = {
      ...context.queue,
      add: async (_job: unknown, options?: { delayMs?: number }) => void delays.push(options?.delayMs),
    };
    const other = await buildApp({ ...context, queue }, { trustProxy: 1, ready: {}, inbox: null });
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    for (const [url, email] of [
      ['/sign-up', 'late@reader.example'],
      ['/staff/sign-in', testProgramme().staff[1]!.email],
    ] as const)
      await other.inject({
        method: 'POST',
        url,
        headers,
        payload: new URLSearchParams({ email, language: 'en' }).toString(),
      });
    await other.close();
    expect(delays).toHaveLength(2);
    for (const delay of delays) expect(delay).toBeGreaterThan(0);
  });
});
