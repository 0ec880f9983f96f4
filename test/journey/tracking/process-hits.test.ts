import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { pendingHitStore } from '../../../src/adapters/postgres/tracking/pending-hit-store.ts';
import type { RecordedHit } from '../../../src/domain/tracking/hit.ts';
import type { PendingHitStore } from '../../../src/journey/tracking/ports/hits.ts';
import { processHits } from '../../../src/journey/tracking/process-hits.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { addDelivery, addIssue, addLead, stateOf } from '../../support/leads.ts';
import { testProgramme } from '../../support/programme.ts';
import { randomFrom } from '../../support/scanner-simulation.ts';

const sentAt = new Date('2026-11-24T09:00:00Z');
const after = (seconds: number) => new Date(sentAt.getTime() + seconds * 1000);
const { machines } = testProgramme();

let db: TestDatabase;
let pendingHits: PendingHitStore;
let issueId: number;
let lead: number;
let delivery: number;
beforeAll(async () => {
  db = await testDatabase();
  pendingHits = pendingHitStore(db.pool, 10_000);
  issueId = await addIssue(db.pool);
});
afterAll(() => db.close());
beforeEach(async () => {
  lead = await addLead(db.pool, { score: 3, mailsSent: 3 });
  delivery = await addDelivery(db.pool, issueId, lead);
  await db.pool.query('update deliveries set sent_at = $2 where id = $1', [delivery, sentAt]);
});

const click = (seconds: number, linkNumber: number, fields: Partial<RecordedHit> = {}): RecordedHit => ({
  key: randomUUID(),
  kind: 'click',
  deliveryId: delivery,
  linkNumber,
  at: after(seconds),
  method: 'GET',
  network: '192.0.2.0/24',
  userAgent: 'Firefox',
  verdict: { class: 'human', reasons: [] },
  signs: [],
  ...fields,
});
const open = (seconds: number, fields: Partial<RecordedHit> = {}) =>
  click(seconds, 0, { kind: 'open', linkNumber: null, ...fields });
const processed = (now = after(3600)) => processHits({ database: db.database, machines }, now);
const arrive = async (...hits: RecordedHit[]) => {
  await pendingHits.append(hits);
  return processed();
};
const classes = async () => {
  const { rows } = await db.pool.query(
    'select class, count(*)::int as n from events where subscriber_id = $1 group by 1 order by 1',
    [lead],
  );
  return Object.fromEntries(rows.map((row) => [row.class, row.n]));
};
const ledger = async () => {
  const { rows } = await db.pool.query(
    `select rule, points, once_key, reverses is not null as takes_back from score_entries
      where subscriber_id = $1 and rule <> 'earlier' order by id`,
    [lead],
  );
  return rows.map((row) => `${row.rule} ${row.points}${row.takes_back ? ' back' : ''}`);
};

describe('taking in', () => {
  it('moves what arrived to the events and scores it; a second time there is nothing', async () => {
    expect(await arrive(open(1000), click(1010, 0), click(1200, 2))).toMatchObject({ taken: 3 });
    expect(await stateOf(db.pool, lead)).toMatchObject({ score: 3 + 1 + 3 + 5, sum: 12, events: 3 });
    expect(await processed()).toEqual({ taken: 0, qualified: [] });
    const { rows } = await db.pool.query('select n from arrived_events');
    expect(rows).toEqual([]);
  });

  it('takes a hit once, however often it is written: before and after it was taken in', async () => {
    const hit = click(1000, 0);
    await pendingHits.append([hit, hit]);
    await pendingHits.append([hit]);
    await processed();
    await arrive(hit);
    expect(await stateOf(db.pool, lead)).toMatchObject({ score: 6, sum: 6, events: 1 });
  });

  it('two processes at once take each hit once', async () => {
    await pendingHits.append(Array.from({ length: 300 }, (_, n) => click(1000 + 400 * n, n % 7)));
    const rounds = await Promise.all(Array.from({ length: 6 }, () => processed()));
    expect(rounds.reduce((sum, { taken }) => sum + taken, 0)).toBe(300);
    expect(await stateOf(db.pool, lead)).toMatchObject({ events: 300, alerts: 1 });
  });

  it('leaves out what belongs to no mail', async () => {
    expect(await arrive(click(1000, 0, { deliveryId: 9_999_999 }), click(1001, 0))).toMatchObject({
      taken: 2,
    });
    expect(await stateOf(db.pool, lead)).toMatchObject({ events: 1 });
  });

  it('takes whatever an agent calls itself', async () => {
    await arrive(click(1000, 0, { userAgent: 'a\u0000b \ud800 \\u0000 "ü" 🍲' }));
    const { rows } = await db.pool.query('select user_agent, ip from events where subscriber_id = $1', [
      lead,
    ]);
    expect(rows).toEqual([{ user_agent: 'ab  \\u0000 "ü" 🍲', ip: '192.0.2.0/24' }]);
  });
});

describe('a scanner that shows itself later', () => {
  it('the third link of a burst takes the points of the first two back', async () => {
    await arrive(click(20, 0));
    await arrive(click(21, 2));
    expect(await stateOf(db.pool, lead)).toMatchObject({ score: 11 });
    await arrive(click(22, 3));
    expect(await ledger()).toEqual([
      'click-article 3',
      'click-brochure 5',
      'reversed -3 back',
      'reversed -5 back',
    ]);
    expect(await stateOf(db.pool, lead)).toMatchObject({ score: 3, sum: 3, events: 3, stage: 'mql' });
    expect(await classes()).toEqual({ machine: 3 });
    const { rows } = await db.pool.query(
      `select c.from_class, c.to_class, cardinality(c.reasons) as reasons, s.last_act_at
         from event_class_changes c join events e on e.id = c.event_id join subscribers s on s.id = e.subscriber_id
        where s.id = $1`,
      [lead],
    );
    expect(rows).toEqual(
      Array(2).fill({ from_class: 'human', to_class: 'machine', reasons: 2, last_act_at: null }),
    );
  });

  it('the person who follows the same links afterwards gets the points', async () => {
    await arrive(click(20, 0), click(21, 2), click(22, 3));
    await arrive(open(5000), click(5010, 0));
    await arrive(click(5100, 2), click(5200, 0));
    expect(await stateOf(db.pool, lead)).toMatchObject({ score: 3 + 1 + 3 + 5, sum: 12 });
    expect(await classes()).toEqual({ human: 4, machine: 3 });
  });

  it('… also when the points were given to the scanner first', async () => {
    for (const [second, link] of [
      [20, 0],
      [21, 2],
      [22, 3],
      [5010, 0],
      [5020, 0],
    ] as const)
      await arrive(click(second, link));
    expect(await ledger()).toEqual([
      'click-article 3',
      'click-brochure 5',
      'reversed -3 back',
      'reversed -5 back',
      'click-article 3',
    ]);
    expect(await stateOf(db.pool, lead)).toMatchObject({ score: 6, sum: 6 });
  });

  it('a crossing that machines made is gone before its alert: the lead warms on', async () => {
    await arrive(click(20, 2), click(21, 3));
    expect(await stateOf(db.pool, lead)).toMatchObject({ stage: 'sql', score: 13, alerts: 1 });
    await arrive(click(22, 0));
    expect(await stateOf(db.pool, lead)).toMatchObject({ score: 3, sum: 3 });
    const { rows } = await db.pool.query(
      `select o.status from qualifications q join outbox o on o.id = q.alert_id where q.subscriber_id = $1`,
      [lead],
    );
    expect(rows).toEqual([{ status: 'planned' }]);
  });

  it('behind a mail gateway even the first two count for nothing', async () => {
    const { rows } = await db.pool.query('select email from subscribers where id = $1', [lead]);
    await db.database.stores.mailDomains.save(
      rows[0].email.split('@')[1],
      { mx: ['mx.mimecast.com'], gateway: 'Mimecast' },
      sentAt,
      after(1e6),
    );
    await arrive(open(20), click(25, 0));
    expect(await stateOf(db.pool, lead)).toMatchObject({ score: 3, events: 2 });
    await db.pool.query('delete from mail_domains');
  });
});

describe('a reader in the midst of a scan', () => {
  /** A link every twenty seconds, each from another network; the reader is at home, on link 5, which the scan reaches last. */
  const scan = () =>
    [0, 1, 2, 3, 4, 6, 7, 5].map((link, n) => click(100 + 20 * n, link, { network: `10.0.${n}.0/24` }));

  it('is taken for part of it until the scan gets to the same link; then the points are there', async () => {
    const hits = [...scan(), click(165, 5)].sort((a, b) => +a.at - +b.at);
    for (const hit of hits.slice(0, -1)) await arrive(hit);
    expect(await classes()).toEqual({ machine: 8 });
    expect(await stateOf(db.pool, lead)).toMatchObject({ score: 3, sum: 3 });
    await arrive(hits.at(-1)!);
    expect(await classes()).toEqual({ human: 2, machine: 7 });
    expect(await stateOf(db.pool, lead)).toMatchObject({ score: 8, sum: 8 });
    expect(await ledger()).toEqual(expect.arrayContaining(['click-footer-software 5']));
  });

  it('counts the same, in whatever order and batches the hits come in', async () => {
    const random = randomFrom(7);
    for (let round = 0; round < 8; round++) {
      const id = await addLead(db.pool, { score: 3, mailsSent: 3 });
      delivery = await addDelivery(db.pool, issueId, id);
      await db.pool.query('update deliveries set sent_at = $2 where id = $1', [delivery, sentAt]);
      const hits = [...scan(), click(165, 5), click(170, 0), open(160), click(5000, 1), click(5003, 1)]
        .map((hit) => ({ hit, place: round === 0 ? 0 : random() }))
        .sort((a, b) => a.place - b.place)
        .map(({ hit }) => hit);
      while (hits.length > 0) await arrive(...hits.splice(0, 1 + Math.floor(random() * 4)));
      const { rows } = await db.pool.query(
        `select extract(epoch from at - $2)::int as second from events where subscriber_id = $1 and class = 'human' order by at`,
        [id, sentAt],
      );
      expect(rows.map(({ second }) => second)).toEqual([100, 160, 165, 170, 240, 5000, 5003]);
      expect(await stateOf(db.pool, id)).toMatchObject({ score: 3 + 1 + 5 + 3 + 3, sum: 15 });
    }
  });
});

describe('opens', () => {
  it('warm a lead and make no SQL, nor does the next mail; the first click does', async () => {
    await db.pool.query(
      `insert into score_entries (subscriber_id, at, points, rule, rule_version, once_key, cause)
       values ($1, $2, 20, 'open', '1', 'many opens', 'opened mails')`,
      [lead, sentAt],
    );
    await db.pool.query(`update score_entries set rule = 'open' where subscriber_id = $1`, [lead]);
    await db.pool.query('update subscribers set score = 23 where id = $1', [lead]);
    await arrive(open(4000));
    expect(await stateOf(db.pool, lead)).toMatchObject({ score: 24, stage: 'mql', qualifications: 0 });
    await arrive(click(4010, 0));
    expect(await stateOf(db.pool, lead)).toMatchObject({ score: 27, stage: 'sql', qualifications: 1 });
  });
});
