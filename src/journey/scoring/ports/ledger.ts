import type { LeadEvent } from '../../../domain/scoring/lead-event.ts';
import type { HitClass, Verdict } from '../../../domain/tracking/hit.ts';
import type { Browser } from '../../../domain/tracking/mail-hit.ts';
import type { HeldMail, MailOfBrowser } from '../../tracking/ports/hits.ts';

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

export interface Recorded {
  /** Leads that became SQL by this call, with the outbox id of their alert. */
  qualified: { subscriberId: number; qualificationId: number; alertId: number; alertDueAt: Date }[];
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
