import { X509Certificate } from 'node:crypto';
import { copyFileSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import nodemailer from 'nodemailer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLog } from '../../../src/adapters/log.ts';
import { readCertificate, watchCertificate } from '../../../src/adapters/mail-in/certificate.ts';
import { type ReturnListener, startReturnListener } from '../../../src/adapters/mail-in/return-listener.ts';
import { makeReturnPath } from '../../../src/domain/returns/return-path.ts';
import { makeToken } from '../../../src/domain/tokens.ts';
import type { NewReturnedMail } from '../../../src/journey/returns/ports/returns.ts';
import { testSecrets } from '../../support/programme.ts';
import { RETURN_DOMAIN, returnFixture, returnPathOf } from '../../support/returns.ts';

const kept: NewReturnedMail[] = [];
let isDown = false;
let listener: ReturnListener;

const folder = mkdtempSync(join(tmpdir(), 'simmer-listener-'));
const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
const returns = {
  keep: async (mail: NewReturnedMail) => {
    if (isDown) throw new Error('no database');
    kept.push(mail);
    return true;
  },
};
const deps = {
  returns,
  secrets: testSecrets,
  domain: RETURN_DOMAIN,
  log: silentLog,
  now: () => new Date('2026-11-17T09:00:00Z'),
};

beforeAll(async () => {
  listener = await startReturnListener(deps, { host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await listener.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Made for these tests, and good for nothing else. */
const FIXTURES = join(import.meta.dirname, '../../fixtures/certificates');
const fixture = (name: string) => ({
  cert: join(FIXTURES, `${name}.pem`),
  key: join(FIXTURES, `${name}.key`),
});
function useCertificate(name: string) {
  copyFileSync(fixture(name).cert, files.cert);
  copyFileSync(fixture(name).key, files.key);
}

function send(to: string, raw: Buffer = returnFixture('hard-bounce.no-such-user.exim')) {
  const transport = nodemailer.createTransport({ host: '127.0.0.1', port: listener.port, ignoreTLS: true });
  return transport.sendMail({ envelope: { from: '', to }, raw });
}

describe('the listener for what comes back', () => {
  it('keeps a report to a return path of ours as it came, whatever the case of its letters', async () => {
    const raw = returnFixture('hard-bounce.no-such-user.exim');
    await send(returnPathOf(7).toUpperCase(), raw);
    expect(kept.at(-1)).toMatchObject({
      source: 'smtp',
      returnPath: expect.stringMatching(new RegExp(`^${returnPathOf(7)}$`, 'i')),
    });
    expect(kept.at(-1)!.raw.toString('latin1').trimEnd()).toBe(raw.toString('latin1').trimEnd());
  });

  it('takes mails that unsubscribe, and complaints', async () => {
    const token = makeToken(testSecrets, { kind: 'subscriber', subscriberId: 5 });
    await send(`unsubscribe+${token}@${RETURN_DOMAIN}`);
    await send(`complaints@${RETURN_DOMAIN}`);
    expect(kept.slice(-2).map(({ returnPath }) => returnPath)).toEqual([
      `unsubscribe+${token}@${RETURN_DOMAIN}`,
      `complaints@${RETURN_DOMAIN}`,
    ]);
  });

  it.each([
    ['made up', makeReturnPath(['a secret of somebody else'], { kind: 'delivery', id: 7 }, RETURN_DOMAIN)],
    ['of another mail', returnPathOf(7).replace('b-d7-', 'b-d8-')],
    ['of another domain', returnPathOf(7).replace(RETURN_DOMAIN, 'other.example')],
    ['anybody', `anna@${RETURN_DOMAIN}`],
    ['an unsubscribe address without a true token', `unsubscribe+sAAAAAAAAAAAAAAAAAAAAAAAA@${RETURN_DOMAIN}`],
  ])('refuses an address that is %s for good', async (_what, address) => {
    const before = kept.length;
    await expect(send(address)).rejects.toMatchObject({ responseCode: 550 });
    expect(kept).toHaveLength(before);
  });

  it('asks to try again when it cannot keep it', async () => {
    isDown = true;
    await expect(send(returnPathOf(8))).rejects.toMatchObject({ responseCode: 451 });
    isDown = false;
  });

  it('refuses what is too large for a report', async () => {
    await expect(send(returnPathOf(9), Buffer.alloc(11 * 1024 * 1024, 'x\r\n'))).rejects.toMatchObject({
      responseCode: 552,
    });
  });
});

describe('what is kept of a mail', () => {
  it('is its beginning, once for all addresses it came to', async () => {
    const before = kept.length;
    const to = [returnPathOf(31), returnPathOf(32), returnPathOf(33)];
    const transport = nodemailer.createTransport({ host: '127.0.0.1', port: listener.port, ignoreTLS: true });
    const raw = Buffer.from(`Subject: x\r\n\r\n${`${'x'.repeat(98)}\r\n`.repeat(20_000)}`);
    await transport.sendMail({ envelope: { from: '', to }, raw });
    expect(kept).toHaveLength(before + 1);
    expect(kept.at(-1)).toMatchObject({ returnPath: to[0], alsoTo: to.slice(1) });
    expect(kept.at(-1)!.raw).toHaveLength(256 * 1024);
    expect(kept.at(-1)!.raw.equals(raw.subarray(0, 256 * 1024))).toBe(true);
  });
});

describe('STARTTLS', () => {
  it('is not offered without a certificate', async () => {
    const { lines, socket } = await talk(listener.port, ['EHLO x']);
    expect(lines.join('\n')).not.toContain('STARTTLS');
    socket.destroy();
  });

  it('is offered with one, and a mail comes in over it', async () => {
    useCertificate('first');
    const secure = await startReturnListener(deps, { host: '127.0.0.1', port: 0, tls: files });
    const transport = nodemailer.createTransport({
      host: '127.0.0.1',
      port: secure.port,
      requireTLS: true,
      tls: { ca: [readCertificate(files).cert], checkServerIdentity: () => undefined },
    });
    const raw = returnFixture('hard-bounce.no-such-user.exim');
    await transport.sendMail({ envelope: { from: '', to: returnPathOf(21) }, raw });
    expect(kept.at(-1)!.returnPath).toBe(returnPathOf(21));
    await secure.close();
  });

  it('goes on with a renewed certificate, and with the old one when the new cannot be used', async () => {
    const used: string[] = [];
    const warnings: unknown[] = [];
    const log = { ...silentLog, warn: (data: unknown) => void warnings.push(data) };
    const stop = watchCertificate(
      files,
      ({ cert }) => used.push(new X509Certificate(cert).subject),
      log as typeof silentLog,
      20,
    );
    writeFileSync(files.key, 'not a key');
    await expect.poll(() => warnings.length, { timeout: 10_000 }).toBeGreaterThan(0);
    expect(used).toEqual([]);
    useCertificate('second');
    utimesSync(files.key, new Date(), new Date(Date.now() + 5_000));
    await expect.poll(() => used, { timeout: 10_000 }).toContain('CN=second.example');
    stop();
  });

  it('says which file is wrong', () => {
    expect(() => readCertificate({ cert: join(folder, 'none.pem'), key: fixture('first').key })).toThrow(
      /RETURN_TLS_CERT: .*none\.pem cannot be read/,
    );
    expect(() => readCertificate({ cert: fixture('first').cert, key: fixture('second').key })).toThrow(
      /the key that of the certificate/,
    );
  });
});

/** Says `commands` one by one, and hears what comes. */
async function talk(port: number, commands: string[]) {
  const socket = net.connect(port, '127.0.0.1');
  const lines: string[] = [];
  let isOver = false;
  socket.on('error', () => {});
  socket.on('close', () => {
    isOver = true;
  });
  socket.on('data', (chunk) => lines.push(...chunk.toString().trim().split('\r\n')));
  const heard = (count: number) =>
    expect
      .poll(() => isOver || lines.filter((line) => /^\d{3} /.test(line)).length >= count, { timeout: 10_000 })
      .toBe(true);
  await heard(1);
  for (const [at, command] of commands.entries()) {
    if (isOver) break;
    socket.write(`${command}\r\n`);
    await heard(at + 2);
  }
  return { socket, lines, isOver: () => isOver };
}

describe('whoever finds the port', () => {
  const limits = {
    connections: 20,
    connectionsOfOne: 3,
    bytes: 300_000,
    silenceMs: 60_000,
    longestMs: 60_000,
  };
  const started: ReturnListener[] = [];
  const start = async (own: Partial<typeof limits>) => {
    const one = await startReturnListener(deps, { host: '127.0.0.1', port: 0 }, { ...limits, ...own });
    started.push(one);
    return one;
  };
  afterAll(() => Promise.all(started.map((one) => one.close())));

  it('cannot take all connections from one address, and may come again when one is free', async () => {
    const { port } = await start({});
    const open = await Promise.all([1, 2, 3].map(() => talk(port, ['EHLO x'])));
    const fourth = await talk(port, []);
    expect(fourth.lines[0]).toMatch(/^421 .*too many connections/);
    open[0]!.socket.destroy();
    await expect
      .poll(async () => {
        const again = await talk(port, []);
        again.socket.destroy();
        return again.lines[0];
      })
      .toMatch(/^220/);
    for (const { socket } of open) socket.destroy();
  });

  it('is cut when it says nothing, and when it never comes to an end', async () => {
    const { port: silent } = await start({ silenceMs: 100 });
    const quiet = await talk(silent, ['EHLO x']);
    await expect.poll(() => quiet.isOver(), { timeout: 10_000 }).toBe(true);
    const { port } = await start({ longestMs: 400 });
    const slow = await talk(port, ['EHLO x', 'MAIL FROM:<>', `RCPT TO:<${returnPathOf(22)}>`, 'DATA']);
    const before = kept.length;
    const drip = setInterval(() => slow.socket.write('x'), 20);
    await expect.poll(() => slow.isOver(), { timeout: 10_000 }).toBe(true);
    clearInterval(drip);
    expect(kept).toHaveLength(before);
  });

  it('cannot fill the disk: above so many bytes an hour mails are to come again', async () => {
    let hour = 9;
    const now = () => new Date(Date.UTC(2026, 10, 17, hour));
    const one = await startReturnListener(
      { ...deps, now },
      { host: '127.0.0.1', port: 0 },
      { ...limits, bytesAnHour: 90_000 },
    );
    started.push(one);
    const sendOne = (id: number, bytes: number) =>
      nodemailer
        .createTransport({ host: '127.0.0.1', port: one.port, ignoreTLS: true })
        .sendMail({ envelope: { from: '', to: returnPathOf(id) }, raw: Buffer.alloc(bytes, 'x\r\n') });
    for (const id of [41, 42, 43]) await sendOne(id, 30_000);
    await expect(sendOne(44, 10)).rejects.toMatchObject({ responseCode: 452 });
    hour = 10;
    await sendOne(44, 10);
    // The smallest mail costs its row.
    for (let id = 50; id < 71; id++) await sendOne(id, 10);
    await expect(sendOne(71, 10)).rejects.toMatchObject({ responseCode: 452 });
  });

  it('cannot go on for ever with the return path of one mail', async () => {
    const { port } = await start({ mailsAnHourToOne: 3 } as Partial<typeof limits>);
    const sendTo = (to: string) =>
      nodemailer
        .createTransport({ host: '127.0.0.1', port, ignoreTLS: true })
        .sendMail({ envelope: { from: '', to }, raw: 'Subject: x\r\n\r\nx' });
    for (let mail = 0; mail < 3; mail++) await sendTo(returnPathOf(120));
    await expect(sendTo(returnPathOf(120).toUpperCase())).rejects.toMatchObject({ responseCode: 452 });
    await sendTo(returnPathOf(121));
    for (let mail = 0; mail < 5; mail++) await sendTo(`complaints@${RETURN_DOMAIN}`);
  });

  it('cannot fill the memory with many mails at once: those that go beyond are to come again', async () => {
    const { port } = await start({});
    const opening = ['EHLO x', 'MAIL FROM:<>', `RCPT TO:<${returnPathOf(23)}>`, 'DATA'];
    const [first, second] = await Promise.all([talk(port, opening), talk(port, opening)]);
    const half = `${'x'.repeat(98)}\r\n`.repeat(2_000);
    first!.socket.write(`Subject: x\r\n\r\n${half}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
    second!.socket.write(`Subject: x\r\n\r\n${half}\r\n.\r\n`);
    await expect.poll(() => second!.lines.at(-1), { timeout: 10_000 }).toMatch(/^451/);
    first!.socket.write('\r\n.\r\n');
    await expect.poll(() => first!.lines.at(-1), { timeout: 10_000 }).toMatch(/^250/);
    // What was held is free again.
    second!.socket.write(`${opening.slice(1, 3).join('\r\n')}\r\n`);
    second!.socket.write(`DATA\r\n`);
    await expect.poll(() => second!.lines.at(-1), { timeout: 10_000 }).toMatch(/^354/);
    second!.socket.write(`Subject: x\r\n\r\n${half}\r\n.\r\n`);
    await expect.poll(() => second!.lines.at(-1), { timeout: 10_000 }).toMatch(/^250/);
    for (const one of [first!, second!]) one.socket.destroy();
  });

  it('gets nowhere with nonsense', async () => {
    const { port } = await start({});
    const talking = await talk(port, []);
    talking.socket.write(`${'\u0000\u00ff'.repeat(50_000)}\r\n`.repeat(20));
    await expect.poll(() => talking.isOver() || talking.lines.length > 1, { timeout: 10_000 }).toBe(true);
    talking.socket.destroy();
    await expect(send(returnPathOf(24))).resolves.toBeTruthy();
  });
});
