import { createHmac, createSign, generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyReturns } from '../../../src/journey/returns/apply-returns.ts';
import { returnRoutes } from '../../../src/web/returns/routes.ts';
import { isSignedBySns, readSns } from '../../../src/web/returns/ses.ts';
import { addReaders } from '../../support/content.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { testSecrets } from '../../support/programme.ts';
import { testApp, testWebContext } from '../../support/web.ts';

const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:bounces';
const CERTIFICATE = 'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem';
const sns = generateKeyPairSync('rsa', { modulusLength: 2048 });
const grid = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const NOW = new Date('2026-11-21T09:00:00Z');
const fetched: string[] = [];
let db: TestDatabase;
let app: FastifyInstance;
let context: ReturnType<typeof testWebContext>;
let emails: string[];

beforeAll(async () => {
  db = await testDatabase();
  await addReaders(db.pool, 8);
  const { rows } = await db.pool.query<{ email: string }>('select email from subscribers order by id');
  emails = rows.map(({ email }) => email);
  context = testWebContext(db.database);
  const fetchText = async (url: string) => {
    fetched.push(url);
    return sns.publicKey.export({ type: 'spki', format: 'pem' }) as string;
  };
  app = await testApp(context, (scope, ctx) =>
    returnRoutes(scope, ctx, {
      ses: TOPIC,
      postmark: 'simmer:a long password',
      sendgrid: (grid.publicKey.export({ type: 'spki', format: 'der' }) as Buffer).toString('base64'),
      mailgun: 'key-of-mailgun',
      fetchText,
    }),
  );
});
afterAll(async () => {
  await app.close();
  await db.close();
});

const post = (url: string, payload: string, headers: Record<string, string> = {}) =>
  app.inject({ method: 'POST', url, payload, headers: { 'content-type': 'application/json', ...headers } });

async function statusOf(email: string) {
  await applyReturns({ ...context, secrets: testSecrets, returnPathDomain: null }, NOW);
  return (await db.database.stores.subscribers.findByEmail(email))?.status;
}

describe('SES by way of SNS', () => {
  function message(changed: Record<string, string> = {}, signed = true) {
    const fields: Record<string, string> = {
      Type: 'Notification',
      MessageId: '1',
      TopicArn: TOPIC,
      Timestamp: '2026-11-21T08:59:00.000Z',
      Message: '{}',
      ...changed,
    };
    const names =
      fields.Type === 'Notification'
        ? ['Message', 'MessageId', 'Timestamp', 'TopicArn', 'Type']
        : ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];
    const text = names.map((name) => `${name}\n${fields[name]}\n`).join('');
    const signature = createSign('RSA-SHA256')
      .update(signed ? text : 'else')
      .sign(sns.privateKey, 'base64');
    return JSON.stringify({
      ...fields,
      SignatureVersion: '2',
      Signature: signature,
      SigningCertURL: changed.SigningCertURL ?? CERTIFICATE,
    });
  }
  const bounce = (email: string, bounceType = 'Permanent', diagnosticCode = 'smtp; 550 5.1.1 user unknown') =>
    JSON.stringify({
      notificationType: 'Bounce',
      bounce: {
        bounceType,
        bounceSubType: 'General',
        bouncedRecipients: [{ emailAddress: email, status: '5.1.1', diagnosticCode }],
      },
      mail: { source: 'news@tessel.example', messageId: 'x' },
    });

  it('confirms its subscription at Amazon, and nowhere else', async () => {
    const SubscribeURL = 'https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=t';
    const confirmation = { Type: 'SubscriptionConfirmation', Token: 't' };
    expect((await post('/returns/ses', message({ ...confirmation, SubscribeURL }))).statusCode).toBe(200);
    expect(fetched).toEqual([CERTIFICATE, SubscribeURL]);
    for (const elsewhere of [
      'https://evil.example/?x=sns.eu-west-1.amazonaws.com',
      'http://sns.eu-west-1.amazonaws.com/',
      'https://sns.eu-west-1.amazonaws.com.evil.example/',
      'https://sns.eu-west-1.amazonaws.com/?Action=DeleteTopic&Token=t',
      'https://sns.eu-west-1.amazonaws.com/path?Action=ConfirmSubscription&Token=t',
      'https://user@sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=t',
    ])
      expect(
        (await post('/returns/ses', message({ ...confirmation, SubscribeURL: elsewhere }))).statusCode,
      ).toBe(403);
    expect(fetched).toHaveLength(2);
  });

  it('a bounce suppresses', async () => {
    expect((await post('/returns/ses', message({ Message: bounce(emails[0]!) }))).statusCode).toBe(200);
    expect(await statusOf(emails[0]!)).toBe('suppressed');
  });

  it('what SES calls transient, or what policy refused, suppresses nobody', async () => {
    await post('/returns/ses', message({ Message: bounce(emails[1]!, 'Transient') }));
    await post(
      '/returns/ses',
      message({ Message: bounce(emails[1]!, 'Permanent', 'smtp; 554 5.7.1 blocked using spamhaus') }),
    );
    expect(await statusOf(emails[1]!)).toBe('active');
  });

  it('takes the certificate alone, and none that stands inside something else', () => {
    const pem = sns.publicKey.export({ type: 'spki', format: 'pem' }) as string;
    const signed = readSns(message({ Message: bounce(emails[0]!) }))!;
    expect(isSignedBySns(signed, pem)).toBe(true);
    const certified = readFileSync(
      join(import.meta.dirname, '../../fixtures/certificates/first.pem'),
      'utf8',
    );
    expect(isSignedBySns(signed, certified)).toBe(false);
    const text = `Message\n${signed.Message}\nMessageId\n1\nTimestamp\n${signed.Timestamp}\nTopicArn\n${TOPIC}\nType\nNotification\n`;
    const key = readFileSync(join(import.meta.dirname, '../../fixtures/certificates/first.key'));
    const Signature = sign('sha256', Buffer.from(text), key).toString('base64');
    expect(isSignedBySns({ ...signed, Signature }, certified)).toBe(true);
    for (const body of [
      `<error>${pem}</error>`,
      `{"message":"${pem.replaceAll('\n', '\\n')}"}`,
      `no such file\n${pem}`,
      `${pem}\nmore`,
      pem + pem,
      certified + pem,
      'nothing',
      '',
    ])
      expect(isSignedBySns(signed, body)).toBe(false);
  });

  it.each([
    ['another signature', () => message({ Message: bounce(emails[2]!) }, false)],
    ['another topic', () => message({ TopicArn: `${TOPIC}2`, Message: bounce(emails[2]!) })],
    [
      'a certificate from elsewhere',
      () => message({ SigningCertURL: 'https://evil.example/cert.pem', Message: bounce(emails[2]!) }),
    ],
    ...[
      'https://sns.eu-west-1.amazonaws.com/?x=SimpleNotificationService-1.pem',
      'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem?x=1',
      'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem#x',
      'https://sns.eu-west-1.amazonaws.com/a/SimpleNotificationService-1.pem',
      'https://sns.eu-west-1.amazonaws.com/a/../SimpleNotificationService-1.pem',
      'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-xyz.pem',
      'https://sns.eu-west-1.amazonaws.com/other.pem',
      'https://sns.eu-west-1.amazonaws.com:443/SimpleNotificationService-1.pem',
      'https://user@sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem',
      'https://sns.eu-west-1.amazonaws.com.evil.example/SimpleNotificationService-1.pem',
      'https://evil.example/sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem',
      'https://sns.evil.example/SimpleNotificationService-1.pem',
      'https://sns.a.b.amazonaws.com/SimpleNotificationService-1.pem',
      'http://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem',
      'HTTPS://sns.eu-west-1.amazonaws.com\\@evil.example/SimpleNotificationService-1.pem',
    ].map((SigningCertURL): [string, () => string] => [
      `a certificate from ${SigningCertURL}`,
      () => message({ SigningCertURL, Message: bounce(emails[2]!) }),
    ]),
    ['no JSON', () => 'nothing'],
  ])('refuses %s', async (_what, body) => {
    expect((await post('/returns/ses', body())).statusCode).toBe(403);
    expect(await statusOf(emails[2]!)).toBe('active');
  });
});

describe('Postmark', () => {
  const authorization = `Basic ${Buffer.from('simmer:a long password').toString('base64')}`;
  it('a complaint unsubscribes; without the password nothing happens', async () => {
    const body = JSON.stringify({ RecordType: 'SpamComplaint', Type: 'SpamComplaint', Email: emails[3] });
    expect((await post('/returns/postmark', body)).statusCode).toBe(403);
    expect(
      (
        await post('/returns/postmark', body, {
          authorization: `Basic ${Buffer.from('simmer:no').toString('base64')}`,
        })
      ).statusCode,
    ).toBe(403);
    expect(await statusOf(emails[3]!)).toBe('active');
    expect((await post('/returns/postmark', body, { authorization })).statusCode).toBe(200);
    expect(await statusOf(emails[3]!)).toBe('unsubscribed');
  });
});

describe('SendGrid', () => {
  const events = () =>
    JSON.stringify([
      { event: 'delivered', email: emails[4] },
      {
        event: 'bounce',
        type: 'bounce',
        email: emails[4],
        status: '5.1.1',
        reason: '550 5.1.1 The email account that you tried to reach does not exist',
      },
      {
        event: 'bounce',
        type: 'blocked',
        email: emails[5],
        status: '5.7.1',
        reason: '550 5.7.1 user unknown, blocked by policy',
      },
    ]);
  const signed = (body: string, timestamp = '1795251600') => ({
    'x-twilio-email-event-webhook-timestamp': timestamp,
    'x-twilio-email-event-webhook-signature': sign(
      'sha256',
      Buffer.from(timestamp + body),
      grid.privateKey,
    ).toString('base64'),
  });

  it('each event of a signed post counts by itself', async () => {
    expect((await post('/returns/sendgrid', events(), signed(events()))).statusCode).toBe(200);
    expect(await statusOf(emails[4]!)).toBe('suppressed');
    expect(await statusOf(emails[5]!)).toBe('active');
  });

  it('refuses a post that was changed', async () => {
    const changed = events().replaceAll(emails[4]!, emails[5]!);
    expect((await post('/returns/sendgrid', changed, signed(events()))).statusCode).toBe(403);
    expect((await post('/returns/sendgrid', changed)).statusCode).toBe(403);
  });
});

describe('Mailgun', () => {
  let tokens = 0;
  function signed(
    data: object,
    at: Date | string = NOW,
    key = 'key-of-mailgun',
    token = `token-${++tokens}`,
  ) {
    const timestamp = typeof at === 'string' ? at : String(at.getTime() / 1000);
    const signature = createHmac('sha256', key)
      .update(timestamp + token)
      .digest('hex');
    return JSON.stringify({ signature: { timestamp, token, signature }, 'event-data': data });
  }
  const failed = (email: string, severity: string) => ({
    event: 'failed',
    severity,
    reason: 'bounce',
    recipient: email,
    'delivery-status': { code: 550, message: '5.1.1 user unknown' },
  });

  it('a permanent failure suppresses, a temporary one never', async () => {
    expect((await post('/returns/mailgun', signed(failed(emails[6]!, 'temporary')))).statusCode).toBe(200);
    expect(await statusOf(emails[6]!)).toBe('active');
    expect((await post('/returns/mailgun', signed(failed(emails[6]!, 'permanent')))).statusCode).toBe(200);
    expect(await statusOf(emails[6]!)).toBe('suppressed');
  });

  it('a signature serves for one post, and for that as often as it is sent', async () => {
    const bounce = failed(emails[7]!, 'temporary');
    const once = signed(bounce, NOW, 'key-of-mailgun', 'seen by somebody');
    const forged = signed(failed(emails[7]!, 'permanent'), NOW, 'key-of-mailgun', 'seen by somebody');
    expect((await post('/returns/mailgun', once)).statusCode).toBe(200);
    expect((await post('/returns/mailgun', forged)).statusCode).toBe(403);
    expect((await post('/returns/mailgun', once)).statusCode).toBe(200);
    expect(await statusOf(emails[7]!)).toBe('active');
  });

  it.each([
    'abc',
    '',
    '1e9',
    '1795251600.5',
    ' 1795251600',
    '0x6b01d1d0',
    '-1',
    'NaN',
    'Infinity',
    '9'.repeat(40),
  ])('a time that is no whole number of seconds is none: %j', async (timestamp) => {
    const bounce = failed(emails[7]!, 'permanent');
    expect((await post('/returns/mailgun', signed(bounce, timestamp))).statusCode).toBe(403);
    expect(await statusOf(emails[7]!)).toBe('active');
  });

  it('refuses what has another form', async () => {
    for (const body of [
      '',
      'null',
      '[]',
      '{"signature":null}',
      '{"signature":{"timestamp":[],"token":{},"signature":1}}',
    ])
      expect((await post('/returns/mailgun', body)).statusCode).toBe(403);
  });

  it('refuses another key, and an old post', async () => {
    const bounce = failed(emails[7]!, 'permanent');
    expect((await post('/returns/mailgun', signed(bounce, NOW, 'another'))).statusCode).toBe(403);
    for (const hours of [-48, -25, 1, 48])
      expect(
        (await post('/returns/mailgun', signed(bounce, new Date(NOW.getTime() + hours * 3_600_000))))
          .statusCode,
      ).toBe(403);
    expect(await statusOf(emails[7]!)).toBe('active');
  });
});

it('a provider that is not set up has no address', async () => {
  const bare = await testApp(context, (scope, ctx) =>
    returnRoutes(scope, ctx, {
      ses: null,
      postmark: null,
      sendgrid: null,
      mailgun: null,
      fetchText: async () => '',
    }),
  );
  for (const provider of ['ses', 'postmark', 'sendgrid', 'mailgun'])
    expect(
      (await bare.inject({ method: 'POST', url: `/returns/${provider}`, payload: '{}' })).statusCode,
    ).toBe(404);
  await bare.close();
});
