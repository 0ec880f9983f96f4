import { afterEach, describe, expect, it } from 'vitest';
import { smtpMailSender } from '../../../src/adapters/smtp/mail-sender.ts';
import type { SendResult } from '../../../src/journey/delivery/ports/deliveries.ts';
import type { WireMail } from '../../../src/journey/delivery/ports/wire.ts';
import { waited } from '../../support/own-time.ts';
import { type Script, type ScriptedServer, startScriptedServer } from '../../support/scripted-server.ts';
import { startSmtpServer } from '../../support/smtp-server.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

let released: string[];

function wireMail(to: string, text = 'Hello', more: Partial<WireMail> = {}): WireMail {
  const buffer = Buffer.alloc(text.length + 4096, 'x');
  const end = 100 + buffer.write(`To: <${to}>\r\nSubject: x\r\n\r\n${text}\r\n`, 100, 'latin1');
  return {
    from: `b-${to.split('@')[0]}@bounces.example`,
    to,
    buffer,
    start: 100,
    end,
    release: () => released.push(to),
    ...more,
  };
}

/** Longer than any answer takes, on the busiest machine. */
const PATIENT_MS = 60_000;

async function setUp(script: Script, connections = 1, silenceMs = PATIENT_MS) {
  released = [];
  const server = await startScriptedServer(script);
  closers.push(server.close);
  const sender = smtpMailSender({
    url: `smtp://127.0.0.1:${server.port}?connections=${connections}`,
    production: false,
    from: { name: 'Tessel', address: 'news@tessel.example' },
    limits: { connectMs: PATIENT_MS, greetingMs: PATIENT_MS, silenceMs },
  });
  closers.push(sender.close);
  const send = (...to: string[]): Promise<SendResult[]> =>
    Promise.all(to.map((one) => sender.sendWire(wireMail(one))));
  return { server, sender, send };
}

const [ANN, BOB, CAS] = ['ann@a.example', 'bob@b.example', 'cas@c.example'] as const;
const recipients = (server: ScriptedServer) => server.taken.map((mail) => /To: <(.*)>/.exec(mail)![1]);
const OK = { status: 'sent', reply: '250 2.0.0 taken' };

describe('mails one behind the other', () => {
  it('overlap: the envelope of the next goes out behind the end of the last, before its answer', async () => {
    const { server, send } = await setUp({ delayMs: 30 });
    expect(await send(ANN, BOB, CAS)).toEqual([OK, OK, OK]);
    expect(recipients(server)).toEqual([ANN, BOB, CAS]);
    expect(server.connections()).toBe(1);
    expect(server.seen.filter((line) => line.startsWith('MAIL'))).toEqual([
      expect.stringMatching(/^MAIL FROM:<b-ann@bounces.example> SIZE=\d+$/),
      expect.stringMatching(/^MAIL FROM:<b-bob@bounces.example> SIZE=\d+$/),
      expect.stringMatching(/^MAIL FROM:<b-cas@bounces.example> SIZE=\d+$/),
    ]);
    expect(released.sort()).toEqual([ANN, BOB, CAS]);
  });

  it('take one round trip each', async () => {
    const { server, sender } = await setUp({ delayMs: 20 });
    await Promise.all(Array.from({ length: 10 }, (_, at) => sender.sendWire(wireMail(`r${at}@r.example`))));
    expect(server.overlaps()).toBe(9);
  });

  it('arrive byte for byte', async () => {
    const { server, sender } = await setUp({});
    const text = Array.from({ length: 5000 }, (_, at) => `line ${at} =2E`).join('\r\n');
    expect(await sender.sendWire(wireMail(ANN, text))).toEqual(OK);
    expect(server.taken[0]).toBe(`To: <${ANN}>\r\nSubject: x\r\n\r\n${text}`);
  });

  it('also when the server takes its time to read them', async () => {
    const { server, sender } = await setUp({ delayMs: 20 });
    const text = `${'0123456789'.repeat(90)}\r\n`.repeat(1500);
    const results = await Promise.all([ANN, BOB, CAS].map((to) => sender.sendWire(wireMail(to, text))));
    expect(results).toEqual([OK, OK, OK]);
    expect(server.taken.map((mail) => mail.length)).toEqual(
      [ANN, BOB, CAS].map((to) => `To: <${to}>\r\nSubject: x\r\n\r\n${text}`.length),
    );
  });
});

describe('a refusal in a pipelined group', () => {
  const refusal =
    (verb: string, to: string, text: string): NonNullable<Script['reply']> =>
    (command, recipient) => {
      const isTheirs = verb === 'MAIL' ? command.includes(`b-${to.split('@')[0]}@`) : recipient === to;
      return isTheirs && command.startsWith(verb) ? text : undefined;
    };

  it.each([
    ['RCPT', '550 5.1.1 no such user', { status: 'failed', badAddress: true }],
    ['RCPT', '550-5.1.1 no such user\n550 5.1.1 really', { status: 'failed', badAddress: true }],
    ['RCPT', '450 4.2.1 greylisted', { status: 'retry', unreachable: false }],
    ['MAIL', '550 5.7.1 go away', { status: 'failed', badAddress: false }],
    ['mail', '554 5.7.1 spam', { status: 'failed', badAddress: false }],
    ['mail', '452 4.3.1 full', { status: 'retry', unreachable: false }],
    ['DATA', '451 4.3.0 later', { status: 'retry', unreachable: false }],
  ] as const)('%s: %s is that mail’s alone', async (verb, text, expected) => {
    const only = refusal(verb, BOB, text);
    const { server, send } = await setUp({
      // RFC 5321: without a recipient DATA is refused too.
      reply: (command, recipient, nth) => {
        const own = only(command, recipient, nth);
        if (own !== undefined) return own;
        if (command === 'DATA' && recipient === BOB && verb !== 'mail')
          return '503 5.5.1 no valid recipients';
        return undefined;
      },
    });
    const results = await send(ANN, BOB, CAS);
    expect(results).toMatchObject([OK, expected, OK]);
    expect(recipients(server)).toEqual([ANN, CAS]);
    expect(server.connections()).toBe(1);
    // What was begun and given up is reset before the next sender.
    if (verb === 'RCPT') expect(server.seen.filter((line) => line === 'RSET')).toHaveLength(1);
  });

  it('a server that answers 354 after a refused recipient gets an empty mail, and nobody gets anything', async () => {
    const { server, send } = await setUp({ reply: refusal('RCPT', BOB, '550 5.1.1 no such user') });
    expect(await send(ANN, BOB, CAS)).toMatchObject([OK, { status: 'failed', badAddress: true }, OK]);
    expect(server.seen.filter((line) => line.startsWith('(mail)'))).toEqual([
      `(mail) ${ANN}`,
      `(mail) ${BOB} empty`,
      `(mail) ${CAS}`,
    ]);
    expect(recipients(server)).toEqual([ANN, CAS]);
    expect(server.connections()).toBe(1);
  });

  it('a server that answers 354 after a refused sender is left alone', async () => {
    const { server, send } = await setUp({ reply: refusal('MAIL', BOB, '550 5.7.1 go away') });
    const results = await send(ANN, BOB, CAS);
    expect(results).toMatchObject([OK, { status: 'failed', badAddress: false }, OK]);
    expect(recipients(server)).toEqual([ANN, CAS]);
    expect(server.connections()).toBe(2);
  });
});

describe('421', () => {
  it.each(['RCPT', 'mail', 'DATA'])(
    'to %s: that mail is tried again later, the next one goes over a new connection',
    async (verb) => {
      const { server, send } = await setUp({
        reply: (command, recipient) =>
          command.startsWith(verb) && recipient === ANN ? '421 4.7.28 too fast' : undefined,
      });
      expect(await send(ANN, BOB)).toMatchObject([
        { status: 'retry', unreachable: false, reply: '421 4.7.28 too fast' },
        OK,
      ]);
      expect(recipients(server)).toEqual([BOB]);
      expect(server.connections()).toBe(2);
    },
  );

  it('to the first command after a pause is about the pause: the mail goes over a new connection', async () => {
    const { server, send } = await setUp({
      reply: (command, _, nth) =>
        nth === 1 && command.includes('b-bob') ? '421 4.4.2 idle too long' : undefined,
    });
    expect(await send(ANN)).toEqual([OK]);
    expect(await send(BOB)).toEqual([OK]);
    expect(recipients(server)).toEqual([ANN, BOB]);
    expect(server.connections()).toBe(2);
  });
});

describe('a connection that breaks', () => {
  it.each(['close', 'reset'])(
    '(%s) after the final dot leaves that mail uncertain; the one behind it goes elsewhere, once',
    async (how) => {
      const { server, send } = await setUp({
        reply: (command, recipient) => (command === 'mail' && recipient === ANN ? how : undefined),
      });
      const results = await send(ANN, BOB);
      expect(results).toMatchObject([{ status: 'uncertain' }, OK]);
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(server.seen.filter((line) => line === `(mail) ${ANN}`)).toHaveLength(1);
      expect(recipients(server)).toEqual([BOB]);
      expect(released.sort()).toEqual([ANN, BOB]);
    },
  );

  it('before the data is a retry that says so', async () => {
    const { send } = await setUp({ reply: (command) => (command === 'DATA' ? 'close' : undefined) });
    expect(await send(ANN)).toMatchObject([{ status: 'retry', unreachable: true, wasCut: true }]);
  });

  it('silence after the final dot is uncertain, before it a retry', async () => {
    const reply: Script['reply'] = (command, recipient) =>
      (command === 'mail' && recipient === ANN) || (command === 'DATA' && recipient === CAS)
        ? null
        : undefined;
    const { send } = await setUp({ reply }, 1, 400);
    expect(await send(ANN)).toMatchObject([{ status: 'uncertain' }]);
    expect(await send(CAS)).toMatchObject([{ status: 'retry', unreachable: true }]);
  });

  it.each([['with'], ['without']])(
    'by ourselves, as the mail is no longer ours: nothing of its text goes, %s PIPELINING',
    async (how) => {
      const { server, sender } = await setUp(how === 'with' ? {} : { ehlo: [] });
      let isOurs = true;
      const mayGo = () => isOurs;
      expect(await sender.sendWire(wireMail(ANN), mayGo)).toEqual(OK);
      isOurs = false;
      expect(await sender.sendWire(wireMail(BOB), mayGo)).toMatchObject({
        status: 'retry',
        unreachable: true,
        isWithheld: true,
        reply: expect.stringContaining('stopped for so long'),
      });
      expect(await sender.sendWire(wireMail(CAS))).toEqual(OK);
      expect(recipients(server)).toEqual([ANN, CAS]);
      expect(server.seen).not.toContain(`(mail) ${BOB}`);
      expect(released.sort()).toEqual([ANN, BOB, CAS]);
    },
  );

  it('while a large mail is still being written: the final dot never left', async () => {
    const server = await startSmtpServer();
    closers.push(server.close);
    released = [];
    const sender = smtpMailSender({
      url: `${server.url}?connections=1`,
      production: false,
      from: { name: 'Tessel', address: 'news@tessel.example' },
      limits: { silenceMs: PATIENT_MS },
    });
    closers.push(sender.close);
    server.behave(ANN, { close: 'before-dot' });
    const text = `${'x'.repeat(900)}\r\n`.repeat(30_000);
    expect(await sender.sendWire(wireMail(ANN, text))).toMatchObject({ status: 'retry', unreachable: true });
    expect(server.mails).toEqual([]);
  });

  it('answers that come byte by byte are the same answers', async () => {
    const { server, send } = await setUp(
      {
        bytewise: true,
        reply: (command, recipient) => {
          if (command === 'mail') return '250-2.0.0 taken\n250-with thanks\n250 2.0.0 as ABC';
          return command.startsWith('RCPT') && recipient === BOB
            ? '550-5.1.1 no\n550 5.1.1 such user'
            : undefined;
        },
      },
      1,
      5_000,
    );
    expect(await send(ANN, BOB, CAS)).toMatchObject([
      { status: 'sent', reply: expect.stringContaining('as ABC') },
      { status: 'failed', badAddress: true, reply: expect.stringContaining('such user') },
      { status: 'sent' },
    ]);
    expect(recipients(server)).toEqual([ANN, CAS]);
    expect(server.connections()).toBe(1);
  });

  it.each([
    ['a line without an end', 'x'.repeat(200_000)],
    ['lines without an end', '250-and more\n'.repeat(20_000)],
  ])('an answer of %s is not listened to for ever', async (_what, endless) => {
    const { server, send } = await setUp({
      reply: (command, _, nth) => (nth === 1 && command.startsWith('RCPT') ? endless : undefined),
    });
    expect(await send(ANN)).toMatchObject([{ status: 'retry', unreachable: true }]);
    expect(await send(BOB)).toEqual([OK]);
    expect(recipients(server)).toEqual([BOB]);
  });

  it('one answer too many is never taken for that of the next mail', async () => {
    const { server, send } = await setUp({
      delayMs: 20,
      reply: (command, recipient, nth) =>
        nth === 1 && command === 'mail' && recipient === ANN
          ? '250 2.0.0 taken\n250 2.0.0 taken\n250 2.0.0 taken\n250 2.0.0 taken\n250 2.0.0 taken'
          : undefined,
    });
    const results = await send(ANN, BOB);
    expect(results[0]).toEqual(OK);
    // What stands in the books as sent, arrived.
    for (const [at, to] of [ANN, BOB].entries())
      if (results[at]!.status === 'sent') expect(recipients(server)).toContain(to);
  });

  it('a server that talks nonsense is left, and what it was about is tried again', async () => {
    const { send } = await setUp({
      reply: (command, _, nth) => (nth === 1 && command.startsWith('RCPT') ? 'what do you want?' : undefined),
    });
    expect(await send(ANN)).toMatchObject([{ status: 'retry' }]);
    expect(await send(BOB)).toEqual([OK]);
  });
});

describe('servers of other kinds', () => {
  it('without PIPELINING get one mail after the other', async () => {
    const { server, send } = await setUp({ ehlo: ['SIZE 1000000'], delayMs: 20 });
    expect(await send(ANN, BOB, CAS)).toMatchObject([
      { status: 'sent' },
      { status: 'sent' },
      { status: 'sent' },
    ]);
    expect(recipients(server)).toEqual([ANN, BOB, CAS]);
    expect(server.connections()).toBe(1);
    expect(released.sort()).toEqual([ANN, BOB, CAS]);
  });

  it('with STARTTLS and AUTH are talked to over the encrypted, authenticated connection', async () => {
    let users = 0;
    const server = await startSmtpServer({
      server: {
        disabledCommands: [],
        onAuth: ({ username, password }, session, done) => {
          users += 1;
          return session.secure && username === 'u' && password === 'p'
            ? done(null, { user: 'u' })
            : done(new Error('no'));
        },
      },
    });
    closers.push(server.close);
    released = [];
    const sender = smtpMailSender({
      url: `smtp://u:p@127.0.0.1:${server.port}?connections=2`,
      production: true,
      from: { name: 'Tessel', address: 'news@tessel.example' },
    });
    closers.push(sender.close);
    const to = Array.from({ length: 30 }, (_, at) => `r${at}@r.example`);
    const results = await Promise.all(to.map((one) => sender.sendWire(wireMail(one))));
    expect(results.every(({ status }) => status === 'sent')).toBe(true);
    expect(new Set(server.mails.map((mail) => mail.to)).size).toBe(30);
    expect(users).toBe(2);
    expect(server.connections.opened).toBe(2);
  });

  it('an address that would end the command goes nowhere', async () => {
    const { server, send } = await setUp({});
    const [result] = await send('a>\r\nRCPT TO:<x@y.example');
    expect(result).toMatchObject({ status: 'failed', badAddress: false });
    expect(await send(BOB)).toEqual([OK]);
    expect(server.seen.filter((line) => line.startsWith('RCPT'))).toEqual([`RCPT TO:<${BOB}>`]);
  });
});

describe('connections', () => {
  it('no more are open than allowed, and a one-off mail gets its turn among thousands', async () => {
    const { server, sender } = await setUp({ delayMs: 3 }, 2);
    let isOver = false;
    const issue = Promise.all(
      Array.from({ length: 400 }, (_, at) => sender.sendWire(wireMail(`r${at}@r.example`))),
    ).then((results) => {
      isOver = true;
      return results;
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    const one = await sender.send({
      to: { name: null, address: ANN },
      subject: 'Confirm',
      text: 'x',
      html: 'x',
      messageId: '<1@x>',
      headers: {},
      language: 'en',
    });
    expect(one.status).toBe('sent');
    expect(isOver).toBe(false);
    expect((await issue).every(({ status }) => status === 'sent')).toBe(true);
    expect(server.taken).toHaveLength(401);
  });

  it('go back to the issue when one-off mails had all of them', async () => {
    const { sender, send } = await setUp({ delayMs: 20 }, 2);
    const oneOff = (at: number) =>
      sender.send({
        to: { name: null, address: `one${at}@o.example` },
        subject: 'Confirm',
        text: 'x',
        html: 'x',
        messageId: `<${at}@x>`,
        headers: {},
        language: 'en',
      });
    const oneOffs = Promise.all([oneOff(1), oneOff(2)]);
    expect(await send(ANN, BOB, CAS)).toEqual([OK, OK, OK]);
    expect((await oneOffs).map(({ status }) => status)).toEqual(['sent', 'sent']);
  });

  it('are closed when no mail came for a second or two, and not before', async () => {
    const { server, send } = await setUp({});
    const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
    for (const to of [ANN, BOB, CAS, ANN, BOB, CAS, ANN]) {
      await send(to);
      await pause(400);
    }
    expect(server.connections()).toBe(1);
    expect(server.seen).not.toContain('QUIT');
    await expect.poll(() => server.seen.filter((line) => line === 'QUIT')).toHaveLength(1);
    expect(await send(ANN)).toEqual([OK]);
    expect(server.connections()).toBe(2);
  });

  it('closing waits for more mails than there are connections, and then for nothing', async () => {
    const { server, sender } = await setUp({ delayMs: 5 }, 2);
    const sending = Array.from({ length: 20 }, (_, at) => sender.sendWire(wireMail(`r${at}@r.example`)));
    expect(await waited(sender.close())).toBeLessThan(900);
    expect(await Promise.all(sending)).toEqual(sending.map(() => OK));
    expect(server.taken).toHaveLength(20);
  });

  it('closing finishes what was given', async () => {
    const { server, sender } = await setUp({ delayMs: 30 }, 1);
    const sending = [ANN, BOB].map((to) => sender.sendWire(wireMail(to)));
    await new Promise((resolve) => setTimeout(resolve, 20));
    await sender.close();
    expect(await Promise.all(sending)).toEqual([OK, OK]);
    expect(await sender.sendWire(wireMail(CAS))).toMatchObject({ status: 'retry', unreachable: true });
    expect(server.taken).toHaveLength(2);
  });
});
