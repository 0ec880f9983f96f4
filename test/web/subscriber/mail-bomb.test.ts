import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildApp } from '../../../src/web/app.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { testWebContext } from '../../support/web.ts';

let db: TestDatabase;
let app: FastifyInstance;
beforeAll(async () => {
  db = await testDatabase();
  app = await buildApp(testWebContext(db.database), { trustProxy: 1, ready: {}, inbox: null });
});
afterAll(async () => {
  await app?.close();
  await db?.close();
});

let visitors = 0;
const post = (url: string, fields: Record<string, string>) =>
  app.inject({
    method: 'POST',
    url,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-forwarded-for': `203.0.113.${visitors++}`,
    },
    payload: new URLSearchParams({ language: 'en', ...fields }).toString(),
  });

it('twelve plus-addresses at once, by both doors, are one mail, and each gets the same answer', async () => {
  const answers = await Promise.all(
    Array.from({ length: 12 }, (_, n) =>
      post('/sign-up', { email: `Bystander+${n}@Bomb.example`, name: 'casino.io/win' }),
    ),
  );
  for (const { statusCode, headers } of answers)
    expect([statusCode, headers.location]).toEqual([303, '/look-in-your-inbox?language=en']);
  for (let n = 0; n < 12; n++)
    expect((await post('/forms/contact', { email: `bystander+f${n}@bomb.example` })).statusCode).toBe(303);
  const { rows } = await db.pool.query(`select data from outbox where to_address like '%@bomb.example'`);
  expect(rows).toHaveLength(1);
  expect(rows[0].data.name).toBeNull();
  expect(JSON.stringify(rows)).not.toContain('casino');
  const people = await db.pool.query(
    `select name, (select count(*)::int from consent_entries c where c.subscriber_id = s.id) as agreed
       from subscribers s where email like 'bystander+_@bomb.example'`,
  );
  expect(people.rows).toEqual(Array.from({ length: 10 }, () => ({ name: null, agreed: 1 })));
});

it('the page says to everybody when another mail can come, and what to do', async () => {
  for (const [language, words] of [
    ['en', ['three of these emails', '30 days', 'earlier emails still work']],
    ['nl', ['drie van deze e-mails', '30 dagen', 'eerdere e-mails werken nog']],
    ['de', ['drei solche E-Mails', '30 Tagen', 'früheren E-Mails gelten weiter']],
  ] as const) {
    const { body } = await app.inject(`/look-in-your-inbox?language=${language}`);
    for (const one of words) expect(body).toContain(one);
  }
});
