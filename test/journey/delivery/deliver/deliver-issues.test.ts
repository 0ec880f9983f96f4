import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../../../src/adapters/log.ts';
import { smtpMailSender } from '../../../../src/adapters/smtp/mail-sender.ts';
import {
  type DeliverBatchDeps,
  deliverBatch,
} from '../../../../src/journey/delivery/deliver/deliver-issues.ts';
import type { DeliveryStore, MailSender } from '../../../../src/journey/delivery/ports/deliveries.ts';
import type { WireMailSender } from '../../../../src/journey/delivery/ports/wire.ts';
import { type TestDatabase, testDatabase } from '../../../support/database.ts';
import { issueForReaders, statuses } from '../../../support/issues.ts';
import { testLinks, testProgramme, testSecrets } from '../../../support/programme.ts';
import { startSmtpServer, type TestSmtpServer } from '../../../support/smtp-server.ts';
import { plainParts, testWriter } from '../../../support/writer.ts';

const NOW = new Date('2026-11-21T10:00:00Z');
const CONNECTIONS = 4;
const programme = testProgramme();
const reader = (n: number) => `reader-${n}@reader.example`;
const later = (ms: number) => new Date(NOW.getTime() + ms);

let db: TestDatabase;
let server: TestSmtpServer;
let sender: MailSender & WireMailSender;

beforeEach(async () => {
  db = await testDatabase();
  server = await startSmtpServer({ latencyMs: 5 });
  sender = senderTo(server.url);
});
afterEach(async () => {
  await sender.close();
  await server.close();
  await db.close();
});

function senderTo(url: string): MailSender & WireMailSender {
  return smtpMailSender({
    url: `${url}?connections=${CONNECTIONS}`,
    production: false,
    from: programme.brand.from,
    // Longer than an answer takes on a busy machine; two readers' mails are met with silence.
    limits: { connectMs: 60_000, greetingMs: 60_000, silenceMs: 3_000 },
  });
}

function deliver(
  issueId: number,
  changed: Partial<DeliverBatchDeps & { signal: AbortSignal; now: Date }> = {},
) {
  const { deliveries, issues, ledger, pace } = db.database.stores;
  const deps = {
    deliveries,
    issues,
    ledger,
    pace,
    writer: testWriter(),
    sender,
    programme,
    secrets: testSecrets,
    random: () => 0,
    log: silentLog,
    ...changed,
  };
  const input = { issueId, worker: 'test', ...(changed.signal ? { signal: changed.signal } : {}) };
  return deliverBatch(deps, input, () => changed.now ?? NOW);
}

const deliveryTo = async (n: number) => {
  const { rows } = await db.pool.query(
    `select d.*, s.status as reader_status, s.mails_sent from deliveries d join subscribers s on s.id = d.subscriber_id
      where s.email like $1`,
    [`reader-${n}@%`],
  );
  return rows[0];
};

/** Each address that got a mail got one. */
function expectNoDuplicates() {
  expect(new Set(server.mails.map(({ to }) => to)).size).toBe(server.mails.length);
}

/** The store, with some of its steps replaced. */
const storeWith = (changed: Partial<DeliveryStore>): DeliveryStore => ({
  ...db.database.stores.deliveries,
  ...changed,
});

describe('a batch', () => {
  it('goes to every reader once, with the rows and the ledger telling the same', async () => {
    const issueId = await issueForReaders(db, 60, NOW);
    expect(await deliver(issueId)).toMatchObject({
      claimed: 60,
      sent: 60,
      failed: 0,
      handedBack: 0,
      leftOut: 0,
    });
    expect(await deliver(issueId)).toBeNull();
    expect(server.mails).toHaveLength(60);
    expectNoDuplicates();
    expect(await statuses(db, issueId)).toEqual({ sent: 60 });
    const row = await deliveryTo(7);
    expect(row).toMatchObject({ mails_sent: 1, sent_at: NOW, smtp_reply: expect.stringMatching(/^250 /) });
    const { raw } = server.mailsTo(reader(7))[0]!;
    expect(raw).toContain(`Message-ID: ${row.message_id}\r\n`);
    expect(raw).toContain(`List-Unsubscribe: <${testLinks.unsubscribeFrom(issueId, row.id)}>\r\n`);
  });

  it('leaves out who was paused since it was planned, and says by whom', async () => {
    const issueId = await issueForReaders(db, 2, NOW);
    await db.pool.query(
      `update subscribers set paused_until = $1,
              pause_reason = case when email = $2 then 'the last 3 mails came back' end`,
      [new Date(NOW.getTime() + 86_400_000), reader(1)],
    );
    await deliver(issueId);
    expect(server.mails).toHaveLength(0);
    const day = new Date(NOW.getTime() + 86_400_000).toISOString().slice(0, 10);
    expect((await deliveryTo(1)).reason).toBe(
      JSON.stringify({
        code: 'skip.paused',
        values: { until: day, why: { code: 'text', values: { text: 'the last 3 mails came back' } } },
      }),
    );
    expect((await deliveryTo(2)).reason).toBe(`{"code":"skip.paused-by-reader","values":{"until":"${day}"}}`);
  });

  it('has at most two mails per connection marked as on the wire', async () => {
    const issueId = await issueForReaders(db, 120, NOW);
    let most = 0;
    let done = false;
    const watch = (async () => {
      while (!done) most = Math.max(most, (await statuses(db, issueId)).sending ?? 0);
    })();
    await deliver(issueId);
    done = true;
    await watch;
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThanOrEqual(2 * CONNECTIONS);
    expect(server.connections.opened).toBe(CONNECTIONS);
  });

  it('gives every answer its fate', async () => {
    const issueId = await issueForReaders(db, 20, NOW);
    // Each at a domain of its own: a 421 or a lost connection slows the whole domain down.
    await db.pool.query(
      `update subscribers set email = replace(email, '@', '@' || split_part(email, '@', 1) || '.')`,
    );
    const alone = (n: number) => `reader-${n}@reader-${n}.reader.example`;
    server.behave(alone(1), { at: 'rcpt', reply: '550 5.1.1 no such user' });
    server.behave(alone(2), { at: 'data', reply: '550 5.7.1 policy' });
    server.behave(alone(3), { at: 'rcpt', reply: '450 4.2.0 greylisted' });
    server.behave(alone(4), { at: 'data', reply: '421 4.7.28 slow down' });
    server.behave(alone(5), { close: 'after-dot', keep: true });
    server.behave(alone(6), { close: 'after-dot', keep: false });
    server.behave(alone(7), { at: 'data', hang: true });
    server.behave(alone(8), { at: 'rcpt', hang: true });
    expect(await deliver(issueId)).toMatchObject({ sent: 12, failed: 2, retry: 3, uncertain: 3 });
    expect(await deliveryTo(1)).toMatchObject({
      status: 'failed',
      reader_status: 'suppressed',
      reason: '{"code":"fail.refused","values":{"reply":"550 5.1.1 no such user"}}',
    });
    expect(await deliveryTo(2)).toMatchObject({
      status: 'failed',
      reader_status: 'active',
      reason: '{"code":"fail.refused","values":{"reply":"550 5.7.1 policy"}}',
    });
    for (const n of [3, 4])
      expect(await deliveryTo(n)).toMatchObject({ status: 'planned', attempts: 1, due_at: later(60_000) });
    for (const n of [5, 6, 7])
      expect(await deliveryTo(n)).toMatchObject({ status: 'uncertain', mails_sent: 0 });
    expect(await deliveryTo(8)).toMatchObject({ status: 'planned', attempts: 0, due_at: later(120_000) });
    expectNoDuplicates();
    // What was to be tried again is, what is uncertain is not; who asked for a pause gets it.
    expect(await deliver(issueId, { now: later(120_000) })).toMatchObject({
      claimed: 3,
      sent: 2,
      postponed: 1,
    });
    expect(await deliver(issueId, { now: later(599_000) })).toBeNull();
    expect(await deliver(issueId, { now: later(661_000) })).toMatchObject({ claimed: 1, sent: 1 });
    expectNoDuplicates();
    expect(await statuses(db, issueId)).toEqual({ failed: 2, sent: 15, uncertain: 3 });
  });

  it('gives up after the last try, with its reason, and leaves the reader alone', async () => {
    const issueId = await issueForReaders(db, 1, NOW);
    await db.pool.query('update deliveries set attempts = 8');
    server.behave(reader(1), { at: 'rcpt', reply: '450 4.2.0 still greylisted' });
    expect(await deliver(issueId)).toMatchObject({ failed: 1 });
    expect(await deliveryTo(1)).toMatchObject({
      reason: '{"code":"fail.given-up","values":{"n":9,"reply":"450 4.2.0 still greylisted"}}',
      reader_status: 'active',
    });
  });

  it('leaves out readers who left after it was claimed', async () => {
    const issueId = await issueForReaders(db, 30, NOW);
    const claim: DeliveryStore['claim'] = async (...args) => {
      const claimed = await db.database.stores.deliveries.claim(...args);
      await db.pool.query(`update subscribers set status = 'unsubscribed' where email = any($1)`, [
        [reader(29), reader(30)],
      ]);
      return claimed;
    };
    expect(await deliver(issueId, { deliveries: storeWith({ claim }) })).toMatchObject({
      sent: 28,
      leftOut: 2,
    });
    expect(await statuses(db, issueId)).toEqual({ cancelled: 2, sent: 28 });
    expect(server.mailsTo(reader(30))).toEqual([]);
  });

  it('is not stopped by a mail that cannot be written', async () => {
    const issueId = await issueForReaders(db, 3, NOW);
    await db.pool.query(`update subscribers set name = 'Bad' where email = $1`, [reader(2)]);
    const writer = testWriter({
      ...plainParts,
      unwrappedText: (kind, _language, data) => {
        if ('name' in data && data.name === 'Bad') throw new Error('no such partial');
        return kind;
      },
    });
    expect(await deliver(issueId, { writer })).toMatchObject({ sent: 2, failed: 1 });
    expect(await deliveryTo(2)).toMatchObject({
      status: 'failed',
      reason: '{"code":"fail.unwritable","values":{"error":"no such partial"}}',
      reader_status: 'active',
    });
  });

  it('is shared by workers that run at the same time', async () => {
    const issueId = await issueForReaders(db, 700, NOW);
    const reports = await Promise.all([deliver(issueId), deliver(issueId), deliver(issueId)]);
    expect(reports.reduce((sum, report) => sum + (report?.sent ?? 0), 0)).toBe(700);
    expect(server.mails).toHaveLength(700);
    expectNoDuplicates();
  });
});

describe('stopping', () => {
  it('finishes what is on the wire and hands back the rest', async () => {
    const issueId = await issueForReaders(db, 200, NOW);
    const stop = new AbortController();
    const delivering = deliver(issueId, { signal: stop.signal });
    while (server.mails.length < 30) await new Promise((resolve) => setTimeout(resolve, 5));
    stop.abort();
    const report = (await delivering)!;
    expect(report.sent + report.handedBack).toBe(200);
    expect(report.handedBack).toBeGreaterThan(0);
    expect(server.mails).toHaveLength(report.sent);
    expect(await statuses(db, issueId)).toEqual({ planned: report.handedBack, sent: report.sent });
    await deliver(issueId);
    expect(server.mails).toHaveLength(200);
    expectNoDuplicates();
  });
});

describe('when something is away', () => {
  it('an unreachable server ends the batch soon, and nothing is lost', async () => {
    const issueId = await issueForReaders(db, 100, NOW);
    const { port } = server;
    await server.close();
    const report = (await deliver(issueId))!;
    expect(report).toMatchObject({ unreachable: true, sent: 0 });
    expect(report.handedBack).toBeGreaterThanOrEqual(100 - 3 * CONNECTIONS);
    expect(await statuses(db, issueId)).toEqual({ planned: 100 });
    server = await startSmtpServer({ port });
    expect(await deliver(issueId, { now: later(150_000) })).toMatchObject({ sent: 100 });
    expectNoDuplicates();
  });

  it('fates are kept while the database cannot take them, and nothing more is sent meanwhile', async () => {
    const issueId = await issueForReaders(db, 100, NOW);
    let away = false;
    const { advance } = db.database.stores.deliveries;
    const unlessAway =
      <Args extends unknown[], Result>(call: (...args: Args) => Promise<Result>) =>
      (...args: Args) =>
        away ? Promise.reject(new Error('the database is away')) : call(...args);
    const deliveries = storeWith({ advance: unlessAway(advance) });
    const delivering = deliver(issueId, { deliveries });
    while (server.mails.length < 20) await new Promise((resolve) => setTimeout(resolve, 5));
    away = true;
    await new Promise((resolve) => setTimeout(resolve, 400));
    const then = server.mails.length;
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(server.mails).toHaveLength(then);
    expect(then).toBeLessThan(20 + 4 * CONNECTIONS);
    away = false;
    expect(await delivering).toMatchObject({ sent: 100 });
    expect(server.mails).toHaveLength(100);
    expectNoDuplicates();
    expect(await statuses(db, issueId)).toEqual({ sent: 100 });
  });

  it('connections that Postgres cuts, again and again, double nothing and lose nothing', async () => {
    const issueId = await issueForReaders(db, 400, NOW);
    let done = false;
    let cut = 0;
    const cutter = (async () => {
      // Not for ever: on a busy machine no write would come through between two cuts.
      for (let round = 0; round < 30 && !done; round++) {
        await new Promise((resolve) => setTimeout(resolve, 40));
        const { rowCount } = await db.pool
          .query(
            `select pg_terminate_backend(pid) from pg_stat_activity
              where datname = current_database() and pid <> pg_backend_pid()`,
          )
          .catch(() => ({ rowCount: 0 }));
        cut += rowCount ?? 0;
      }
    })();
    let report: Awaited<ReturnType<typeof deliver>> = null;
    for (let tries = 0; report === null && tries < 50; tries += 1)
      report = await deliver(issueId).catch(() => null);
    done = true;
    await cutter;
    // The first claim may have been cut after its commit: then its lease must end first.
    await db.database.stores.deliveries.recoverExpired(later(700_000));
    while (await deliver(issueId)) {}
    expect(cut).toBeGreaterThan(0);
    expect(await statuses(db, issueId)).toEqual({ sent: 400 });
    expect(server.mails).toHaveLength(400);
    expectNoDuplicates();
    const { rows } = await db.pool.query('select count(*)::int as n from subscribers where mails_sent <> 1');
    expect(rows[0].n).toBe(0);
  }, 180_000);
});

it('says what to do when the digest of an issue is gone from the programme', async () => {
  const issueId = await issueForReaders(db, 1, NOW);
  const without = { ...programme, digests: [] };
  await expect(deliver(issueId, { programme: without })).rejects.toThrow(/digest "news".*put it back/);
});
