import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OutcomeStatus } from '../../../src/domain/sales/outcome.ts';
import type { LeadEvent } from '../../../src/domain/scoring/lead-event.ts';
import { checkAlert } from '../../../src/journey/sales/check-alert.ts';
import { recordOutcome } from '../../../src/journey/sales/record-outcome.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { addDelivery, addIssue, addLead, aHit, byHuman, stateOf } from '../../support/leads.ts';
import { testLinks, testProgramme } from '../../support/programme.ts';
import { testSay } from '../../support/say.ts';

const at = new Date('2026-11-24T09:00:00Z');
const later = new Date('2026-11-24T15:00:00Z');
/** After what sales said. */
const afterwards = new Date('2026-11-24T16:00:00Z');

const programme = testProgramme();

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase({ programme });
});
afterAll(() => db.close());

const record = (...leadEvents: LeadEvent[]) =>
  db.database.inTransaction((stores) => stores.ledger.record(leadEvents));
const callBack = (subscriberId: number, when = at): LeadEvent => ({
  kind: 'form',
  at: when,
  subscriberId,
  deliveryId: null,
  form: 'call-back',
  hit: aHit,
  details: {},
});
/** Clicks link after link of one new mail, by hand worth 3 + 3 + 5 + 5. */
async function clickAll(lead: number, when = at): Promise<Awaited<ReturnType<typeof record>>> {
  const deliveryId = await addDelivery(db.pool, await addIssue(db.pool), lead);
  return record(
    ...[0, 1, 2, 3].map(
      (linkNumber): LeadEvent => ({
        kind: 'click',
        at: when,
        deliveryId,
        linkNumber,
        hit: aHit,
        verdict: byHuman,
      }),
    ),
  );
}
const answer = (qualificationId: number, status: OutcomeStatus, note = '') =>
  recordOutcome(
    { database: db.database, programme, links: testLinks },
    {
      qualificationId,
      status,
      note,
      isDuplicate: false,
      hasRunningDeal: false,
      staffEmail: 'sam@tessel.example',
    },
    later,
  );
async function sqlLead(fields: Parameters<typeof addLead>[1] = {}) {
  const lead = await addLead(db.pool, { mailsSent: 5, ...fields });
  const { qualified } = await clickAll(lead);
  return { lead, ...qualified[0]! };
}

describe('what sales says after the call', () => {
  it.each([
    ['rejected', 'mql', false],
    ['lost', 'mql', false],
    ['won', 'customer', true],
  ] as const)('%s: the lead is %s and its score starts again', async (status, stage, isCustomer) => {
    const { lead, qualificationId } = await sqlLead();
    expect(await stateOf(db.pool, lead)).toMatchObject({ stage: 'sql', score: 16 });
    expect(await answer(qualificationId, status)).toEqual({ result: 'recorded', subscriberId: lead, stage });
    expect(await stateOf(db.pool, lead)).toMatchObject({ stage, isCustomer, score: 0, sum: 0, alerts: 1 });
  });

  it('a customer that is rejected stays a customer', async () => {
    const { lead, qualificationId } = await sqlLead({ stage: 'customer', isCustomer: true });
    await answer(qualificationId, 'rejected');
    expect(await stateOf(db.pool, lead)).toMatchObject({ stage: 'customer', isCustomer: true });
  });

  it('in progress keeps the lead with sales, and can be followed by an answer for good', async () => {
    const { lead, qualificationId } = await sqlLead();
    expect(await answer(qualificationId, 'in-progress')).toMatchObject({ result: 'recorded', stage: 'sql' });
    expect(await stateOf(db.pool, lead)).toMatchObject({ stage: 'sql', score: 16 });
    expect(await answer(qualificationId, 'won')).toMatchObject({ result: 'recorded', stage: 'customer' });
  });

  it('says so when the answer is a repeat, comes too late, or is about nothing', async () => {
    const { lead, qualificationId } = await sqlLead();
    await answer(qualificationId, 'rejected');
    expect(await answer(qualificationId, 'rejected')).toEqual({ result: 'unchanged', subscriberId: lead });
    expect(await answer(qualificationId, 'won')).toEqual({
      result: 'closed',
      subscriberId: lead,
      status: 'rejected',
    });
    expect(await answer(99_999, 'won')).toEqual({ result: 'unknown' });
    expect(await stateOf(db.pool, lead)).toMatchObject({ stage: 'mql', score: 0, sum: 0 });
  });

  it('takes one answer when colleagues press at the same moment', async () => {
    const { lead, qualificationId } = await sqlLead();
    const answers = await Promise.all(
      (['rejected', 'lost', 'won', 'rejected', 'lost'] as const).map((status) =>
        answer(qualificationId, status),
      ),
    );
    expect(answers.filter(({ result }) => result === 'recorded')).toHaveLength(1);
    expect(await stateOf(db.pool, lead)).toMatchObject({ score: 0, sum: 0 });
  });
});

describe('a lead that was sent back', () => {
  it('is warmed again, and its next crossing makes exactly one new alert', async () => {
    const { lead, qualificationId } = await sqlLead();
    await answer(qualificationId, 'lost');
    const { qualified } = await clickAll(lead, afterwards);
    expect(qualified).toHaveLength(1);
    expect(qualified[0]!.qualificationId).not.toBe(qualificationId);
    await clickAll(lead, afterwards);
    expect(await stateOf(db.pool, lead)).toMatchObject({
      stage: 'sql',
      score: 32,
      sum: 32,
      qualifications: 2,
      alerts: 2,
    });
  });

  it('is not sent back by an answer to its earlier qualification', async () => {
    const { lead, qualificationId } = await sqlLead();
    await answer(qualificationId, 'lost');
    await clickAll(lead, afterwards);
    expect(await answer(qualificationId, 'rejected')).toMatchObject({ result: 'closed', status: 'lost' });
    expect(await stateOf(db.pool, lead)).toMatchObject({ stage: 'sql', score: 16 });
  });

  it('may ask for a call again, also on the same day', async () => {
    const lead = await addLead(db.pool);
    const [first] = (await record(callBack(lead))).qualified;
    await answer(first!.qualificationId, 'rejected');
    expect((await record(callBack(lead, afterwards), callBack(lead, afterwards))).qualified).toHaveLength(1);
    expect(await stateOf(db.pool, lead)).toMatchObject({ stage: 'sql', score: 12, sum: 12, alerts: 2 });
  });
});

describe('looking again before the alert is sent', () => {
  const check = (alertId: number) =>
    checkAlert({ database: db.database, programme, links: testLinks, say: testSay }, alertId, later);

  it('sends it as it reads now', async () => {
    const { lead, alertId } = await sqlLead();
    await clickAll(lead);
    const checked = await check(alertId);
    expect(checked).toMatchObject({
      send: true,
      data: { score: 32, threshold: 12, profileUrl: testLinks.profile(lead) },
    });
  });

  it('drops it when the points were taken back, and warms the lead again', async () => {
    const { lead, alertId } = await sqlLead();
    await db.pool.query(
      `insert into score_entries (subscriber_id, at, points, rule, rule_version, once_key, cause)
       values ($1, now(), -10, 'reversed', '1', 'reversed', 'a scanner made these')`,
      [lead],
    );
    await db.pool.query('update subscribers set score = score - 10 where id = $1', [lead]);
    expect(await check(alertId)).toEqual({
      send: false,
      reason: { code: 'alert.score-fell', values: { score: 6, needed: 12 } },
    });
    expect(await stateOf(db.pool, lead)).toMatchObject({ stage: 'mql', score: 6, sum: 6 });
    // Armed again: a real crossing alerts.
    expect((await clickAll(lead, afterwards)).qualified).toHaveLength(1);
  });

  it('drops it when sales has answered already, and leaves the lead alone', async () => {
    const { lead, alertId, qualificationId } = await sqlLead();
    await answer(qualificationId, 'won');
    expect(await check(alertId)).toEqual({ send: false, reason: { code: 'alert.answered' } });
    expect(await stateOf(db.pool, lead)).toMatchObject({ stage: 'customer' });
  });
});
