/** What staff changed. Only ever added to. */
export interface AuditStore {
  add(entry: NewAuditEntry): Promise<void>;
  /** Newest first, those with a lower id than `beforeId`. */
  list(filter: { beforeId: number | null; limit: number }): Promise<AuditEntry[]>;
}

export interface NewAuditEntry {
  at: Date;
  staffEmail: string;
  act: AuditAct;
  /** What it was done to, in words: a month, an address, a file. */
  subject: string;
  details?: Record<string, unknown>;
  /** The lead it was done to, when it was one: goes with an erasure. */
  subscriberId?: number | null;
}

export interface AuditEntry extends Required<Omit<NewAuditEntry, 'act' | 'subscriberId'>> {
  id: number;
  act: string;
}

/** Each has a text in the locales: staff.audit.act.ACT. */
export type AuditAct =
  | 'cost-set'
  | 'view-saved'
  | 'view-deleted'
  | 'people-exported'
  | 'people-checked'
  | 'people-imported'
  | 'import-discarded'
  | 'test-mail-sent'
  | 'issue-sent'
  | 'issue-paused'
  | 'uncertain-left'
  | 'uncertain-resent'
  | 'issue-resumed'
  | 'issue-cancelled'
  | 'lead-claimed'
  | 'lead-released'
  | 'outcome-recorded'
  | 'note-added'
  | 'said-person'
  | 'said-machine'
  | 'key-made'
  | 'key-revoked'
  | 'webhook-sent-again'
  | 'address-suppressed'
  | 'address-released';
