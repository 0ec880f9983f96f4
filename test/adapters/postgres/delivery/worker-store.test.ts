import { afterEach, beforeEach, expect, it } from 'vitest';
import { workerStore } from '../../../../src/adapters/postgres/delivery/worker-store.ts';
import type { NewOutboxMail } from '../../../../src/journey/delivery/ports/outbox.ts';
import { type TestDatabase, testDatabase } from '../../../support/database.ts';
import { chooseFrom, issueForReaders, statuses } from '../../../support/issues.ts';

const NOW = new Date('2026-11-17T09:00:00Z');
const TEN_MINUTES = 600_000;
const PATIENCE = { silentMs: 30_000, steadyMs: 15_000 };
const later = (ms: number) => new Date(NOW.getTime() + ms);

let db: TestDatabase;
let workers: ReturnType<typeof workerStore>;
beforeEach(async () => {
  db = await testDatabase();
  workers = workerStore(db.pool);
});
afterEach(() => db.close());

const here = (name: string) => ({ name, boot: 'this machine', process: `space ${name}` });
const beat = (name: string) => workers.beat(here(name), PATIENCE.steadyMs);
/** As if so many seconds had passed since it was last heard of, or since it began to be heard of steadily. */
const ago = (name: string, column: 'seen_at' | 'steady_since', seconds: number) =>
  db.pool.query(`update workers set ${column} = ${column} - $2 * interval '1 second' where name = $1`, [
    name,
    seconds,
  ]);
/** Heard of for long enough to judge others. */
async function steady(name: string) {
  await beat(name);
  await ago(name, 'steady_since', 16);
}
const endLeases = () => workers.endLeasesOfDead('judge', PATIENCE, NOW);

async function holds(name: string, readers = 6) {
  const issueId = await issueForReaders(db, readers, NOW);
  const articles = await db.database.stores.issues.articles(issueId);
  const choose = chooseFrom(articles.map(({ id }) => id));
  const claimed = await db.database.stores.deliveries.claim(issueId, name, NOW, TEN_MINUTES, readers, choose);
  return { issueId, batch: claimed!.batch };
}

it('what a worker held whose process is gone is free at once, also for who has just come up', async () => {
  const { issueId, batch } = await holds('dead');
  const [first, second] = batch.deliveries;
  await db.database.stores.deliveries.advance(
    [first!, second!].map(({ id }) => ({ deliveryId: id, batchId: batch.id, messageId: `<${id}>` })),
    [],
  );
  await beat('dead');
  await beat('judge');
  expect(await workers.neighbours(here('judge'))).toEqual([{ name: 'dead', process: 'space dead' }]);
  expect(await endLeases(), 'nobody knows yet').toBe(0);
  await workers.noteGone(['dead']);
  expect(await workers.neighbours(here('judge'))).toEqual([]);
  expect(await endLeases()).toBe(1);
  expect(await db.database.stores.deliveries.recoverExpired(NOW)).toEqual({ handedBack: 4, uncertain: 2 });
  expect(await statuses(db, issueId)).toEqual({ planned: 4, uncertain: 2 });
  expect(await endLeases()).toBe(0);
});

it('who was silent for half a minute is dead, and not before', async () => {
  await holds('silent');
  await steady('judge');
  await beat('silent');
  await ago('silent', 'seen_at', 29);
  expect(await endLeases()).toBe(0);
  await ago('silent', 'seen_at', 2);
  expect(await endLeases()).toBe(1);
});

it('who was itself not heard of judges nobody: after the database was away all were silent', async () => {
  await holds('busy');
  await steady('judge');
  await beat('busy');
  for (const name of ['busy', 'judge']) await ago(name, 'seen_at', 60);
  await beat('judge');
  expect(await endLeases()).toBe(0);
  await ago('judge', 'steady_since', 16);
  await beat('busy');
  expect(await endLeases(), 'by then the others said that they are there').toBe(0);
});

it('a clock of the database that is set back or forward makes nobody immortal', async () => {
  await holds('from the future');
  await steady('judge');
  await beat('from the future');
  await ago('from the future', 'seen_at', -3600);
  expect(await endLeases()).toBe(1);
  await ago('judge', 'seen_at', -3600);
  await beat('judge');
  const { rows } = await db.pool.query(
    `select steady_since = seen_at as anew from workers where name = 'judge'`,
  );
  expect(rows[0].anew).toBe(true);
});

it('who comes back is alive again', async () => {
  await holds('back');
  await steady('judge');
  await beat('back');
  await workers.noteGone(['back']);
  await beat('back');
  expect(await endLeases()).toBe(0);
  await workers.leave('back');
  expect(await endLeases(), 'who left handed back what it had; else the lease ends by itself').toBe(0);
});

const dueMail = (kind: 'sign-in' | 'sales-alert'): NewOutboxMail => ({
  kind,
  dedupeKey: kind,
  to: 'mara@tessel.example',
  language: 'en',
  data: null,
  subscriberId: null,
  dueAt: NOW,
  at: NOW,
});

it('one-off mails, webhook messages and feeds of a dead worker are free too', async () => {
  const { outbox, webhooks, feeds } = db.database.stores;
  await outbox.add(dueMail('sign-in'));
  await outbox.add(dueMail('sales-alert'));
  const [, alert] = await outbox.claimDue(NOW, TEN_MINUTES, 10, 'dead');
  await outbox.markHandedOver(alert!, NOW, later(3 * TEN_MINUTES));
  const webhook = {
    url: 'https://crm.example/hook',
    secret: 'whsec_x',
    types: ['lead.qualified' as const],
    allowPrivate: false,
    createdAt: NOW,
  };
  const webhookId = await webhooks.add(webhook);
  const message = { dedupeKey: 'm', type: 'lead.qualified' as const, at: NOW, data: {} };
  await webhooks.announceTo(webhookId, message as never);
  expect(await webhooks.claimDue(NOW, TEN_MINUTES, 10, 'dead')).toHaveLength(1);
  expect(await feeds.claimDue(['https://f.example/'], NOW, TEN_MINUTES, 'dead')).toHaveLength(1);
  await beat('dead');
  await workers.noteGone(['dead']);
  expect(await endLeases()).toBe(4);
  const again = await outbox.claimDue(NOW, TEN_MINUTES, 10, 'judge');
  expect(
    again.map(({ kind }) => kind),
    'an alert that may have arrived is not sent twice',
  ).toEqual(['sign-in']);
  const { rows } = await db.pool.query(`select status from outbox where kind = 'sales-alert'`);
  expect(rows[0].status).toBe('uncertain');
  expect(await webhooks.claimDue(NOW, TEN_MINUTES, 10, 'judge')).toHaveLength(1);
  expect(await feeds.claimDue(['https://f.example/'], NOW, TEN_MINUTES, 'judge')).toHaveLength(1);
});

it('what others hold, and what a dead worker had finished, is left alone', async () => {
  await holds('other');
  await beat('dead');
  await workers.noteGone(['dead']);
  expect(await endLeases()).toBe(0);
  const { rows } = await db.pool.query('select lease_until from batches');
  expect(rows[0].lease_until).toEqual(later(TEN_MINUTES));
});

it('the row of a dead worker goes after an hour', async () => {
  await beat('dead');
  await beat('judge');
  await workers.noteGone(['dead']);
  await endLeases();
  const names = async () =>
    (await db.pool.query('select name from workers order by 1')).rows.map((row) => row.name);
  expect(await names()).toEqual(['dead', 'judge']);
  await ago('dead', 'seen_at', 3601);
  await endLeases();
  expect(await names()).toEqual(['judge']);
});
