import net from 'node:net';
import PostalMime from 'postal-mime';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SmtpSenderOptions, smtpMailSender } from '../../../src/adapters/smtp/mail-sender.ts';
import type { MailSender, OutgoingMail } from '../../../src/journey/delivery/ports/deliveries.ts';
import { startSmtpServer, type TestSmtpServer } from '../../support/smtp-server.ts';

let server: TestSmtpServer;
const senders: MailSender[] = [];

beforeEach(async () => {
  server = await startSmtpServer();
});
afterEach(async () => {
  await Promise.all(senders.splice(0).map((sender) => sender.close()));
  await server.close();
});

function senderTo(url: string, options: Partial<SmtpSenderOptions> = {}): MailSender {
  const sender = smtpMailSender({
    url,
    production: false,
    from: { name: 'Tessel Software', address: 'news@tessel.example' },
    // Longer than any answer takes, on the busiest machine.
    limits: { connectMs: 60_000, greetingMs: 60_000, silenceMs: 60_000 },
    ...options,
  });
  senders.push(sender);
  return sender;
}

function mailTo(address: string, changed: Partial<OutgoingMail> = {}): OutgoingMail {
  return {
    to: { name: 'Ann Reader', address },
    subject: 'Five articles – for you',
    text: 'Plain text\n',
    html: '<p>Text</p>',
    messageId: `<issue.1.${address}>`,
    language: 'nl',
    headers: {
      'Reply-To': 'hello@tessel.example',
      'Auto-Submitted': 'auto-generated',
      'List-Unsubscribe': '<https://simmer.test/unsubscribe/dAbCdEfGhIjKlMnOpQrStUvWxYz0123456789>',
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      'List-Id': '"Tessel News" <news.tessel.example>',
      'List-Post': 'NO',
      'Feedback-ID': 'issue-1:news:nl:tesselexample',
    },
    ...changed,
  };
}

describe('a mail on the wire', () => {
  it('has every header field once, as given, and both parts', async () => {
    expect(await senderTo(server.url).send(mailTo('ann@example.com'))).toMatchObject({ status: 'sent' });
    const [mail] = server.mailsTo('ann@example.com');
    expect(mail!.from).toBe('news@tessel.example');
    const head = mail!.raw.split('\r\n\r\n', 1)[0]!.replace(/\r\n[ \t]+/g, ' ');
    const fields = head.split('\r\n').map((line) => /^([^:]+): (.*)$/.exec(line)!);
    const names = fields.map(([, name]) => name!.toLowerCase());
    expect(names).toHaveLength(new Set(names).size);
    const given = Object.entries(mailTo('ann@example.com').headers);
    expect(Object.fromEntries(fields.map(([, name, value]) => [name!.toLowerCase(), value]))).toMatchObject({
      from: 'Tessel Software <news@tessel.example>',
      to: 'Ann Reader <ann@example.com>',
      'message-id': '<issue.1.ann@example.com>',
      'content-language': 'nl',
      ...Object.fromEntries(given.map(([name, value]) => [name.toLowerCase(), value])),
    });
    expect(names).toContain('date');
    const parsed = await PostalMime.parse(mail!.raw);
    expect(parsed.subject).toBe('Five articles – for you');
    expect(parsed.text?.trim()).toBe('Plain text');
    expect(parsed.html?.trim()).toBe('<p>Text</p>');
    expect(mail!.raw).toMatch(/multipart\/alternative/);
  });

  it('has no line over 998 characters, whatever the template wrote, and loses nothing', async () => {
    const html = `<p>${'a very long line – '.repeat(400)}</p>\n.\n.dot at the start\n<style>.a{b:c}</style>`;
    await senderTo(server.url).send(mailTo('ann@example.com', { html }));
    const { raw } = server.mails[0]!;
    expect(Math.max(...raw.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(998);
    expect((await PostalMime.parse(raw)).html?.trim()).toBe(html.trim());
  });

  it('carries a name that tries to add a header as a name', async () => {
    await senderTo(server.url).send(
      mailTo('ann@example.com', { to: { name: 'Eve\r\nBcc: x@y.example', address: 'ann@example.com' } }),
    );
    expect(server.mails).toHaveLength(1);
    expect(server.mails[0]!.raw).not.toMatch(/^Bcc:/im);
  });
});

describe('answers', () => {
  it.each([
    ['550 5.1.1 no such user', 'rcpt', { status: 'failed', badAddress: true }],
    ['550 5.1.1 no such user', 'data', { status: 'failed', badAddress: true }],
    ['550 5.1.10 recipient not found', 'rcpt', { status: 'failed', badAddress: true }],
    ['550 User unknown', 'rcpt', { status: 'failed', badAddress: true }],
    ['550 5.7.1 blocked by policy', 'rcpt', { status: 'failed', badAddress: false }],
    ['550 5.7.515 not authenticated', 'data', { status: 'failed', badAddress: false }],
    ['552 5.2.2 mailbox full', 'rcpt', { status: 'failed', badAddress: false }],
    ['554 5.3.0 oh no', 'data', { status: 'failed', badAddress: false }],
    ['550 5.4.1 access denied', 'rcpt', { status: 'failed', badAddress: false }],
    ['450 4.2.1 greylisted', 'rcpt', { status: 'retry', unreachable: false }],
    ['451 4.3.0 try later', 'data', { status: 'retry', unreachable: false }],
    ['421 4.7.28 too fast', 'rcpt', { status: 'retry', unreachable: false }],
    ['421 4.7.28 too fast', 'data', { status: 'retry', unreachable: false }],
  ] as const)('%s at %s', async (reply, at, expected) => {
    server.behave('ann@example.com', { at, reply });
    const sender = senderTo(`${server.url}?connections=1`);
    const result = await sender.send(mailTo('ann@example.com'));
    expect(result).toMatchObject({ ...expected, reply });
    expect(server.mails).toHaveLength(0);
    // The next mail goes through, over the same connection or a new one.
    expect(await sender.send(mailTo('bob@example.com'))).toMatchObject({ status: 'sent' });
    expect(server.mails.map(({ to }) => to)).toEqual(['bob@example.com']);
    expect(server.connections.opened).toBe(reply.startsWith('421') ? 2 : 1);
  });

  it('a connection broken after the final dot leaves the mail uncertain, and is never sent again by itself', async () => {
    server.behave('ann@example.com', { close: 'after-dot', keep: true });
    server.behave('bob@example.com', { close: 'after-dot', keep: false });
    const sender = senderTo(server.url);
    expect(await sender.send(mailTo('ann@example.com'))).toMatchObject({ status: 'uncertain' });
    expect(await sender.send(mailTo('bob@example.com'))).toMatchObject({ status: 'uncertain' });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(server.mails.map(({ to }) => to)).toEqual(['ann@example.com']);
  });

  it('is uncertain too on a connection that sent mails before', async () => {
    const sender = senderTo(`${server.url}?connections=1`);
    await sender.send(mailTo('first@example.com'));
    server.behave('ann@example.com', { close: 'after-dot', keep: true });
    expect(await sender.send(mailTo('ann@example.com'))).toMatchObject({ status: 'uncertain' });
    expect(server.mailsTo('ann@example.com')).toHaveLength(1);
  });

  it('silence after the final dot is uncertain, silence before it a retry', async () => {
    server.behave('ann@example.com', { at: 'data', hang: true });
    server.behave('bob@example.com', { at: 'rcpt', hang: true });
    const sender = senderTo(server.url, { limits: { silenceMs: 400 } });
    expect(await sender.send(mailTo('ann@example.com'))).toMatchObject({ status: 'uncertain' });
    expect(await sender.send(mailTo('bob@example.com'))).toMatchObject({
      status: 'retry',
      unreachable: true,
    });
  });

  it('a connection broken while a large mail is on its way is a retry: the final dot never left', async () => {
    server.behave('ann@example.com', { close: 'before-dot' });
    const html = `<p>${'x'.repeat(20_000_000)}</p>`;
    expect(await senderTo(server.url).send(mailTo('ann@example.com', { html }))).toMatchObject({
      status: 'retry',
      unreachable: true,
    });
  });

  it('a connection that the server closed while it was idle is replaced at once', async () => {
    const sender = senderTo(`${server.url}?connections=1`);
    await sender.send(mailTo('ann@example.com'));
    const { port } = server;
    await server.close();
    server = await startSmtpServer({ port });
    expect(await sender.send(mailTo('bob@example.com'))).toMatchObject({ status: 'sent' });
  });

  it('an address that cannot be written in SMTP fails without harm to the connection', async () => {
    const sender = senderTo(`${server.url}?connections=1`);
    const to = { name: null, address: 'a\r\nRCPT TO:<x@y.example>' };
    expect(await sender.send(mailTo('x', { to }))).toMatchObject({ status: 'failed', badAddress: false });
    expect(await sender.send(mailTo('bob@example.com'))).toMatchObject({ status: 'sent' });
    expect(server.mails).toHaveLength(1);
  });
});

describe('the way to the server', () => {
  it('nobody listening is a retry', async () => {
    const { url } = server;
    await server.close();
    expect(await senderTo(url).send(mailTo('ann@example.com'))).toMatchObject({
      status: 'retry',
      unreachable: true,
    });
    server = await startSmtpServer();
  });

  it('a server that never greets, or greets with a refusal, is a retry', async () => {
    const mute = net.createServer(() => {});
    const rude = net.createServer((socket) => socket.end('554 5.7.1 go away\r\n'));
    for (const each of [mute, rude]) {
      await new Promise<void>((listening) => each.listen(0, '127.0.0.1', listening));
      const { port } = each.address() as net.AddressInfo;
      const sender = senderTo(`smtp://127.0.0.1:${port}`, { limits: { greetingMs: 300 } });
      expect(await sender.send(mailTo('ann@example.com'))).toMatchObject({
        status: 'retry',
        unreachable: true,
      });
      each.close();
    }
  });

  it('wrong credentials are a retry, right ones are used', async () => {
    await server.close();
    server = await startSmtpServer({
      server: {
        disabledCommands: ['STARTTLS'],
        allowInsecureAuth: true,
        onAuth: ({ username, password }, _session, done) =>
          username === 'us@r' && password === 'p:w'
            ? done(null, { user: username })
            : done(new Error('bad credentials')),
      },
    });
    const at = `127.0.0.1:${server.port}`;
    expect(await senderTo(`smtp://us%40r:p%3Aw@${at}`).send(mailTo('ann@example.com'))).toMatchObject({
      status: 'sent',
    });
    expect(await senderTo(`smtp://us%40r:wrong@${at}`).send(mailTo('ann@example.com'))).toMatchObject({
      status: 'retry',
      unreachable: true,
      reply: expect.stringContaining('535'),
    });
    // Without credentials the server wants them first (530): not the recipient's fault either.
    expect(await senderTo(`smtp://${at}`).send(mailTo('ann@example.com'))).toMatchObject({
      status: 'retry',
      unreachable: true,
    });
    expect(server.mails).toHaveLength(1);
  });

  // 0.0.0.0 reaches this machine without being a loopback address, so the rules for other hosts hold for it.
  it('in production no mail goes to another host without encryption, or with an unproven certificate', async () => {
    const production = (query = '') =>
      senderTo(`smtp://0.0.0.0:${server.port}${query}`, { production: true }).send(mailTo('ann@example.com'));
    expect(await production()).toMatchObject({ status: 'retry', unreachable: true });
    await server.close();
    let secured = 0;
    server = await startSmtpServer({
      server: {
        disabledCommands: ['AUTH'],
        onSecure: (_socket, _session, done) => {
          secured += 1;
          done();
        },
      },
    });
    expect(await production()).toMatchObject({ status: 'retry', unreachable: true });
    expect(server.mails).toHaveLength(0);
    expect(await production('?tls=optional')).toMatchObject({ status: 'sent' });
    expect(secured).toBe(1);
    expect(await senderTo(server.url, { production: true }).send(mailTo('bob@example.com'))).toMatchObject({
      status: 'sent',
    });
    expect(secured).toBe(2);
  });

  it('uses no more connections than it may, and uses them again', async () => {
    const sender = senderTo(`${server.url}?connections=3`);
    const results = await Promise.all(
      Array.from({ length: 40 }, (_, at) => sender.send(mailTo(`r${at}@example.com`))),
    );
    expect(results.every(({ status }) => status === 'sent')).toBe(true);
    expect(server.connections.opened).toBe(3);
    expect(new Set(server.mails.map(({ to }) => to)).size).toBe(40);
  });

  it('finishes what is on the wire before it closes, and takes nothing more', async () => {
    await server.close();
    server = await startSmtpServer({ latencyMs: 200 });
    const sender = senderTo(`${server.url}?connections=1`);
    const sending = sender.send(mailTo('ann@example.com'));
    await new Promise((resolve) => setTimeout(resolve, 100));
    const late = sender.send(mailTo('bob@example.com'));
    await sender.close();
    expect(await sending).toMatchObject({ status: 'sent' });
    expect(await late).toMatchObject({ status: 'retry' });
    expect(server.mails).toHaveLength(1);
  });
});
