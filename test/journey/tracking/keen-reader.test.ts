import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { pendingHitStore } from '../../../src/adapters/postgres/tracking/pending-hit-store.ts';
import { doubtsOf } from '../../../src/domain/sales/doubts.ts';
import type { RecordedHit } from '../../../src/domain/tracking/hit.ts';
import { requestCallBack } from '../../../src/journey/audience/request-call-back.ts';
import { setPreferences } from '../../../src/journey/audience/set-preferences.ts';
import { checkAlert } from '../../../src/journey/sales/check-alert.ts';
import { settleDoubt } from '../../../src/journey/sales/settle-doubt.ts';
import { showDoubts } from '../../../src/journey/sales/show-doubts.ts';
import { checkReplay } from '../../../src/journey/scoring/check-replay.ts';
import type { PendingHitStore } from '../../../src/journey/tracking/ports/hits.ts';
import { processHits } from '../../../src/journey/tracking/process-hits.ts';
import { recordVisit } from '../../../src/journey/tracking/record-visit.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { addDelivery, addIssue, addLead, stateOf } from '../../support/leads.ts';
import { testLinks, testProgramme } from '../../support/programme.ts';
import { testSay } from '../../support/say.ts';

const programme = testProgramme();
const { machines } = programme;
const sentAt = new Date('2026-11-24T09:00:00Z');
const at = (seconds: number) => new Date(sentAt.getTime() + seconds * 1000);
const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; rv:145.0) Gecko/20100101 Firefox/145.0';
const network = '192.0.2.0/24';
const press = { method: 'POST', ip: '192.0.2.77', userAgent: FIREFOX, purpose: null };
const queue = { add: async () => {} };
const sofie = 'sofie@nordwerk.example';

let db: TestDatabase;
let pendingHits: PendingHitStore;
let issueId: number;
let lead: number;
let delivery: number;
beforeAll(async () => {
  db = await testDatabase({ programme });
  pendingHits = pendingHitStore(db.pool, 10_000);
  issueId = await addIssue(db.pool);
});
afterAll(async () => {
  const { different } = await checkReplay({ ...db.database.stores, programme, links: testLinks });
  await db.close();
  expect(different).toEqual([]);
});
beforeEach(async () => {
  lead = await addLead(db.pool, { mailsSent: 3 });
  delivery = await addMail();
});

async function addMail(at = sentAt): Promise<number> {
  const id = await addDelivery(db.pool, issueId, lead);
  await db.pool.query('update deliveries set sent_at = $2 where id = $1', [id, at]);
  return id;
}

const click = (seconds: number, linkNumber: number, fields: Partial<RecordedHit> = {}): RecordedHit => ({
  key: randomUUID(),
  kind: 'click',
  deliveryId: delivery,
  linkNumber,
  at: at(seconds),
  method: 'GET',
  network,
  userAgent: FIREFOX,
  verdict: { class: 'human', reasons: [] },
  signs: [],
  ...fields,
});
const open = (seconds: number, fields: Partial<RecordedHit> = {}) =>
  click(seconds, 0, { kind: 'open', linkNumber: null, ...fields });
/** One after the other, as a web process takes them in. */
const arrive = async (...hits: RecordedHit[]) => {
  for (const hit of hits) {
    await pendingHits.append([hit]);
    await processHits({ database: db.database, machines }, hit.at);
  }
};
/** Third mail, one browser and one network: the pixel after 70 s, then four links 45 to 60 s apart. Worth 1 + 3 + 3 + 5 + 5. */
const keenly = () => [open(70), click(118, 0), click(164, 1), click(223, 2), click(270, 3)];
/** The same without a pixel, and faster: tabs. Nothing speaks for a person. */
const inTabs = () => [click(100, 0), click(109, 1), click(115, 2), click(128, 3)];

const classes = async () => {
  const { rows } = await db.pool.query(
    `select class || case when class_reasons <> '{}' and class = 'human' then ' in doubt' else '' end as class, count(*)::int as n
       from events where subscriber_id = $1 and kind in ('open', 'click') group by 1 order by 1`,
    [lead],
  );
  return Object.fromEntries(rows.map((row) => [row.class, row.n]));
};
const alert = async () => {
  const { rows } = await db.pool.query(
    `select id, due_at as "dueAt", status from outbox where subscriber_id = $1 and kind = 'sales-alert' order by id`,
    [lead],
  );
  return rows;
};
/** As the worker does when an alert is due. */
const sendAlert = async (at: Date) => {
  const [{ id }] = (await alert()).slice(-1) as [{ id: number }];
  const answer = await checkAlert(
    { database: db.database, programme, links: testLinks, say: testSay },
    id,
    at,
  );
  await db.pool.query('update outbox set status = $2, sent_at = $3 where id = $1', [
    id,
    answer.send ? 'sent' : 'dropped',
    at,
  ]);
  return answer;
};
const isInDoubt = async () =>
  (await showDoubts({ ...db.database.stores, programme }, 1000)).some(({ leadId }) => leadId === lead);
const settle = (was: 'person' | 'machine', now = at(4000)) =>
  settleDoubt(
    { database: db.database, queue, programme },
    { subscriberId: lead, deliveryId: delivery, was, staffEmail: sofie },
    now,
  );
const doubts = async () => doubtsOf((await db.database.stores.profiles.find(lead))!.events);

describe('the keenest reader', () => {
  it('keeps the points and is an SQL; sales is told of the doubt', async () => {
    await arrive(...keenly());
    expect(await stateOf(db.pool, lead)).toMatchObject({ score: 17, sum: 17, stage: 'sql', alerts: 1 });
    expect(await classes()).toEqual({ human: 1, 'human in doubt': 4 });
    const answer = await sendAlert(at(700));
    expect(answer).toMatchObject({ send: true, data: { score: 17, hitsInDoubt: 4 } });
    expect(await isInDoubt()).toBe(false);
    const [lead_] = (await db.database.stores.desk.waiting(at(800), 1000)).filter(
      ({ leadId }) => leadId === lead,
    );
    expect(lead_).toMatchObject({ hitsInDoubt: 4 });
  });

  it('is not told of while the links are still being followed', async () => {
    await arrive(...keenly(), click(325, 4));
    const [{ dueAt }] = (await alert()) as [{ dueAt: Date }];
    expect(dueAt.getTime()).toBeGreaterThanOrEqual(at(325).getTime() + programme.sales.holdMs);
  });

  it('keeps the points when nothing speaks for a person, and is no SQL until it is known', async () => {
    await arrive(...inTabs());
    expect(await classes()).toEqual({ doubtful: 4 });
    expect(await stateOf(db.pool, lead)).toMatchObject({ score: 16, sum: 16 });
    if ((await alert()).length > 0) expect(await sendAlert(at(700))).toMatchObject({ send: false });
    expect(await stateOf(db.pool, lead)).toMatchObject({ score: 16, sum: 16, stage: 'mql' });
    expect(await isInDoubt()).toBe(true);
  });

  it('is an SQL by a later act that is a person’s without doubt', async () => {
    await arrive(...inTabs());
    if ((await alert()).length > 0) await sendAlert(at(700));
    // The same links, a day later: they were counted already, and now a person did it.
    await arrive(click(86_400, 2), click(86_520, 3));
    expect(await stateOf(db.pool, lead)).toMatchObject({ score: 16, stage: 'mql' });
    await arrive(click(86_700, 0));
    expect(await stateOf(db.pool, lead)).toMatchObject({ score: 16, sum: 16, stage: 'sql' });
    expect(await sendAlert(at(90_000))).toMatchObject({ send: true });
  });
});

describe('a button pressed in the same browser', () => {
  it('call-back: proves the clicks before it, and their points come back', async () => {
    // Four at once: nobody does that, unless it is known that somebody did.
    await arrive(...[0, 1, 2, 3].map((link) => click(100 + link, link)));
    expect(await classes()).toEqual({ machine: 4 });
    expect(await stateOf(db.pool, lead)).toMatchObject({ score: 0, sum: 0 });
    await arrive(click(140, 4));
    await requestCallBack(
      { database: db.database, queue: queue as never, programme, say: (_, key) => key },
      {
        subscriberId: lead,
        deliveryId: delivery,
        wish: { phone: '+31 20 555', bestTime: '', note: '' },
        hit: press,
      },
      at(200),
    );
    expect(await classes()).toEqual({ human: 5 });
    expect(await stateOf(db.pool, lead)).toMatchObject({
      score: 16 + 8 + 12,
      sum: 36,
      stage: 'sql',
      qualifications: 1,
      alerts: 1,
    });
  });

  it('preferences: what is in doubt is a person’s, and makes the SQL', async () => {
    await arrive(...inTabs());
    if ((await alert()).length > 0) await sendAlert(at(700));
    const before = (await stateOf(db.pool, lead)).qualifications;
    await setPreferences(
      {
        database: db.database,
        queue,
        programme,
        links: testLinks,
        say: (_, key) => key,
        newSecret: () => 'secret',
      },
      {
        subscriberId: lead,
        preferences: {
          name: null,
          interests: ['payroll'],
          language: 'en',
          timeZone: 'Europe/Amsterdam',
          tracking: true,
          frequency: 'every-issue',
          pause: 'keep',
        },
        pageLanguage: 'en',
        hit: press,
        by: 'link',
      },
      at(900),
    );
    expect(await classes()).toEqual({ human: 4 });
    expect(await stateOf(db.pool, lead)).toMatchObject({
      score: 16,
      stage: 'sql',
      qualifications: before + 1,
    });
    expect(await sendAlert(at(2000))).toMatchObject({ send: true, data: { hitsInDoubt: 0 } });
  });

  it('proves nothing of another browser', async () => {
    await arrive(...inTabs());
    await requestCallBack(
      { database: db.database, queue: queue as never, programme, say: (_, key) => key },
      {
        subscriberId: lead,
        deliveryId: delivery,
        wish: { phone: '+31 20 555', bestTime: '', note: '' },
        hit: { ...press, ip: '198.51.100.7' },
      },
      at(200),
    );
    expect(await classes()).toEqual({ doubtful: 4 });
  });

  it('a page of the site that was really loaded speaks for a person, beside another sign', async () => {
    const hits = [click(100, 0), click(140, 1), click(172, 2), click(230, 3)];
    await arrive(...hits);
    expect(await classes()).toEqual({ doubtful: 4 });
    await recordVisit(
      { database: db.database, programme },
      {
        visitor: { deliveryId: delivery, click: hits[2]!.key, expiresAt: at(9000) },
        visit: { page: 'https://tessel.example/brochure', details: {} },
        hit: { ...press, method: 'POST' },
      },
      at(175),
    );
    expect(await classes()).toEqual({ 'human in doubt': 4 });
  });
});

describe('what sales has in hand', () => {
  it('is not taken back by a rule: it is in doubt', async () => {
    await arrive(click(70, 2), click(71, 3), click(110, 0));
    expect(await stateOf(db.pool, lead)).toMatchObject({ score: 13, stage: 'sql' });
    expect(await sendAlert(at(340))).toMatchObject({ send: true, data: { hitsInDoubt: 0 } });
    // The rest of what was a scanner's comes in late: a burst of four.
    await arrive(click(72, 1), click(73, 5));
    expect(await stateOf(db.pool, lead)).toMatchObject({ stage: 'sql', sum: expect.any(Number) });
    const { score, sum } = await stateOf(db.pool, lead);
    expect(score).toBe(sum);
    expect(score).toBeGreaterThanOrEqual(13);
    expect(await classes()).toEqual({ doubtful: 3, machine: 2 });
    expect((await doubts())[0]).toMatchObject({ deliveryId: delivery, state: 'open' });
  });
});

describe('a person decides', () => {
  it('it was a person: the points stay, the SQL is made, one alert, and no rule says otherwise', async () => {
    await arrive(...inTabs());
    if ((await alert()).length > 0) await sendAlert(at(700));
    const { qualifications } = await stateOf(db.pool, lead);
    expect(await settle('person')).toBe(true);
    expect(await stateOf(db.pool, lead)).toMatchObject({
      score: 16,
      sum: 16,
      stage: 'sql',
      qualifications: qualifications + 1,
    });
    expect(await isInDoubt()).toBe(false);
    expect(await sendAlert(at(5000))).toMatchObject({ send: true, data: { hitsInDoubt: 0 } });
    // Another link in the same minutes, that came in late.
    await arrive(click(133, 5));
    expect(await classes()).toEqual({ human: 5 });
  });

  it('it was a machine: the points are taken back, in the ledger', async () => {
    await arrive(open(99), ...inTabs());
    expect(await settle('machine')).toBe(true);
    expect(await stateOf(db.pool, lead)).toMatchObject({ score: 0, sum: 0 });
    expect(await classes()).toEqual({ machine: 5 });
    const { rows } = await db.pool.query(
      `select cause from score_entries where subscriber_id = $1 and rule = 'decided'`,
      [lead],
    );
    expect(rows).toEqual([{ cause: JSON.stringify({ code: 'score.said-machine', values: { who: sofie } }) }]);
  });

  it('changes its mind, and says of a machine that it was a person', async () => {
    await arrive(...[0, 1, 2, 3].map((link) => click(100 + link, link)));
    expect((await doubts())[0]).toMatchObject({ state: 'machine' });
    await settle('person', at(4000));
    expect(await stateOf(db.pool, lead)).toMatchObject({ score: 16, sum: 16, stage: 'sql' });
    await settle('machine', at(4100));
    expect(await stateOf(db.pool, lead)).toMatchObject({ score: 0, sum: 0 });
    await settle('person', at(4200));
    expect(await stateOf(db.pool, lead)).toMatchObject({ score: 16, sum: 16 });
    const { rows } = await db.pool.query(
      `select act, staff_email, subject from audit_entries where details ->> 'deliveryId' = $1 order by id`,
      [String(delivery)],
    );
    expect(rows.map(({ act }) => act)).toEqual(['said-person', 'said-machine', 'said-person']);
    expect(rows[0].staff_email).toBe(sofie);
  });

  it('says nothing of a mail of somebody else, or without hits', async () => {
    expect(await settle('person')).toBe(false);
    await arrive(...inTabs());
    const other = await addLead(db.pool);
    const answer = await settleDoubt(
      { database: db.database, queue, programme },
      { subscriberId: other, deliveryId: delivery, was: 'machine', staffEmail: sofie },
      at(4000),
    );
    expect(answer).toBe(false);
    expect(await classes()).toEqual({ doubtful: 4 });
  });
});
