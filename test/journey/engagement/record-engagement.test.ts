import { afterAll, beforeAll, expect, it } from 'vitest';
import { silentLog } from '../../../src/adapters/log.ts';
import type { Happening } from '../../../src/domain/engagement/happening.ts';
import { makeRecorder } from '../../../src/journey/engagement/record-engagement.ts';
import type { Job } from '../../../src/journey/ports.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { addDelivery, addIssue, addLead, aHit, byHuman, stateOf } from '../../support/leads.ts';

const at = new Date('2026-11-24T09:00:00Z');
let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());

const click = (deliveryId: number, linkNumber: number): Happening => ({
  kind: 'click',
  at,
  deliveryId,
  linkNumber,
  hit: aHit,
  verdict: byHuman,
});

it('records many requests in few transactions, and reminds of the one alert after the hold window', async () => {
  const lead = await addLead(db.pool, { score: 11, mailsSent: 3 });
  const delivery = await addDelivery(db.pool, await addIssue(db.pool), lead);
  const reminders: { job: Job; delayMs: number | undefined }[] = [];
  let transactions = 0;
  const record = makeRecorder({
    database: {
      inTransaction: (work) => {
        transactions += 1;
        return db.database.inTransaction(work);
      },
    },
    queue: {
      add: async (job, options) => {
        reminders.push({ job, delayMs: options?.delayMs });
      },
    },
    log: silentLog,
    now: () => new Date(at.getTime() + 1000),
  });
  await Promise.all(Array.from({ length: 200 }, (_, n) => record(click(delivery, n % 7))));
  expect(await stateOf(db.pool, lead)).toMatchObject({
    score: 11 + 3 + 3 + 5 + 5 + 8 + 5 + 3,
    events: 200,
    alerts: 1,
  });
  expect(transactions).toBeLessThanOrEqual(3);
  expect(reminders).toEqual([{ job: { name: 'send-outbox' }, delayMs: 299_000 }]);
});

it('two recorders at once make one qualification and one alert', async () => {
  const lead = await addLead(db.pool, { score: 11, mailsSent: 3 });
  const delivery = await addDelivery(db.pool, await addIssue(db.pool), lead);
  const queue = { add: async () => {} };
  const recorders = [1, 2].map(() =>
    makeRecorder({ database: db.database, queue, log: silentLog, now: () => at }),
  );
  await Promise.all(Array.from({ length: 200 }, (_, n) => recorders[n % 2]!(click(delivery, n % 7))));
  expect(await stateOf(db.pool, lead)).toMatchObject({
    score: 43,
    sum: 43,
    qualifications: 1,
    alerts: 1,
    events: 200,
  });
});

it('answers although the reminder cannot be set: the schedule makes up for it', async () => {
  const lead = await addLead(db.pool, { score: 11, mailsSent: 3 });
  const delivery = await addDelivery(db.pool, await addIssue(db.pool), lead);
  const warnings: string[] = [];
  const record = makeRecorder({
    database: db.database,
    queue: { add: () => Promise.reject(new Error('Redis is away')) },
    log: { ...silentLog, warn: (_details, message) => warnings.push(message) },
    now: () => at,
  });
  await record(click(delivery, 0));
  expect(await stateOf(db.pool, lead)).toMatchObject({ alerts: 1 });
  await expect.poll(() => warnings).toEqual([expect.stringContaining('reminder')]);
});
