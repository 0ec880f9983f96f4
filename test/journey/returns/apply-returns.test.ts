import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLog } from '../../../src/adapters/log.ts';
import { readReason } from '../../../src/domain/reason.ts';
import { makeReturnPath } from '../../../src/domain/returns/return-path.ts';
import { makeToken } from '../../../src/domain/tokens.ts';
import { applyReturns, forgetReturns } from '../../../src/journey/returns/apply-returns.ts';
import type { ReturnSource } from '../../../src/journey/returns/ports/returns.ts';
import {
  liftSuppression,
  listSuppressions,
  suppressAddress,
} from '../../../src/journey/returns/suppression-list.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { issueForReaders } from '../../support/issues.ts';
import { testProgramme, testSecrets } from '../../support/programme.ts';
import { realFile } from '../../support/real-use.ts';
import { messageIdOf, RETURN_DOMAIN, returnFixture, returnPathOf, sendAll } from '../../support/returns.ts';

const NOW = new Date('2026-11-17T09:00:00Z');
const DAY = 86_400_000;
let db: TestDatabase;
let deliveryIds: number[];

beforeAll(async () => {
  db = await testDatabase();
  const issueId = await issueForReaders(db, 12, NOW);
  deliveryIds = await sendAll(db, issueId, NOW);
});
afterAll(() => db.close());

const deps = () => ({
  database: db.database,
  programme: testProgramme(),
  secrets: testSecrets,
  returnPathDomain: RETURN_DOMAIN,
  log: silentLog,
});

async function comesBack(raw: Buffer, returnPath: string | null, source: ReturnSource = 'smtp', at = NOW) {
  await db.database.stores.returns.keep({ receivedAt: at, source, returnPath, raw });
  await applyReturns(deps(), at);
  const { rows } = await db.pool.query('select * from returned_mails order by id desc limit 1');
  return rows[0];
}

async function readerOf(deliveryId: number) {
  const { rows } = await db.pool.query(
    'select s.* from subscribers s join deliveries d on d.subscriber_id = s.id where d.id = $1',
    [deliveryId],
  );
  return rows[0];
}

describe('an address fault', () => {
  it('suppresses the reader with the evidence, and leaves out what is planned', async () => {
    const id = deliveryIds[0]!;
    const row = await comesBack(
      returnFixture('hard-bounce.no-such-user.postfix-user-unknown'),
      returnPathOf(id),
    );
    expect(row).toMatchObject({
      status: 'applied',
      kind: 'hard-bounce',
      reason: 'no-such-user',
      delivery_id: id,
    });
    const reader = await readerOf(id);
    expect(reader.status).toBe('suppressed');
    const [entry] = await listSuppressions(deps(), { limit: 10, search: reader.email });
    expect(entry).toMatchObject({ cause: 'bounce', returnedMailId: row.id, deliveryId: id, byWhom: null });
    expect(entry!.why).toContain('User unknown');
  });

  it('comes twice and counts once', async () => {
    const raw = returnFixture('hard-bounce.no-such-user.qmail');
    const id = deliveryIds[1]!;
    await comesBack(raw, returnPathOf(id));
    await comesBack(raw, returnPathOf(id));
    const { rows } = await db.pool.query(
      'select count(*)::int as n from returned_mails where delivery_id = $1',
      [id],
    );
    expect(rows[0].n).toBe(1);
  });

  it('of somebody who makes return paths up reaches nobody', async () => {
    const made = makeReturnPath(
      ['another secret altogether'],
      { kind: 'delivery', id: deliveryIds[2]! },
      RETURN_DOMAIN,
    );
    const row = await comesBack(returnFixture('hard-bounce.no-such-user.exim'), made);
    expect(row).toMatchObject({ status: 'ignored', subscriber_id: null });
    expect((await readerOf(deliveryIds[2]!)).status).toBe('active');
  });

  it('of a confirmation mail suppresses who never confirmed', async () => {
    const { rows } = await db.pool.query(
      `insert into subscribers (email, language, time_zone, created_at) values ('slip@reader.example', 'en', 'UTC', now()) returning id`,
    );
    const outbox = await db.database.stores.outbox.add({
      kind: 'confirmation',
      dedupeKey: 'c1',
      to: 'slip@reader.example',
      language: 'en',
      data: {} as never,
      subscriberId: rows[0].id,
      dueAt: NOW,
      at: NOW,
    });
    const path = makeReturnPath(testSecrets, { kind: 'outbox', id: outbox! }, RETURN_DOMAIN);
    await comesBack(returnFixture('hard-bounce.bad-domain.qmail-host'), path);
    expect((await db.database.stores.subscribers.findByEmail('slip@reader.example'))?.status).toBe(
      'suppressed',
    );
  });
});

describe('everything else', () => {
  it.each([
    'soft-bounce.mailbox-full.postfix-over-quota',
    'sender-fault.blocklist.postfix-spamhaus-under-5.1.1',
    'sender-fault.policy.postfix-no-code',
    'delayed.greylisted.postfix-delay',
    'not-a-bounce.delivered.postfix-success',
    'auto-reply.vacation.auto-submitted',
    'not-a-bounce.other.person',
  ])('leaves the reader alone: %s', async (name) => {
    const id = deliveryIds[3]!;
    await comesBack(returnFixture(name), returnPathOf(id));
    expect((await readerOf(id)).status).toBe('active');
  });
});

describe('a complaint', () => {
  it('unsubscribes by our own names, the address being hidden', async () => {
    const id = deliveryIds[4]!;
    const raw = Buffer.from(
      returnFixture('complaint.abuse.arf-redacted')
        .toString('latin1')
        .replaceAll('<issue.200.0123456789abcdef01234567@tessel.example>', messageIdOf(id)),
      'latin1',
    );
    const row = await comesBack(raw, `complaints@${RETURN_DOMAIN}`);
    expect(row).toMatchObject({ status: 'applied', delivery_id: id });
    expect(readReason(row.effect)).toEqual({
      code: 'return.unsubscribed',
      values: { how: { code: 'consent.complaint' } },
    });
    const reader = await readerOf(id);
    expect(reader.status).toBe('unsubscribed');
    const [entry] = (await db.database.stores.consent.list(reader.id)).slice(-1);
    expect(entry).toMatchObject({
      act: 'unsubscribed',
      how: { code: 'consent.complaint' },
      details: { deliveryId: id },
    });
  });

  it('with a Message-ID that was never sent reaches nobody', async () => {
    const row = await comesBack(returnFixture('complaint.abuse.arf-redacted'), `complaints@${RETURN_DOMAIN}`);
    expect(row).toMatchObject({ status: 'ignored', subscriber_id: null });
  });
});

it('a mail to the unsubscribe address unsubscribes', async () => {
  const { rows } = await db.pool.query('select issue_id from deliveries where id = $1', [deliveryIds[5]]);
  const token = makeToken(testSecrets, {
    kind: 'delivery',
    issueId: rows[0].issue_id,
    deliveryId: deliveryIds[5]!,
  });
  await comesBack(returnFixture('unsubscribe.opt-out.subject'), `unsubscribe+${token}@${RETURN_DOMAIN}`);
  expect((await readerOf(deliveryIds[5]!)).status).toBe('unsubscribed');
});

it('a mail to the unsubscribe address unsubscribes whatever it says and names', async () => {
  const { rows } = await db.pool.query('select issue_id from deliveries where id = $1', [deliveryIds[10]]);
  const token = makeToken(testSecrets, {
    kind: 'delivery',
    issueId: rows[0].issue_id,
    deliveryId: deliveryIds[10]!,
  });
  const raw = Buffer.from('From: Anna <anna@x.example>\nTo: undisclosed-recipients:;\nSubject: x\n\nHello\n');
  await comesBack(raw, `unsubscribe+${token}@${RETURN_DOMAIN}`);
  expect((await readerOf(deliveryIds[10]!)).status).toBe('unsubscribed');
});

describe('soft bounces in a row', () => {
  const soft = returnFixture('soft-bounce.mailbox-full.imail');
  /** Issues a week apart, all to the same readers. */
  async function weeks(n: number): Promise<number[][]> {
    const all: number[][] = [];
    for (let week = 0; week < n; week++) {
      const { rows } = await db.pool.query(
        `insert into issues (digest_id, slot, planned_at, first_due_at, last_due_at) values ('news', $1, $2, $2, $2) returning id`,
        [`2027-0${week + 1}-01`, NOW],
      );
      await db.pool.query(
        `insert into deliveries (issue_id, subscriber_id, due_at) select $1, subscriber_id, $2 from deliveries where id = any($3) `,
        [rows[0].id, NOW, deliveryIds.slice(6, 9)],
      );
      all.push(await sendAll(db, rows[0].id, NOW));
    }
    return all;
  }

  it('pause a reader after three over a week, not before, and not when one arrived between', async () => {
    const [first, second, third, fourth] = (await weeks(4)) as [number[], number[], number[], number[]];
    const at = (day: number) => new Date(NOW.getTime() + day * DAY);
    const bounce = (id: number, day: number) =>
      comesBack(Buffer.concat([soft, Buffer.from(`\n${id}`)]), returnPathOf(id), 'smtp', at(day));
    // The mail before these arrived; then reader 0 bounces each time, reader 1 not the second time, reader 2 within a day.
    for (const [reader, days] of [
      [0, [0, 4, 8]],
      [2, [0, 0.1, 0.2]],
    ] as [number, number[]][]) {
      await bounce(second[reader]!, days[0]!);
      expect((await readerOf(second[reader]!)).paused_until).toBeNull();
      await bounce(third[reader]!, days[1]!);
      expect((await readerOf(second[reader]!)).paused_until).toBeNull();
      await bounce(fourth[reader]!, days[2]!);
    }
    await bounce(first[1]!, 0);
    await bounce(second[1]!, 4);
    await bounce(fourth[1]!, 8);
    expect((await readerOf(first[0]!)).paused_until).toEqual(new Date(at(8).getTime() + 30 * DAY));
    expect((await readerOf(first[0]!)).pause_reason).toBe(
      '{"code":"pause.mails-came-back","values":{"n":3}}',
    );
    expect((await readerOf(first[1]!)).paused_until).toBeNull();
    expect((await readerOf(first[2]!)).paused_until).toBeNull();
    expect((await readerOf(first[0]!)).status).toBe('active');
  });
});

describe('the unsubscribe link of a mail that was passed on', () => {
  const passedOn = async (deliveryId: number, report: string) => {
    const { rows } = await db.pool.query('select issue_id from deliveries where id = $1', [deliveryId]);
    const token = makeToken(testSecrets, { kind: 'delivery', issueId: rows[0].issue_id, deliveryId });
    const raw = `${returnFixture(report).toString('latin1')}\nList-Unsubscribe: <https://news.tessel.example/unsubscribe/${token}>\n`;
    return { token, raw: Buffer.from(raw, 'latin1') };
  };

  it.each([
    'hard-bounce.no-such-user.html-only',
    'hard-bounce.no-such-user.qmail',
    'soft-bounce.mailbox-full.imail',
    'sender-fault.spam.postfix-spam',
  ])('proves no bounce: %s', async (report) => {
    const id = deliveryIds[2]!;
    const { token, raw } = await passedOn(id, report);
    for (const to of [`complaints@${RETURN_DOMAIN}`, `unsubscribe+${token}@${RETURN_DOMAIN}`]) {
      const row = await comesBack(Buffer.concat([raw, Buffer.from(to)]), to);
      expect(row).toMatchObject({ status: 'ignored', subscriber_id: null });
    }
    expect((await readerOf(id)).status).toBe('active');
  });

  it('does what it does as a link: it ends the mails', async () => {
    const id = deliveryIds[2]!;
    const { token } = await passedOn(id, 'not-a-bounce.other.person');
    const raw = `From: x@y.example\nSubject: Unsubscribe\n\nhttps://news.tessel.example/unsubscribe/${token}\n`;
    await comesBack(Buffer.from(raw), `complaints@${RETURN_DOMAIN}`);
    expect((await readerOf(id)).status).toBe('unsubscribed');
  });
});

describe('what came back is not kept for ever', () => {
  const rowOf = async (id: number) =>
    (await db.pool.query('select octet_length(raw) as bytes, status from returned_mails where id = $1', [id]))
      .rows[0];

  it('once for several addresses, and no longer than it is needed', async () => {
    const raw = Buffer.concat([returnFixture('delayed.timeout.exim-warning'), Buffer.from('\nfor several')]);
    const [first, second, third] = deliveryIds.slice(6, 9).map(returnPathOf);
    const returns = db.database.stores.returns;
    expect(await returns.keep({ receivedAt: NOW, source: 'smtp', returnPath: first!, raw })).toBe(true);
    expect(
      await returns.keep({
        receivedAt: NOW,
        source: 'smtp',
        returnPath: first!,
        alsoTo: [second!, third!],
        raw,
      }),
    ).toBe(true);
    expect(
      await returns.keep({ receivedAt: NOW, source: 'smtp', returnPath: first!, alsoTo: [second!], raw }),
    ).toBe(false);
    const { rows } = await db.pool.query(
      `select id, octet_length(raw) as bytes from returned_mails where return_path = any($1) and status = 'waiting' order by id`,
      [[first, second, third]],
    );
    expect(rows.map(({ bytes }) => bytes)).toEqual([raw.length, raw.length, 0]);
    for (const { id } of rows) expect((await returns.load(id))?.raw.equals(raw)).toBe(true);
    await applyReturns(deps(), NOW);
    for (const { id } of rows) expect(await rowOf(id)).toEqual({ bytes: 0, status: 'ignored' });
  });

  it('and what was nobody’s is dropped after a month', async () => {
    const row = await comesBack(Buffer.from('Subject: who am I\n\nx'), `complaints@${RETURN_DOMAIN}`);
    const later = (days: number) => new Date(NOW.getTime() + days * DAY);
    await forgetReturns(deps(), later(29));
    expect(await rowOf(row.id)).toMatchObject({ status: 'ignored' });
    await forgetReturns(deps(), later(31));
    expect(await rowOf(row.id)).toBeUndefined();
  });
});

it('what takes more than it is given to be read is settled, and nothing follows', async () => {
  const tooLong = async () => {
    throw Object.assign(new Error('reading it takes too long'), { isUnreadable: true });
  };
  const raw = Buffer.from('Subject: hostile\n\nx');
  await db.database.stores.returns.keep({
    receivedAt: NOW,
    source: 'smtp',
    returnPath: returnPathOf(deliveryIds[9]!),
    raw,
  });
  expect(await applyReturns({ ...deps(), readReturn: tooLong }, NOW)).toBe(1);
  const { rows } = await db.pool.query('select * from returned_mails order by id desc limit 1');
  expect(rows[0]).toMatchObject({
    status: 'ignored',
    evidence: 'it cannot be read: reading it takes too long',
  });
});

describe('posts of providers', () => {
  it('reach the reader by the address, because they are signed', async () => {
    const reader = await readerOf(deliveryIds[9]!);
    const post = {
      RecordType: 'Bounce',
      Type: 'HardBounce',
      Email: reader.email.toUpperCase(),
      Details: 'smtp;550 5.1.1 user unknown',
    };
    await comesBack(Buffer.from(JSON.stringify(post)), null, 'postmark');
    expect((await readerOf(deliveryIds[9]!)).status).toBe('suppressed');
  });

  it('that a provider stopped after a hard bounce suppress, and say nothing of what the reader wants', async () => {
    const reader = await readerOf(deliveryIds[11]!);
    const before = await db.database.stores.consent.list(reader.id);
    const post = realFile('09-postmark-hard-bounce-change/post.json')
      .toString()
      .replace('postmark@reader.example', reader.email);
    const row = await comesBack(Buffer.from(post), null, 'postmark');
    expect(row).toMatchObject({ kind: 'hard-bounce', effect: '{"code":"return.suppressed"}' });
    expect((await readerOf(deliveryIds[11]!)).status).toBe('suppressed');
    expect(await db.database.stores.consent.list(reader.id)).toEqual(before);
  });

  it('that are not about a return are kept and ignored', async () => {
    const row = await comesBack(Buffer.from('{"RecordType":"Open","Email":"x@y.example"}'), null, 'postmark');
    expect(row).toMatchObject({ status: 'ignored', kind: 'not-a-bounce' });
  });
});

describe('the suppression list', () => {
  it('holds addresses by hand, before they sign up too, and lets them go with a reason', async () => {
    const entry = { email: 'never@reader.example', why: 'asked for it', byWhom: 'ada@tessel.example' };
    expect(await suppressAddress(deps(), entry, NOW)).toBe(true);
    expect(await suppressAddress(deps(), entry, NOW)).toBe(false);
    await db.database.stores.subscribers.add({
      email: entry.email,
      name: null,
      company: null,
      jobTitle: null,
      phone: null,
      industry: null,
      companySize: null,
      country: null,
      language: 'en',
      timeZone: 'UTC',
      source: {},
      at: NOW,
    });
    expect((await db.database.stores.subscribers.findByEmail(entry.email))?.status).toBe('suppressed');
    expect(await liftSuppression(deps(), { ...entry, why: 'changed their mind' }, NOW)).toBe('pending');
    expect(await liftSuppression(deps(), entry, NOW)).toBe('not-suppressed');
    const [lifted] = await listSuppressions(deps(), { limit: 1, lifted: true });
    expect(lifted).toMatchObject({ email: entry.email, liftedWhy: 'changed their mind' });
  });

  it('gives a confirmed reader back', async () => {
    const reader = await readerOf(deliveryIds[0]!);
    expect(
      await liftSuppression(deps(), { email: reader.email, why: 'the mailbox is back', byWhom: 'ada' }, NOW),
    ).toBe('active');
  });
});

it('what cannot be applied is kept, tried five times, and does not hold up the others', async () => {
  await db.pool.query(
    `insert into returned_mails (received_at, source, fingerprint, raw) values (now(), 'smtp', 'x', '')`,
  );
  const broken = {
    ...deps(),
    database: {
      ...db.database,
      inTransaction: async () => {
        throw new Error('no database');
      },
    },
  };
  for (let i = 0; i < 7; i++) await applyReturns(broken, NOW);
  const { rows } = await db.pool.query(`select attempts, status from returned_mails where fingerprint = 'x'`);
  expect(rows[0]).toEqual({ attempts: 5, status: 'waiting' });
});
