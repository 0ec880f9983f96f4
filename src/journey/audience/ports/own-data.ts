import type { PersonWords } from '../../../domain/audience/person-in-text.ts';
import type { UnsubscribeReason } from '../../../domain/audience/unsubscribe-answer.ts';
import type { Reason } from '../../../domain/reason.ts';

/** What a person may see, take along and have erased. */
export interface OwnDataStore {
  addLink(link: { tokenHash: string; subscriberId: number; expiresAt: Date }): Promise<void>;
  /** Whose link it is, and until when it is good, which may be over; null when there is none. */
  findLink(tokenHash: string): Promise<{ subscriberId: number; expiresAt: Date } | null>;
  /** Everything the tables hold about the person, by table, newest last. Null when there is no such person. */
  everything(subscriberId: number): Promise<OwnData | null>;
  /**
   * Takes everything out of the person's own rows that names them or could lead to them, and ends their mails. Rows stay,
   * so that sums, counts and what others did stay right. `how` says by which door. Gives what named the person until now;
   * null when that was done before.
   */
  erase(subscriberId: number, at: Date, how: Reason): Promise<PersonWords | null>;
  /** Texts of others in which one of these lower-case traces stands: the caller looks whether it is this person. */
  textsThatMayName(subscriberId: number, traces: readonly string[]): Promise<OthersText[]>;
  /** Writes texts back; a saved search that changed is deleted. */
  replaceTexts(texts: readonly OthersText[]): Promise<void>;
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

/** What somebody else wrote, in which a person may be named. */
export interface OthersText {
  place: TextPlace;
  /** Of the row in its place. */
  key: string;
  /** A text, or JSON. */
  value: unknown;
  /** It is about another lead: a name alone may be theirs. */
  isOfAnother: boolean;
}

export type TextPlace =
  | 'audit'
  | 'saved-view'
  | 'import-row'
  | 'webhook-message'
  | 'webhook-attempt'
  | 'api-answer'
  | 'mail-to-staff'
  | 'inbox-mail'
  | 'mail-server-reply'
  | 'returned-mail'
  | 'own-event';

export interface OwnData {
  person: Record<string, unknown>;
  consent: Record<string, unknown>[];
  mails: Record<string, unknown>[];
  otherMails: Record<string, unknown>[];
  acts: Record<string, unknown>[];
  points: Record<string, unknown>[];
  sales: Record<string, unknown>[];
}
