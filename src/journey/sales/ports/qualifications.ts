import type { Reason } from '../../../domain/reason.ts';
import type { OutcomeStatus } from '../../../domain/sales/outcome.ts';

export interface Outcome {
  qualificationId: number;
  at: Date;
  staffEmail: string;
  status: OutcomeStatus;
  isDuplicate: boolean;
  hasRunningDeal: boolean;
  note: string;
  /** YYYY-MM-DD: sales wants to hear nothing of the lead before that day. */
  notBefore: string | null;
}

export interface Qualification {
  id: number;
  subscriberId: number;
  at: Date;
  score: number;
  rule: string;
  byPost: boolean;
  alertId: number | null;
  closedAt: Date | null;
  /** The address its alert goes to. */
  handedTo: string | null;
  /** The alert waits until then, because sales had said "not before". */
  heldUntil: Date | null;
  claimedBy: string | null;
  claimedAt: Date | null;
}

/** A lead at a moment. */
export interface LeadMoment {
  subscriberId: number;
  at: Date;
}

/** Qualifications as they are opened, and their alerts as long as they wait. The leads are held. */
export interface QualificationStore {
  /** Its id. The table allows one open qualification per lead. */
  open(
    qualification: Pick<
      Qualification,
      'subscriberId' | 'at' | 'score' | 'rule' | 'byPost' | 'handedTo' | 'heldUntil'
    >,
  ): Promise<number>;
  setAlert(id: number, alertId: number): Promise<void>;
  /** The day (YYYY-MM-DD) before which sales wants to hear nothing: what it said last about the lead. */
  quietUntil(subscriberIds: readonly number[]): Promise<Map<number, string>>;
  /** For leads who had a mail so many ms before that moment: when it was sent. */
  lastSentWithin(moments: readonly LeadMoment[], ms: number): Promise<Map<number, Date>>;
  /** Counts up from 0 for people who take turns. */
  nextTurn(list: readonly string[]): Promise<number>;
  /**
   * Somebody pressed a button while the alert still waited: now it is known to be a person, and the alert goes at once.
   * Call it for leads whose open qualification is older than that act.
   */
  expediteAlerts(acts: readonly LeadMoment[]): Promise<void>;
  /**
   * Hits in doubt came in while the alert waited: it waits on, until whatever follows the links has stopped. Then more is
   * known of it, be it a person or not.
   */
  postponeAlerts(hits: readonly LeadMoment[], holdMs: number): Promise<void>;
}

/** An open qualification that was alerted, and that nobody has taken or answered. */
export interface UnclaimedQualification {
  id: number;
  subscriberId: number;
  handedTo: string;
  alertedAt: Date;
  remindedAt: Date | null;
}

export interface SalesStore {
  findQualification(id: number): Promise<Qualification | null>;
  /** The qualification that this outbox mail is the alert of. */
  findByAlert(outboxId: number): Promise<Qualification | null>;
  openQualification(subscriberId: number): Promise<Qualification | null>;
  /** What sales said last about it. */
  latestOutcome(qualificationId: number): Promise<Outcome | null>;
  /** Its id. */
  addOutcome(outcome: Outcome): Promise<number>;
  /** False when it was closed before. */
  closeQualification(id: number, at: Date): Promise<boolean>;
  /** SQL → MQL or customer. False when the lead is not an SQL. */
  setStage(subscriberId: number, stage: 'mql' | 'customer', isCustomer: boolean): Promise<boolean>;
  /**
   * What the lead did, newest first, each with what it is worth now: for the alert mail. What was taken back, and what only
   * balances the score, is left out.
   */
  recentEntries(
    subscriberId: number,
    limit: number,
  ): Promise<{ at: Date; points: number; rule: string; cause: Reason }[]>;
  /** Whether the lead did more than open mails since sales had it last, and no machine turned out to have done it. */
  hasActed(subscriberId: number): Promise<boolean>;
  /** Whether an entry by one of these rules, made since the lead last came back from sales, stands unreversed. */
  hasActBy(subscriberId: number, rules: readonly string[]): Promise<boolean>;
  /**
   * What is in doubt of what the lead did since it was with sales last: how many hits, and the points that make no SQL for it.
   * Hits that are more likely a person's are among the former alone.
   */
  doubts(subscriberId: number): Promise<{ hits: number; points: number }>;
  /** Articles that the lead itself opened since it last came back from sales, each once, newest first. */
  recentReads(subscriberId: number, limit: number): Promise<{ title: string; url: string; at: Date }[]>;
  /** What the lead wrote when it last asked to be called, since it last came back from sales. */
  callWish(subscriberId: number): Promise<Record<string, unknown> | null>;
  /** "I take this one". False when it is closed, or somebody took it before. */
  claim(qualificationId: number, staffEmail: string, at: Date): Promise<boolean>;
  /** Those that may have to be reminded of, the longest waiting first. */
  unclaimed(limit: number): Promise<UnclaimedQualification[]>;
  /** Notes a reminder or escalation. False when it was noted before, or somebody has acted meanwhile. */
  noteNudge(qualificationId: number, nudge: 'reminder' | 'escalation', at: Date): Promise<boolean>;
  /** planned → skipped for all of this reader's issue mails, with the reason. Says how many. */
  skipPlanned(subscriberId: number, reason: Reason): Promise<number>;
}
