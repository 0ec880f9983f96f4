import type { Subscriber } from '../../../domain/audience/subscriber.ts';
import type { Article } from '../../../domain/content/article.ts';
import type { ArticlePick } from '../../../domain/content/choosing/pick.ts';
import type { MailData, MailKind, RenderedMail } from '../../../domain/mail/mails.ts';
import type { Reason } from '../../../domain/reason.ts';
import type { FaultReason } from '../../../domain/returns/returned-mail/reasons.ts';

/** Writes a mail in a language. Templates are compiled before; this is fast and pure. */
export interface MailRenderer {
  render<K extends MailKind>(kind: K, language: string, data: MailData[K]): RenderedMail;
}

export interface OutgoingMail extends RenderedMail {
  to: { name: string | null; address: string };
  /** With angle brackets. A repeat of the same mail has the same one. */
  messageId: string;
  /** Header fields beyond From, To, Subject, Date, Message-ID, MIME. */
  headers: Record<string, string>;
  language: string;
}

export type SendResult =
  | { status: 'sent'; reply: string }
  /**
   * The server refused for now (4xx), or could not be reached (`unreachable`: no fault of this recipient; other mails
   * would fare no better), or was cut off in the middle of this mail (`wasCut`): nothing was delivered. `isWithheld`: we broke
   * it off ourselves, before its text.
   */
  | { status: 'retry'; reply: string; unreachable: boolean; wasCut?: boolean; isWithheld?: boolean }
  /**
   * The server refused for good (5xx). `badAddress`: this recipient can never be reached. `isUnwritten`: there was no mail to
   * hand over, and `reply` says why.
   */
  | { status: 'failed'; reply: string; badAddress: boolean; isUnwritten?: boolean }
  /** The connection broke after the mail was handed over and before the answer: nobody knows. */
  | { status: 'uncertain'; reply: string };

/** Sends one mail over SMTP. Never throws. */
export interface MailSender {
  /**
   * `handingOver` is awaited when all of the mail but its end is with the server: until then it was certainly not taken,
   * and when it rejects it never will be (the result is then `retry`, `unreachable`).
   */
  send(mail: OutgoingMail, handingOver?: () => Promise<void>): Promise<SendResult>;
  /** Mails that can be on the wire at once. */
  readonly connections: number;
  close(): Promise<void>;
}

export interface IssueLink {
  number: number;
  role: 'article' | 'call-to-action' | 'footer';
  targetId: string;
  language: string;
  url: string;
  label: string;
}

export interface Issue {
  id: number;
  digestId: string;
  slot: string;
  status: 'open' | 'paused' | 'done' | 'cancelled';
  plannedAt: Date;
  /** When all readers were last gone through; null: not yet. */
  readersPlannedAt: Date | null;
}

export interface NewIssue {
  digestId: string;
  slot: string;
  plannedAt: Date;
  firstDueAt: Date;
  lastDueAt: Date;
  /** To one person alone, to try it: no rate counts it. Left out: to all readers. */
  toOne?: boolean;
  articleIds: number[];
  links: IssueLink[];
}

export interface IssueStore {
  find(id: number): Promise<Issue | null>;
  findBySlot(digestId: string, slot: string): Promise<Issue | null>;
  /** Creates issue, article list and link table together; returns the existing one for a known (digest, slot). */
  open(issue: NewIssue): Promise<Issue>;
  articles(issueId: number): Promise<Article[]>;
  links(issueId: number): Promise<IssueLink[]>;
  /** The link tables of the newest `limit` issues after this one, oldest first. */
  linksAfter(issueId: number, limit: number): Promise<{ issueId: number; links: IssueLink[] }[]>;
  /**
   * Notes that a slot passed without an issue (status cancelled), so that it is reported once. False when it is known
   * already, or when the digest never had an issue: then nothing was missed.
   */
  noteMissed(slot: MissedSlot): Promise<boolean>;
  /**
   * The time zones of active readers without a delivery row for this issue: of all, or of those who confirmed since.
   * Empty means that nobody is left to plan.
   */
  timeZonesToPlan(issueId: number, confirmedSince: Date | null): Promise<string[]>;
  /**
   * Gives every active reader without one a delivery row, in one statement: planned, or skipped with the reason (paused,
   * monthly and had this month's, in talks with sales). Returns how many were new.
   */
  planReaders(plan: ReadersPlan): Promise<number>;
  /** Holds the issue until the transaction ends, so that of several workers one plans. False: another one does, or it is not open. */
  lockToPlan(issueId: number): Promise<boolean>;
  /** Notes that all readers have been gone through. */
  noteReadersPlanned(issueId: number, at: Date): Promise<void>;
  /**
   * One row per reader, status planned, or skipped for the given reason; readers who have one already are left alone.
   * Returns how many were new.
   */
  planDeliveries(
    issueId: number,
    deliveries: { subscriberId: number; dueAt: Date; skip?: Reason | null }[],
  ): Promise<number>;
  /** Open issues that have deliveries planned and due: how many. The schedule hands these on. */
  withDueDeliveries(now: Date): Promise<{ issueId: number; due: number }[]>;
  /**
   * Closes issues whose last due time has passed and that have nothing left to do. One that readers who confirmed
   * in time still wait to be planned for stays open until `lateMs` after its last due time.
   */
  finishDone(now: Date, lateMs: number): Promise<number[]>;
  /** Every active reader with those of the articles they have had, in id order from `afterId`. Reads only. */
  readersWithPast(
    articleIds: number[],
    afterId: number,
    limit: number,
    plan?: { digestId: string; at: Date; inProgressReason: Reason | null },
  ): Promise<ReaderWithPast[]>;
  countActiveReaders(): Promise<number>;
  /** When the database was last restored from a backup; null: never. What was due by then may have been sent. */
  lastRestoredAt(): Promise<Date | null>;
}

export type MissedSlot = Pick<NewIssue, 'digestId' | 'slot' | 'plannedAt' | 'firstDueAt' | 'lastDueAt'>;

export interface ReaderWithPast {
  subscriber: Subscriber;
  hadArticleIds: number[];
  /** Why planning would skip this reader, whatever the articles; null: it would not. */
  skip: Reason | null;
}

export interface ReadersPlan {
  issueId: number;
  /** When readers of each zone are due. */
  dueByZone: { timeZone: string; dueAt: Date }[];
  /** Those who confirmed after they would have been due wait for the next issue, and so do those due before this. Null: everybody takes part. */
  notBefore: Date | null;
  confirmedSince: Date | null;
  /** The month (YYYY-MM) whose one issue a monthly reader may have had. */
  month: string;
  /** Why leads that sales has in progress get none; null: they do. */
  inProgressReason: Reason | null;
}

/** A delivery in a worker's hands, with all that choosing and writing its mail needs. */
/** As much of a subscriber as choosing and writing a mail need: a claim reads hundreds at a time. */
export type ClaimedReader = Pick<
  Subscriber,
  | 'id'
  | 'email'
  | 'status'
  | 'name'
  | 'language'
  | 'timeZone'
  | 'interests'
  | 'pausedUntil'
  | 'pauseReason'
  | 'tracking'
  | 'affinities'
  | 'leanings'
>;

export interface ClaimedDelivery {
  id: number;
  issueId: number;
  subscriber: ClaimedReader;
  /** Articles of this issue's list that this reader has had in an earlier mail. */
  hadArticleIds: number[];
  /** How often it was tried before. */
  attempts: number;
  /** The Message-ID of an earlier try, to be used again. */
  messageId: string | null;
}

export interface Batch {
  id: number;
  issueId: number;
  deliveries: ClaimedDelivery[];
}

export type DeliveryFate =
  | { deliveryId: number; subscriberId: number; status: 'sent'; at: Date; reply: string }
  /** `attempts`: how many tries count so far. One that never reached a server does not. */
  | {
      deliveryId: number;
      subscriberId: number;
      status: 'retry';
      reply: string;
      dueAt: Date;
      attempts: number;
    }
  | {
      deliveryId: number;
      subscriberId: number;
      status: 'failed';
      reply: string;
      reason: Reason;
      /** What the server's answer means. */
      fault: FaultReason;
      suppress: boolean;
    }
  | { deliveryId: number; subscriberId: number; status: 'uncertain'; reply: string };

export interface SendingMark {
  batchId: number;
  deliveryId: number;
  messageId: string;
}

export type BatchFate = DeliveryFate & { batchId: number };

export interface SentMail {
  deliveryId: number;
  subscriberId: number;
  at: Date;
}

/** Delivery rows move planned → claimed → sending (claimed, and marked as on the wire) → a fate. Every step names where it starts. */
export interface DeliveryStore {
  /**
   * planned → claimed for up to `limit` due deliveries of the issue, in a new batch with a lease. `choose` gets the
   * readers and gives picks, or the reason for no mail (→ skipped); it is written in the same transaction. Readers
   * who left meanwhile become cancelled. Null when nothing is to be had: none is due, or others hold them all.
   */
  claim(
    issueId: number,
    worker: string,
    now: Date,
    leaseMs: number,
    limit: number,
    choose: (delivery: ClaimedDelivery) => { picks: ArticlePick[]; isControl?: boolean } | { skip: Reason },
  ): Promise<{ batch: Batch; picks: Map<number, ArticlePick[]> } | null>;
  /**
   * One commit of the two steps each mail takes. `marks`: claimed → sending, for those still in their batch and whose
   * reader is still active; gives their ids, the others must not be sent. `fates`: sending → its fate, or uncertain → its
   * fate when the lease ran out meanwhile. Doing either again does nothing.
   */
  advance(marks: readonly SendingMark[], fates: readonly BatchFate[]): Promise<number[]>;
  /** Holds these deliveries, so that of two who count one the second sees that it is counted. Gives those that are not. */
  holdUncounted(deliveryIds: readonly number[]): Promise<number[]>;
  /** All mails of the batch are settled and counted. */
  closeBatch(batchId: number, now: Date): Promise<void>;
  /** Holds a batch of a dead worker (lease over) that is not counted, and gives its sent mails. Null: there is none. */
  takeUncountedBatch(now: Date): Promise<{ batchId: number; sent: SentMail[] } | null>;
  /** claimed → planned, due at another time: their domain has no place for them now. */
  postpone(batchId: number, mails: readonly { deliveryId: number; dueAt: Date }[]): Promise<void>;
  extendLease(batchId: number, until: Date): Promise<void>;
  /** claimed → planned: hands back what was not begun. */
  handBack(batchId: number): Promise<number>;
  /** For batches whose lease is over: claimed → planned, sending → uncertain. */
  recoverExpired(now: Date): Promise<{ handedBack: number; uncertain: number }>;
  /** What the web version of a mail shows. */
  find(deliveryId: number): Promise<StoredDelivery | null>;
}

export interface StoredDelivery {
  id: number;
  issueId: number;
  digestId: string;
  subscriber: Subscriber;
  status: string;
  picks: ArticlePick[];
  sentAt: Date | null;
}
