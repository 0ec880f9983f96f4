/** How the program itself is, for people. Nothing here changes anything. */
export interface SystemViews {
  health(now: Date): Promise<SystemHealth>;
}

export interface SystemHealth {
  database: { version: string; bytes: number };
  /** One-off mails by status, and the oldest that is due and not sent. */
  outbox: { planned: number; sending: number; failed: number; uncertain: number; oldestDueAt: Date | null };
  /** Issue mails. */
  deliveries: { due: number; claimed: number; sending: number; uncertain: number; oldestDueAt: Date | null };
  /** Batches whose worker has not been heard of for longer than its lease. */
  deadBatches: number;
  webhooks: { planned: number; failed: number; oldestDueAt: Date | null };
  /** Opens and clicks that wait to be taken in. */
  pendingHits: { waiting: number; oldestAt: Date | null };
  returns: { waiting: number };
  imports: { running: number };
  lastMailSentAt: Date | null;
  lastEventAt: Date | null;
}
