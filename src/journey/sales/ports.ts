export type OutcomeStatus = 'in-progress' | 'won' | 'lost' | 'rejected';

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
  openQualification(subscriberId: number): Promise<Qualification | null>;
  addOutcome(outcome: Outcome): Promise<void>;
  closeQualification(id: number, at: Date): Promise<void>;
  setStage(subscriberId: number, stage: 'mql' | 'customer', isCustomer: boolean): Promise<void>;
}

export interface StaffStore {
  addSignInLink(link: { tokenHash: string; email: string; nextPath: string; expiresAt: Date }): Promise<void>;
  /** Uses the link up: a second call gives null. */
  useSignInLink(tokenHash: string, now: Date): Promise<{ email: string; nextPath: string } | null>;
  addSession(session: StaffSession & { idHash: string; createdAt: Date }): Promise<void>;
  findSession(idHash: string, now: Date): Promise<StaffSession | null>;
  endSession(idHash: string): Promise<void>;
}

export interface StaffSession {
  email: string;
  csrfToken: string;
  expiresAt: Date;
}
