import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { asText } from '../../../../src/domain/reason.ts';
import type { NewOutboxMail, OutboxStore } from '../../../../src/journey/delivery/ports/outbox.ts';
import { type TestDatabase, testDatabase } from '../../../support/database.ts';
import { addLead } from '../../../support/leads.ts';

const NOW = new Date('2026-11-21T10:00:00Z');
const LEASE = 60_000;
const later = (ms: number) => new Date(NOW.getTime() + ms);

let db: TestDatabase;
let store: OutboxStore;

beforeEach(async () => {
  db = await testDatabase();
  store = db.database.stores.outbox;
});
afterEach(() => db.close());

function mail(changed: Partial<NewOutboxMail> = {}): NewOutboxMail {
  return {
    kind: 'sign-in',
    dedupeKey: `key ${Math.random()}`,
    to: 'mara@tessel.example',
    language: 'en',
    data: { url: 'http://simmer.test/x', minutes: 15 },
    subscriberId: null,
    dueAt: NOW,
    at: NOW,
    ...changed,
  };
}

const row = async (id: number) => (await db.pool.query('select * from outbox where id = $1', [id])).rows[0];

describe('adding', () => {
  it('keeps one mail per cause, with a Message-ID of the brand', async () => {
    const id = await store.add(mail({ dedupeKey: 'one' }));
    expect(id).toEqual(expect.any(Number));
    expect(await store.add(mail({ dedupeKey: 'one' }))).toBeNull();
    const [claimed] = await store.claimDue(NOW, LEASE, 10);
    expect(claimed).toMatchObject({
      id,
      kind: 'sign-in',
      to: 'mara@tessel.example',
      data: { url: 'http://simmer.test/x', minutes: 15 },
      attempts: 1,
      messageId: expect.stringMatching(/^<sign-in\.[0-9a-f-]{36}@tessel\.example>$/),
    });
  });

  it('knows when a kind was last added for somebody', async () => {
    const subscriberId = await addLead(db.pool);
    expect(await store.lastAddedAt(subscriberId, 'notice')).toBeNull();
    await store.add(mail({ kind: 'notice', subscriberId, at: later(-5) }));
    await store.add(mail({ kind: 'notice', subscriberId, at: later(-9) }));
    expect(await store.lastAddedAt(subscriberId, 'notice')).toEqual(later(-5));
    expect(await store.lastAddedAt(subscriberId, 'confirmation')).toBeNull();
  });
});

describe('claiming', () => {
  it('gives each due mail to one worker', async () => {
    for (let at = 0; at < 60; at += 1) await store.add(mail({ dueAt: later(at < 50 ? 0 : 1) }));
    const claims = await Promise.all(Array.from({ length: 8 }, () => store.claimDue(NOW, LEASE, 10)));
    const ids = claims.flat().map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const rest = await store.claimDue(NOW, LEASE, 100);
    expect(ids.length + rest.length).toBe(50);
  });

  it('sends again what a dead sender left, under the same Message-ID, but no alert that was handed over', async () => {
    const id = (await store.add(mail()))!;
    const alert = (await store.add(mail({ kind: 'sales-alert', data: null })))!;
    const first = await store.claimDue(NOW, LEASE, 10);
    expect(first.map((each) => each.id)).toEqual([id, alert]);
    for (const each of first) expect(await store.markHandedOver(each, NOW, later(LEASE))).toBe(true);
    expect(await store.claimDue(later(LEASE), LEASE, 10)).toEqual([]);
    const again = await store.claimDue(later(LEASE + 1), LEASE, 10);
    expect(again.map((each) => each.id)).toEqual([id]);
    expect(again[0]).toMatchObject({ messageId: first[0]!.messageId, attempts: 2 });
    expect(await row(alert)).toMatchObject({
      status: 'uncertain',
      reason: '{"code":"fail.worker-stopped"}',
    });
    expect((await store.claimDue(later(9 * LEASE), LEASE, 10)).map((each) => each.id)).toEqual([id]);
  });

  it('gives an alert that was not handed over to the next one, and keeps the one before from going on', async () => {
    const alert = (await store.add(mail({ kind: 'sales-alert', data: null })))!;
    const [slow] = await store.claimDue(NOW, LEASE, 10);
    const [next] = await store.claimDue(later(LEASE + 1), LEASE, 10);
    expect(next).toMatchObject({ id: alert, messageId: slow!.messageId });
    expect(await store.markHandedOver(slow!, later(LEASE + 2), later(2 * LEASE))).toBe(false);
    expect(await store.markHandedOver(next!, later(LEASE + 2), later(2 * LEASE))).toBe(true);
    await store.settle(slow!, { status: 'retry', reason: asText('too late'), dueAt: NOW, attempts: 0 });
    expect((await row(alert)).status).toBe('sending');
    await store.settle(next!, { status: 'sent', at: later(LEASE + 3) });
    expect((await row(alert)).status).toBe('sent');
  });
});

describe('fates', () => {
  it('are written once, from sending only', async () => {
    const ids: number[] = [];
    for (let at = 0; at < 5; at += 1) ids.push((await store.add(mail()))!);
    const [sent, retry, failed, dropped, untouched] = ids as [number, number, number, number, number];
    await store.settle({ id: untouched, claim: 0 }, { status: 'sent', at: NOW });
    expect((await row(untouched)).status).toBe('planned');
    await store.claimDue(NOW, LEASE, 4);
    await store.settle({ id: sent, claim: 1 }, { status: 'sent', at: later(5) });
    await store.settle({ id: sent, claim: 1 }, { status: 'failed', reason: asText('too late') });
    await store.settle(
      { id: retry, claim: 1 },
      { status: 'retry', reason: asText('450'), dueAt: later(1000), attempts: 0 },
    );
    await store.settle({ id: failed, claim: 1 }, { status: 'failed', reason: asText('550') });
    await store.settle({ id: dropped, claim: 1 }, { status: 'dropped', reason: asText('cooled down') });
    expect(await row(sent)).toMatchObject({
      status: 'sent',
      sent_at: later(5),
      reason: null,
      lease_until: null,
    });
    expect(await row(retry)).toMatchObject({
      status: 'planned',
      due_at: later(1000),
      attempts: 0,
      reason: '450',
    });
    expect(await row(failed)).toMatchObject({ status: 'failed', reason: '550' });
    expect(await row(dropped)).toMatchObject({
      status: 'dropped',
      reason: 'cooled down',
      sent_at: null,
    });
  });
});
