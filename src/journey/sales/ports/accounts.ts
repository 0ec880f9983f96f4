import type { Stage, SubscriberStatus } from '../../../domain/audience/subscriber.ts';

/** One of the leads that share an e-mail domain. */
export interface AccountMember {
  id: number;
  email: string;
  name: string | null;
  company: string | null;
  jobTitle: string | null;
  phone: string | null;
  status: SubscriberStatus;
  stage: Stage;
  score: number;
  lastActAt: Date | null;
  /** Who has the open qualification of this lead, if there is one: who took it, else whom it was handed to. */
  withSales: string | null;
  /** Sales wants to hear nothing of this lead before that day. */
  notBefore: string | null;
}

export interface AccountQualification {
  id: number;
  domain: string;
  at: Date;
  /** The joint warmth at the crossing. */
  warmth: number;
  alertId: number | null;
  alertSentAt: Date | null;
  closedAt: Date | null;
  /** The joint warmth that was left when it was closed, or the least since. */
  base: number | null;
}

export interface AccountStore {
  /** Everybody with this domain, warmest first. */
  members(domain: string): Promise<AccountMember[]>;
  /** Oldest first. */
  qualifications(domain: string): Promise<AccountQualification[]>;
  /**
   * Domains that may have crossed: more than one warm lead, together at least `threshold` above what was told before, and
   * no open crossing. `day` is today for those who wait for "not before".
   */
  warmDomains(threshold: number, exceptDomains: readonly string[], day: string): Promise<string[]>;
  /** Where the warmth has fallen below what was left at the last answer, that much less counts as told. */
  lowerBases(day: string): Promise<number>;
  /** Opens a crossing; null when one is open already. */
  open(domain: string, warmth: number, at: Date): Promise<number | null>;
  setAlert(id: number, alertId: number): Promise<void>;
  findByAlert(outboxId: number): Promise<AccountQualification | null>;
  /** Closes the open crossing, if there is one. `base`: what is left. */
  close(domain: string, base: number, at: Date): Promise<boolean>;
  /** True for one caller within the period, of all workers: who may look now. */
  mayLook(now: Date, everyMs: number): Promise<boolean>;
}
