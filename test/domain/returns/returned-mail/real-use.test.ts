import { describe, expect, it } from 'vitest';
import { classifyReply } from '../../../../src/domain/returns/returned-mail/classify-reply.ts';
import type { ReturnKind } from '../../../../src/domain/returns/returned-mail/kinds.ts';
import { readReturnedMail } from '../../../../src/domain/returns/returned-mail/read.ts';
import { realCases } from '../../../support/real-use.ts';

/** A server's reply at sending time, or a whole mail that came back. */
type Input = { reply: string } | { raw: string };

const WANTED: Readonly<Record<string, ReturnKind>> = {
  hard: 'hard-bounce',
  soft: 'soft-bounce',
  sender: 'sender-fault',
  auto: 'auto-reply',
  unsubscribe: 'unsubscribe',
  none: 'not-a-bounce',
};

function kindOf(input: Input): ReturnKind {
  if ('raw' in input) return readReturnedMail(Buffer.from(input.raw)).kind;
  const { kind } = classifyReply(input.reply);
  return kind === 'sender-fault' ? kind : `${kind}-bounce`;
}

describe.each([
  'false-unsubscribe',
  'exchange-edge',
  'false-hard',
  'hard-as-reputation',
  'other-returns',
  'sns-mail',
])('%s', (cluster) => {
  it.each(realCases<Input, string>(cluster))('$id: $want $note', ({ input, want }) => {
    expect(want.split('|').map((word) => WANTED[word])).toContain(kindOf(input));
  });
});
