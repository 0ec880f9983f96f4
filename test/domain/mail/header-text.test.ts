import fc from 'fast-check';
import PostalMime from 'postal-mime';
import { expect, it } from 'vitest';
import { field, freeText, mailbox, mailDate, phrase } from '../../../src/domain/mail/header-text.ts';
import { realFile } from '../../support/real-use.ts';

const words = fc.string({ unit: 'grapheme', maxLength: 200 });
/** What a header can hold: one line, without blanks at its ends. */
const asOneLine = (text: string) => text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
const squeezed = (text: string) => asOneLine(text).replace(/\s+/g, ' ').trim();

it('subjects and names come out as they went in, whatever they are, in short lines of ASCII', async () => {
  await fc.assert(
    fc.asyncProperty(words, words, async (subject, name) => {
      const head = [field('Subject', freeText(subject)), field('To', mailbox(name, 'ann@example.com'))].join(
        '\r\n',
      );
      for (const line of head.split('\r\n')) {
        expect(line).toMatch(/^[\x20-\x7e]+$/);
        expect(line.length).toBeLessThanOrEqual(line.includes('=?') ? 76 : 998);
        expect(line.trim()).not.toBe('');
      }
      const mail = await PostalMime.parse(`${head}\r\n\r\nx`);
      expect(squeezed(mail.subject ?? '')).toBe(squeezed(subject));
      expect(mail.to).toHaveLength(1);
      expect(mail.to![0]!.address).toBe('ann@example.com');
      expect(mail.headers.map(({ key }) => key)).toEqual(['subject', 'to']);
    }),
    { numRuns: 300 },
  );
});

it('a line with an encoded word has at most 76 characters, the name of the field and all (RFC 2047, 2)', async () => {
  const subject = realFile('21-encoded-line-of-81/subject.txt').toString().trim();
  const lines = field('Subject', freeText(subject)).split('\r\n');
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(76);
  expect((await PostalMime.parse(`${lines.join('\r\n')}\r\n\r\nx`)).subject).toBe(subject);

  const letters = fc.string({ unit: fc.constantFrom('a', ' ', 'ü', 'ж', '漢', '😀', '-'), maxLength: 120 });
  const names = fc.constantFrom(
    'Subject',
    'From',
    'To',
    'Reply-To',
    'List-Id',
    'X-A-Field-Of-Quite-Some-Length',
  );
  fc.assert(
    fc.property(
      names,
      letters,
      fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 90 }),
      (name, text, local) => {
        for (const value of [
          freeText(text),
          mailbox(text, `${local}@example.com`),
          `${phrase(text)} <${local}.x>`,
        ])
          for (const line of field(name, value).split('\r\n'))
            if (line.includes('=?')) expect(line.length, line).toBeLessThanOrEqual(76);
      },
    ),
    { numRuns: 500 },
  );
});

it.each([
  ['Ann "the Boss" O\'Neil, Sr.', '"Ann \\"the Boss\\" O\'Neil, Sr." <a@x.example>'],
  ['Jörg', '=?utf-8?B?SsO2cmc=?= <a@x.example>'],
  ['=?utf-8?Q?x?=', '=?utf-8?B?PT91dGYtOD9RP3g/PQ==?= <a@x.example>'],
  ['Eve\r\nBcc: x@y.example', '"Eve Bcc: x@y.example" <a@x.example>'],
  [' ', 'a@x.example'],
  [null, 'a@x.example'],
])('the name %s', (name, expected) => {
  expect(mailbox(name, 'a@x.example')).toBe(expected);
});

it('long values are folded at blanks, where reading joins them again', () => {
  const value = Array.from({ length: 40 }, (_, at) => `word-${at}`).join(' ');
  const written = field('Subject', value);
  expect(Math.max(...written.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(76);
  expect(written.replace(/\r\n/g, '')).toBe(`Subject: ${value}`);
});

it('dates are RFC 5322', () => {
  expect(mailDate(new Date('2026-11-21T09:05:00Z'))).toBe('Sat, 21 Nov 2026 09:05:00 +0000');
});
