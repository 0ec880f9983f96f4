import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deliveryStore } from '../../../../src/adapters/postgres/delivery/delivery-store.ts';
import { asText } from '../../../../src/domain/reason.ts';
import type {
  Batch,
  DeliveryFate,
  DeliveryStore,
} from '../../../../src/journey/delivery/ports/deliveries.ts';
import { type TestDatabase, testDatabase } from '../../../support/database.ts';
import { chooseFrom, issueForReaders, openIssue, statuses } from '../../../support/issues.ts';
import { stateOf } from '../../../support/leads.ts';

const NOW = new Date('2026-11-21T10:00:00Z');
const LEASE = 600_000;
const later = (ms: number) => new Date(NOW.getTime() + ms);

let db: TestDatabase;
let store: DeliveryStore;
let articleIds: number[];

beforeEach(async () => {
  db = await testDatabase();
  store = db.database.stores.deliveries;
});
afterEach(() => db.close());

async function issue(readers: number): Promise<number> {
  const id = await issueForReaders(db, readers, NOW);
  const { rows } = await db.pool.query('select id from articles order by id');
  articleIds = rows.map((row) => row.id);
  return id;
}

const claim = (issueId: number, limit = 500, worker = 'w', now = NOW) =>
  store.claim(issueId, worker, now, LEASE, limit, chooseFrom(articleIds));

const mark = (batch: Batch, ids = batch.deliveries.map(({ id }) => id)) =>
  store.advance(
    ids.map((deliveryId) => ({
      batchId: batch.id,
      deliveryId,
      messageId: `<issue.${deliveryId}@tessel.example>`,
    })),
    [],
  );

const settleIn = (batchId: number, fates: DeliveryFate[]) =>
  store.advance(
    [],
    fates.map((fate) => ({ ...fate, batchId })),
  );

const row = async (id: number) =>
  (await db.pool.query('select * from deliveries where id = $1', [id])).rows[0];

describe('claiming', () => {
  it('gives each due delivery to one worker, with its picks written', async () => {
    const issueId = await issue(300);
    const mine = await Promise.all(
      Array.from({ length: 6 }, async (_, at) => {
        const ids: number[] = [];
        for (;;) {
          const claimed = await claim(issueId, 20, `worker ${at}`);
          if (!claimed) return ids;
          for (const { id } of claimed.batch.deliveries) {
            ids.push(id);
            expect(claimed.picks.get(id)).toHaveLength(5);
          }
        }
      }),
    );
    const all = mine.flat();
    expect(all).toHaveLength(300);
    expect(new Set(all).size).toBe(300);
    expect(await statuses(db, issueId)).toEqual({ claimed: 300 });
    expect((await row(all[0]!)).picks).toEqual((await store.find(all[0]!))!.picks);
    expect((await row(all[0]!)).picks).toHaveLength(5);
  });

  it('leaves alone what is not due, and issues that are not open', async () => {
    const issueId = await issue(3);
    expect(await claim(issueId, 500, 'w', later(-1))).toBeNull();
    await db.pool.query(`update issues set status = 'cancelled' where id = $1`, [issueId]);
    expect(await claim(issueId)).toBeNull();
    expect(await statuses(db, issueId)).toEqual({ planned: 3 });
  });

  it('keeps the reason when there is no mail, and cancels for readers who left', async () => {
    const issueId = await issue(3);
    await db.pool.query(`update subscribers set status = 'unsubscribed' where email like 'reader-1@%'`);
    await db.pool.query(`update subscribers set status = 'suppressed' where email like 'reader-2@%'`);
    const claimed = await store.claim(issueId, 'w', NOW, LEASE, 10, () => ({
      skip: asText('nothing fresh'),
    }));
    expect(claimed!.batch.deliveries).toEqual([]);
    const { rows } = await db.pool.query(
      'select status, reason, batch_id from deliveries order by subscriber_id',
    );
    expect(rows).toEqual([
      {
        status: 'cancelled',
        reason: '{"code":"skip.status","values":{"status":"unsubscribed"}}',
        batch_id: null,
      },
      {
        status: 'cancelled',
        reason: '{"code":"skip.status","values":{"status":"suppressed"}}',
        batch_id: null,
      },
      { status: 'skipped', reason: 'nothing fresh', batch_id: null },
    ]);
  });

  it('never gives one reader the same article in two issues, also when both are claimed at once', async () => {
    const first = await issue(120);
    const second = await openIssue(db, later(-1));
    const drain = async (issueId: number) => {
      // What the other one holds is left out, so "nothing to be had" is not the end.
      while (((await statuses(db, issueId)).planned ?? 0) > 0) await claim(issueId, 30);
    };
    await Promise.all([drain(first), drain(second)]);
    const { rows } = await db.pool.query(
      `select subscriber_id, count(*)::int as picked, count(distinct pick ->> 'articleId')::int as distinct
         from deliveries, jsonb_array_elements(picks) as pick group by subscriber_id`,
    );
    expect(rows).toHaveLength(120);
    for (const each of rows) expect(each).toMatchObject({ picked: 10, distinct: 10 });
  });

  it('counts as had only what was sent or may have been', async () => {
    const first = await issue(1);
    const one = (await claim(first))!;
    const id = one.batch.deliveries[0]!.id;
    const second = await openIssue(db, later(-1));
    for (const [status, had] of [
      ['claimed', 5],
      ['sent', 5],
      ['uncertain', 5],
      ['failed', 0],
      ['cancelled', 0],
    ] as const) {
      await db.pool.query('update deliveries set status = $2 where id = $1', [id, status]);
      const claimed = (await claim(second))!;
      expect(claimed.batch.deliveries[0]!.hadArticleIds, status).toHaveLength(had);
      await store.handBack(claimed.batch.id);
    }
  });

  it('does not wait for a reader who is unsubscribing, and cannot end in a deadlock with that', async () => {
    const issueId = await issue(2);
    const { rows } = await db.pool.query('select id from subscribers order by id');
    await db.database.inTransaction(async ({ subscribers }) => {
      await subscribers.lock(rows[0].id);
      const claimed = (await claim(issueId))!;
      expect(claimed.batch.deliveries.map(({ subscriber }) => subscriber.id)).toEqual([rows[1].id]);
      await subscribers.unsubscribe(rows[0].id, NOW);
      await subscribers.leaveOutOfPlanned(rows[0].id, { code: 'skip.unsubscribed' });
    });
    expect(await statuses(db, issueId)).toEqual({ cancelled: 1, claimed: 1 });
  });
});

describe('marking', () => {
  it('lets through what is still ours and whose reader is still there, also when asked twice', async () => {
    const issueId = await issue(3);
    const { batch } = (await claim(issueId))!;
    const [gone, stays, taken] = batch.deliveries.map(({ id }) => id) as [number, number, number];
    await db.pool.query(
      `update subscribers set status = 'unsubscribed' where id = (select subscriber_id from deliveries where id = $1)`,
      [gone],
    );
    await db.pool.query(`update deliveries set status = 'planned', batch_id = null where id = $1`, [taken]);
    expect(await mark(batch)).toEqual([stays]);
    expect(await mark(batch)).toEqual([stays]);
    expect(await row(gone)).toMatchObject({
      status: 'cancelled',
      reason: '{"code": "skip.status-since", "values": {"status": "unsubscribed"}}',
      message_id: null,
    });
    expect(await row(stays)).toMatchObject({
      status: 'claimed',
      is_on_wire: true,
      message_id: `<issue.${stays}@tessel.example>`,
    });
    expect(await row(taken)).toMatchObject({ status: 'planned' });
  });
});

describe('fates', () => {
  it('are written with the ledger, once', async () => {
    const issueId = await issue(5);
    const { batch } = (await claim(issueId))!;
    await mark(batch);
    const about = batch.deliveries.map(({ id, subscriber }) => ({
      deliveryId: id,
      subscriberId: subscriber.id,
    }));
    const [a, b, c, d, e] = about as [
      (typeof about)[0],
      (typeof about)[0],
      (typeof about)[0],
      (typeof about)[0],
      (typeof about)[0],
    ];
    const settle = () =>
      settleIn(batch.id, [
        { ...a, status: 'sent', at: later(1000), reply: '250 ok' },
        { ...b, status: 'retry', reply: '450 later', dueAt: later(60_000), attempts: 1 },
        {
          ...c,
          status: 'failed',
          reply: '550 5.1.1 no',
          reason: asText('550 5.1.1 no'),
          fault: 'bad-address',
          suppress: true,
        },
        {
          ...d,
          status: 'failed',
          reply: '550 5.7.1 no',
          reason: asText('550 5.7.1 no'),
          fault: 'content-refused',
          suppress: false,
        },
        { ...e, status: 'uncertain', reply: 'connection closed' },
      ]);
    await settle();
    await settle();
    const mail = { deliveryId: a.deliveryId, subscriberId: a.subscriberId, at: later(1000) };
    await db.database.stores.ledger.countSent([mail]);
    await db.database.stores.ledger.countSent([mail]);
    expect(await statuses(db, issueId)).toEqual({ failed: 2, planned: 1, sent: 1, uncertain: 1 });
    expect(await row(a.deliveryId)).toMatchObject({
      status: 'sent',
      sent_at: later(1000),
      smtp_reply: '250 ok',
      attempts: 1,
      message_id: `<issue.${a.deliveryId}@tessel.example>`,
    });
    expect(await row(b.deliveryId)).toMatchObject({
      status: 'planned',
      due_at: later(60_000),
      attempts: 1,
      batch_id: null,
      picks: null,
    });
    expect((await row(e.deliveryId)).reason).toContain('fail.broke-off');
    const sent = await stateOf(db.pool, a.subscriberId);
    expect(sent).toMatchObject({ mailsSent: 1, events: 1 });
    expect(sent.score).toBe(sent.sum);
    for (const other of [b, c, d, e]) expect((await stateOf(db.pool, other.subscriberId)).mailsSent).toBe(0);
    const { rows } = await db.pool.query('select id from subscribers where status = $1', ['suppressed']);
    expect(rows).toEqual([{ id: c.subscriberId }]);
    // The next try of b's mail is known by the Message-ID of the first.
    const again = (await claim(issueId, 10, 'w', later(60_000)))!;
    expect(again.batch.deliveries[0]).toMatchObject({
      id: b.deliveryId,
      attempts: 1,
      messageId: `<issue.${b.deliveryId}@tessel.example>`,
    });
  });

  it('of one batch are not written by another', async () => {
    const issueId = await issue(1);
    const { batch } = (await claim(issueId))!;
    const { id, subscriber } = batch.deliveries[0]!;
    await mark(batch);
    await settleIn(batch.id + 1, [
      { deliveryId: id, subscriberId: subscriber.id, status: 'sent', at: NOW, reply: '250' },
    ]);
    expect(await statuses(db, issueId)).toEqual({ sending: 1 });
    expect((await stateOf(db.pool, subscriber.id)).mailsSent).toBe(0);
  });
});

describe('a worker that is gone', () => {
  it('leaves its claimed mails planned and those on the wire uncertain, once its lease is over', async () => {
    const issueId = await issue(5);
    const { batch } = (await claim(issueId))!;
    const ids = batch.deliveries.map(({ id }) => id);
    await mark(batch, ids.slice(0, 2));
    expect(await store.recoverExpired(later(LEASE))).toEqual({ handedBack: 0, uncertain: 0 });
    await store.extendLease(batch.id, later(2 * LEASE));
    expect(await store.recoverExpired(later(LEASE + 1))).toEqual({ handedBack: 0, uncertain: 0 });
    expect(await store.recoverExpired(later(2 * LEASE + 1))).toEqual({ handedBack: 3, uncertain: 2 });
    expect(await store.recoverExpired(later(2 * LEASE + 1))).toEqual({ handedBack: 0, uncertain: 0 });
    expect(await statuses(db, issueId)).toEqual({ planned: 3, uncertain: 2 });
    expect(await row(ids[0]!)).toMatchObject({
      picks: expect.any(Array),
      reason: expect.stringContaining('fail.worker-stopped'),
      message_id: `<issue.${ids[0]}@tessel.example>`,
    });
    // It was only slow: it may still say what became of its mails, but may send none of those handed back.
    expect(await mark(batch, ids.slice(2))).toEqual([]);
    const { subscriber } = batch.deliveries[0]!;
    await settleIn(batch.id, [
      { deliveryId: ids[0]!, subscriberId: subscriber.id, status: 'sent', at: NOW, reply: '250' },
    ]);
    expect(await row(ids[0]!)).toMatchObject({ status: 'sent', reason: null });
  });

  it('handing back leaves what is on the wire, and so does putting it off', async () => {
    const issueId = await issue(3);
    const { batch } = (await claim(issueId))!;
    const [onWire, later1] = batch.deliveries.map(({ id }) => id) as [number, number];
    await mark(batch, [onWire]);
    await store.postpone(
      batch.id,
      [onWire, later1].map((deliveryId) => ({ deliveryId, dueAt: later(60_000) })),
    );
    expect(await statuses(db, issueId)).toEqual({ claimed: 1, planned: 1, sending: 1 });
    expect(await store.handBack(batch.id)).toBe(1);
    expect(await statuses(db, issueId)).toEqual({ planned: 2, sending: 1 });
    expect((await store.find(onWire))!.status).toBe('sending');
  });

  it('nobody can take back a mail that is on the wire, whatever the statement forgot to ask', async () => {
    const issueId = await issue(1);
    const { batch } = (await claim(issueId))!;
    await mark(batch);
    for (const status of ['planned', 'cancelled', 'sent'])
      await expect(db.pool.query('update deliveries set status = $1', [status])).rejects.toThrow(
        'deliveries_on_wire_is_claimed',
      );
  });

  it('of a mark and a taking over at the same moment one wins: no mail is both planned and on the wire', async () => {
    const issueId = await issue(200);
    for (let round = 0; round < 4; round += 1) {
      const { batch } = (await claim(issueId, 50))!;
      const ids = batch.deliveries.map(({ id }) => id);
      const marking = Array.from({ length: 10 }, (_, n) => mark(batch, ids.slice(n * 5, n * 5 + 5)));
      const takingOver = Array.from({ length: 3 }, () => store.recoverExpired(later(LEASE + 1)));
      const maySend = new Set((await Promise.all(marking)).flat());
      await Promise.all(takingOver);
      await store.recoverExpired(later(LEASE + 1));
      const { rows } = await db.pool.query('select id, status from deliveries where id = any($1)', [ids]);
      for (const { id, status } of rows) expect(status).toBe(maySend.has(id) ? 'uncertain' : 'planned');
    }
  });
});

describe('with many deliveries of an issue', () => {
  /** Rows of deliveries that Postgres goes through for `work`, by its own count. */
  const rowsRead = (work: (store: DeliveryStore) => Promise<unknown>) =>
    counted('seq_tup_read + idx_tup_fetch', work);

  async function counted(what: string, work: (store: DeliveryStore) => Promise<unknown>): Promise<number> {
    const client = await db.pool.connect();
    try {
      const readSoFar = async () => {
        const { rows } = await client.query(
          `select coalesce(sum(${what}), 0)::int as n
             from pg_stat_xact_user_tables where relname = 'deliveries'`,
        );
        return rows[0].n as number;
      };
      await client.query('begin');
      const before = await readSoFar();
      await work(deliveryStore(client));
      const read = (await readSoFar()) - before;
      await client.query('commit');
      return read;
    } finally {
      client.release();
    }
  }

  it('reads of them what it takes, whatever Postgres believes about how many have which status', async () => {
    const issueId = await issue(8_000);
    // From now on it takes all for planned: as in life, where statuses change faster than they are counted.
    await db.pool.query('vacuum analyze');
    await db.pool.query('alter table deliveries set (autovacuum_enabled = false)');
    expect(
      await rowsRead((store) => store.claim(issueId, 'w', NOW, LEASE, 20, chooseFrom(articleIds))),
    ).toBeLessThan(300);
    const { batch } = (await claim(issueId, 1_000))!;
    const ids = batch.deliveries.slice(0, 10).map(({ id }) => id);
    const marks = ids.map((deliveryId) => ({
      batchId: batch.id,
      deliveryId,
      messageId: `<issue.${deliveryId}@tessel.example>`,
    }));
    expect(await rowsRead((store) => store.advance(marks, []))).toBeLessThan(60);
    const fates = batch.deliveries.slice(0, 10).map(({ id, subscriber }) => ({
      batchId: batch.id,
      deliveryId: id,
      subscriberId: subscriber.id,
      status: 'sent' as const,
      at: NOW,
      reply: '250 ok',
    }));
    expect(await rowsRead((store) => store.advance([], fates))).toBeLessThan(60);
    expect(await statuses(db, issueId)).toEqual({ planned: 6_980, claimed: 1_010, sent: 10 });
  });

  it('going on the wire stays on the page of the row, so that no index gets a new entry', async () => {
    const issueId = await issue(1_000);
    const { batch } = (await claim(issueId, 500))!;
    const marks = batch.deliveries.map(({ id }) => ({
      batchId: batch.id,
      deliveryId: id,
      messageId: `<issue.${id}.abcdefghijklmnopqrstuvwx@tessel.example>`,
    }));
    // Some pages are full of what was planned beside it.
    expect(await counted('n_tup_hot_upd', (store) => store.advance(marks, []))).toBeGreaterThan(400);
    expect(await statuses(db, issueId)).toEqual({ planned: 500, sending: 500 });
  });
});

it('finds a delivery with its reader and digest', async () => {
  const issueId = await issue(1);
  const { batch } = (await claim(issueId))!;
  const { id, subscriber } = batch.deliveries[0]!;
  expect(await store.find(id)).toMatchObject({
    id,
    issueId,
    digestId: 'news',
    status: 'claimed',
    sentAt: null,
    subscriber,
  });
  expect(await store.find(id + 1)).toBeNull();
});
