import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readReturnedMail } from '../../../../src/domain/returns/returned-mail/read.ts';
import { growth, LINEAR } from '../../../support/own-time.ts';

const FOLDER = join(import.meta.dirname, '../../../fixtures/returns');
const fixtures = readdirSync(FOLDER).filter((name) => name.endsWith('.eml'));

describe('what came back', () => {
  it('is shown by many mails', () => {
    expect(fixtures.length).toBeGreaterThan(100);
  });

  // The name of a fixture is what it is to be read as: kind.reason.what-it-is.eml
  it.each(fixtures)('%s', (name) => {
    const [kind, reason] = name.split('.');
    const read = readReturnedMail(readFileSync(join(FOLDER, name)));
    expect({ kind: read.kind, reason: read.reason }).toEqual({ kind, reason });
  });

  it('names the mail by what it returns, and the reader as far as the report says', () => {
    const read = readReturnedMail(
      readFileSync(join(FOLDER, 'hard-bounce.no-such-user.postfix-user-unknown.eml')),
    );
    expect(read.recipient).toBe('anna@reader.example');
    expect(read.status).toBe('5.1.1');
    expect(read.diagnostic).toContain('User unknown');
    expect(read.original).toEqual({
      messageIds: ['<issue.200.0123456789abcdef01234567@tessel.example>'],
      returnPaths: ['b-d5k-abcdefghijklmnopqrstuvwx@bounces.tessel.example'],
      unsubscribeTokens: ['dAcgBx9_-aaaaaaaaaaaaaaaaaaaaaa'],
    });
  });

  it('names the reader of the list of who was not reached, not whom the mail was addressed to', () => {
    const read = readReturnedMail(
      readFileSync(join(FOLDER, 'hard-bounce.no-such-user.exchange-2003-list.eml')),
    );
    expect(read.recipient).toBe('anna@reader.example');
  });

  it('finds the mail in a complaint that hides the address', () => {
    const read = readReturnedMail(readFileSync(join(FOLDER, 'complaint.abuse.arf-redacted.eml')));
    expect(read.recipient).toBeNull();
    expect(read.original.messageIds).toHaveLength(1);
    expect(read.original.unsubscribeTokens).toHaveLength(1);
  });
});

describe('whatever comes', () => {
  it('is read without a fault, and never hard without a word about an address', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3_000 }), (bytes) => {
        expect(readReturnedMail(Buffer.from(bytes)).kind).not.toBe('hard-bounce');
      }),
      { numRuns: 200 },
    );
  });

  it.each(['a', ' ', '\n', '<', '=', '-', '@', '550 ', 'user ', 'mailbox ', '=?utf-8?q?', '\n--b\n\n'])(
    'is read in time linear to its size, filled with %j',
    async (filling) => {
      const read = (size: number) => {
        const body = filling.repeat(Math.floor(size / filling.length));
        const mail = `From: MAILER-DAEMON@x.example\nSubject: Undelivered mail\nContent-Type: multipart/report; boundary=b\n\n--b\n\n${body}`;
        readReturnedMail(Buffer.from(mail));
      };
      expect(await growth(read, 100_000)).toBeLessThan(LINEAR);
    },
  );
});
