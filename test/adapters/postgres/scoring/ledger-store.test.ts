import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeDatabase } from '../../../../src/database.ts';
import type { LeadEvent } from '../../../../src/domain/scoring/lead-event.ts';
import { type TestDatabase, testDatabase } from '../../../support/database.ts';
import { addDelivery, addIssue, addLead, aHit, byHuman, stateOf } from '../../../support/leads.ts';
import { testLinks, testProgramme } from '../../../support/programme.ts';

const at = new Date('2026-11-24T09:00:00Z');
const HOLD_MS = 300_000;

let db: TestDatabase;
let issueId: number;
beforeAll(async () => {
  db = await testDatabase();
  issueId = await addIssue(db.pool);
});
afterAll(() => db.close());

/** The ledger over this connection. */
const ledgerOver = (client: unknown) =>
  makeDatabase(client as never, { programme: testProgramme(), links: testLinks }).stores.ledger;

const record = (...leadEvents: LeadEvent[]) =>
  db.database.inTransaction((stores) => stores.ledger.record(leadEvents));
const open = (deliveryId: number): LeadEvent => ({
  kind: 'open',
  at,
  deliveryId,
  hit: aHit,
  verdict: byHuman,
});
const click = (deliveryId: number, linkNumber: number): LeadEvent => ({
  kind: 'click',
  at,
  deliveryId,
  linkNumber,
  hit: aHit,
  verdict: byHuman,
});
const callBack = (subscriberId: number, details: Record<string, string> = {}): LeadEvent => ({
  kind: 'form',
  at,
  subscriberId,
  deliveryId: null,
  form: 'call-back',
  hit: { ...aHit, method: 'POST' },
  details,
});
async function leadWithMail(fields: Parameters<typeof addLead>[1] = {}) {
  const lead = await addLead(db.pool, fields);
  return { lead, delivery: await addDelivery(db.pool, issueId, lead) };
}

describe('recording what happened', () => {
  it('adds up by the table: opened, article, brochure, press', async () => {
    const { lead, delivery } = await leadWithMail();
    await record(
      { kind: 'mail-sent', at, subscriberId: lead, deliveryId: delivery },
      open(delivery),
      click(delivery, 0),
      click(delivery, 2),
      click(delivery, 6),
    );
    expect(await stateOf(db.pool, lead)).toMatchObject({
      score: 1 + 3 + 5 + 3,
      sum: 12,
      mailsSent: 1,
      events: 5,
      stage: 'mql',
      qualifications: 0,
    });
  });

  it('counts a cause once, in one batch and over several, but keeps every event', async () => {
    const { lead, delivery } = await leadWithMail();
    const mail: LeadEvent = { kind: 'mail-sent', at, subscriberId: lead, deliveryId: delivery };
    for (let time = 0; time < 3; time++)
      await record(mail, mail, open(delivery), open(delivery), click(delivery, 1), click(delivery, 1));
    expect(await stateOf(db.pool, lead)).toMatchObject({ score: 4, sum: 4, mailsSent: 1, events: 18 });
  });

  it('takes a point for each further mail', async () => {
    const lead = await addLead(db.pool, { score: 5 });
    for (let mail = 0; mail < 4; mail++) {
      const deliveryId = await addDelivery(db.pool, await addIssue(db.pool), lead);
      await record({ kind: 'mail-sent', at, subscriberId: lead, deliveryId });
    }
    expect(await stateOf(db.pool, lead)).toMatchObject({ score: 2, sum: 2, mailsSent: 4 });
  });

  it('counts many mails in one call, the worthless first ones and the others, each with its event', async () => {
    const leads: { lead: number; delivery: number }[] = [];
    for (const mailsSent of [0, 0, 1, 5]) leads.push(await leadWithMail({ score: 3, mailsSent }));
    const [first, second, warm, open_] = leads as [(typeof leads)[0], ...typeof leads];
    await db.pool.query(`update subscribers set stage = 'sql' where id = $1`, [open_!.lead]);
    const sent = (one: (typeof leads)[0]) =>
      ({ kind: 'mail-sent', at, subscriberId: one.lead, deliveryId: one.delivery }) as const;
    // One of them twice in the same call.
    await record(...leads.map(sent), sent(second!));
    expect(await stateOf(db.pool, first.lead)).toMatchObject({ mailsSent: 1, score: 3, events: 1 });
    expect(await stateOf(db.pool, second!.lead)).toMatchObject({ mailsSent: 1, score: 3 });
    expect(await stateOf(db.pool, warm!.lead)).toMatchObject({ mailsSent: 2, score: 2 });
    expect(await stateOf(db.pool, open_!.lead)).toMatchObject({ mailsSent: 6, score: 3, stage: 'sql' });
    const { rows } = await db.pool.query(
      `select e.delivery_id, e.kind, e.class, e.at, e.details, x.rule
         from events e left join score_entries x on x.event_id = e.id
        where e.subscriber_id = any($1) order by e.subscriber_id, e.id`,
      [leads.map(({ lead }) => lead)],
    );
    const event = { kind: 'mail-sent', class: 'human', at, rule: null };
    expect(rows).toEqual([
      { ...event, delivery_id: first.delivery, details: { stage: 'mql', number: 1 } },
      { ...event, delivery_id: second!.delivery, details: { stage: 'mql', number: 1 } },
      { ...event, delivery_id: second!.delivery, details: { again: true, stage: 'mql' } },
      { ...event, delivery_id: warm!.delivery, details: { stage: 'mql', number: 2 }, rule: 'further-mail' },
      { ...event, delivery_id: open_!.delivery, details: { stage: 'sql', number: 6 } },
    ]);
  });

  it("keeps the rows of an issue's readers on their pages, so that none of their indexes gets new entries", async () => {
    const { rows: readers } = await db.pool.query<{ id: number }>(
      `insert into subscribers (email, name, status, language, time_zone, interests, created_at)
       select 'page-' || n || '@reader.example', 'Reader ' || n, 'active', 'en', 'Europe/Amsterdam', '{payroll}', '2026-01-01'
         from generate_series(1, 300) n returning id`,
    );
    const pages = async () => {
      const { rows } = await db.pool.query(
        `select id, (ctid::text::point)[0] as page from subscribers where id = any($1) order by id`,
        [readers.map(({ id }) => id)],
      );
      return rows;
    };
    const before = await pages();
    await record(
      ...readers.map(({ id }, n) => ({
        kind: 'mail-sent' as const,
        at,
        subscriberId: id,
        deliveryId: 1_000_000 + n,
      })),
    );
    expect(await pages()).toEqual(before);
    expect(new Set(before.map(({ page }) => page)).size).toBeGreaterThan(5);
  });

  it('reads the readers it is about, not all there are', async () => {
    const { rows: readers } = await db.pool.query<{ id: number }>(
      `insert into subscribers (email, name, status, language, time_zone, interests, created_at, mails_sent)
       select 'many-' || n || '@reader.example', 'Reader ' || n, 'active', 'en', 'Europe/Amsterdam', '{payroll}', '2026-01-01', 1
         from generate_series(1, 3000) n returning id`,
    );
    await db.pool.query('vacuum analyze subscribers');
    const client = await db.pool.connect();
    const rowsRead = async () => {
      const { rows } = await client.query(
        `select coalesce(sum(seq_tup_read + idx_tup_fetch), 0)::int as n
           from pg_stat_xact_user_tables where relname = 'subscribers'`,
      );
      return rows[0].n as number;
    };
    try {
      await client.query('begin');
      const before = await rowsRead();
      await ledgerOver(client).record(
        readers.slice(0, 200).map(({ id }, n) => ({
          kind: 'mail-sent' as const,
          at,
          subscriberId: id,
          deliveryId: 2_000_000 + n,
        })),
      );
      expect((await rowsRead()) - before).toBeLessThan(1_000);
      await client.query('commit');
    } finally {
      client.release();
    }
  });

  it('keeps what machines did with its reasons, without points and without it being an act of the lead', async () => {
    const { lead, delivery } = await leadWithMail({ score: 11, mailsSent: 3 });
    await record({
      ...click(delivery, 0),
      hit: { ...aHit, method: 'HEAD' },
      verdict: { class: 'machine', reasons: [{ code: 'machine.asked-with', values: { what: 'HEAD' } }] },
    } as LeadEvent);
    expect(await stateOf(db.pool, lead)).toMatchObject({ score: 11, events: 1, stage: 'mql' });
    const { rows } = await db.pool.query(
      `select e.class, e.class_reasons, e.method, e.user_agent, s.last_act_at
         from events e join subscribers s on s.id = e.subscriber_id where s.id = $1`,
      [lead],
    );
    expect(rows).toEqual([
      {
        class: 'machine',
        class_reasons: ['{"code":"machine.asked-with","values":{"what":"HEAD"}}'],
        method: 'HEAD',
        user_agent: 'Firefox',
        last_act_at: null,
      },
    ]);
  });

  it('leaves out what belongs to no delivery, and records the rest', async () => {
    const { lead, delivery } = await leadWithMail();
    await record(open(9_999_999), open(delivery), callBack(9_999_999));
    expect(await stateOf(db.pool, lead)).toMatchObject({ score: 1, events: 1 });
  });

  it('takes any text that people and programs send', async () => {
    const { lead } = await leadWithMail();
    await record(callBack(lead, { note: 'a\u0000b \ud800 \\u0000 "ü" 🍲' }));
    const { rows } = await db.pool.query('select details from events where subscriber_id = $1', [lead]);
    expect(rows[0].details).toEqual({ form: 'call-back', note: 'ab  \\u0000 "ü" 🍲' });
  });

  it('names event, rule and rule version with each entry', async () => {
    const { lead, delivery } = await leadWithMail();
    await record(open(delivery), click(delivery, 0));
    const { rows } = await db.pool.query(
      `select s.rule, s.rule_version, s.cause, e.kind, s.delivery_id from score_entries s join events e on e.id = s.event_id
        where s.subscriber_id = $1 order by s.id`,
      [lead],
    );
    expect(rows).toEqual([
      {
        rule: 'open',
        rule_version: '1',
        cause: '{"code":"score.opened"}',
        kind: 'open',
        delivery_id: delivery,
      },
      {
        rule: 'click-article',
        rule_version: '1',
        cause: '{"code":"score.article","values":{"what":"Article one"}}',
        kind: 'click',
        delivery_id: delivery,
      },
    ]);
  });
});

describe('the crossing', () => {
  it('makes stage, qualification and alert together; the alert waits out the hold window', async () => {
    const { lead, delivery } = await leadWithMail({ score: 9, mailsSent: 3 });
    const { qualified } = await record(click(delivery, 0));
    expect(qualified).toHaveLength(1);
    expect(qualified[0]!.alertDueAt).toEqual(new Date(at.getTime() + HOLD_MS));
    expect(await stateOf(db.pool, lead)).toMatchObject({
      stage: 'sql',
      score: 12,
      qualifications: 1,
      alerts: 1,
    });
    const { rows } = await db.pool.query(
      `select q.score, q.rule, q.by_post, o.status, o.due_at, o.to_address, o.dedupe_key = 'alert:' || q.id as keyed, o.data
         from qualifications q join outbox o on o.id = q.alert_id where q.subscriber_id = $1`,
      [lead],
    );
    expect(rows[0]).toMatchObject({
      score: 12,
      rule: 'click-article',
      by_post: false,
      status: 'planned',
      due_at: new Date(at.getTime() + HOLD_MS),
      to_address: 'sales@tessel.example',
      keyed: true,
    });
    // Written when it is sent, as things stand then.
    expect(rows[0].data).toEqual({});
  });

  it('by a button needs no wait and no mails', async () => {
    const lead = await addLead(db.pool);
    const { qualified } = await record(callBack(lead), callBack(lead));
    expect(qualified).toMatchObject([{ subscriberId: lead, alertDueAt: at }]);
    expect(await stateOf(db.pool, lead)).toMatchObject({ stage: 'sql', score: 12, sum: 12, alerts: 1 });
  });

  it('waits for the mail gate, and is then made by the mail', async () => {
    const { lead, delivery } = await leadWithMail({ score: 12, mailsSent: 2 });
    await record(click(delivery, 0));
    expect(await stateOf(db.pool, lead)).toMatchObject({ stage: 'mql', score: 15, qualifications: 0 });
    await record({ kind: 'mail-sent', at, subscriberId: lead, deliveryId: delivery });
    expect(await stateOf(db.pool, lead)).toMatchObject({ stage: 'sql', score: 14, qualifications: 1 });
  });

  it('is undone whole when the transaction is', async () => {
    const { lead, delivery } = await leadWithMail({ score: 9, mailsSent: 3 });
    await expect(
      db.database.inTransaction(async (stores) => {
        await stores.ledger.record([click(delivery, 0)]);
        throw new Error('later in the same transaction');
      }),
    ).rejects.toThrow('later');
    expect(await stateOf(db.pool, lead)).toMatchObject({ stage: 'mql', score: 9, events: 0, alerts: 0 });
  });

  it('happens once under 200 parallel clicks at the threshold', async () => {
    const lead = await addLead(db.pool, { score: 11, mailsSent: 3 });
    const deliveries = await Promise.all(
      Array.from({ length: 20 }, async () => addDelivery(db.pool, await addIssue(db.pool), lead)),
    );
    const clicks = Array.from({ length: 200 }, (_, n) => click(deliveries[n % 20]!, n % 7));
    const results = await Promise.all(clicks.map((one) => record(one)));
    expect(results.flatMap(({ qualified }) => qualified)).toHaveLength(1);
    const state = await stateOf(db.pool, lead);
    expect(state).toMatchObject({ stage: 'sql', qualifications: 1, alerts: 1, events: 200 });
    expect(state.score).toBe(state.sum);
    // Each of the 20 mails: two articles, brochure, story, call-back, software, press, once each.
    expect(state.score).toBe(11 + 20 * (3 + 3 + 5 + 5 + 8 + 5 + 3));
  });
});

describe('the law of the ledger', () => {
  it('holds for any events, in any batches, over several connections', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            who: fc.nat(3),
            kind: fc.constantFrom('open', 'click', 'mail', 'form'),
            n: fc.nat(7),
            batch: fc.nat(5),
          }),
          { minLength: 1, maxLength: 120 },
        ),
        async (plan) => {
          const leads = await Promise.all([0, 1, 2, 3].map(() => leadWithMail()));
          const batches = new Map<number, LeadEvent[]>();
          for (const { who, kind, n, batch } of plan) {
            const { lead, delivery } = leads[who]!;
            const leadEvent: LeadEvent =
              kind === 'open'
                ? open(delivery)
                : kind === 'click'
                  ? click(delivery, n)
                  : kind === 'mail'
                    ? { kind: 'mail-sent', at, subscriberId: lead, deliveryId: delivery }
                    : callBack(lead);
            batches.set(batch, [...(batches.get(batch) ?? []), leadEvent]);
          }
          await Promise.all([...batches.values()].map((batch) => record(...batch)));
          for (const { lead } of leads) {
            const state = await stateOf(db.pool, lead);
            expect(state.score).toBe(state.sum);
            expect(state.qualifications).toBe(state.stage === 'sql' ? 1 : 0);
            expect(state.alerts).toBe(state.qualifications);
            expect(state.mailsSent).toBeLessThanOrEqual(1);
          }
        },
      ),
      { numRuns: 15 },
    );
  });

  it('writes hundreds of events with a handful of statements', async () => {
    const leads = await Promise.all(Array.from({ length: 30 }, () => leadWithMail()));
    const leadEvents = leads.flatMap(({ delivery }) => [
      open(delivery),
      click(delivery, 0),
      click(delivery, 1),
    ]);
    const client = await db.pool.connect();
    try {
      let statements = 0;
      const counting = {
        query: (text: string, values?: unknown[]) => {
          statements += 1;
          return client.query(text, values);
        },
      };
      await client.query('begin');
      await ledgerOver(counting).record(leadEvents);
      await client.query('commit');
      expect(statements).toBeLessThanOrEqual(8);
    } finally {
      client.release();
    }
    expect(await stateOf(db.pool, leads[29]!.lead)).toMatchObject({ score: 7, sum: 7, events: 3 });
  });
});
