import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  readSubscriber,
  subscriberColumns,
} from '../../../../src/adapters/postgres/audience/subscriber-store.ts';
import { type TestDatabase, testDatabase } from '../../../support/database.ts';
import { addDelivery, addSubscriber, testSignUp } from '../../../support/subscribers.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());

const at = new Date('2026-11-21T09:00:00Z');

it('adds an address once, and finds it by id, address and delivery', async () => {
  const { subscribers } = db.database.stores;
  const form = testSignUp({ email: 'once@example.com', source: { utm_source: 'fair' } });
  const ids = await Promise.all(Array.from({ length: 5 }, () => subscribers.add({ ...form, at })));
  expect(ids.filter((id) => id !== null)).toHaveLength(1);
  const found = await subscribers.findByEmail('once@example.com');
  expect(found).toMatchObject({
    source: { utm_source: 'fair' },
    createdAt: at,
    interests: [],
    isCustomer: false,
  });
  expect(await subscribers.find(found!.id)).toEqual(found);
  const { deliveryId } = await addDelivery(db, found!.id);
  expect(await subscribers.findByDelivery(deliveryId)).toEqual(found);
  expect(await subscribers.findByDelivery(deliveryId + 1)).toBeNull();
});

it('reads the same subscriber from a join and from JSON', async () => {
  const stored = await addSubscriber(db.database, { email: 'join@example.com', interests: ['stock'] });
  const { deliveryId } = await addDelivery(db, stored.id);
  const { rows } = await db.pool.query(
    `select d.id, d.status, ${subscriberColumns('s', 'subscriber_')}, to_jsonb(s) as whole
       from deliveries d join subscribers s on s.id = d.subscriber_id where d.id = $1`,
    [deliveryId],
  );
  expect(readSubscriber(rows[0], 'subscriber_')).toEqual(stored);
  expect(readSubscriber(rows[0].whole)).toEqual(stored);
  expect(rows[0].status).toBe('planned');
});

it('changes only what is given', async () => {
  const { subscribers } = db.database.stores;
  const before = await addSubscriber(db.database, { email: 'change@example.com' });
  await subscribers.change(before.id, {
    jobTitle: 'Director',
    interests: ['payroll'],
    source: { form: 'x' },
  });
  await subscribers.change(before.id, {});
  expect(await subscribers.find(before.id)).toEqual({
    ...before,
    jobTitle: 'Director',
    interests: ['payroll'],
    source: { form: 'x' },
  });
});

it('moves a status only from where it may start', async () => {
  const { subscribers } = db.database.stores;
  const { id } = await addSubscriber(db.database, { email: 'status@example.com', status: 'pending' });
  expect(await subscribers.activate(id, at)).toBe(true);
  expect(await subscribers.activate(id, at)).toBe(false);
  expect(await subscribers.unsubscribe(id, at)).toBe(true);
  expect(await subscribers.unsubscribe(id, at)).toBe(false);
  expect(await subscribers.activate(id, at)).toBe(true);
  expect(await subscribers.find(id)).toMatchObject({ status: 'active', unsubscribedAt: null });
  await db.pool.query(`update subscribers set status = 'suppressed' where id = $1`, [id]);
  expect([await subscribers.activate(id, at), await subscribers.unsubscribe(id, at)]).toEqual([false, false]);
});

it('leaves only planned deliveries out', async () => {
  const { id } = await addSubscriber(db.database, { email: 'planned@example.com' });
  for (const status of ['planned', 'planned', 'claimed', 'sent']) await addDelivery(db, id, status);
  expect(await db.database.stores.subscribers.leaveOutOfPlanned(id, { code: 'skip.unsubscribed' })).toBe(2);
  const { rows } = await db.pool.query('select status from deliveries where subscriber_id = $1 order by id', [
    id,
  ]);
  expect(rows.map(({ status }) => status)).toEqual(['cancelled', 'cancelled', 'claimed', 'sent']);
});
