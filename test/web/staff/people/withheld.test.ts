import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildApp } from '../../../../src/web/app.ts';
import { type TestDatabase, testDatabase } from '../../../support/database.ts';
import { asStaff, signedIn } from '../../../support/staff.ts';
import { addSubscriber } from '../../../support/subscribers.ts';
import { testWebContext } from '../../../support/web.ts';

let db: TestDatabase;
let app: FastifyInstance;
let now = new Date('2026-11-21T09:00:00Z');
beforeAll(async () => {
  db = await testDatabase();
  const context = testWebContext(db.database, { now: () => now });
  app = await buildApp(context, { trustProxy: 1, ready: {}, inbox: null });
});
afterAll(async () => {
  await app?.close();
  await db?.close();
});

const TOLD = {
  en: '5 confirmation emails not sent, last on 21 Nov 2026, 13:00: this mailbox has had what it may get. The next one can go out from 21 Dec 2026, 11:00.',
  nl: '5 bevestigingsmails niet verstuurd, voor het laatst op 21 nov 2026, 13:00: deze mailbox heeft gekregen wat mag. De volgende kan uitgaan vanaf 21 dec 2026, 11:00.',
  de: '5 Bestätigungsmails nicht gesendet, zuletzt am 21.11.2026, 13:00: Dieses Postfach hat bekommen, was es bekommen darf. Die nächste kann ab dem 21.12.2026, 11:00 hinausgehen.',
};

it('staff see on the profile what was typed for a name, and why no confirmation went out, in each language', async () => {
  const payload = (email: string) =>
    new URLSearchParams({ email, name: '<b>casino.io/win', language: 'en' }).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  for (let hour = 9; hour < 14; hour++) {
    now = new Date(`2026-11-21T${String(hour).padStart(2, '0')}:00:00Z`);
    for (const [url, tag] of [
      ['/sign-up', 'a'],
      ['/forms/contact', 'b'],
    ] as const)
      await app.inject({ method: 'POST', url, headers, payload: payload(`anna+${tag}@typed.example`) });
  }
  const staff = asStaff(app, await signedIn(db.database, 'admin'));
  for (const tag of ['a', 'b']) {
    const { id } = (await db.database.stores.subscribers.findByEmail(`anna+${tag}@typed.example`))!;
    const { body } = await staff.get(`/staff/leads/${id}`);
    expect(body).toContain('<q>&lt;b&gt;casino.io/win</q>');
    expect(body).not.toContain('<b>casino');
    // Ten were asked for, three went out; what was kept back since the last one is counted.
    for (const [language, told] of Object.entries(TOLD)) {
      const page = await staff.get(`/staff/leads/${id}`, { 'accept-language': language });
      expect(page.body).toContain(told);
    }
  }
});

it('staff see on the profile of a reader what a sign-up typed for them, and the reader’s own page does not', async () => {
  const email = 'known@typed.example';
  const { id } = await addSubscriber(db.database, { email, name: null });
  await app.inject({
    method: 'POST',
    url: '/sign-up',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams({
      email,
      name: 'Rita Rival',
      company_size: '17',
      language: 'en',
    }).toString(),
  });
  expect(await db.database.stores.subscribers.find(id)).toMatchObject({ name: null, companySize: null });
  const { body } = await asStaff(app, await signedIn(db.database, 'admin')).get(`/staff/leads/${id}`);
  expect(body).toContain('<q>Rita Rival</q> <q>17</q>');
});
