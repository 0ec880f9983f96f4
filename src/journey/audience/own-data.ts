import type { UnsubscribeReason } from '../../domain/audience/unsubscribe-answer.ts';

/** What a person may see, take along and have erased. */
export interface OwnDataStore {
  addLink(link: { tokenHash: string; subscriberId: number; expiresAt: Date }): Promise<void>;
  /** Whose link it is; null when there is none, or it is too old. */
  findLink(tokenHash: string, now: Date): Promise<number | null>;
  /** Everything the tables hold about the person, by table, newest last. Null when there is no such person. */
  everything(subscriberId: number): Promise<OwnData | null>;
  /**
   * Takes everything out that names the person or could lead to them, and ends their mails. Rows stay, so that sums,
   * counts and what others did stay right. False when that was done before.
   */
  erase(subscriberId: number, at: Date): Promise<boolean>;
  /** The last answer within a day is the one that holds: pressing twice is not two answers. */
  addUnsubscribeAnswer(answer: {
    subscriberId: number;
    at: Date;
    reason: UnsubscribeReason;
    note: string;
  }): Promise<void>;
  /** How often each reason was given since then. */
  unsubscribeReasons(since: Date): Promise<{ reason: UnsubscribeReason; count: number }[]>;
}

export interface OwnData {
  person: Record<string, unknown>;
  consent: Record<string, unknown>[];
  mails: Record<string, unknown>[];
  otherMails: Record<string, unknown>[];
  acts: Record<string, unknown>[];
  points: Record<string, unknown>[];
  sales: Record<string, unknown>[];
}
