import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../../../src/adapters/log.ts';
import { keptReason } from '../../../../src/adapters/postgres/reason-column.ts';
import type { DeliveryLimits, DomainLimits } from '../../../../src/domain/delivery/rate-limits.ts';
import { deliverBatch, deliverIssues } from '../../../../src/journey/delivery/deliver/deliver-issues.ts';
import type { SendResult } from '../../../../src/journey/delivery/ports/deliveries.ts';
import type { WireMailSender } from '../../../../src/journey/delivery/ports/wire.ts';
import { type TestDatabase, testDatabase } from '../../../support/database.ts';
import { issueForReaders, statuses } from '../../../support/issues.ts';
import { testProgramme, testSecrets } from '../../../support/programme.ts';
import { testWriter } from '../../../support/writer.ts';

const NOW = new Date('2026-11-21T10:00:00Z');
const later = (ms: number) => new Date(NOW.getTime() + ms);
const MINUTE = 60_000;
const NONE: DeliveryLimits = testProgramme().delivery;
const ofDomain = (limits: Partial<DomainLimits>): DomainLimits => ({
  perSecond: null,
  perHour: null,
  connections: null,
  ...limits,
});

let db: TestDatabase;
let issueId: number;

beforeEach(async () => {
  db = await testDatabase();
});
afterEach(() => db.close());

/** Half of the readers are at gmail.com, half at b.example. */
async function readers(count: number) {
  issueId = await issueForReaders(db, count, NOW);
  await db.pool.query(
    `update subscribers set email = 'reader-' || id || case when id % 2 = 0 then '@gmail.com' else '@b.example' end`,
  );
}

/** A sender that notes when it got which mail, and how many at once. */
function noting(answer: (to: string) => SendResult = () => ({ status: 'sent', reply: '250' }), tookMs = 1) {
  const sent: { to: string; at: number }[] = [];
  const now: Record<string, number> = {};
  const most: Record<string, number> = {};
  const sender: WireMailSender = {
    connections: 10,
    async sendWire({ to, release }) {
      release();
      const domain = to.split('@')[1]!;
      sent.push({ to, at: performance.now() });
      now[domain] = (now[domain] ?? 0) + 1;
      most[domain] = Math.max(most[domain] ?? 0, now[domain]);
      await new Promise((resolve) => setTimeout(resolve, tookMs));
      now[domain] -= 1;
      return answer(to);
    },
  };
  return { sent, most, sender };
}

function deps(limits: Partial<DeliveryLimits>, sender: WireMailSender) {
  const { deliveries, issues, ledger, pace } = db.database.stores;
  const programme = testProgramme({ delivery: { ...NONE, ...limits } });
  return {
    deliveries,
    issues,
    ledger,
    pace,
    writer: testWriter(),
    sender,
    programme,
    secrets: testSecrets,
    random: () => 0.5,
    log: silentLog,
  };
}

const deliver = (limits: Partial<DeliveryLimits>, sender: WireMailSender, at = NOW) =>
  deliverIssues(deps(limits, sender), { issueIds: new Set([issueId]), worker: 'test' }, () => at);

describe('limits on all mail', () => {
  it('per second: two workers together never send more', async () => {
    await readers(120);
    const { sent, sender } = noting();
    const input = () => ({ issueIds: new Set([issueId]), worker: 'test' });
    const clock = () => new Date();
    const both = [deps({ perSecond: 40 }, sender), deps({ perSecond: 40 }, sender)];
    const start = performance.now();
    await Promise.all(both.map((one) => deliverIssues(one, input(), clock)));
    expect(sent).toHaveLength(120);
    // Each has a moment of its own, 25 ms after the one before. A busy machine is late; nothing may make it early.
    const early = sent.filter(({ at }, nth) => at - start < nth * 25 - 75);
    expect(early).toEqual([]);
  });

  it('per hour: what has no place stays planned, and the run says when there is one', async () => {
    await readers(60);
    const { sent, sender } = noting();
    const report = await deliver({ perHour: 240 }, sender);
    expect(report).toMatchObject({ sent: 20, handedBack: 0 });
    expect(report.notBefore!.getTime()).toBeGreaterThan(NOW.getTime());
    expect(report.notBefore!.getTime()).toBeLessThan(NOW.getTime() + MINUTE);
    expect(await deliver({ perHour: 240 }, sender)).toMatchObject({ sent: 0 });
    await deliver({ perHour: 240 }, sender, later(15 * MINUTE));
    expect(sent).toHaveLength(40);
    expect(await statuses(db, issueId)).toEqual({ planned: 20, sent: 40 });
  });

  it('per hour, per day and per hour of a domain are those of all workers together', async () => {
    const four = async (limits: Partial<DeliveryLimits>, at: Date) => {
      const { sent, sender } = noting();
      await Promise.all([1, 2, 3, 4].map(() => deliver(limits, sender, at)));
      return sent;
    };
    await readers(160);
    expect(await four({ perHour: 240 }, NOW)).toHaveLength(20);
    const warmUp = { startingOn: '2026-11-22', firstDay: 30, growth: 1.5, until: 1000 };
    expect(await four({ warmUp }, later(24 * 60 * MINUTE))).toHaveLength(30);
    const perDomain = { 'gmail.com': ofDomain({ perHour: 120 }) };
    const sent = await four({ perDomain }, later(48 * 60 * MINUTE));
    expect(sent.filter(({ to }) => to.endsWith('@gmail.com'))).toHaveLength(10);
    const { rows } = await db.pool.query(
      `select count(*)::int as left from deliveries join subscribers s on s.id = subscriber_id
        where deliveries.status = 'planned' and s.email like '%@b.example'`,
    );
    expect(rows).toEqual([{ left: 0 }]);
  });

  it('warm-up: a day’s mails and no more; the next day more', async () => {
    await readers(60);
    const { sent, sender } = noting();
    const warmUp = { startingOn: '2026-11-21', firstDay: 20, growth: 1.5, until: 1000 };
    const first = await deliver({ warmUp }, sender);
    expect(first).toMatchObject({ sent: 20, notBefore: new Date('2026-11-22T00:00:00Z') });
    await deliver({ warmUp }, sender, later(24 * 60 * MINUTE));
    expect(sent).toHaveLength(50);
  });

  it('warm-up: what a killed, a stopped or a paused worker had claimed and not sent has its places again the same day', async () => {
    await readers(120);
    const warmUp = { startingOn: '2026-11-21', firstDay: 60, growth: 1.5, until: 1000 };
    const { deliveries, brake } = db.database.stores;
    const stop = new AbortController();
    const { sent, sender } = noting(() => {
      stop.abort();
      return { status: 'sent', reply: '250' };
    });
    await deliverIssues(
      deps({ warmUp }, sender),
      { issueIds: new Set([issueId]), worker: 'stopped', signal: stop.signal },
      () => NOW,
    );
    const before = sent.length;
    expect(before).toBeLessThan(60);
    const killed = { deliveries: { ...deliveries, advance: () => new Promise<number[]>(() => {}) } };
    const isClaimed = async () => (await statuses(db, issueId)).claimed;
    const claimAll = async () => {
      void deliverIssues(
        { ...deps({ warmUp }, sender), ...killed },
        { issueIds: new Set([issueId]), worker: 'killed' },
        () => NOW,
      );
      await expect.poll(isClaimed).toBe(60 - before);
    };
    await claimAll();
    await deliveries.recoverExpired(later(11 * MINUTE));
    await claimAll();
    await brake.pause(issueId, { code: 'issue.paused-by-hand' }, NOW);
    await brake.resume(issueId);
    const rest = noting();
    await deliver({ warmUp }, rest.sender, later(12 * MINUTE));
    expect(before + rest.sent.length).toBe(60);
  });
});

describe('limits of a domain', () => {
  it('per hour: its mails are put off to their turn; those to others go at once', async () => {
    await readers(80);
    const { sent, sender } = noting();
    const perDomain = { 'gmail.com': ofDomain({ perHour: 120 }) };
    expect(await deliver({ perDomain }, sender)).toMatchObject({ sent: 50, postponed: 30 });
    expect(sent.filter(({ to }) => to.endsWith('@b.example'))).toHaveLength(40);
    const { rows } = await db.pool.query(
      `select due_at from deliveries where status = 'planned' order by due_at`,
    );
    const times = rows.map(({ due_at }) => (due_at.getTime() - NOW.getTime()) / 1000);
    expect(times[0]).toBeGreaterThan(30);
    times.slice(1).forEach((time, at) => {
      expect(time - times[at]!).toBeCloseTo(3600 / 110, 0);
    });
    // When their time has come they have a place.
    const inTurn = await deliver({ perDomain }, sender, later(times[4]! * 1000 + 1));
    expect(inTurn.sent).toBeGreaterThanOrEqual(4);
  });

  it('connections: no more of its mails are on the wire at once', async () => {
    await readers(80);
    const { most, sent, sender } = noting(undefined, 8);
    const perDomain = { 'gmail.com': ofDomain({ connections: 3 }) };
    await deliver({ perDomain }, sender);
    expect(sent).toHaveLength(80);
    expect(most['gmail.com']).toBe(3);
    expect(most['b.example']).toBeGreaterThan(5);
    const { rows } = await db.pool.query('select * from domain_slots');
    expect(rows).toEqual([]);
  });
});

describe('a domain that says 421', () => {
  it('is left alone for its pause, comes back one mail at a time, and nobody else waits', async () => {
    await readers(100);
    let isFull = true;
    const { sent, most, sender } = noting((to) =>
      isFull && to.endsWith('@gmail.com')
        ? { status: 'retry', reply: '421 4.7.28 unusual rate', unreachable: false }
        : { status: 'sent', reply: '250' },
    );
    const report = await deliver({}, sender);
    expect(report.sent).toBe(50);
    // Those that were under way when the first one came back; the others were not even tried.
    expect(report.retry).toBeLessThanOrEqual(2 * sender.connections);
    expect(report.retry + report.postponed).toBe(50);
    isFull = false;
    const early = await deliver({}, sender, later(9 * MINUTE));
    expect(early.sent).toBe(0);
    most['gmail.com'] = 0;
    const back = await deliver({}, sender, later(10.5 * MINUTE + 31_000));
    expect(most['gmail.com']).toBeLessThanOrEqual(3);
    expect(back.sent).toBeGreaterThan(0);
    await deliver({}, sender, later(30 * MINUTE));
    expect(await statuses(db, issueId)).toEqual({ sent: 100 });
    expect(new Set(sent.map(({ to }) => to)).size).toBe(100);
  });

  it('whoever loses a connection to a domain goes on with one at a time', async () => {
    await readers(60);
    let cuts = 0;
    const { most, sender } = noting((to) => {
      if (!to.endsWith('@gmail.com') || cuts > 0) return { status: 'sent', reply: '250' };
      cuts += 1;
      return { status: 'retry', reply: 'the connection was closed', unreachable: true, wasCut: true };
    });
    await deliverBatch(deps({}, sender), { issueId, worker: 'test' }, () => NOW);
    most['gmail.com'] = 0;
    await deliverBatch(deps({}, sender), { issueId, worker: 'test' }, () => later(2.5 * MINUTE));
    expect(await statuses(db, issueId)).toEqual({ sent: 60 });
    const { rows } = await db.pool.query('select domain, strikes from slow_domains');
    expect(rows).toEqual([{ domain: 'gmail.com', strikes: 0 }]);
  });
});

it('a mail that is refused for now is tried as often as the programme says', async () => {
  await readers(1);
  const { sent, sender } = noting(() => ({ status: 'retry', reply: '450 4.2.0 later', unreachable: false }));
  for (let at = 0; at < 6; at += 1) await deliver({ tries: 3 }, sender, later(at * 60 * MINUTE));
  expect(sent).toHaveLength(3);
  const { rows } = await db.pool.query('select status, reason from deliveries');
  expect(rows).toEqual([
    {
      status: 'failed',
      reason: keptReason({ code: 'fail.given-up', values: { n: 3, reply: '450 4.2.0 later' } }),
    },
  ]);
});
