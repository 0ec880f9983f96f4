import type { Stage, SubscriberStatus } from '../../domain/audience/subscriber.ts';

/** What the staff pages read. Nothing here changes anything. */
export interface StaffViews {
  overview(now: Date, days: number): Promise<Overview>;
  leads(filter: LeadFilter): Promise<{ leads: LeadRow[]; total: number }>;
  issues(limit: number): Promise<IssueRow[]>;
  /** Mails of which nobody knows whether they arrived, newest first. */
  uncertain(limit: number): Promise<UncertainMail[]>;
}

export interface Overview {
  subscribers: { pending: number; active: number; unsubscribed: number; suppressed: number };
  stages: { mql: number; sql: number; customer: number };
  /** Within the asked period. */
  period: {
    days: number;
    signUps: number;
    confirmed: number;
    mailsSent: number;
    /** People who got at least one mail. */
    reached: number;
    /** People who clicked at least one link, by a human act. */
    clicked: number;
    /** People who clicked and then asked to be called. */
    converted: number;
    unsubscribed: number;
    qualified: number;
  };
  hits: { kind: 'open' | 'click'; human: number; proxied: number; machine: number }[];
}

export interface LeadFilter {
  stage: Stage | null;
  search: string;
  limit: number;
  offset: number;
}

export interface LeadRow {
  id: number;
  email: string;
  name: string | null;
  company: string | null;
  jobTitle: string | null;
  status: SubscriberStatus;
  stage: Stage;
  score: number;
  lastActAt: Date | null;
  /** The open qualification's latest answer: null when sales has said nothing yet. */
  outcome: string | null;
  qualifiedAt: Date | null;
}

export interface IssueRow {
  id: number;
  digestId: string;
  slot: string;
  status: string;
  plannedAt: Date;
  deliveries: Record<string, number>;
  /** People, by human or proxied opens and human clicks. */
  opened: number;
  clicked: number;
  unsubscribed: number;
}

export interface UncertainMail {
  kind: string;
  id: number;
  to: string;
  subscriberId: number | null;
  since: Date | null;
  reason: string | null;
}
