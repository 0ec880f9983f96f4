import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../../src/adapters/log.ts';
import { asText, readReason } from '../../../src/domain/reason.ts';
import { engagementOf, priorityOf } from '../../../src/domain/scoring/fit.ts';
import type { LeadEvent } from '../../../src/domain/scoring/lead-event.ts';
import type { RuleChange } from '../../../src/domain/scoring/rule-change.ts';
import { recordOutcome } from '../../../src/journey/sales/record-outcome.ts';
import { applyRules, undoRules } from '../../../src/journey/scoring/apply-rules.ts';
import { checkReplay } from '../../../src/journey/scoring/check-replay.ts';
import { fadeScores } from '../../../src/journey/scoring/fade-scores.ts';
import { keepRules } from '../../../src/journey/scoring/keep-rules.ts';
import { measureFit } from '../../../src/journey/scoring/measure-fit.ts';
import { ruleEffects } from '../../../src/journey/scoring/rule-effects.ts';
import { whatIf } from '../../../src/journey/scoring/what-if.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { addDelivery, addIssue, addLead, aHit, byHuman, stateOf } from '../../support/leads.ts';
import { testLinks, testProgramme } from '../../support/programme.ts';

const programme = testProgramme({ scoring: { ...testProgramme().scoring, floor: -12 } });
const links = testLinks;
const start = new Date('2026-03-02T09:00:00Z').getTime();
const at = (hours: number) => new Date(start + hours * 3_600_000);
const now = at(2000);

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase({ programme });
});
afterAll(() => db.close());
beforeEach(() =>
  db.pool.query(
    'truncate subscribers, issues, events, score_entries, outbox, rescorings, rule_versions, fade_days cascade',
  ),
);

const record = (...leadEvents: LeadEvent[]) =>
  db.database.inTransaction((stores) => stores.ledger.record(leadEvents));
const check = (of = programme) => checkReplay({ ...db.database.stores, programme: of, links });
const tryOut = (change: RuleChange, since: Date | null = null) =>
  whatIf({ ...db.database.stores, programme, links }, { change, since });
const apply = (change: RuleChange, of = programme) =>
  applyRules({ database: db.database, programme: of, links }, { change, by: 'a test' }, now);

/** A lead with so many mails, one a day from `hours` on. */
async function leadWithMails(count: number, hours = 0): Promise<{ lead: number; mails: number[] }> {
  const lead = await addLead(db.pool);
  const mails: number[] = [];
  for (let mail = 0; mail < count; mail++) {
    const delivery = await addDelivery(db.pool, await addIssue(db.pool), lead);
    await record({ kind: 'mail-sent', at: at(hours + mail * 24), subscriberId: lead, deliveryId: delivery });
    mails.push(delivery);
  }
  return { lead, mails };
}
const click = (deliveryId: number, linkNumber: number, hours: number): LeadEvent => ({
  kind: 'click',
  at: at(hours),
  deliveryId,
  linkNumber,
  hit: aHit,
  verdict: byHuman,
});
async function answer(lead: number, status: 'rejected' | 'won' | 'lost', hours: number) {
  const qualification = await db.database.stores.sales.openQualification(lead);
  const said = { isDuplicate: false, hasRunningDeal: false, note: '', staffEmail: 'sam@tessel.example' };
  const input = { qualificationId: qualification!.id, status, ...said, notBefore: null };
  return recordOutcome({ database: db.database, programme, links } as never, input as never, at(hours));
}

describe('replays of the whole history', () => {
  it('give the present scores to the point, through returns, forms, machines and what came late', async () => {
    const { lead, mails } = await leadWithMails(4);
    await record(click(mails[0]!, 2, 80), click(mails[1]!, 3, 81), click(mails[2]!, 0, 82));
    await record(click(mails[3]!, 5, 83));
    expect(await stateOf(db.pool, lead)).toMatchObject({ stage: 'sql' });
    await answer(lead, 'rejected', 100);
    // Loaded late: it was clicked before sales answered.
    await record(click(mails[0]!, 1, 90));
    expect(await stateOf(db.pool, lead)).toMatchObject({ score: 0, sum: 0, stage: 'mql', qualifications: 1 });
    await record(click(mails[0]!, 6, 110), {
      kind: 'form',
      at: at(120),
      subscriberId: lead,
      deliveryId: null,
      form: 'call-back',
      hit: aHit,
      details: {},
    });
    await addLead(db.pool, { score: 4 });
    const { different, leads } = await check();
    expect(different).toEqual([]);
    expect(leads).toBe(2);
    expect(await stateOf(db.pool, lead)).toMatchObject({ score: 15, sum: 15 });
  });

  it('name the lead whose score was changed by other hands', async () => {
    const { lead, mails } = await leadWithMails(1);
    await record(click(mails[0]!, 0, 30));
    await db.pool.query('update subscribers set score = score + 1 where id = $1', [lead]);
    expect((await check()).different).toMatchObject([{ leadId: lead, score: 4, ledger: 3, replayed: 3 }]);
  });
});

describe('what if', () => {
  it('says nothing new when nothing is changed', async () => {
    const { lead, mails } = await leadWithMails(4);
    await record(
      click(mails[0]!, 2, 80),
      click(mails[1]!, 3, 81),
      click(mails[2]!, 2, 82),
      click(mails[3]!, 2, 83),
    );
    await answer(lead, 'won', 100);
    const { differences, both, gained } = await tryOut({});
    expect(differences).toMatchObject([{ kind: 'both', leadId: lead, end: 'won' }]);
    expect(differences[0]).toMatchObject({ realAt: at(82).getTime(), supposedAt: at(82).getTime() });
    expect({ both, gained }).toMatchObject({ both: { all: 1, good: 1, won: 1 }, gained: 0 });
  });

  it('says who would have become an SQL, when, and who would not, with what sales said; and changes nothing', async () => {
    const nearly = await leadWithMails(3);
    await record(
      click(nearly.mails[0]!, 2, 80),
      click(nearly.mails[1]!, 3, 81),
      click(nearly.mails[2]!, 0, 82),
    );
    const presses = await leadWithMails(3);
    await record(
      ...presses.mails.map((mail) => click(mail, 6, 80)),
      ...presses.mails.map((mail) => click(mail, 5, 81)),
    );
    await answer(presses.lead, 'rejected', 100);
    const before = await stateOf(db.pool, nearly.lead);

    const answered = await tryOut({
      threshold: 11,
      points: { 'click-footer-press': 0, 'click-footer-software': 2 },
    });
    expect(answered.differences).toMatchObject([
      { kind: 'lost', leadId: presses.lead, end: 'rejected' },
      { kind: 'gained', leadId: nearly.lead, supposedAt: at(82).getTime(), score: 11, rule: 'click-article' },
    ]);
    expect(answered.lost).toMatchObject({ all: 1, good: 0, rejected: 1 });
    expect((await tryOut({ threshold: 11 }, at(500))).differences).toEqual([]);
    expect(await stateOf(db.pool, nearly.lead)).toEqual(before);
  });

  it('names a rule there is none of', async () => {
    await expect(tryOut({ points: { 'click-artikle': 2 } })).rejects.toThrow(/click-artikle.*click-article/);
    await expect(tryOut({ threshold: 3 })).rejects.toThrow(/customer threshold/);
  });
});

describe('applying rules', () => {
  it('scores the past by them, mails sales nothing, and the next act crosses', async () => {
    const { lead, mails } = await leadWithMails(3);
    await record(click(mails[0]!, 0, 80), click(mails[1]!, 0, 81));
    expect(await stateOf(db.pool, lead)).toMatchObject({ score: 4 });
    const applied = await apply({ points: { 'click-article': 9 } });
    expect(applied).toMatchObject({ leads: 1, changed: 1, entries: 2 });
    expect(await stateOf(db.pool, lead)).toMatchObject({
      score: 16,
      sum: 16,
      stage: 'mql',
      qualifications: 0,
      alerts: 0,
    });
    expect((await check()).different).toEqual([]);

    // Our own next mail is no act of the lead.
    const mail = await addDelivery(db.pool, await addIssue(db.pool), lead);
    await record({ kind: 'mail-sent', at: at(2010), subscriberId: lead, deliveryId: mail });
    expect(await stateOf(db.pool, lead)).toMatchObject({ score: 15, stage: 'mql' });
    // New rules hold for what comes: 15 + 9.
    await record(click(mail, 1, 2020));
    expect(await stateOf(db.pool, lead)).toMatchObject({ score: 24, sum: 24, stage: 'sql', alerts: 1 });
    expect((await check()).different).toEqual([]);
  });

  it('names event, rule and version with each entry, and keeps the version', async () => {
    const { lead, mails } = await leadWithMails(1);
    await record(click(mails[0]!, 0, 80));
    const { version } = await apply({ points: { 'click-article': 1 } });
    const { rows } = await db.pool.query(
      `select points, rule, rule_version, event_id is not null as event, cause from score_entries
        where subscriber_id = $1 order by id`,
      [lead],
    );
    expect(rows).toMatchObject([
      { points: 3, rule: 'click-article', rule_version: '1', event: true },
      { points: -2, rule: 'click-article', rule_version: version, event: true },
    ]);
    expect(readReason(rows[1].cause)).toMatchObject({
      code: 'score.rules-changed',
      values: { now: 1, before: 3 },
    });
    const kept = await db.database.stores.rules.findVersion(version);
    expect(kept).toMatchObject({ adoptedBy: 'a test' });
    expect(kept?.rules.rules).toContainEqual(expect.objectContaining({ id: 'click-article', points: 1 }));
  });

  it('is undone: scores are what they were, and acts since count by the old rules', async () => {
    const { lead, mails } = await leadWithMails(2);
    await record(click(mails[0]!, 0, 80), click(mails[1]!, 6, 81));
    await apply({ points: { 'click-article': 1, 'click-footer-press': 0, 'further-mail': -4 }, floor: -1 });
    await record(click(mails[1]!, 1, 2010));
    const undone = await undoRules({ database: db.database, programme, links }, 'a test', now);
    expect(undone).toMatchObject({ result: 'undone', lost: [] });
    expect(await stateOf(db.pool, lead)).toMatchObject({ score: -1 + 3 + 3 + 3, sum: 8 });
    expect((await check()).different).toEqual([]);
  });

  it('carries the floor and returns from sales through the past', async () => {
    const { lead, mails } = await leadWithMails(5);
    await record(click(mails[0]!, 2, 110), click(mails[1]!, 3, 111), click(mails[2]!, 5, 112));
    await record(click(mails[3]!, 6, 113));
    expect(await stateOf(db.pool, lead)).toMatchObject({ score: 14, stage: 'sql' });
    await answer(lead, 'lost', 120);
    await record(click(mails[3]!, 0, 130));
    await apply({ points: { 'further-mail': -3 }, floor: -5, scoreAfterReturn: 2 });
    expect(await stateOf(db.pool, lead)).toMatchObject({ score: 5, sum: 5 });
    expect((await check()).different).toEqual([]);
  });

  it('adopts the programme when it changed, and the next application without flags goes back to it', async () => {
    const { lead, mails } = await leadWithMails(1);
    await record(click(mails[0]!, 0, 80));
    await apply({ points: { 'click-article': 1 } });
    await apply({});
    expect(await stateOf(db.pool, lead)).toMatchObject({ score: 3, sum: 3 });
    expect((await check()).different).toEqual([]);
  });
});

describe('fading', () => {
  it('writes dated entries once a day; the sum stays the sum and a replay gives the same', async () => {
    const { lead, mails } = await leadWithMails(1);
    await record(click(mails[0]!, 2, 80), click(mails[0]!, 0, 81));
    await apply({ halfLifeDays: 10 });
    const deps = { database: db.database, programme };
    for (const days of [10, 11, 13]) {
      await fadeScores(deps, at(72 + days * 24));
      await fadeScores(deps, at(73 + days * 24));
    }
    // 5 and 3 points, 13 days old: 5 × 2^(-1.3) = 2.03, 3 × 2^(-1.3) = 1.22
    expect(await stateOf(db.pool, lead)).toMatchObject({ score: 3, sum: 3 });
    // What comes late was clicked 13 days ago too.
    await record(click(mails[0]!, 3, 79));
    expect(await stateOf(db.pool, lead)).toMatchObject({ score: 5, sum: 5 });
    expect((await check()).different).toEqual([]);
    const { rows } = await db.pool.query(
      `select at, points from score_entries where rule = 'faded' and subscriber_id = $1 order by id limit 2`,
      [lead],
    );
    expect(rows[0].at.toISOString()).toBe('2026-03-15T00:00:00.000Z');
  });
});

describe('what sales teaches', () => {
  it('counts answers by rule and by article, and proposes with enough of them', async () => {
    for (let one = 0; one < 14; one++) {
      const { lead, mails } = await leadWithMails(3);
      await record(...mails.map((mail) => click(mail, 6, 80)), ...mails.map((mail) => click(mail, 5, 81)));
      await answer(lead, 'rejected', 100);
    }
    for (let one = 0; one < 14; one++) {
      const { lead, mails } = await leadWithMails(3);
      await record(...mails.map((mail) => click(mail, 0, 80)), ...mails.map((mail) => click(mail, 2, 81)));
      await answer(lead, 'won', 100);
    }
    const effects = await ruleEffects({ rules: db.database.stores.rules, programme });
    expect(effects.answered).toMatchObject({ all: 28, rejected: 14, won: 14 });
    expect(effects.rules.find(({ id }) => id === 'click-footer-press')).toMatchObject({
      answered: 14,
      rejected: 14,
      points: 3,
    });
    expect(effects.articles).toMatchObject([
      { id: '1', name: asText('Article one'), answered: 14, accepted: 14, won: 14 },
    ]);
    expect(effects.proposals).toContainEqual(
      expect.objectContaining({
        rule: 'click-footer-press',
        proposed: 0,
        why: expect.objectContaining({ code: 'answers.rejected' }),
      }),
    );
    expect(effects.proposals.find(({ rule }) => rule === 'click-article')?.proposed).toBe(4);
  }, 30_000);
});

describe('fit and priority', () => {
  it('are measured, again when the profile changes, and order leads by the stated formula', async () => {
    const { rules } = db.database.stores;
    await keepRules({ rules, programme, log: silentLog }, now);
    const ids = [];
    for (const [title, score] of [
      ['Clerk', 5],
      ['Managing director', 5],
      ['Managing director', 6],
    ] as const) {
      const id = await addLead(db.pool, { score });
      await db.pool.query('update subscribers set job_title = $2, name = $3 where id = $1', [id, title, 'A']);
      ids.push(id);
    }
    expect(await measureFit({ rules, programme })).toBe(3);
    expect(await measureFit({ rules, programme })).toBe(0);
    const ordered = async () =>
      (
        await db.pool.query(
          'select id, fit, completeness, priority, score from subscribers order by priority desc',
        )
      ).rows;
    const before = await ordered();
    expect(before.map(({ id }) => id)).toEqual(ids.toReversed());
    for (const row of before)
      expect(row.priority).toBeCloseTo(
        priorityOf(
          {
            engagement: engagementOf({ score: row.score, isCustomer: false }, programme.scoring),
            fit: row.fit,
            completeness: row.completeness,
          },
          programme.persona.weights,
        ),
        3,
      );
    await db.pool.query(`update subscribers set job_title = 'CEO' where id = $1`, [ids[0]]);
    expect(await measureFit({ rules, programme })).toBe(1);
    expect((await ordered()).at(-1)?.id).not.toBe(ids[2]);
    const others = {
      ...programme,
      persona: { ...programme.persona, weights: { engagement: 1, fit: 0, completeness: 0 } },
    };
    await keepRules({ rules, programme: others, log: silentLog }, now);
    expect(await measureFit({ rules, programme: others })).toBe(3);
  });
});
