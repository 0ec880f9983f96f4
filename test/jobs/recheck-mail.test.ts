import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { pendingHitStore } from '../../src/adapters/postgres/tracking/pending-hit-store.ts';
import type { RecordedHit } from '../../src/domain/tracking/hit.ts';
import { recheckMail } from '../../src/jobs/recheck-mail.ts';
import { processHits } from '../../src/journey/tracking/process-hits.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { addDelivery, addIssue, addLead, stateOf } from '../support/leads.ts';
import { testLinks as links, testProgramme } from '../support/programme.ts';
import { testSay } from '../support/say.ts';

const programme = testProgramme();
let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase({ programme });
});
afterAll(() => db.close());

it('an alert is weighed with all hits that have arrived, also those that nobody has taken in yet', async () => {
  const sentAt = new Date('2026-11-24T09:00:00Z');
  const lead = await addLead(db.pool, { score: 3, mailsSent: 3 });
  const delivery = await addDelivery(db.pool, await addIssue(db.pool), lead);
  await db.pool.query('update deliveries set sent_at = $2 where id = $1', [delivery, sentAt]);
  const click = (seconds: number, linkNumber: number): RecordedHit => ({
    key: randomUUID(),
    kind: 'click',
    deliveryId: delivery,
    linkNumber,
    at: new Date(sentAt.getTime() + seconds * 1000),
    method: 'GET',
    network: '192.0.2.0/24',
    userAgent: 'Firefox',
    verdict: { class: 'human', reasons: [] },
    signs: [],
  });
  const pendingHits = pendingHitStore(db.pool, 10_000);
  const deps = { database: db.database, programme, links, say: testSay };
  const later = new Date('2026-11-24T09:10:00Z');
  await pendingHits.append([click(70, 2), click(90, 3)]);
  await processHits({ database: db.database, machines: programme.machines }, later);
  expect(await stateOf(db.pool, lead)).toMatchObject({ stage: 'sql', alerts: 1 });

  await pendingHits.append([click(110, 0), click(130, 1)]);
  const { rows } = await db.pool.query(
    `select id, kind, subscriber_id from outbox where kind = 'sales-alert'`,
  );
  expect(await recheckMail(deps, rows[0], later)).toMatchObject({ send: false });
  expect(await stateOf(db.pool, lead)).toMatchObject({ stage: 'mql', score: 3, sum: 3 });
});
