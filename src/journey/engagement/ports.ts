import type { Happening } from '../../domain/engagement/happening.ts';

export interface LedgerStore {
  /**
   * Writes events, score entries, the new score and any crossing of the threshold (stage, qualification, alert in the
   * outbox), in the transaction it is called in. Leads are locked in id order, so parallel calls take turns.
   */
  record(happenings: Happening[]): Promise<Recorded>;
}

export interface Recorded {
  /** Leads that became SQL by this call, with the outbox id of their alert. */
  qualified: { subscriberId: number; qualificationId: number; alertId: number; alertDueAt: Date }[];
}
