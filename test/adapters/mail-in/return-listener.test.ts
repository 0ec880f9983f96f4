import nodemailer from 'nodemailer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLog } from '../../../src/adapters/log.ts';
import { type ReturnListener, startReturnListener } from '../../../src/adapters/mail-in/return-listener.ts';
import { makeReturnPath } from '../../../src/domain/delivery/return-path.ts';
import { makeToken } from '../../../src/domain/tokens.ts';
import type { NewReturnedMail } from '../../../src/journey/delivery/return-ports.ts';
import { testSecrets } from '../../support/programme.ts';
import { RETURN_DOMAIN, returnFixture, returnPathOf } from '../../support/returns.ts';

const kept: NewReturnedMail[] = [];
let isDown = false;
let listener: ReturnListener;

beforeAll(async () => {
  const returns = {
    keep: async (mail: NewReturnedMail) => {
      if (isDown) throw new Error('no database');
      kept.push(mail);
      return true;
    },
  };
  const now = () => new Date('2026-11-17T09:00:00Z');
  listener = await startReturnListener(
    { returns, secrets: testSecrets, domain: RETURN_DOMAIN, log: silentLog, now },
    { host: '127.0.0.1', port: 0 },
  );
});
afterAll(() => listener.close());

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
