import type { Reason } from '../../../domain/reason.ts';
import type { ReadReturn, ReturnBytes } from '../../../domain/returns/read-return.ts';
import type { ReturnFinding } from '../../../domain/returns/returned-mail/kinds.ts';

export type ReturnSource = ReturnBytes['source'];

/** Reads what came back. Rejects with an error that `isUnreadable` when that takes more time or memory than it is given. */
export type ReturnReader = (bytes: ReturnBytes) => Promise<ReadReturn>;

export interface NewReturnedMail {
  receivedAt: Date;
  source: ReturnSource;
  /** The address a mail came to; null for posts. */
  returnPath: string | null;
  /** Further addresses the same mail came to. */
  alsoTo?: readonly string[];
  raw: Buffer;
}

export interface KeptReturnedMail extends Omit<NewReturnedMail, 'alsoTo'> {
  id: number;
}

/** Whose mail came back. */
export interface ReturnOwner {
  subscriberId: number | null;
  deliveryId: number | null;
  issueId: number | null;
}

export interface AppliedReturn extends ReturnOwner {
  finding: ReturnFinding;
  status: 'applied' | 'ignored';
  /** What followed. */
  effect: Reason;
  at: Date;
}

export interface ReturnStore {
  /** Keeps what came back, once for each address it came to and its bytes once. False: the very same thing is there already. */
  keep(mail: NewReturnedMail): Promise<boolean>;
  /** Keeps the post of a provider whose signature does not cover it. False: the signature has served for another post. */
  keepSigned(mail: NewReturnedMail, token: string): Promise<boolean>;
  /** The next waiting ones, oldest first. Those that failed too often are left for a person to look at. */
  waiting(limit: number): Promise<number[]>;
  /** One that is waiting; null when it is settled. */
  load(id: number): Promise<KeptReturnedMail | null>;
  /** Holds one that is waiting until the transaction ends; false when another worker has or had it. */
  lock(id: number): Promise<boolean>;
  /** waiting → what became of it. What it said is kept as evidence, its bytes are not. */
  settle(id: number, applied: AppliedReturn): Promise<void>;
  /** Counts a try that failed. */
  noteFailure(id: number, what: string): Promise<void>;
  /** Drops what was settled as nobody's before that time, and the bytes of what failed so often that nobody tries again. */
  forget(before: Date): Promise<void>;
  /** Null when there is no such delivery or outbox mail. */
  ownerOfDelivery(deliveryId: number): Promise<ReturnOwner | null>;
  ownerOfOutbox(outboxId: number): Promise<ReturnOwner | null>;
  /** By the Message-ID it went out under. `deliveryId` is what the Message-ID says; both must fit. */
  ownerOfMessage(deliveryId: number, messageId: string): Promise<ReturnOwner | null>;
  /** The latest mails to a reader that came back soft without one that arrived in between: how many, and over what time. */
  softInARow(subscriberId: number): Promise<{ count: number; first: Date | null; last: Date | null }>;
}

export interface Suppression {
  id: number;
  email: string;
  subscriberId: number | null;
  at: Date;
  cause: 'bounce' | 'refused' | 'by-hand';
  why: string;
  returnedMailId: number | null;
  deliveryId: number | null;
  byWhom: string | null;
  liftedAt: Date | null;
  liftedBy: string | null;
  liftedWhy: string | null;
}

export type NewSuppression = Pick<
  Suppression,
  'email' | 'subscriberId' | 'at' | 'cause' | 'why' | 'returnedMailId' | 'deliveryId' | 'byWhom'
>;

export interface SuppressionStore {
  /** Adds to the list; false when the address stands in it already. */
  add(suppression: NewSuppression): Promise<boolean>;
  /** pending, active or unsubscribed → suppressed. False when there is no such reader. */
  suppressReader(email: string): Promise<boolean>;
  /** The standing entry of an address. */
  standing(email: string): Promise<Suppression | null>;
  /** Newest first, those with a lower id than `beforeId`; `search` is a part of the address. */
  list(filter: {
    search: string | null;
    beforeId: number | null;
    limit: number;
    lifted: boolean;
  }): Promise<Suppression[]>;
  /** Lifts the standing entry. False when none stands. */
  lift(email: string, by: string, why: string, at: Date): Promise<boolean>;
  /** suppressed → what the reader's own consent says: active, unsubscribed or pending. Null when none is suppressed. */
  releaseReader(email: string): Promise<'active' | 'unsubscribed' | 'pending' | null>;
  /** Pauses a reader whose mails keep coming back; never shortens a pause. False: not active, or paused longer. */
  pauseReader(subscriberId: number, until: Date, reason: Reason): Promise<boolean>;
}

export interface FailureCount {
  issueId: number;
  digestId: string;
  /** Mails tried for good, since the issue was last resumed. */
  done: number;
  /** Of them refused, or come back. */
  failed: number;
  /** Of them those of which nobody knows whether they arrived … */
  uncertain: number;
  /** … as the mail server broke off, not as their worker was killed: that says nothing of the server. */
  unanswered: number;
  /** The commonest reasons with how often. */
  reasons: { reason: string; count: number }[];
  /** How often it was paused before. */
  pauses: number;
}

export interface IssueControlStore {
  /**
   * open → paused, and hands back what workers have claimed and not yet put on the wire. False: it was not
   * open.
   */
  pause(issueId: number, reason: Reason, at: Date): Promise<boolean>;
  /** paused → open; what failed or was uncertain so far no longer counts. False: it was not paused. */
  resume(issueId: number): Promise<boolean>;
  /** open or paused → cancelled, with all that is not on the wire. Null: it was neither. Says how many mails are not sent. */
  cancel(issueId: number, reason: Reason, at: Date): Promise<number | null>;
  /** Open issues with at least `minimum` failures, or uncertain mails, since they were last resumed. */
  failing(minimum: number): Promise<FailureCount[]>;
  /** What workers claimed while their issue was being paused or cancelled: claimed → planned or cancelled. */
  handBackHeld(): Promise<number>;
  /** uncertain → sent (leave: it may have arrived) or planned (send again under its Message-ID). Says how many. */
  resolveUncertain(issueId: number, how: 'leave' | 'resend', at: Date): Promise<number>;
  progress(issueId: number, now: Date): Promise<IssueProgress | null>;
}

export interface IssueProgress {
  id: number;
  digestId: string;
  slot: string;
  status: string;
  pauseReason: Reason | null;
  /** Deliveries by status. */
  deliveries: Record<string, number>;
  /** Failed ones by reason, and those that were accepted and came back, by reason; the commonest first. */
  failedBy: { reason: string; count: number; example: Reason | null }[];
  cameBackBy: { kind: string; reason: string; count: number }[];
  /** Skipped and cancelled ones by why; the ten commonest. */
  leftOutBy: { reason: Reason; count: number }[];
  /** Mails a minute over the last five minutes. */
  perMinute: number;
  nextDueAt: Date | null;
  lastDueAt: Date | null;
}
