import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../../src/adapters/log.ts';
import { smtpMailSender } from '../../../src/adapters/smtp/mail-sender.ts';
import type { SalesAlertMail } from '../../../src/domain/mail/mails.ts';
import type { MailSender } from '../../../src/journey/delivery/ports/deliveries.ts';
import type { NewOutboxMail, OutboxStore } from '../../../src/journey/delivery/ports/outbox.ts';
import { type SendOutboxDeps, sendOutbox } from '../../../src/journey/delivery/send-outbox.ts';
import { plainRenderer } from '../../support/content.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { testProgramme } from '../../support/programme.ts';
import { startSmtpServer, type TestSmtpServer } from '../../support/smtp-server.ts';

const NOW = new Date('2026-11-21T10:00:00Z');
const later = (ms: number) => new Date(NOW.getTime() + ms);
const programme = testProgramme();

let db: TestDatabase;
let server: TestSmtpServer;
let sender: MailSender;
let outbox: OutboxStore;

beforeEach(async () => {
  db = await testDatabase();
  outbox = db.database.stores.outbox;
  server = await startSmtpServer();
  sender = smtpMailSender({
    url: `${server.url}?connections=3`,
    production: false,
    from: programme.brand.from,
    limits: { connectMs: 60_000, greetingMs: 60_000, silenceMs: 60_000 },
  });
});
afterEach(async () => {
  await sender.close();
  await server.close();
  await db.close();
});

const alertData: SalesAlertMail = {
  lead: {
    name: null,
    email: 'lead@example.com',
    company: null,
    jobTitle: null,
    phone: null,
    interests: [],
    touches: [],
    source: null,
  },
  score: 12,
  threshold: 12,
  qualifiedAt: '21 November 2026',
  timeZone: 'Europe/Amsterdam',
  fit: { percent: 50, words: '', reason: null, priority: 50 },
  wish: null,
  acts: [],
  hitsInDoubt: 0,
  reads: [],
  colleagues: [],
  profileUrl: 'http://simmer.test/staff/leads/1',
  answers: [],
};

function send(now = NOW, changed: Partial<SendOutboxDeps> = {}) {
  return sendOutbox(
    {
      outbox,
      mails: plainRenderer,
      sender,
      programme,
      recheckMail: async ({ kind }) => (kind === 'sales-alert' ? { send: true, data: alertData } : null),
      random: () => 0,
      log: silentLog,
      ...changed,
    },
    () => now,
  );
}

async function add(kind: NewOutboxMail['kind'], to: string, changed: Partial<NewOutboxMail> = {}) {
  const data =
    kind === 'sales-alert'
      ? alertData
      : kind === 'sign-in'
        ? { url: 'http://simmer.test/x', minutes: 15 }
        : {};
  const mail = {
    kind,
    to,
    dedupeKey: to,
    language: 'nl',
    subscriberId: null,
    dueAt: NOW,
    at: NOW,
    ...changed,
  };
  return (await outbox.add({ ...mail, data: data as NewOutboxMail['data'] }))!;
}

const row = async (id: number) => (await db.pool.query('select * from outbox where id = $1', [id])).rows[0];

it('sends all that is due, once, in its language, with the headers of a transactional mail', async () => {
  const ids = [];
  for (let at = 0; at < 10; at += 1) ids.push(await add('sign-in', `staff-${at}@tessel.example`));
  const early = await add('sign-in', 'early@tessel.example', { dueAt: later(1) });
  expect(await send()).toEqual({ sent: 10, retry: 0, failed: 0, uncertain: 0, dropped: 0 });
  expect(await send()).toMatchObject({ sent: 0 });
  expect(new Set(server.mails.map(({ to }) => to)).size).toBe(10);
  expect(server.mails).toHaveLength(10);
  const sent = await row(ids[0]!);
  expect(sent).toMatchObject({ status: 'sent', sent_at: NOW });
  expect((await row(early)).status).toBe('planned');
  const { raw } = server.mailsTo('staff-0@tessel.example')[0]!;
  expect(raw).toContain(`Message-ID: ${sent.message_id}\r\n`);
  expect(raw).toContain('Auto-Submitted: auto-generated\r\n');
  expect(raw).toContain('Subject: sign-in in nl\r\n');
  expect(raw).not.toMatch(/^List-/im);
});

it('two workers at the same time send each mail once', async () => {
  for (let at = 0; at < 30; at += 1) await add('sign-in', `staff-${at}@tessel.example`);
  const [one, two] = await Promise.all([send(), send()]);
  expect(one.sent + two.sent).toBe(30);
  expect(server.mails).toHaveLength(30);
});

it('knows which mails it has in hand, and none when it has done with them', async () => {
  const id = await add('sign-in', 'staff@tessel.example');
  const inHand = new Set<number>();
  const seen: number[][] = [];
  await send(NOW, {
    inHand,
    outbox: {
      ...outbox,
      async markHandedOver(...args) {
        seen.push([...inHand]);
        return outbox.markHandedOver(...args);
      },
    },
  });
  expect(seen).toEqual([[id]]);
  expect([...inHand]).toEqual([]);
});

describe('a sender that was stopped in the middle', () => {
  /** Stopped right after it noted that the alert is handed over; others take over what it has. */
  async function stoppedSender(whatOthersDo: () => Promise<unknown>, isHeld: boolean) {
    await send(NOW, {
      worker: 'stopped',
      hold: () => () => isHeld,
      outbox: {
        ...outbox,
        async markHandedOver(claim, now, leaseUntil) {
          const isOurs = await outbox.markHandedOver(claim, now, leaseUntil);
          await whatOthersDo();
          return isOurs;
        },
      },
    });
  }
  const takeOver = async () => {
    await db.pool.query(`update outbox set lease_until = '-infinity' where worker = 'stopped'`);
    return send();
  };

  it('does not send an alert any more, and then it is known that it was not sent', async () => {
    const id = await add('sales-alert', 'sales@tessel.example');
    await stoppedSender(takeOver, false);
    expect(server.mails).toEqual([]);
    expect(await row(id)).toMatchObject({ status: 'planned', attempts: 0 });
    await send(later(300_000));
    expect(server.mails).toHaveLength(1);
  });

  it('does not send what others have sent meanwhile', async () => {
    const id = await add('sign-in', 'mara@tessel.example');
    await stoppedSender(takeOver, false);
    expect(server.mails).toHaveLength(1);
    expect(await row(id)).toMatchObject({ status: 'sent' });
  });

  it('says what became of a mail that others called uncertain', async () => {
    const id = await add('sales-alert', 'sales@tessel.example');
    await stoppedSender(takeOver, true);
    expect(server.mails).toHaveLength(1);
    expect(await row(id)).toMatchObject({ status: 'sent' });
  });
});

it('writes in the default language where the wanted one is gone', async () => {
  await add('sign-in', 'x@tessel.example', { language: 'fr' });
  await send();
  expect(server.mails[0]!.raw).toContain('Subject: sign-in in en\r\n');
});

describe('answers', () => {
  it('are kept as what they are', async () => {
    const refused = await add('sign-in', 'refused@tessel.example');
    const later1 = await add('sign-in', 'later@tessel.example');
    server.behave('refused@tessel.example', { at: 'rcpt', reply: '550 5.1.1 no such user' });
    server.behave('later@tessel.example', { at: 'rcpt', reply: '450 4.2.0 greylisted' });
    expect(await send()).toMatchObject({ failed: 1, retry: 1 });
    expect(await row(refused)).toMatchObject({
      status: 'failed',
      reason: '{"code":"fail.refused","values":{"reply":"550 5.1.1 no such user"}}',
    });
    expect(await row(later1)).toMatchObject({ status: 'planned', attempts: 1, due_at: later(60_000) });
    expect(await send(later(60_000))).toMatchObject({ sent: 1 });
  });

  it('an unreachable server uses up no try', async () => {
    const id = await add('sign-in', 'x@tessel.example');
    const { port } = server;
    await server.close();
    for (let at = 0; at < 15; at += 1) expect(await send(later(at * 120_000))).toMatchObject({ retry: 1 });
    expect(await row(id)).toMatchObject({ status: 'planned', attempts: 0 });
    server = await startSmtpServer({ port });
    expect(await send(later(15 * 120_000))).toMatchObject({ sent: 1 });
  });

  it('a mail that may have arrived comes again under the same Message-ID', async () => {
    await add('sign-in', 'x@tessel.example');
    server.behave('x@tessel.example', { close: 'after-dot', keep: true });
    expect(await send()).toMatchObject({ retry: 1 });
    expect(await send(later(60_000))).toMatchObject({ sent: 1 });
    const ids = server.mails.map(({ raw }) => /^Message-ID: (.*)\r$/m.exec(raw)![1]);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
  });

  it('a mail that cannot be written fails with its reason, and the others go out', async () => {
    const bad = await add('notice', 'bad@tessel.example');
    await add('sign-in', 'good@tessel.example');
    const mails: typeof plainRenderer = {
      render: (kind, language, data) => {
        if (kind === 'notice') throw new Error('no paragraphs');
        return plainRenderer.render(kind, language, data);
      },
    };
    expect(await send(NOW, { mails })).toMatchObject({ sent: 1, failed: 1 });
    expect((await row(bad)).reason).toBe('{"code":"fail.unwritable","values":{"error":"no paragraphs"}}');
  });
});

describe('a sales alert', () => {
  it('is sent as it reads now', async () => {
    await add('sales-alert', 'sales@tessel.example');
    const seen: unknown[] = [];
    const mails: typeof plainRenderer = {
      render: (kind, language, data) => {
        seen.push(data);
        return plainRenderer.render(kind, language, data);
      },
    };
    const now = { ...alertData, score: 17 };
    await send(NOW, { mails, recheckMail: async () => ({ send: true, data: now }) });
    expect(seen).toEqual([now]);
    expect(server.mails).toHaveLength(1);
  });

  it('is dropped when it is not wanted any more', async () => {
    const id = await add('sales-alert', 'sales@tessel.example');
    const recheckMail = async () => ({
      send: false as const,
      reason: { code: 'alert.answered' } as const,
    });
    expect(await send(NOW, { recheckMail })).toMatchObject({ dropped: 1 });
    expect(await row(id)).toMatchObject({ status: 'dropped', reason: '{"code":"alert.answered"}' });
    expect(server.mails).toEqual([]);
  });

  it('waits when the question cannot be answered: it was not sent, so it is not uncertain', async () => {
    const id = await add('sales-alert', 'sales@tessel.example');
    const recheckMail = () => Promise.reject(new Error('the database is away'));
    expect(await send(NOW, { recheckMail })).toMatchObject({ retry: 1 });
    expect(await row(id)).toMatchObject({ status: 'planned', attempts: 0 });
    expect(await send(later(120_000))).toMatchObject({ sent: 1 });
  });

  it('that may have arrived is never sent again', async () => {
    const id = await add('sales-alert', 'sales@tessel.example');
    server.behave('sales@tessel.example', { close: 'after-dot', keep: true });
    expect(await send()).toMatchObject({ uncertain: 1 });
    expect(await row(id)).toMatchObject({
      status: 'uncertain',
      reason: expect.stringContaining('fail.broke-off'),
    });
    await send(later(86_400_000));
    expect(server.mails).toHaveLength(1);
  });
});

it('a worker that lost its mail to another one breaks off before the end, and nothing arrives from it', async () => {
  const id = await add('sales-alert', 'sales@tessel.example');
  const late: Partial<SendOutboxDeps> = {
    recheckMail: async () => {
      // So long that its lease is over, and another worker has sent the mail.
      await send(later(150_000), { recheckMail: async () => ({ send: true, data: alertData }) });
      return { send: true, data: alertData };
    },
  };
  await send(NOW, late);
  expect(server.mails).toHaveLength(1);
  expect(await row(id)).toMatchObject({ status: 'sent', sent_at: later(150_000) });
});

it('takes nothing more once it is to stop', async () => {
  await add('sign-in', 'x@tessel.example');
  expect(await send(NOW, { signal: AbortSignal.abort() })).toMatchObject({ sent: 0 });
  expect(server.mails).toEqual([]);
});
