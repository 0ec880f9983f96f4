import { REASONS } from './reasons.ts';

/** What comes back; each has a text in every locale, under "mails.returns.kind". */
export const RETURN_KINDS = [
  'hard-bounce',
  'soft-bounce',
  'sender-fault',
  'delayed',
  'complaint',
  'unsubscribe',
  'auto-reply',
  'not-a-bounce',
] as const;
export type ReturnKind = (typeof RETURN_KINDS)[number];

/** Why; each has a text in every locale, under "mails.returns.reason". */
export const RETURN_REASONS = [
  ...REASONS.hard,
  ...REASONS.soft,
  ...REASONS['sender-fault'],
  'abuse',
  'opt-out',
  'vacation',
  'challenge',
  'read-receipt',
  'delivered',
  'other',
] as const;
export type ReturnReason = (typeof RETURN_REASONS)[number];

/** What a mail that came back says. */
export interface ReturnFinding {
  kind: ReturnKind;
  reason: ReturnReason;
  /** Whom the mail that came back was for, as far as the report says. It proves nothing: see `OriginalMail`. */
  recipient: string | null;
  /** Enhanced code, such as 5.1.1. */
  status: string | null;
  /** What the refusing server said, or what the report says in its place; at most 1,000 characters. */
  diagnostic: string | null;
  /** Why it was read as it was, for people. */
  evidence: string;
}

/** Names of the mail that came back, by which its delivery is found. All as they stand there: they are to be verified. */
export interface OriginalMail {
  /** With angle brackets. */
  messageIds: string[];
  /** Envelope senders of the form of ours. */
  returnPaths: string[];
  /** Tokens of unsubscribe addresses. */
  unsubscribeTokens: string[];
}

export const NOTHING_NAMED: OriginalMail = { messageIds: [], returnPaths: [], unsubscribeTokens: [] };

export interface ReturnedMail extends ReturnFinding {
  original: OriginalMail;
}
