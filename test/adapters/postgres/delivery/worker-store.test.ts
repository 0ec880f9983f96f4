import { afterEach, beforeEach, expect, it } from 'vitest';
import { deliveryStore } from '../../../../src/adapters/postgres/delivery/delivery-store.ts';
import { workerStore } from '../../../../src/adapters/postgres/delivery/worker-store.ts';
import type { NewOutboxMail } from '../../../../src/journey/delivery/ports/outbox.ts';
import { type TestDatabase, testDatabase } from '../../../support/database.ts';
import { chooseFrom, issueForReaders, statuses } from '../../../support/issues.ts';

const NOW = new Date('2026-11-17T09:00:00Z');
const TEN_MINUTES = 600_000;
const PATIENCE = { silentMs: 30_000, steadyMs: 15_000 };
const LOST = { graceMs: 30_000, mailLeaseMs: 2 * 60_000 };
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
});

it('who left has nothing any more, also what Postgres was still committing for it', async () => {
  await beat('judge');
  await beat('left');
  await workers.leave('left');
  expect(await endLeases()).toBe(0);
  await holds('left');
  expect(await endLeases()).toBe(1);
});

it('a claim that is committed after its worker was found dead is free with the next look', async () => {
  const issueId = await issueForReaders(db, 6, NOW);
  await beat('dead');
  await beat('judge');
  const slow = await db.pool.connect();
  try {
    await slow.query('begin');
    await deliveryStore(slow).claim(
      issueId,
      'dead',
      NOW,
      TEN_MINUTES,
      6,
      chooseFrom((await db.database.stores.issues.articles(issueId)).map(({ id }) => id)),
    );
    await workers.noteGone(['dead']);
    expect(await endLeases()).toBe(0);
    await slow.query('commit');
  } finally {
    slow.release();
  }
  expect(await endLeases()).toBe(1);
  await db.database.stores.deliveries.recoverExpired(NOW);
  expect(await statuses(db, issueId)).toEqual({ planned: 6 });
});

it('what was taken in a name that nobody knows is free after half a minute: its worker was killed before it said that it is there', async () => {
  const { outbox } = db.database.stores;
  const { issueId } = await holds('never heard of');
  await outbox.add(dueMail('sign-in'));
  await outbox.add(dueMail('sales-alert'));
  const [, alert] = await outbox.claimDue(NOW, TEN_MINUTES, 10, 'never heard of');
  await outbox.markHandedOver(alert!, NOW, later(3 * TEN_MINUTES));
  const endAt = (at: Date) => workers.endLeasesOfDead('judge', PATIENCE, at);
  await beat('judge');
  expect(await endAt(later(31_000)), 'one that has just come up judges nobody').toBe(0);
  await steady('judge');
  expect(await endAt(later(29_000)), 'it may be on its way; a mail that is not handed over is not').toBe(1);
  expect(await endAt(later(31_000))).toBe(2);
  expect(await endAt(later(31_000))).toBe(0);
  await db.database.stores.deliveries.recoverExpired(later(31_000));
  expect(await statuses(db, issueId)).toEqual({ planned: 6 });
});

it('what is taken without a name, by the demo or a command, is left alone', async () => {
  await db.database.stores.outbox.add(dueMail('sign-in'));
  await db.database.stores.outbox.claimDue(NOW, TEN_MINUTES, 10);
  await steady('judge');
  expect(await workers.endLeasesOfDead('judge', PATIENCE, later(60_000))).toBe(0);
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

it('a living worker gives up what it has lost track of, such as a claim whose answer never came', async () => {
  const { issueId, batch } = await holds('forgetful');
  const endLost = (batches: number[], at: Date, name = 'forgetful') =>
    workers.endLostLeases(name, { batches: new Set(batches), mails: new Set() }, LOST, at);
  expect(await endLost([], later(29_000)), 'the claim may be under way').toBe(0);
  expect(await endLost([batch.id], later(60_000)), 'it knows of it').toBe(0);
  expect(await endLost([], later(60_000), 'another')).toBe(0);
  expect(await endLost([], later(60_000))).toBe(1);
  expect(await endLost([], later(60_000))).toBe(0);
  await db.database.stores.deliveries.recoverExpired(later(60_000));
  expect(await statuses(db, issueId)).toEqual({ planned: 6 });
});

it('so it does with one-off mails', async () => {
  const { outbox } = db.database.stores;
  await outbox.add(dueMail('sign-in'));
  await outbox.add(dueMail('sales-alert'));
  const [signIn, alert] = await outbox.claimDue(NOW, LOST.mailLeaseMs, 10, 'forgetful');
  const endLost = (mails: number[], at: Date) =>
    workers.endLostLeases('forgetful', { batches: new Set(), mails: new Set(mails) }, LOST, at);
  expect(await endLost([], later(29_000)), 'the claim may be under way').toBe(0);
  expect(await endLost([signIn!.id, alert!.id], later(31_000)), 'it knows of them').toBe(0);
  await outbox.markHandedOver(alert!, later(20_000), later(3 * TEN_MINUTES));
  expect(await endLost([], later(31_000)), 'one was handed over since').toBe(1);
  expect(await endLost([], later(51_000))).toBe(1);
  const again = await outbox.claimDue(later(51_000), LOST.mailLeaseMs, 10, 'judge');
  expect(again.map(({ kind }) => kind)).toEqual(['sign-in']);
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
