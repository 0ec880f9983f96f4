import type { Reason } from '../../../domain/reason.ts';

/** What the staff pages read. Nothing here changes anything. */
export interface StaffViews {
  issues(limit: number): Promise<IssueRow[]>;
  /** Mails of which nobody knows whether they arrived, newest first. */
  uncertain(limit: number): Promise<UncertainMail[]>;
}

export interface IssueRow {
  id: number;
  digestId: string;
  slot: string;
  status: string;
  /** Why it is paused or cancelled; else null. */
  pauseReason: Reason | null;
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
  /** Null for one-off mails. */
  issueId: number | null;
  to: string;
  subscriberId: number | null;
  since: Date | null;
  reason: Reason | null;
}
