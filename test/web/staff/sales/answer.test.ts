import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashSecret } from '../../../../src/domain/staff/sign-in.ts';
import { staffPages } from '../../../../src/web/staff/routes.ts';
import { type TestDatabase, testDatabase } from '../../../support/database.ts';
import { addDelivery, addIssue, addLead, fourClicks, stateOf } from '../../../support/leads.ts';
import { testLinks, testProgramme, testPublicUrl } from '../../../support/programme.ts';
import { testApp, testWebContext } from '../../../support/web.ts';

const at = new Date('2026-11-24T09:00:00Z');
const now = new Date('2026-11-24T10:00:00Z');
const programme = testProgramme();

let db: TestDatabase;
let app: FastifyInstance;
beforeAll(async () => {
  db = await testDatabase({ programme });
  app = await testApp(testWebContext(db.database, { programme, now: () => now }), staffPages);
  await signIn('sam@tessel.example', 'sam');
  await signIn('ada@tessel.example', 'ada');
});
afterAll(async () => {
  await app.close();
  await db.close();
});

const signIn = (email: string, name: string) =>
  db.database.stores.staff.addSession({
    idHash: hashSecret(`secret of ${name}`),
    email,
    csrfToken: `token of ${name}`,
    createdAt: at,
    expiresAt: new Date('2027-01-01'),
    ip: null,
    userAgent: null,
  });
const path = (url: string) => url.slice(testPublicUrl.length);
const open = (url: string, name: string | null = 'sam') =>
  app.inject({ url, cookies: name ? { simmer_staff: `secret of ${name}` } : {} });
const post = (url: string, fields: Record<string, string>, name = 'sam') =>
  app.inject({
    method: 'POST',
    url,
    cookies: { simmer_staff: `secret of ${name}` },
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams({ csrf: `token of ${name}`, ...fields }).toString(),
  });

async function sqlLead(email = `lead-${Math.random().toString(36).slice(2)}@kade.example`) {
  const lead = await addLead(db.pool, { email, mailsSent: 5 });
  const deliveryId = await addDelivery(db.pool, await addIssue(db.pool), lead);
  const { qualified } = await db.database.inTransaction(({ ledger }) =>
    ledger.record(fourClicks(deliveryId, at)),
  );
  return { lead, qualificationId: qualified[0]!.qualificationId };
}

/** The form's hidden fields, as a browser would send them. */
function hiddenFields(html: string): Record<string, string> {
  const inputs = html.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g);
  return Object.fromEntries([...inputs].map(([, name, value]) => [name!, value!]));
}

describe('a quick answer from the mail', () => {
  it('asks for sign-in first, and comes back to the very page', async () => {
    const { lead, qualificationId } = await sqlLead();
    const url = path(testLinks.answer(lead, qualificationId, 'rejected'));
    const { statusCode, headers } = await open(url, null);
    expect(statusCode).toBe(302);
    const next = new URL(String(headers.location), testPublicUrl).searchParams.get('next');
    expect(next).toBe(url);
    expect((await open(String(headers.location), null)).body).toContain(
      url.replaceAll('&', '&amp;').replaceAll('=', '&#x3D;'),
    );
  });

  it('opening the link changes nothing; its one button gives the answer', async () => {
    const { lead, qualificationId } = await sqlLead();
    const url = path(testLinks.answer(lead, qualificationId, 'rejected'));
    for (let times = 0; times < 3; times += 1) {
      const page = await open(url);
      expect(page.statusCode).toBe(200);
      expect(page.body).toContain('Send back to the newsletter?');
    }
    expect(await stateOf(db.pool, lead)).toMatchObject({ stage: 'sql', score: 16 });
    const fields = hiddenFields((await open(url)).body.split('<main')[1]!);
    const saved = await post(`/staff/leads/${lead}/outcome`, { ...fields, 'not-before': '2027-02-01' });
    expect(saved.headers.location).toBe(`/staff/leads/${lead}?saved=returned`);
    expect(await stateOf(db.pool, lead)).toMatchObject({ stage: 'mql', score: 0 });
    expect(await db.database.stores.sales.latestOutcome(qualificationId)).toMatchObject({
      status: 'rejected',
      notBefore: '2027-02-01',
      staffEmail: 'sam@tessel.example',
    });
    const late = await open(url);
    expect(late.statusCode).toBe(410);
    expect(late.body).not.toContain('/outcome"');
  });

  it('"in progress" keeps the lead with who answered', async () => {
    const { lead, qualificationId } = await sqlLead();
    const page = await open(path(testLinks.answer(lead, qualificationId, 'in-progress')));
    await post(`/staff/leads/${lead}/outcome`, hiddenFields(page.body.split('<main')[1]!));
    expect(await db.database.stores.sales.openQualification(lead)).toMatchObject({
      claimedBy: 'sam@tessel.example',
    });
  });

  it('of an old mail does not answer for a newer crossing', async () => {
    const { lead, qualificationId } = await sqlLead();
    const page = await open(path(testLinks.answer(lead, qualificationId + 1, 'rejected')));
    expect(page.statusCode).toBe(410);
    expect((await open('/staff/leads/999999/answer?status=rejected')).statusCode).toBe(404);
    const other = await open(`/staff/leads/${lead}/answer?status=won`);
    expect(other.headers.location).toBe(`/staff/leads/${lead}`);
  });
});

describe('the profile', () => {
  it('has "Take this lead", which one has and the others are told of', async () => {
    const { lead, qualificationId } = await sqlLead();
    expect((await open(`/staff/leads/${lead}`)).body).toContain('Take this lead');
    const fields = { qualification: String(qualificationId) };
    const mine = await post(`/staff/leads/${lead}/claim`, fields);
    expect(mine.headers.location).toBe(`/staff/leads/${lead}?saved=claimed`);
    const theirs = await post(`/staff/leads/${lead}/claim`, fields, 'ada');
    expect(theirs.headers.location).toBe(`/staff/leads/${lead}?saved=taken`);
    const { body } = await open(`/staff/leads/${lead}?saved=taken`, 'ada');
    expect(body).toContain('Somebody else has taken this one');
    expect(body).toContain('sam@tessel.example took this lead');
    expect(body).not.toContain('/claim"');
    const forged = await app.inject({
      method: 'POST',
      url: `/staff/leads/${lead}/claim`,
      cookies: { simmer_staff: 'secret of sam' },
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams(fields).toString(),
    });
    expect(forged.statusCode).toBe(403);
  });

  it('shows who has the lead, how it fits, and its colleagues', async () => {
    await addLead(db.pool, { email: 'bram@fit.example', score: 7 });
    const { lead } = await sqlLead('anna@fit.example');
    const { body } = await open(`/staff/leads/${lead}`);
    expect(body).toContain('sales@tessel.example');
    expect(body).toContain('bram@fit.example');
    expect(body).toContain('23 points together, at fit.example');
    // Nothing is known of her yet that fit is made of; 52 % would be made up.
    expect(body).toMatch(/Fit<\/dt><dd>–/);
    await db.database.stores.subscribers.change(lead, { jobTitle: 'Head of Finance' });
    expect((await open(`/staff/leads/${lead}`)).body).toMatch(/Fit<\/dt><dd>\d+ %/);
  });

  it('says what to mend when "not before" is no day to come, and loses nothing', async () => {
    const { lead, qualificationId } = await sqlLead();
    const page = await post(`/staff/leads/${lead}/outcome`, {
      qualification: String(qualificationId),
      status: 'lost',
      note: 'after the merger',
      'not-before': '2020-01-01',
    });
    expect(page.statusCode).toBe(422);
    expect(page.body).toContain('Give a day after today');
    expect(page.body).toContain('after the merger');
    expect(await stateOf(db.pool, lead)).toMatchObject({ stage: 'sql' });
  });
});
