import { cut } from '../text.ts';
import { classifyReply } from './returned-mail/classify-reply.ts';

/**
 * True when a 5xx reply is about this recipient's address and nothing else, so that it may never be written to again.
 * Policy (5.7.x, the sender's fault), a full mailbox and everything unclear are not: wrongly dropping a reader costs more
 * than one more refused mail. Read by the same rules as a bounce that comes later.
 */
export function isBadAddress(reply: string): boolean {
  return /^5\d\d/.test(reply) && classifyReply(reply).kind === 'hard';
}

/** A reply as it may be kept and shown: one line without control characters, at most 500 characters. */
export function tidyReply(reply: string): string {
  return cut(reply.replace(/[\p{Cc}\p{Cs}]+/gu, ' ').trim(), 500);
}
