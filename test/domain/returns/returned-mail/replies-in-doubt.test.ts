import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { classifyReply } from '../../../../src/domain/returns/returned-mail/classify-reply.ts';

const FILE = join(import.meta.dirname, '../../../fixtures/replies-in-doubt.txt');
const replies = readFileSync(FILE, 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => /^([a-z -]+): (.*)$/.exec(line)!.slice(1) as [string, string]);

describe('a reply made to mislead', () => {
  it.each(replies)('%s: %s', (kind, reply) => {
    const found = classifyReply(reply).kind;
    if (kind === 'never hard') expect(found).not.toBe('hard');
    else expect(found).toBe(kind);
  });
});

describe('a report that calls the address unknown', () => {
  it('is not believed where the refusal is about nobody', () => {
    expect(classifyReply('550 No thanks', '5.1.1').kind).toBe('soft');
    expect(classifyReply('550 Mailbox says no', '5.1.1').kind).toBe('hard');
  });

  it('is not believed where it gives the code of a policy, or of something that passes', () => {
    expect(classifyReply('553 Invalid recipient', '5.7.1')).toMatchObject({ kind: 'sender-fault' });
    expect(classifyReply('550 user unknown', '4.4.7').kind).toBe('soft');
    expect(classifyReply('550 5.1.1 user unknown', '4.0.0').kind).toBe('hard');
  });
});
