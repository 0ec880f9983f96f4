/** What staff changed. Only ever added to. */
export interface AuditStore {
  add(entry: NewAuditEntry): Promise<void>;
  /** Newest first, those with a lower id than `beforeId`. */
  list(filter: { beforeId: number | null; limit: number }): Promise<AuditEntry[]>;
}

export interface NewAuditEntry {
  at: Date;
  /** Who: an address, or what domain/staff/actor.ts writes for the command line and programs. */
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

/** All that staff do. Each has a text in the locales: staff.audit.act.ACT. */
export const AUDIT_ACTS = [
  'signed-in',
  'sign-in-link-printed',
  'sessions-ended',
  'language-chosen',
  'cost-set',
  'view-saved',
  'view-deleted',
  'people-exported',
  'people-checked',
  'columns-changed',
  'people-imported',
  'import-discarded',
  'touchpoints-imported',
  'test-mail-sent',
  'issue-sent',
  'issue-paused',
  'issue-resumed',
  'issue-cancelled',
  'uncertain-left',
  'uncertain-resent',
  'lead-claimed',
  'outcome-recorded',
  'note-added',
  'said-person',
  'said-machine',
  'rules-applied',
  'key-made',
  'key-revoked',
  'webhook-added',
  'webhook-removed',
  'webhook-sent-again',
  'feed-retried',
  'address-suppressed',
  'address-released',
] as const;

export type AuditAct = (typeof AUDIT_ACTS)[number];
