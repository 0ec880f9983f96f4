import type { MailData, OneOffKind } from '../../../domain/mail/mails.ts';
import type { Reason } from '../../../domain/reason.ts';

export interface NewOutboxMail<K extends OneOffKind = OneOffKind> {
  kind: K;
  /** One cause, one mail: a second add with the same key does nothing. */
  dedupeKey: string;
  to: string;
  language: string;
  /** Null for kinds that are written when they are sent. */
  data: MailData[K] | null;
  subscriberId: number | null;
  dueAt: Date;
  at: Date;
}

export interface OutboxMail extends NewOutboxMail {
  id: number;
  messageId: string;
  attempts: number;
  /** Numbers the times it was taken: who no longer has it can neither hand it over nor settle it. */
  claim: number;
}

export type OutboxFate =
  | { status: 'sent'; at: Date }
  /** `attempts`: how many tries count so far. One that never reached a server does not. */
  | { status: 'retry'; reason: Reason; dueAt: Date; attempts: number }
  | { status: 'failed' | 'uncertain' | 'dropped'; reason: Reason };

export type OutboxClaim = Pick<OutboxMail, 'id' | 'claim'>;

export interface OutboxStore {
  /** Null when a mail with this dedupe key is already there. */
  add<K extends OneOffKind>(mail: NewOutboxMail<K>): Promise<number | null>;
  /** The same for many. The ids of those that are new. */
  addAll(mails: readonly NewOutboxMail[]): Promise<number[]>;
  /** When a mail of this kind was last added for the subscriber. */
  lastAddedAt(subscriberId: number, kind: OneOffKind): Promise<Date | null>;
  /**
   * Takes due mails for sending (planned → sending); `worker`: who has them, as a worker is known by. What a dead sender left (lease over) is taken again under its
   * Message-ID: at once when it was never handed over; after that only kinds that may come twice, the others become
   * uncertain. Sales must never see the same alert twice.
   */
  claimDue(now: Date, leaseMs: number, limit: number, worker?: string): Promise<OutboxMail[]>;
  /** Notes that the mail is about to be handed over, until `leaseUntil`. False: it is somebody else's by now. */
  markHandedOver(mail: OutboxClaim, now: Date, leaseUntil: Date): Promise<boolean>;
  /** sending → its fate, or uncertain → its fate when others took its sender for dead. Nothing when another has it by now. */
  settle(mail: OutboxClaim, fate: OutboxFate): Promise<void>;
  /** uncertain → noted as decided (leave: it may have arrived) or planned (again under its Message-ID). Says how many. */
  resolveUncertain(how: 'leave' | 'resend', at: Date): Promise<number>;
}
