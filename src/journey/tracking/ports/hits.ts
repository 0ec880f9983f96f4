import type { HitClass, LeadEvent, RecordedHit, Verdict } from '../../../domain/scoring/lead-event.ts';
import type { MailFacts, MailHit } from '../../../domain/tracking/judge-mail.ts';
import type { Browser } from '../../../domain/tracking/mail-hit.ts';
import type { IssueLink } from '../../delivery/ports/deliveries.ts';

export interface LedgerStore {
  /**
   * Writes events, score entries, the new score and any crossing of the threshold (stage, qualification, alert in the
   * outbox), in the transaction it is called in. Leads are locked in id order, so parallel calls take turns. An event
   * whose key is known already is left out.
   */
  record(leadEvents: LeadEvent[]): Promise<Recorded>;
  /**
   * Holds the leads of these deliveries and gives what is known of each mail, with its hits since `reachMs` before the
   * first of `span` until `reachMs` after its last (the newest, when they are very many). Deliveries that are gone are left out.
   */
  holdMails(deliveryIds: number[], span: { from: Date; to: Date }, reachMs: number): Promise<HeldMail[]>;
  /**
   * Events that turned out to be something else: the class is changed, and what it was is kept. Each entry of what is a
   * machine's now is taken back by another one, never below the floor; what is a person's now is counted, at its own time.
   * Their leads have to be held already.
   */
  reclass(changes: ClassChange[], at: Date): Promise<Recorded>;
  /** A line of the ledger without points: what somebody of the staff did, for who reads it later. The lead has to be held. */
  note(line: LedgerNote): Promise<void>;
  /** Keeps that a reader pressed a button in this browser, where nothing else is recorded of it. */
  notePress(subscriberId: number, browser: Browser, at: Date): Promise<void>;
  /** The mails of a reader that this browser was at since then. */
  mailsOfBrowser(subscriberId: number, browser: Browser, since: Date): Promise<MailOfBrowser[]>;
}

export interface HeldMail {
  deliveryId: number;
  facts: MailFacts;
  /** Oldest first. `takenFor` is what the event is taken for now; marked: a person's, and something speaks against it. */
  hits: (MailHit & { eventId: number; takenFor: HitClass; isMarked: boolean })[];
  /** False: there are more, and a judgement on what is known may be too mild. */
  isWhole: boolean;
  /** Its reader is an SQL whose alert is out, or whom somebody has taken. */
  isWithSales: boolean;
}

export interface ClassChange {
  eventId: number;
  verdict: Verdict;
  /** Who of the staff said so; left out when a rule did. */
  decidedBy?: string;
}

export interface LedgerNote {
  subscriberId: number;
  deliveryId: number | null;
  at: Date;
  rule: string;
  dedupeKey: string;
  /** In words. */
  cause: string;
}

/** When a browser was at a mail. */
export interface MailOfBrowser {
  deliveryId: number;
  from: Date;
  to: Date;
}

export interface Recorded {
  /** Leads that became SQL by this call, with the outbox id of their alert. */
  qualified: { subscriberId: number; qualificationId: number; alertId: number; alertDueAt: Date }[];
}

/** Hits that are durable and not yet taken in. */
export interface PendingHitStore {
  /** One durable write; of none, it says whether one could be made. Rejects when it takes too long. */
  append(hits: RecordedHit[]): Promise<void>;
}

/** The same store inside the transaction that takes in. */
export interface PendingHitQueue {
  /**
   * Takes about `limit`, oldest first; they are gone when the transaction commits. What others hold is left to them. A hit
   * that was written twice may come twice: its key tells.
   */
  take(limit: number): Promise<RecordedHit[]>;
}

/** Where hits wait while Postgres is away: a local file that outlives this process. */
export interface HitSpool {
  /** Durable on this machine when it resolves. */
  append(hits: RecordedHit[]): Promise<void>;
  /** Hands what waits to `load`, oldest first, and forgets what was loaded. Says how many. Rejects when `load` does. */
  drain(load: (hits: RecordedHit[]) => Promise<void>): Promise<number>;
  close(): Promise<void>;
}

/** Who receives the mail of a domain. */
export interface MailDomainStore {
  /** Domains of readers that have never been looked up, or whose time has come. */
  due(now: Date, limit: number): Promise<string[]>;
  save(
    domain: string,
    found: { mx: string[]; gateway: string | null },
    now: Date,
    lookUpAt: Date,
  ): Promise<void>;
}

/** The link tables of issues in a file on this machine, for when Postgres is away. */
export interface LinkSnapshot {
  /** In order of issues. What cannot be read is left out. */
  load(): Promise<{ issueId: number; links: IssueLink[] }[]>;
  add(tables: { issueId: number; links: IssueLink[] }[]): Promise<void>;
}

/** DNS, as far as mail is concerned. */
export interface MailExchangers {
  /** The hosts that receive a domain's mail; empty when it has none. Rejects when DNS does not answer. */
  of(domain: string): Promise<string[]>;
}

/** An event that belongs to a known address. */
export type OfSubscriber = Extract<LeadEvent, { kind: 'form' | 'download' | 'visit' | 'touchpoint' }>;

export interface TouchpointStore {
  /** Whose click this was, and what it is taken for now. Null when it is not known (yet). */
  findClick(key: string): Promise<{ subscriberId: number; class: HitClass } | null>;
  /** Whether something with this key was recorded. */
  isKnown(key: string): Promise<boolean>;
  /** Keeps what was done under an address that nobody has proven. */
  hold(leadEvent: OfSubscriber, now: Date): Promise<void>;
  /** Takes out what was held for this address, oldest first. */
  release(subscriberId: number): Promise<LeadEvent[]>;
}
