import type { HitClass, RecordedHit } from '../../../domain/tracking/hit.ts';
import type { MailFacts, MailHit } from '../../../domain/tracking/judge-mail.ts';
import type { Browser } from '../../../domain/tracking/mail-hit.ts';
import type { IssueLink } from '../../delivery/ports/deliveries.ts';

/** Mails whose hits are judged together, and the browsers that were at them. */
export interface HeldMailStore {
  /**
   * Holds the leads of these deliveries and gives what is known of each mail, with its hits since `reachMs` before the
   * first of `span` until `reachMs` after its last (the newest, when they are very many). Deliveries that are gone are left out.
   */
  hold(deliveryIds: readonly number[], span: { from: Date; to: Date }, reachMs: number): Promise<HeldMail[]>;
  /** The mails of a reader that this browser was at since then. */
  ofBrowser(subscriberId: number, browser: Browser, since: Date): Promise<MailOfBrowser[]>;
  /** Keeps that a reader pressed a button in this browser, where nothing else is recorded of it. */
  notePress(subscriberId: number, browser: Browser, at: Date): Promise<void>;
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

/** When a browser was at a mail. */
export interface MailOfBrowser {
  deliveryId: number;
  from: Date;
  to: Date;
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
