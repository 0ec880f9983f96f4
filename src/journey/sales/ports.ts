import type { OutcomeStatus } from '../../domain/sales/outcome.ts';

export interface Outcome {
  qualificationId: number;
  at: Date;
  staffEmail: string;
  status: OutcomeStatus;
  isDuplicate: boolean;
  hasRunningDeal: boolean;
  note: string;
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
}

export interface SalesStore {
  findQualification(id: number): Promise<Qualification | null>;
  /** The qualification that this outbox mail is the alert of. */
  findByAlert(outboxId: number): Promise<Qualification | null>;
  openQualification(subscriberId: number): Promise<Qualification | null>;
  /** What sales said last about it. */
  latestOutcome(qualificationId: number): Promise<Outcome | null>;
  addOutcome(outcome: Outcome): Promise<void>;
  /** False when it was closed before. */
  closeQualification(id: number, at: Date): Promise<boolean>;
  /** SQL → MQL or customer. False when the lead is not an SQL. */
  setStage(subscriberId: number, stage: 'mql' | 'customer', isCustomer: boolean): Promise<boolean>;
  /** The lead's score entries, newest first: for the alert mail. */
  recentEntries(
    subscriberId: number,
    limit: number,
  ): Promise<{ at: Date; points: number; rule: string; cause: string }[]>;
}

export interface StaffStore {
  addSignInLink(link: { tokenHash: string; email: string; nextPath: string; expiresAt: Date }): Promise<void>;
  /** Uses the link up: a second call gives null. */
  useSignInLink(tokenHash: string, now: Date): Promise<{ email: string; nextPath: string } | null>;
  addSession(
    session: StaffSession & { idHash: string; createdAt: Date; ip: string | null; userAgent: string | null },
  ): Promise<void>;
  findSession(idHash: string, now: Date): Promise<StaffSession | null>;
  endSession(idHash: string): Promise<void>;
  /** The sessions of one member of staff that still hold, newest first. */
  listSessions(email: string, now: Date): Promise<ListedSession[]>;
  /** Ends one session of this member, by its hash. False when it was none of theirs. */
  endSessionOf(email: string, idHash: string): Promise<boolean>;
  /** Signs this member out everywhere. Says how many sessions ended. */
  endSessionsOf(email: string): Promise<number>;
}

export interface ListedSession {
  idHash: string;
  createdAt: Date;
  expiresAt: Date;
  ip: string | null;
  userAgent: string | null;
}

export interface StaffSession {
  email: string;
  csrfToken: string;
  expiresAt: Date;
}
