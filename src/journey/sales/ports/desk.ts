import type { Reason } from '../../../domain/reason.ts';
/** The leads that wait for sales. Nothing here changes anything. */
export interface DeskStore {
  /**
   * Open qualifications whose alert went out (or never will), those somebody has asked to be called in first, then by
   * fit and score, then the longest waiting.
   */
  waiting(now: Date, limit: number): Promise<DeskLead[]>;
  /** Leads that would be SQLs if their hits in doubt were a person's, the latest first. */
  inDoubt(
    limits: { threshold: number; customerThreshold: number; mailsBeforeSql: number },
    limit: number,
  ): Promise<DoubtfulLead[]>;
  /** What this member answered last. */
  answered(staffEmail: string, limit: number): Promise<AnsweredLead[]>;
}

export interface DeskLead {
  qualificationId: number;
  leadId: number;
  email: string;
  name: string | null;
  company: string | null;
  jobTitle: string | null;
  phone: string | null;
  stage: string;
  score: number;
  /** 0 to 100, by the programme's persona; null: not judged yet. */
  fit: number | null;
  isCustomer: boolean;
  qualifiedAt: Date;
  /** A person pressed a button to be called. */
  byPost: boolean;
  handedTo: string | null;
  claimedBy: string | null;
  claimedAt: Date | null;
  /** Opens and clicks of this round that may be a machine's. */
  hitsInDoubt: number;
  /** The latest answer, when the call is not over. */
  outcome: { status: string; note: string; at: string; staffEmail: string } | null;
  /** What the lead last did. */
  lastAct: { cause: Reason; at: string } | null;
  /** What the lead wrote when asking to be called. */
  wish: { phone?: string; bestTime?: string; note?: string } | null;
  lastTouch: { name: string; note: string | null; at: string; by: string | null } | null;
}

export interface DoubtfulLead {
  leadId: number;
  name: string | null;
  email: string;
  company: string | null;
  jobTitle: string | null;
  score: number;
  /** Opens and clicks in doubt, and when the last of them came. */
  hits: number;
  at: Date;
}

export interface AnsweredLead {
  leadId: number;
  name: string | null;
  email: string;
  status: string;
  at: Date;
}
