import type { SignUp } from '../../src/domain/audience/sign-up-form.ts';
import type { Subscriber } from '../../src/domain/audience/subscriber.ts';
import type { Hit } from '../../src/domain/tracking/hit.ts';
import type { Database } from '../../src/journey/ports.ts';
import type { TestDatabase } from './database.ts';

/** A press of a button by a person. */
export const personHit: Hit = { method: 'POST', ip: '192.0.2.7', userAgent: 'Firefox', purpose: null };

export function testSignUp(replaced: Partial<SignUp> = {}): SignUp {
  return {
    email: 'anna@example.com',
    name: 'Anna Jansen',
    company: null,
    jobTitle: null,
    phone: null,
    industry: null,
    companySize: null,
    country: null,
    language: 'en',
    timeZone: 'Europe/Amsterdam',
    source: {},
    ...replaced,
  };
}

/** A subscriber as it is stored; active with the given interests, unless told otherwise. */
export async function addSubscriber(
  database: Database,
  replaced: Partial<SignUp> & { status?: 'pending' | 'active' | 'unsubscribed'; interests?: string[] } = {},
  at = new Date('2026-11-01T08:00:00Z'),
): Promise<Subscriber> {
  const { status = 'active', interests = [], ...form } = replaced;
  const { subscribers } = database.stores;
  const id = await subscribers.add({ ...testSignUp(form), at });
  if (id === null) throw new Error('the address is there already');
  await subscribers.change(id, { interests });
  if (status !== 'pending') await subscribers.activate(id, at);
  if (status === 'unsubscribed') await subscribers.unsubscribe(id, at);
  return (await subscribers.find(id))!;
}

/** An issue with one delivery for the subscriber, as the tables hold it. */
export async function addDelivery(
  { pool }: Pick<TestDatabase, 'pool'>,
  subscriberId: number,
  status = 'planned',
  at = new Date('2026-11-20T08:00:00Z'),
): Promise<{ issueId: number; deliveryId: number }> {
  const { rows } = await pool.query(
    `with issue as (
       insert into issues (digest_id, slot, planned_at, first_due_at, last_due_at)
       values ('news', 'test-' || gen_random_uuid(), $3, $3, $3) returning id)
     insert into deliveries (issue_id, subscriber_id, status, due_at)
     select id, $1, $2, $3 from issue returning issue_id, id`,
    [subscriberId, status, at],
  );
  return { issueId: rows[0].issue_id, deliveryId: rows[0].id };
}

/** Everything a person's acts may change, for "nothing changed" comparisons. */
export async function whatPeopleWant({ pool }: Pick<TestDatabase, 'pool'>): Promise<unknown> {
  const [subscribers, consent, events, scores] = await Promise.all([
    pool.query('select to_jsonb(s) as row from subscribers s order by id'),
    pool.query('select to_jsonb(c) as row from consent_entries c order by id'),
    pool.query('select count(*) from events'),
    pool.query('select count(*) from score_entries'),
  ]);
  return [subscribers.rows, consent.rows, events.rows, scores.rows];
}
