import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { pendingHitStore } from '../../../src/adapters/postgres/tracking/pending-hit-store.ts';
import { processHits } from '../../../src/journey/tracking/process-hits.ts';
import { staffPages } from '../../../src/web/staff/routes.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { addDelivery, addIssue, addLead, stateOf } from '../../support/leads.ts';
import { testProgramme } from '../../support/programme.ts';
import { asStaff, signedIn } from '../../support/staff.ts';
import { testApp, testWebContext } from '../../support/web.ts';

const sentAt = new Date('2026-11-24T09:00:00Z');
const programme = testProgramme();
let db: TestDatabase;
let app: FastifyInstance;
let sales: ReturnType<typeof asStaff>;
let lead: number;
let delivery: number;
beforeAll(async () => {
  db = await testDatabase({ programme });
  const now = () => new Date('2026-11-24T11:00:00Z');
  app = await testApp(testWebContext(db.database, { programme, now }), staffPages);
  sales = asStaff(app, await signedIn(db.database, 'sales'));
});
afterAll(async () => {
  await app.close();
  await db.close();
});
beforeEach(async () => {
  lead = await addLead(db.pool, { mailsSent: 3 });
  delivery = await addDelivery(db.pool, await addIssue(db.pool), lead);
  await db.pool.query('update deliveries set sent_at = $2 where id = $1', [delivery, sentAt]);
});

/** Tabs, one every few seconds, minutes after delivery: worth 3 + 3 + 5 + 5, and nothing says who it was. */
async function inTabs(): Promise<void> {
  const hits = [100, 109, 115, 128].map((seconds, linkNumber) => ({
    key: randomUUID(),
    kind: 'click' as const,
    deliveryId: delivery,
    linkNumber,
    at: new Date(sentAt.getTime() + seconds * 1000),
    method: 'GET',
    network: '192.0.2.0/24',
    userAgent: 'Firefox',
    verdict: { class: 'human' as const, reasons: [] },
    signs: [],
  }));
  await pendingHitStore(db.pool, 10_000).append(hits);
  await processHits({ database: db.database, machines: programme.machines }, new Date());
}
const profile = (language = 'en') =>
  sales.get(`/staff/leads/${lead}`, { 'accept-language': language }).then(({ body }) => body);
const say = (was: string, id = delivery) =>
  sales.post(`/staff/leads/${lead}/doubt`, { delivery: String(id), was });

describe('what may be a person’s or a machine’s', () => {
  it.each([
    [
      'en',
      'Person or machine?',
      'It was a person',
      'in the minutes after delivery, when scanners are at work',
    ],
    [
      'nl',
      'Mens of machine?',
      'Het was een mens',
      'in de minuten na bezorging, wanneer scanners aan het werk zijn',
    ],
    [
      'de',
      'Mensch oder Maschine?',
      'Es war ein Mensch',
      'in den Minuten nach der Zustellung, wenn Scanner am Werk sind',
    ],
  ])('is shown on the profile with its reasons and two buttons, in %s', async (language, ...texts) => {
    await inTabs();
    const page = await profile(language);
    for (const text of texts) expect(page).toContain(text);
    expect(page).toContain('name="was" value="person"');
    expect(page).toContain('name="was" value="machine"');
    expect(page).not.toContain('staff.profile.doubt');
  });

  it('is on the desk, though no alert was sent, until somebody has said what it was', async () => {
    await inTabs();
    const desk = () => sales.get('/staff/desk').then(({ body }) => body);
    expect(await desk()).toContain(`/staff/leads/${lead}#doubt`);
    const answer = await say('machine');
    expect(answer.headers.location).toBe(`/staff/leads/${lead}?saved=said-machine`);
    expect(await desk()).not.toContain(`/staff/leads/${lead}#doubt`);
    expect(await stateOf(db.pool, lead)).toMatchObject({ score: 0, sum: 0, stage: 'mql' });
    const page = await profile();
    expect(page).toContain('said: a machine.');
    expect(page).not.toContain('name="was" value="machine"');
  });

  it('a person makes the SQL, and says who it was', async () => {
    await inTabs();
    await say('person');
    expect(await stateOf(db.pool, lead)).toMatchObject({ score: 16, sum: 16, stage: 'sql', alerts: 1 });
    expect(await profile('nl')).toMatch(/zei: een mens\./);
    expect(await profile('de')).toMatch(/sagte: Es war ein Mensch/);
  });

  it('is not said of a mail of somebody else, nor by what is no answer', async () => {
    await inTabs();
    expect((await say('person', 999_999)).headers.location).toBe(`/staff/leads/${lead}?saved=nothing`);
    expect((await say('alien')).statusCode).toBe(404);
    expect(await stateOf(db.pool, lead)).toMatchObject({ stage: 'mql' });
  });
});
