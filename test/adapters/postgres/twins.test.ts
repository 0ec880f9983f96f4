import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { skipReason } from '../../../src/adapters/postgres/delivery/plan-readers.ts';
import { pausedReason } from '../../../src/domain/content/choosing/select.ts';
import { readReason } from '../../../src/domain/reason.ts';
import { accountCrosses, asAccountLeads, jointWarmth } from '../../../src/domain/sales/account.ts';
import { engagementOf, priorityOf } from '../../../src/domain/scoring/fit.ts';
import { eventKinds, type LeadEvent } from '../../../src/domain/scoring/lead-event.ts';
import { actTime, isAct, NO_ACT_RULES } from '../../../src/domain/scoring/qualify.ts';
import { SCORE_LIMITS, USUAL_WEIGHTS } from '../../../src/domain/scoring/score-limits.ts';
import type { HitClass } from '../../../src/domain/tracking/hit.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { addDelivery, addIssue, addLead, aHit } from '../../support/leads.ts';

// Rules that SQL repeats for speed: each says the same as its twin in the domain.

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());

const at = new Date('2026-11-24T09:00:00Z');

describe('what a lead does', () => {
  const hit = { at, hit: aHit };
  const event = (
    kind: LeadEvent['kind'] | 'typed',
    subscriberId: number,
    deliveryId: number,
    taken: HitClass,
  ): LeadEvent => {
    const verdict = { class: taken, reasons: [] };
    switch (kind) {
      case 'mail-sent':
        return { kind, at, subscriberId, deliveryId };
      case 'open':
        return { kind, ...hit, deliveryId, verdict };
      case 'click':
        return { kind, ...hit, deliveryId, linkNumber: 0, verdict };
      case 'visit':
        return { kind, ...hit, subscriberId, page: 'https://tessel.example/prices', details: {}, verdict };
      case 'form':
        return { kind, ...hit, subscriberId, deliveryId, form: 'webinar', details: {} };
      case 'download':
        return { kind, ...hit, subscriberId, name: 'a' };
      case 'typed':
        return { kind: 'download', ...hit, subscriberId, name: 'b', isTyped: true };
      case 'touchpoint':
        return { kind, at, subscriberId, name: 'trade-fair', details: {} };
      case 'confirm':
        return { kind, ...hit, subscriberId };
      case 'unsubscribe':
        return { kind, ...hit, subscriberId, deliveryId };
      case 'returned':
        return {
          kind,
          at,
          subscriberId,
          qualificationId: subscriberId,
          outcome: 'lost',
          staffEmail: 'sales@tessel.example',
        };
    }
  };
  const CASES: [LeadEvent['kind'] | 'typed', HitClass][] = [
    ...(['human', 'proxied', 'doubtful', 'machine'] as const).flatMap((taken): typeof CASES => [
      ['open', taken],
      ['click', taken],
      ['visit', taken],
    ]),
    ...(['typed', ...eventKinds(() => true)] as const)
      .filter((kind) => kind !== 'open' && kind !== 'click' && kind !== 'visit')
      .map((kind): (typeof CASES)[number] => [kind, 'human']),
  ];

  it.each(CASES)('%s of a %s: an act or none, and when it did something last', async (kind, taken) => {
    const subscriberId = await addLead(db.pool, { mailsSent: 1 });
    const deliveryId = await addDelivery(db.pool, await addIssue(db.pool), subscriberId);
    const leadEvent = event(kind, subscriberId, deliveryId, taken);
    const { ledger, ledgerRows } = db.database.stores;
    await ledger.record([leadEvent]);
    // Whatever earned points by it, also by a rule of the programme's own.
    const { rows } = await db.pool.query<{ id: number }>('select id from events where subscriber_id = $1', [
      subscriberId,
    ]);
    await db.pool.query('delete from score_entries where subscriber_id = $1', [subscriberId]);
    await db.pool.query(
      `insert into score_entries (subscriber_id, at, points, rule, rule_version, once_key, cause, event_id)
       values ($1, $2, 3, 'own-rule', '1', 'own', 'own', $3)`,
      [subscriberId, at, rows[0]!.id],
    );
    const acted = await ledgerRows.actedSinceReturn([subscriberId], NO_ACT_RULES);
    // Machines and proxied clicks earn no points, so no entry of theirs stands.
    if (taken !== 'machine') expect(acted.has(subscriberId)).toBe(isAct(leadEvent));

    const lastAct = async () => {
      const lead = await db.pool.query('select last_act_at as at from subscribers where id = $1', [
        subscriberId,
      ]);
      return lead.rows[0].at;
    };
    expect(await lastAct()).toEqual(actTime(leadEvent));
    await db.pool.query('update subscribers set last_act_at = null where id = $1', [subscriberId]);
    await ledgerRows.correctLeads([subscriberId], at);
    expect(await lastAct()).toEqual(actTime(leadEvent));
  });
});

describe('priority', () => {
  it('is by the formula of the programme, whatever the lead', async () => {
    const [threshold, customerThreshold, floor] = [12, 6, -12];
    for (const isCustomer of [false, true])
      for (const score of [-40, -12, -1, 0, 5, 11, 12, 80])
        for (const fit of [null, 0, 37, 100])
          for (const completeness of [20, 55, 100]) {
            const id = await addLead(db.pool, { isCustomer });
            const { rows } = await db.pool.query<{ priority: number }>(
              'update subscribers set score = $2, fit = $3, completeness = $4 where id = $1 returning priority',
              [id, score, fit, completeness],
            );
            const engagement = engagementOf({ score, isCustomer }, { threshold, customerThreshold, floor });
            const expected = priorityOf({ engagement, fit, completeness }, USUAL_WEIGHTS);
            expect(rows[0]!.priority).toBeCloseTo(expected, 3);
          }
  });

  it('goes by the usual limits and weights until a programme says others', async () => {
    const { rows } = await db.pool.query(
      'select engagement, fit, completeness, threshold, customer_threshold, floor from priority_formula',
    );
    const { threshold, customerThreshold, floor } = SCORE_LIMITS;
    expect(rows).toEqual([
      {
        ...USUAL_WEIGHTS,
        threshold: threshold.usual,
        customer_threshold: customerThreshold.usual,
        floor: floor.usual,
      },
    ]);
  });
});

describe('an account', () => {
  const TODAY = '2026-11-24';
  // Score, status, day before which sales wants quiet.
  const LEADS: [number, string, string | null][][] = [
    [
      [10, 'active', null],
      [10, 'active', null],
    ],
    [
      [19, 'active', null],
      [1, 'active', null],
    ],
    [
      [20, 'active', null],
      [0, 'active', null],
    ],
    [
      [20, 'active', null],
      [-5, 'active', null],
    ],
    [
      [15, 'active', null],
      [15, 'unsubscribed', null],
    ],
    [
      [15, 'active', null],
      [15, 'active', '2026-11-25'],
    ],
    [
      [15, 'active', null],
      [15, 'active', '2026-11-24'],
    ],
    [
      [9, 'active', null],
      [9, 'active', null],
    ],
    [[30, 'active', null]],
  ];

  it.each(LEADS.map((leads, n) => [n, leads] as const))('%i is warm in SQL when it is', async (n, leads) => {
    const domain = `account-${n}.example`;
    for (const [place, [score, status, notBefore]] of leads.entries()) {
      const id = await addLead(db.pool, { email: `${place}@${domain}`, score, status });
      if (notBefore === null) continue;
      const { rows } = await db.pool.query(
        `insert into qualifications (subscriber_id, at, score, rule, by_post, closed_at) values ($1, $2, 1, 'x', false, $2) returning id`,
        [id, at],
      );
      await db.pool.query(
        `insert into outcomes (qualification_id, at, staff_email, status, is_duplicate, has_running_deal, note, not_before)
         values ($1, $2, 'sales@tessel.example', 'lost', false, false, '', $3)`,
        [rows[0].id, at, notBefore],
      );
    }
    const { accounts } = db.database.stores;
    const joint = jointWarmth(asAccountLeads(await accounts.members(domain), TODAY));
    const found = await accounts.warmDomains(20, [], TODAY);
    expect(found.includes(domain)).toBe(accountCrosses(joint, 0, 20));
    // What is left is worked out by the same rule.
    await accounts.open(domain, 1000, at);
    await accounts.close(domain, 1000, at);
    await accounts.lowerBases(TODAY);
    expect((await accounts.qualifications(domain)).at(-1)).toMatchObject({ base: joint.warmth });
  });
});

describe('a pause', () => {
  it.each([
    ['of the reader', null, '2026-12-24T22:30:00Z'],
    ['because mails come back', '{"code":"pause.mails-came-back","values":{"n":3}}', '2026-12-24T22:30:00Z'],
    ['that is over when the mail is due', null, '2026-11-24T09:00:00Z'],
  ])('%s is told by planning as by choosing', async (_, why, until) => {
    const id = await addLead(db.pool);
    await db.pool.query('update subscribers set paused_until = $2, pause_reason = $3 where id = $1', [
      id,
      until,
      why,
    ]);
    const names = { dueAt: '$2::timestamptz', issueId: '0', digestId: `'news'`, month: `'2026-11'` };
    const { rows } = await db.pool.query(
      `select ${skipReason({ ...names, inProgress: 'null' })} as reason from subscribers s where id = $1`,
      [id, at],
    );
    const isPaused = new Date(until) > at;
    const told = rows[0].reason === null ? null : readReason(rows[0].reason);
    expect(told).toEqual(
      isPaused ? pausedReason(new Date(until), why === null ? null : readReason(why)) : null,
    );
  });
});
