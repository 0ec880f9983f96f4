import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LeadEvent } from '../../../src/domain/scoring/lead-event.ts';
import { checkAlert } from '../../../src/journey/sales/check-alert.ts';
import { recordOutcome } from '../../../src/journey/sales/record-outcome.ts';
import { showProfile } from '../../../src/journey/sales/show-profile.ts';
import { applyRules } from '../../../src/journey/scoring/apply-rules.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { addDelivery, addIssue, addLead, aHit, byHuman, stateOf } from '../../support/leads.ts';
import { testLinks as links, testProgramme } from '../../support/programme.ts';
import { testSay } from '../../support/say.ts';

/** The programme as a process read it when it started; the rules are changed while it runs. */
const programme = testProgramme();
let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase({ programme });
});
afterAll(() => db.close());

const at = (minute: number) => new Date(Date.UTC(2026, 10, 24, 9, minute));
let delivery: number;
const click = (linkNumber: number, minute: number): LeadEvent => ({
  kind: 'click',
  at: at(minute),
  deliveryId: delivery,
  linkNumber,
  hit: aHit,
  verdict: byHuman,
});

it('rules that were changed while Simmer runs hold for alerts and profiles at once', async () => {
  const lead = await addLead(db.pool, { mailsSent: 4 });
  delivery = await addDelivery(db.pool, await addIssue(db.pool), lead);
  const { ledger, sales, rules, profiles } = db.database.stores;
  await ledger.record([click(0, 1), click(6, 2)]);
  const machine = (await db.pool.query(`select id from events where link_number = 6`)).rows[0].id as number;
  await ledger.reclass(
    [{ eventId: machine, verdict: { class: 'machine', reasons: [{ code: 'machine.robot' }] } }],
    at(3),
  );
  const change = { threshold: 9, points: { 'click-article': 4 } };
  await applyRules({ database: db.database, programme, links }, { change, by: 'a test' }, at(4));
  expect(await stateOf(db.pool, lead)).toMatchObject({ score: 4, sum: 4, alerts: 0 });

  const { qualified } = await ledger.record([click(2, 5)]);
  expect(qualified).toHaveLength(1);
  const answer = await checkAlert(
    { database: db.database, programme, links, say: testSay },
    qualified[0]!.alertId,
    at(9),
  );
  expect(answer).toMatchObject({ send: true, data: { score: 9, threshold: 9 } });
  expect(answer.send && answer.data.acts.map(({ what, points }) => [what, points])).toEqual([
    ['clicked the button “Read the brochure”', 5],
    ['clicked the article “Article one”', 4],
  ]);
  const profile = await showProfile({ profiles, rules, programme }, lead);
  expect(profile).toMatchObject({ threshold: 9 });
  expect(profile!.rules.find(({ rule }) => rule === 'click-article')).toMatchObject({ worth: 4, points: 4 });

  // Back with marketing: what a further change gives for the past is no act of the lead.
  const { id } = (await sales.openQualification(lead))!;
  const said = {
    isDuplicate: false,
    hasRunningDeal: false,
    note: '',
    staffEmail: 'sam@tessel.example',
    notBefore: null,
  };
  await recordOutcome(
    { database: db.database, programme, links, say: testSay } as never,
    { qualificationId: id, status: 'rejected', ...said },
    at(10),
  );
  const more = { ...change, points: { 'click-article': 12 } };
  await applyRules({ database: db.database, programme, links }, { change: more, by: 'a test' }, at(11));
  expect(await sales.hasActed(lead)).toBe(false);
  expect(await sales.hasActBy(lead, ['click-article'])).toBe(false);
});
