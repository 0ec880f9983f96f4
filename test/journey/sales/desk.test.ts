import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLog } from '../../../src/adapters/log.ts';
import type { Programme, Sales } from '../../../src/domain/programme.ts';
import type { OutcomeStatus } from '../../../src/domain/sales/outcome.ts';
import { sendNow } from '../../../src/journey/delivery/plan-issue.ts';
import { checkAccountAlert } from '../../../src/journey/sales/check-account-alert.ts';
import { checkAlert } from '../../../src/journey/sales/check-alert.ts';
import { checkReminder } from '../../../src/journey/sales/check-reminder.ts';
import { claimLead } from '../../../src/journey/sales/claim-lead.ts';
import { recordOutcome } from '../../../src/journey/sales/record-outcome.ts';
import { remindSales } from '../../../src/journey/sales/remind-sales.ts';
import { showAccount } from '../../../src/journey/sales/show-account.ts';
import { warmAccounts } from '../../../src/journey/sales/warm-accounts.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { addDelivery, addIssue, addLead, aHit, fourClicks, stateOf } from '../../support/leads.ts';
import { testLinks, testProgramme } from '../../support/programme.ts';
import { testSay } from '../../support/say.ts';

const HOUR = 3_600_000;
/** A Tuesday, ten o'clock in Amsterdam. */
const at = new Date('2026-11-24T09:00:00Z');
const later = (ms: number) => new Date(at.getTime() + ms);

const withSales = (sales: Partial<Sales>): Programme => {
  const programme = testProgramme();
  return { ...programme, sales: { ...programme.sales, ...sales } };
};

let db: TestDatabase;
const programme = withSales({
  accountThreshold: 20,
  handOut: {
    rules: [
      {
        countries: [],
        languages: [],
        companies: ['turns.example'],
        to: ['one@tessel.example', 'two@tessel.example', 'three@tessel.example'],
      },
      { countries: ['NL'], languages: [], companies: [], to: ['nl@tessel.example'] },
    ],
    to: ['sales@tessel.example'],
  },
});
beforeAll(async () => {
  db = await testDatabase({ programme });
});
afterAll(() => db.close());

const deps = () => ({ database: db.database, programme, links: testLinks, log: silentLog, say: testSay });
let number = 0;

async function warm(lead: number, when = at) {
  const deliveryId = await addDelivery(db.pool, await addIssue(db.pool), lead);
  const { qualified } = await db.database.inTransaction(({ ledger }) =>
    ledger.record(fourClicks(deliveryId, when)),
  );
  return qualified[0]!;
}
async function sqlLead(domain = `company-${number++}.example`) {
  const lead = await addLead(db.pool, { mailsSent: 5, email: `lead-${number++}@${domain}` });
  return { lead, ...(await warm(lead)) };
}
const answer = (
  qualificationId: number,
  status: OutcomeStatus,
  { when = later(HOUR), notBefore = null as string | null } = {},
) =>
  recordOutcome(
    deps(),
    {
      qualificationId,
      status,
      notBefore,
      note: '',
      isDuplicate: false,
      hasRunningDeal: false,
      staffEmail: 'sam@tessel.example',
    },
    when,
  );
const mail = async (id: number) => (await db.pool.query('select * from outbox where id = $1', [id])).rows[0];
const qualification = (id: number) => db.database.stores.sales.findQualification(id);
const sent = (id: number, when = at) =>
  db.pool.query(`update outbox set status = 'sent', sent_at = $2 where id = $1`, [id, when]);

describe('handing out', () => {
  it('goes by rule, and is kept with the qualification', async () => {
    const { qualificationId, alertId } = await sqlLead();
    // The test's leads live in Amsterdam.
    expect(await qualification(qualificationId)).toMatchObject({ handedTo: 'nl@tessel.example' });
    expect(await mail(alertId)).toMatchObject({ to_address: 'nl@tessel.example' });
  });

  it('lets people take turns, also when many leads cross at the same moment', async () => {
    const leads = await Promise.all(Array.from({ length: 12 }, () => sqlLead('turns.example')));
    const owners = await Promise.all(
      leads.map(async ({ qualificationId }) => (await qualification(qualificationId))!.handedTo),
    );
    for (const owner of ['one', 'two', 'three'])
      expect(owners.filter((one) => one === `${owner}@tessel.example`)).toHaveLength(4);
  });
});

describe('what a waiting lead did last', () => {
  const lastAct = async (lead: number) => {
    const waiting = await db.database.stores.desk.waiting(later(2 * HOUR), 1000);
    return waiting.find(({ leadId }) => leadId === lead)?.lastAct?.at;
  };
  const entry = (lead: number, rule: string, when: Date) =>
    db.pool.query(
      `insert into score_entries (subscriber_id, at, points, rule, rule_version, once_key, cause)
       values ($1, $2, 3, $3, '1', $3 || random(), '{"code": "score.opened"}') returning id`,
      [lead, when, rule],
    );

  it('is an act that stands: neither what only balances the score nor what was a machine’s', async () => {
    const { lead, alertId } = await sqlLead();
    await sent(alertId);
    const crossed = await lastAct(lead);
    expect(new Date(crossed!)).toEqual(at);
    for (const rule of ['floor', 'faded', 'returned', 'decided', 'reversed']) {
      await entry(lead, rule, later(HOUR));
      expect(await lastAct(lead), rule).toBe(crossed);
    }
    const { rows } = await entry(lead, 'click-article', later(HOUR));
    expect(new Date((await lastAct(lead))!)).toEqual(later(HOUR));
    await db.pool.query(
      `insert into score_entries (subscriber_id, at, points, rule, rule_version, once_key, cause, reverses)
       values ($1, $2, -3, 'reversed', '1', 'back' || random(), '{"code": "score.opened"}', $3)`,
      [lead, later(HOUR), rows[0].id],
    );
    expect(await lastAct(lead)).toBe(crossed);
  });
});

describe('"I take this one"', () => {
  it('is true for one of many who press at the same moment', async () => {
    const { lead, qualificationId } = await sqlLead();
    const people = ['sam', 'ada', 'mara', 'bo', 'cas'].map((name) => `${name}@tessel.example`);
    const answers = await Promise.all(
      people.map((staffEmail) => claimLead(deps(), { qualificationId, staffEmail }, later(1))),
    );
    const mine = answers.findIndex(({ result }) => result === 'claimed');
    expect(answers.filter(({ result }) => result === 'taken')).toHaveLength(4);
    expect(answers.find(({ result }) => result === 'taken')).toMatchObject({ by: people[mine] });
    const again = await claimLead(deps(), { qualificationId, staffEmail: people[mine]! }, later(2));
    expect(again).toEqual({ result: 'yours', subscriberId: lead });
    await answer(qualificationId, 'lost');
    expect(
      await claimLead(deps(), { qualificationId, staffEmail: 'x@tessel.example' }, later(3)),
    ).toMatchObject({
      result: 'closed',
    });
    expect(await claimLead(deps(), { qualificationId: 99_999, staffEmail: 'x' }, later(3))).toEqual({
      result: 'unknown',
    });
  });

  it('cannot be said of a lead that sales has answered for without taking it', async () => {
    const { qualificationId } = await sqlLead();
    await db.pool.query('update qualifications set closed_at = now() where id = $1', [qualificationId]);
    expect(await claimLead(deps(), { qualificationId, staffEmail: 'x' }, later(3))).toMatchObject({
      result: 'closed',
    });
  });
});

describe('when nobody acts', () => {
  const mails = async (lead: number) =>
    (
      await db.pool.query(
        `select to_address as to, data ->> 'escalatedFrom' as "escalatedFrom" from outbox
          where subscriber_id = $1 and kind = 'sales-reminder' order by id`,
        [lead],
      )
    ).rows;
  const look = (when: Date) => Promise.all(Array.from({ length: 5 }, () => remindSales(deps(), when)));

  it('comes one reminder, and then one escalation, however many workers look', async () => {
    const { lead, alertId } = await sqlLead();
    await look(later(4 * HOUR));
    expect(await mails(lead)).toEqual([]);
    await sent(alertId);
    await look(later(4 * HOUR - 1));
    expect(await mails(lead)).toEqual([]);
    await look(later(4 * HOUR));
    await look(later(5 * HOUR));
    expect(await mails(lead)).toEqual([{ to: 'nl@tessel.example', escalatedFrom: null }]);
    await look(later(28 * HOUR - 1));
    expect(await mails(lead)).toHaveLength(1);
    await look(later(28 * HOUR));
    await look(later(300 * HOUR));
    expect(await mails(lead)).toEqual([
      { to: 'nl@tessel.example', escalatedFrom: null },
      { to: 'ada@tessel.example', escalatedFrom: 'nl@tessel.example' },
    ]);
  });

  it('comes nothing once somebody has taken the lead, or answered', async () => {
    const taken = await sqlLead();
    await sent(taken.alertId);
    await claimLead(deps(), { qualificationId: taken.qualificationId, staffEmail: 'sam@tessel.example' }, at);
    const answered = await sqlLead();
    await sent(answered.alertId);
    await answer(answered.qualificationId, 'in-progress');
    await look(later(300 * HOUR));
    expect(await mails(taken.lead)).toEqual([]);
    expect(await mails(answered.lead)).toEqual([]);
    const data = { subscriberId: taken.lead, data: null };
    expect(await checkReminder(deps(), data)).toMatchObject({ send: false, reason: /sam@/ });
  });
});

describe('in progress', () => {
  it('pauses issue mails, with the reason, until sales has answered for good', async () => {
    const { lead, qualificationId } = await sqlLead();
    const planned = await addDelivery(db.pool, await addIssue(db.pool), lead);
    await db.pool.query(`update deliveries set status = 'planned', sent_at = null where id = $1`, [planned]);
    await answer(qualificationId, 'in-progress');
    const delivery = async (issueId: number) =>
      (
        await db.pool.query(
          'select status, reason from deliveries where issue_id = $1 and subscriber_id = $2',
          [issueId, lead],
        )
      ).rows[0];
    const skipped = { status: 'skipped', reason: '{"code":"skip.in-progress"}' };
    const { rows } = await db.pool.query('select status, reason from deliveries where id = $1', [planned]);
    expect(rows[0]).toMatchObject(skipped);
    const [digest] = programme.digests;
    const first = await sendNow(deps(), digest!, { by: 'mara@nordwerk.example' }, later(2 * HOUR));
    expect(await delivery(first.issueId)).toMatchObject(skipped);
    const going = withSales({ pauseMailsInProgress: false });
    const second = await sendNow(
      { ...deps(), programme: going },
      digest!,
      { by: 'mara@nordwerk.example' },
      later(3 * HOUR),
    );
    expect(await delivery(second.issueId)).toMatchObject({ status: 'planned' });
    await answer(qualificationId, 'lost', { when: later(4 * HOUR) });
    const third = await sendNow(deps(), digest!, { by: 'mara@nordwerk.example' }, later(5 * HOUR));
    expect(await delivery(third.issueId)).toMatchObject({ status: 'planned' });
  });
});

describe('not before a day', () => {
  const crossedAgain = async () => {
    const { lead, qualificationId } = await sqlLead();
    await answer(qualificationId, 'rejected', { notBefore: '2026-12-05' });
    return { lead, ...(await warm(lead, later(2 * HOUR))) };
  };

  it('the crossing is held until then, checked again, and alerts once', async () => {
    const { lead, alertId, qualificationId } = await crossedAgain();
    // The fifth is a Saturday.
    const monday = new Date('2026-12-07T08:00:00Z');
    expect(await mail(alertId)).toMatchObject({ status: 'planned', due_at: monday });
    expect(await qualification(qualificationId)).toMatchObject({ heldUntil: monday });
    expect(await stateOf(db.pool, lead)).toMatchObject({ stage: 'sql', qualifications: 2, alerts: 2 });
    expect(await checkAlert(deps(), alertId, monday)).toMatchObject({ send: true });
    await db.pool.query('update subscribers set score = 2 where id = $1', [lead]);
    expect(await checkAlert(deps(), alertId, monday)).toMatchObject({ send: false });
    expect(await stateOf(db.pool, lead)).toMatchObject({ stage: 'mql' });
  });

  it('a call that the lead itself asks for meanwhile is told at once', async () => {
    const { lead, alertId, qualificationId } = await crossedAgain();
    await db.database.inTransaction(({ ledger }) =>
      ledger.record([
        {
          kind: 'form',
          at: later(3 * HOUR),
          subscriberId: lead,
          deliveryId: null,
          form: 'call-back',
          hit: aHit,
          details: { phone: '020 1', bestTime: 'ten' },
        },
      ]),
    );
    expect(await mail(alertId)).toMatchObject({ due_at: later(3 * HOUR) });
    expect(await qualification(qualificationId)).toMatchObject({ byPost: true, heldUntil: null });
    expect(await checkAlert(deps(), alertId, later(3 * HOUR))).toMatchObject({
      send: true,
      data: { wish: { phone: '020 1', bestTime: 'ten' }, score: 28 },
    });
    expect(await stateOf(db.pool, lead)).toMatchObject({ qualifications: 2, alerts: 2 });
  });

  it('any other form waits like the clicks before it: these may still be a scanner’s', async () => {
    const { lead, alertId, qualificationId } = await crossedAgain();
    const form = {
      kind: 'form',
      at: later(3 * HOUR),
      subscriberId: lead,
      deliveryId: null,
      hit: aHit,
    } as const;
    await db.database.inTransaction(({ ledger }) =>
      ledger.record([{ ...form, form: 'webinar', details: {} }]),
    );
    expect(await mail(alertId)).toMatchObject({ due_at: new Date('2026-12-07T08:00:00Z') });
    expect(await qualification(qualificationId)).toMatchObject({ byPost: false });
  });

  it('is over when sales answers without it', async () => {
    const { qualificationId, lead } = await crossedAgain();
    await answer(qualificationId, 'lost', { when: later(3 * HOUR) });
    const { alertId } = await warm(lead, later(4 * HOUR));
    expect(await mail(alertId)).toMatchObject({ due_at: later(4 * HOUR + 300_000) });
  });
});

describe('an account', () => {
  let minutes = 0;
  /** Looks are a minute apart. */
  const look = () => {
    minutes += 1;
    return warmAccounts(deps(), later(minutes * 60_000));
  };
  const alerts = async (domain: string) =>
    (await db.database.stores.accounts.qualifications(domain)).map(({ alertId }) => alertId!);
  const colleague = (domain: string, score: number) =>
    addLead(db.pool, { email: `colleague-${number++}@${domain}`, score, mailsSent: 1 });

  it('alerts once when its leads are warm together, and again after sales has answered and it warmed anew', async () => {
    const domain = 'kade.example';
    await colleague(domain, 10);
    const hot = await sqlLead(domain);
    expect(await look()).toContain(domain);
    expect(await look()).not.toContain(domain);
    const [first] = await alerts(domain);
    expect(await mail(first!)).toMatchObject({ kind: 'account-alert', to_address: 'nl@tessel.example' });
    expect(await checkAccountAlert(deps(), first!, later(HOUR))).toMatchObject({
      send: true,
      data: { domain, warmth: 26, threshold: 20, leads: [{ score: 16 }, { score: 10 }] },
    });

    await answer(hot.qualificationId, 'rejected');
    expect(await checkAccountAlert(deps(), first!, later(HOUR))).toMatchObject({ send: false });
    expect(await look()).not.toContain(domain);
    // What was warm is told: it takes 20 more than the 10 that were left.
    await colleague(domain, 12);
    expect(await look()).not.toContain(domain);
    await colleague(domain, 8);
    expect(await look()).toContain(domain);
    expect(await alerts(domain)).toHaveLength(2);
    expect(await showAccount(accountDeps(), domain.toUpperCase(), later(HOUR))).toMatchObject({
      domain,
      warmth: 30,
      warm: 3,
      alertsAt: null,
      crossings: [{ closedAt: null }, { base: 10 }],
    });
  });

  it('is told by one of many workers that look at the same moment', async () => {
    const domain = 'many.example';
    await colleague(domain, 15);
    await colleague(domain, 15);
    minutes += 1;
    const found = await Promise.all(
      Array.from({ length: 6 }, () => warmAccounts(deps(), later(minutes * 60_000))),
    );
    expect(found.flat().filter((one) => one === domain)).toHaveLength(1);
    expect(await alerts(domain)).toHaveLength(1);
  });

  it('that cooled down before its alert went out is dropped, and armed again', async () => {
    const domain = 'cool.example';
    const one = await colleague(domain, 15);
    await colleague(domain, 15);
    await look();
    const [alertId] = await alerts(domain);
    await db.pool.query('update subscribers set score = 1 where id = $1', [one]);
    expect(await checkAccountAlert(deps(), alertId!, later(HOUR))).toMatchObject({ send: false });
    await db.pool.query('update subscribers set score = 15 where id = $1', [one]);
    expect(await look()).toContain(domain);
  });

  it('is none at a free-mail provider, for one lead alone, or for leads that sales wants quiet about', async () => {
    await colleague('gmail.com', 30);
    await colleague('gmail.com', 30);
    await colleague('alone.example', 60);
    const quiet = await sqlLead('quiet.example');
    await answer(quiet.qualificationId, 'lost', { notBefore: '2027-01-01' });
    await warm(quiet.lead, later(2 * HOUR));
    await colleague('quiet.example', 15);
    const found = await look();
    for (const domain of ['gmail.com', 'alone.example', 'quiet.example']) expect(found).not.toContain(domain);
    expect(await showAccount(accountDeps(), 'gmail.com', at)).toBeNull();
    expect(await showAccount(accountDeps(), 'nobody.example', at)).toBeNull();
    const account = await showAccount(accountDeps(), 'quiet.example', at);
    expect(account).toMatchObject({ warmth: 15, warm: 1, members: [{ isQuiet: true }, { isQuiet: false }] });
  });

  it('crosses with what is warm, without the points of a lead that sales wants quiet about', async () => {
    const domain = 'hush.example';
    const quiet = await sqlLead(domain);
    await answer(quiet.qualificationId, 'lost', { notBefore: '2027-01-01' });
    await warm(quiet.lead, later(2 * HOUR));
    await colleague(domain, 15);
    await colleague(domain, 14);
    expect(await look()).toContain(domain);
    const account = await showAccount(accountDeps(), domain, at);
    expect(account).toMatchObject({ warmth: 29, warm: 2, crossings: [{ warmth: 29 }] });
  });

  const accountDeps = () => ({ accounts: db.database.stores.accounts, programme });
});
