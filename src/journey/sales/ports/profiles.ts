import type { MailCount } from '../../../domain/audience/mail-allowance.ts';
import type { Subscriber } from '../../../domain/audience/subscriber.ts';
import type { Reason } from '../../../domain/reason.ts';
import type { HitClass } from '../../../domain/tracking/hit.ts';
import type { ConsentEntry } from '../../audience/ports/subscribers.ts';
import type { Outcome } from './qualifications.ts';

/** All that is known about one lead, read straight from the tables. Nothing here changes anything. */
export interface ProfileStore {
  find(subscriberId: number): Promise<LeadFacts | null>;
  findByEmail(email: string): Promise<LeadFacts | null>;
}

export interface LeadFacts {
  subscriber: Subscriber;
  /** Oldest first. */
  consent: ConsentEntry[];
  /** What the mailbox has had of mails that anybody can cause. */
  mailCounts: MailCount[];
  /** Oldest first; its points add up to the score. */
  ledger: LedgerLine[];
  /** Oldest first. */
  deliveries: DeliveryFacts[];
  /** Oldest first. */
  qualifications: QualificationFacts[];
  /** What came back, newest first, machines included; the newest 300. */
  events: EventFacts[];
  /** The last human click on any article, and on each call to action. */
  lastClicks: {
    role: 'article' | 'call-to-action';
    targetId: string;
    label: string;
    url: string;
    at: Date;
  }[];
}

export interface LedgerLine {
  points: number;
  rule: string;
  at: Date;
  cause: Reason;
  ruleVersion: string;
  deliveryId: number | null;
  /** What it was given for. */
  eventId: number | null;
}

export interface DeliveryFacts {
  id: number;
  issueId: number;
  digestId: string;
  status: string;
  dueAt: Date;
  sentAt: Date | null;
  /** Why skipped, failed, cancelled or uncertain. */
  reason: Reason | null;
  picks: PickFacts[];
}

export interface PickFacts {
  title: string;
  url: string;
  place: 'main' | 'other';
  interest: string;
  reason: Reason;
}

export interface QualificationFacts {
  id: number;
  at: Date;
  score: number;
  rule: string;
  byPost: boolean;
  closedAt: Date | null;
  /** The address its alert goes to. */
  handedTo: string | null;
  /** The alert waits until then, because sales had said "not before". */
  heldUntil: Date | null;
  claimedBy: string | null;
  claimedAt: Date | null;
  remindedAt: Date | null;
  escalatedAt: Date | null;
  alert: { status: string; dueAt: Date; sentAt: Date | null; reason: Reason | null } | null;
  /** Oldest first; the last one holds. */
  outcomes: Outcome[];
}

export interface EventFacts {
  id: number;
  kind: string;
  at: Date;
  class: HitClass;
  classReasons: Reason[];
  /** What the request showed by itself, where it was ever taken for something else. */
  arrivedAs: HitClass | null;
  /** Who of the staff said what it is. */
  decidedBy: string | null;
  deliveryId: number | null;
  link: { role: string; label: string; url: string } | null;
  userAgent: string | null;
  details: Record<string, unknown>;
}
