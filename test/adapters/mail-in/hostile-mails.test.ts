import { describe, expect, it } from 'vitest';
import { returnThread } from '../../../src/adapters/mail-in/read-in-thread.ts';
import { readReturn } from '../../../src/domain/returns/read-return.ts';
import { readReturnedMail } from '../../../src/domain/returns/returned-mail/read.ts';
import { returnFixture } from '../../support/returns.ts';

const REPORT = 'From: MAILER-DAEMON@x.example\nSubject: Undelivered mail\n';
const status = (fields: string) =>
  `${REPORT}Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nIt failed.\n--b\nContent-Type: message/delivery-status\n\n${fields}\n--b--\n`;

/** Mails made to be slow, of so many letters. */
const HOSTILE: [string, (length: number) => string][] = [
  ['blanks before a control character in a field', (n) => `${REPORT}X-Field: ${' '.repeat(n)}\u2028x\n\nx`],
  ['a list of recipients without an address', (n) => `${REPORT}X-Failed-Recipients: ${'a'.repeat(n)}\n\nx`],
  ['a recipient of blanks', (n) => status(`Final-Recipient:${' '.repeat(n)}\u2028x\nAction: failed`)],
  ['a recipient without an end', (n) => status(`Final-Recipient: rfc822; ${'a'.repeat(n)}\nAction: failed`)],
  [
    'a diagnostic of host names',
    (n) =>
      status(
        `Final-Recipient: rfc822; a@b.example\nAction: failed\nDiagnostic-Code: smtp; 550 ${'a.'.repeat(n / 2)}`,
      ),
  ],
  [
    'a diagnostic of brackets',
    (n) =>
      status(
        `Final-Recipient: rfc822; a@b.example\nAction: failed\nDiagnostic-Code: smtp; 550 ${'<a@'.repeat(n / 3)}`,
      ),
  ],
  [
    'a diagnostic in many lines',
    (n) =>
      status(
        `Final-Recipient: rfc822; a@b.example\nAction: failed\nDiagnostic-Code: smtp; 550 x${'\n y'.repeat(n / 3)}`,
      ),
  ],
  ['the beginnings of comments', (n) => `${REPORT}Content-Type: text/html\n\n${'<!--'.repeat(n / 4)}`],
  ['the beginnings of tags', (n) => `${REPORT}Content-Type: text/html\n\n${'<style '.repeat(n / 7)}`],
  ['tags without an end', (n) => `${REPORT}Content-Type: text/html\n\n${'<br '.repeat(n / 4)}`],
  ['a Content-Type of blanks', (n) => `${REPORT}Content-Type: multipart/report;${' '.repeat(n)}x\n\nx`],
  [
    'a Content-Type of parameters',
    (n) => `${REPORT}Content-Type: multipart/report${'; boundary'.repeat(n / 10)}\n\nx`,
  ],
  [
    'many boundaries',
    (n) => `${REPORT}Content-Type: multipart/mixed; boundary=b\n\n${'--b\n\n'.repeat(n / 5)}`,
  ],
  [
    'boundaries within boundaries',
    (n) => `${REPORT}${'Content-Type: multipart/mixed; boundary=b\n\n--b\n'.repeat(n / 46)}`,
  ],
  ['encoded words', (n) => `${REPORT}Subject: ${'=?utf-8?q?a?= '.repeat(n / 14)}\n\nx`],
  ['beginnings of encoded words', (n) => `${REPORT}X-Field: ${'=?utf-8?q?'.repeat(n / 10)}\n\nx`],
  ['many fields', (n) => `${REPORT}${'a: b\n'.repeat(n / 5)}\nx`],
  ['blank lines', (n) => `${REPORT}\n${'\n \t'.repeat(n / 3)}x`],
  ['names of ours', (n) => `${REPORT}\n${'<issue.1.x'.repeat(n / 10)}`],
  [
    'words of refusals',
    (n) => `${REPORT}\n550 ${'user mailbox unknown not quota is was been '.repeat(n / 43)}`,
  ],
  ['greetings', (n) => `From: a@b.example\nSubject: Re: x\n\n${'hello '.repeat(n / 6)}`],
  ['quotes', (n) => `From: a@b.example\nSubject: Re: x\n\n${'On 1 May\n'.repeat(n / 9)}`],
  ['brackets in a subject', (n) => `From: a@b.example\nSubject: ${'[a]'.repeat(n / 3)} stop\n\nx`],
  ['bytes of no charset', (n) => `${REPORT}\n${'\u00c4\u00d6 '.repeat(n / 5)}`],
];

const FILLINGS = ['a', ' ', '\n', '<', '=', '-', '@', '550 ', 'user ', 'mailbox ', '=?utf-8?q?', '\n--b\n\n'];
for (const filling of FILLINGS)
  HOSTILE.push([
    `a report of ${JSON.stringify(filling)}`,
    (n) =>
      `${REPORT}Content-Type: multipart/report; boundary=b\n\n--b\n\n${filling.repeat(Math.floor(n / filling.length))}`,
  ]);

describe('a returned mail made to be slow', () => {
  // The first reading of each is not measured: it compiles what it needs.
  const best = (text: string) => {
    const bytes = Buffer.from(text, text.includes('\u2028') ? 'utf8' : 'latin1');
    const took = Array.from({ length: 6 }, () => {
      const start = performance.now();
      readReturnedMail(bytes);
      return performance.now() - start;
    });
    return Math.min(...took);
  };

  it.each(HOSTILE)('takes no more than in proportion to its size: %s', (_what, make) => {
    const [short, long] = [best(make(20_000)), best(make(80_000))];
    // Four times the size; a few milliseconds say nothing.
    expect(long < 30 || long < 10 * short).toBe(true);
  });
});

describe('reading in a thread', () => {
  const mail = {
    source: 'smtp' as const,
    returnPath: null,
    raw: returnFixture('hard-bounce.no-such-user.postfix-user-unknown'),
  };

  it('says what reading here says', async () => {
    expect(await returnThread()(mail)).toEqual(readReturn(mail));
    const post = {
      source: 'postmark' as const,
      returnPath: null,
      raw: Buffer.from('{"RecordType":"SpamComplaint","Email":"a@b.example"}'),
    };
    expect(await returnThread()(post)).toEqual(readReturn(post));
  });

  it('gives up what takes too long, says so, and goes on with the next', async () => {
    const read = returnThread({ milliseconds: 0, megabytes: 64 });
    await expect(read(mail)).rejects.toMatchObject({
      isUnreadable: true,
      message: expect.stringContaining('that a returned mail is given'),
    });
    const patient = returnThread();
    const both = await Promise.all([patient(mail), patient(mail)]);
    expect(both.map(({ finding }) => finding.kind)).toEqual(['hard-bounce', 'hard-bounce']);
  });
});
