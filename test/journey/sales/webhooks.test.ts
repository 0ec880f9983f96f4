import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../../src/adapters/log.ts';
import { httpWebhookSender } from '../../../src/adapters/webhooks/webhook-sender.ts';
import { isSignedBy, WEBHOOK_TYPES, webhookSecret } from '../../../src/domain/sales/webhook.ts';
import { checkAlert } from '../../../src/journey/sales/check-alert.ts';
import type { WebhookStore } from '../../../src/journey/sales/ports/webhooks.ts';
import { recordOutcome } from '../../../src/journey/sales/record-outcome.ts';
import { sendWebhooks } from '../../../src/journey/sales/send-webhooks.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { addDelivery, addIssue, addLead, fourClicks } from '../../support/leads.ts';
import { testLinks, testProgramme } from '../../support/programme.ts';
import { testSay } from '../../support/say.ts';

interface Received {
  headers: IncomingHttpHeaders;
  body: string;
  at: Date;
}

const programme = testProgramme();
const secret = webhookSecret(new Uint8Array(32).fill(7));
const NOW = new Date('2026-11-24T09:00:00Z');
const later = (ms: number) => new Date(NOW.getTime() + ms);

let db: TestDatabase;
let webhooks: WebhookStore;
let receiver: Server;
let url: string;
let received: Received[];
/** What the receiver answers, one by one; then 204. */
let answers: (number | 'hang' | 'cut' | 'redirect')[];

beforeEach(async () => {
  db = await testDatabase({ programme });
  webhooks = db.database.stores.webhooks;
  received = [];
  answers = [];
  receiver = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      received.push({ headers: request.headers, body, at: new Date() });
      const answer = answers.shift() ?? 204;
      if (answer === 'hang') return;
      if (answer === 'cut') return void request.socket.destroy();
      if (answer === 'redirect') return void response.writeHead(302, { location: url }).end();
      response.writeHead(answer).end();
    });
  });
  await new Promise<void>((listening) => receiver.listen(0, '127.0.0.1', listening));
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
});
afterEach(async () => {
  receiver.closeAllConnections();
  receiver.close();
  await db.close();
});

const add = (fields: Partial<Parameters<WebhookStore['add']>[0]> = {}) =>
  webhooks.add({ url, secret, types: [...WEBHOOK_TYPES], allowPrivate: true, createdAt: NOW, ...fields });
const announce = (key: string, type: 'lead.qualified' | 'lead.outcome' = 'lead.outcome') =>
  webhooks.announce({ type, dedupeKey: key, at: NOW, data: { key } });
const send = (now = NOW, timeoutMs = 60_000) =>
  sendWebhooks(
    {
      webhooks,
      webhookSender: httpWebhookSender({ publicUrl: 'http://simmer.test', timeoutMs }),
      random: () => 0,
      log: silentLog,
    },
    () => now,
  );

describe('a webhook message', () => {
  it('is posted once, signed with the time of its try', async () => {
    await add();
    expect(await announce('one')).toBe(1);
    expect(await announce('one')).toBe(0);
    expect(await send()).toEqual({ delivered: 1, retry: 0, failed: 0 });
    expect(await send()).toEqual({ delivered: 0, retry: 0, failed: 0 });
    expect(received).toHaveLength(1);
    const { headers, body } = received[0]!;
    expect(JSON.parse(body)).toEqual({
      type: 'lead.outcome',
      timestamp: NOW.toISOString(),
      data: { key: 'one' },
    });
    const at = new Date(Number(headers['webhook-timestamp']) * 1000);
    expect(at).toEqual(NOW);
    expect(
      isSignedBy(secret, String(headers['webhook-id']), at, body, String(headers['webhook-signature'])),
    ).toBe(true);
  });

  it('goes to those who want its type, and no longer to those who were removed', async () => {
    await add({ types: ['lead.qualified'] });
    const gone = await add();
    expect(await announce('one')).toBe(1);
    expect(await announce('two', 'lead.qualified')).toBe(2);
    expect(await webhooks.end(gone, 'removed', NOW)).toBe(true);
    expect(await webhooks.end(gone, 'removed', NOW)).toBe(false);
    expect(await send()).toMatchObject({ delivered: 1 });
    expect(await announce('three')).toBe(0);
    const log = await webhooks.log({ webhookId: gone, limit: 10 });
    expect(log.map(({ status }) => status)).toEqual(['failed', 'failed']);
  });

  it('is tried again with growing gaps under the same id, and each try is logged', async () => {
    const webhookId = await add();
    await announce('one');
    answers = [500, 'cut', 'hang', 'redirect'];
    expect(await send()).toMatchObject({ retry: 1 });
    expect(await send(later(4_000))).toMatchObject({ retry: 0, delivered: 0 });
    expect(await send(later(5_000))).toMatchObject({ retry: 1 });
    expect(await send(later(305_000), 300)).toMatchObject({ retry: 1 });
    expect(await send(later(3_000_000))).toMatchObject({ retry: 1 });
    expect(await send(later(30_000_000))).toMatchObject({ delivered: 1 });
    const [message] = await webhooks.log({ webhookId, limit: 10 });
    expect(message).toMatchObject({
      status: 'delivered',
      attempts: [
        { statusCode: 500 },
        { statusCode: null, error: expect.any(String) },
        { error: 'no answer within 0.3 seconds' },
        { statusCode: 302 },
        { statusCode: 204 },
      ],
    });
    expect(new Set(received.map(({ headers }) => headers['webhook-id']))).toEqual(
      new Set([message!.messageId]),
    );
    expect(new Set(received.map(({ headers }) => headers['webhook-timestamp'])).size).toBe(5);
  });

  it('is given up at last, and can be sent again by hand', async () => {
    const webhookId = await add();
    await announce('one');
    answers = Array.from({ length: 10 }, () => 503);
    let now = NOW;
    for (let tries = 0; tries < 10; tries += 1) {
      await send(now);
      now = new Date(now.getTime() + 25 * 3_600_000);
    }
    const [failed] = await webhooks.log({ webhookId, limit: 1 });
    expect(failed).toMatchObject({ status: 'failed' });
    expect(failed!.attempts).toHaveLength(10);
    expect(await webhooks.resend(failed!.id, now)).toBe(true);
    expect(await webhooks.resend(failed!.id, now)).toBe(false);
    expect(await send(now)).toMatchObject({ delivered: 1 });
    expect(received.at(-1)!.headers['webhook-id']).toBe(failed!.messageId);
  });

  it('410 ends the receiver', async () => {
    const webhookId = await add();
    await announce('one');
    answers = [410];
    expect(await send()).toMatchObject({ failed: 1 });
    expect(await webhooks.list(false)).toEqual([]);
    expect(await webhooks.list(true)).toMatchObject([
      { id: webhookId, endReason: expect.stringMatching(/410/) },
    ]);
  });

  it('never goes into a private network without leave', async () => {
    for (const address of [url, url.replace('127.0.0.1', 'localhost'), 'http://169.254.169.254/latest'])
      await add({ allowPrivate: false, url: address });
    await announce('one');
    expect(await send()).toMatchObject({ retry: 3 });
    expect(received).toEqual([]);
    const log = await webhooks.log({ webhookId: null, limit: 10 });
    for (const { attempts } of log) expect(attempts[0]!.error).toMatch(/private network/);
  });

  it('goes out once with two workers, and again when one died with it', async () => {
    const webhookId = await add();
    for (let n = 0; n < 25; n += 1) await announce(`key ${n}`);
    const reports = await Promise.all([send(), send(), send()]);
    expect(reports.reduce((sum, { delivered }) => sum + delivered, 0)).toBe(25);
    expect(received).toHaveLength(25);
    await announce('last');
    const [held] = await webhooks.claimDue(NOW, 120_000, 1);
    expect(await send(later(119_000))).toMatchObject({ delivered: 0 });
    expect(await send(later(121_000))).toMatchObject({ delivered: 1 });
    // The dead one was only slow: it can write nothing any more.
    await webhooks.settle(
      held!,
      { statusCode: 500, error: null, tookMs: 1 },
      { status: 'retry', dueAt: NOW },
      NOW,
    );
    expect((await webhooks.log({ webhookId, limit: 1 }))[0]).toMatchObject({ status: 'delivered' });
  });
});

describe('other programs are told', () => {
  const deps = () => ({ database: db.database, programme, links: testLinks, say: testSay });
  const types = () => received.map(({ body }) => JSON.parse(body).type);

  it('of a qualification when its alert goes out, of the outcome, of the return: once each', async () => {
    await add();
    const lead = await addLead(db.pool, { mailsSent: 5, email: 'anna@kade.example' });
    const deliveryId = await addDelivery(db.pool, await addIssue(db.pool), lead);
    const { qualified } = await db.database.inTransaction(({ ledger }) =>
      ledger.record(fourClicks(deliveryId, NOW)),
    );
    const { alertId, qualificationId } = qualified[0]!;
    await send();
    expect(types()).toEqual([]);
    // The alert is tried twice.
    await checkAlert(deps(), alertId, later(300_000));
    await checkAlert(deps(), alertId, later(360_000));
    await send(later(400_000));
    expect(types()).toEqual(['lead.qualified']);
    expect(JSON.parse(received[0]!.body).data).toMatchObject({
      lead: { email: 'anna@kade.example', stage: 'sql', score: 16, profileUrl: testLinks.profile(lead) },
      qualification: { id: qualificationId, score: expect.any(Number), handedTo: 'sales@tessel.example' },
    });
    const said = {
      qualificationId,
      status: 'rejected' as const,
      isDuplicate: false,
      hasRunningDeal: false,
      note: 'no budget',
      notBefore: '2027-03-01',
      staffEmail: 'sam@tessel.example',
    };
    await recordOutcome(deps(), said, later(500_000));
    await recordOutcome(deps(), said, later(600_000));
    await send(later(700_000));
    expect(types().slice(1).toSorted()).toEqual(['lead.outcome', 'lead.returned']);
    expect(JSON.parse(received[1]!.body).data).toMatchObject({
      lead: { stage: 'mql', score: 0 },
      outcome: { status: 'rejected', note: 'no budget', notBefore: '2027-03-01', by: 'sam@tessel.example' },
    });
  });

  it('of nothing when machines made the crossing', async () => {
    await add();
    const lead = await addLead(db.pool, { mailsSent: 5 });
    const deliveryId = await addDelivery(db.pool, await addIssue(db.pool), lead);
    const { qualified } = await db.database.inTransaction(({ ledger }) =>
      ledger.record(fourClicks(deliveryId, NOW)),
    );
    await db.pool.query('update subscribers set score = 3 where id = $1', [lead]);
    expect(await checkAlert(deps(), qualified[0]!.alertId, later(300_000))).toMatchObject({ send: false });
    await send(later(400_000));
    expect(types()).toEqual([]);
  });
});
