import fc from 'fast-check';
import { expect, it } from 'vitest';
import { buildMessage } from '../../../src/adapters/smtp/message.ts';
import { phrase } from '../../../src/domain/mail/header-text.ts';

it('no line with an encoded word has more than 76 characters, whoever wrote it (RFC 2047, 2)', async () => {
  const letters = fc.string({
    unit: fc.constantFrom('a', ' ', 'b', 'ü', 'ж', '漢', '😀', '-'),
    maxLength: 150,
  });
  await fc.assert(
    fc.asyncProperty(letters, letters, async (subject, name) => {
      const mail = {
        to: { name, address: 'somebody.with.a.long.address@a-company.example' },
        subject,
        messageId: '<a@b.example>',
        text: 'x',
        html: '<p>x</p>',
        language: 'en',
        headers: { 'Reply-To': 'x@b.example', 'List-Id': `${phrase(name)} <news.b.example>` },
      };
      const message = await buildMessage(mail, { name, address: 'news@b.example' });
      const [head = ''] = message.toString('latin1').split('\r\n\r\n');
      for (const line of head.split('\r\n'))
        if (line.includes('=?')) expect(line.length, line).toBeLessThanOrEqual(76);
    }),
    { numRuns: 200 },
  );
});
