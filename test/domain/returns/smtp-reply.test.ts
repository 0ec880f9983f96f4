import { describe, expect, it } from 'vitest';
import { isBadAddress, tidyReply } from '../../../src/domain/returns/smtp-reply.ts';

describe('a bad address', () => {
  it.each([
    '550 5.1.1 <x@example.com>: Recipient address rejected: User unknown in virtual mailbox table',
    '550-5.1.1 The email account that you tried to reach does not exist.',
    '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup',
    '553 5.1.2 bad destination system',
    '501 5.1.3 Bad recipient address syntax',
    '551 5.1.6 Recipient has moved',
    '550 #5.1.0x unknown user',
    '550 No such user here',
    '550 User unknown',
    '550 Unknown user',
    '550 Mailbox not found',
    '550 Requested action not taken: mailbox unavailable: user does not exist',
    '553 invalid recipient',
    '554 No such user',
    '550 Requested action not taken: mailbox unavailable',
    '550 5.0.0 no such user',
    '550 5.4.4 host not found',
  ])('%s', (reply) => expect(isBadAddress(reply)).toBe(true));

  it.each([
    '550 5.7.1 Service unavailable; client host blocked',
    '550 5.7.515 Access denied, sending domain does not meet the required authentication level',
    '550 5.1.8 Sender address rejected: user unknown',
    '553 5.1.7 bad sender address',
    '552 5.2.2 mailbox full',
    '550 5.2.1 mailbox disabled',
    '554 5.3.0 no',
    '550 5.4.1 Recipient address rejected: Access denied',
    '550 relaying denied, user unknown',
    '550 Sender verify failed: unknown user',
    '550 message looks like spam',
    '552 Mailbox quota exceeded for this user',
    '450 4.1.1 user unknown',
    '250 ok',
    '',
  ])('is not: %s', (reply) => expect(isBadAddress(reply)).toBe(false));
});

it('keeps a reply as one short line', () => {
  expect(tidyReply('550-first\r\n550 second\u0000\u0007 ')).toBe('550-first 550 second');
  expect(tidyReply('x'.repeat(900))).toHaveLength(500);
});
