import type { Profile, ProfileField } from '../../../domain/audience/profile-field.ts';
import type { Source, Subscriber } from '../../../domain/audience/subscriber.ts';
import type { Reason } from '../../../domain/reason.ts';

export interface NewSubscriber extends Profile {
  email: string;
  language: string;
  timeZone: string;
  source: Source;
  at: Date;
  interests?: string[];
  /** Since when the address is known to be its owner's wish; left out or null: it has to be asked. */
  confirmedAt?: Date | null;
}

export interface ConsentEntry {
  subscriberId: number;
  at: Date;
  act:
    | 'signed-up'
    | 'confirmed'
    | 'interests-changed'
    | 'unsubscribed'
    | 'resubscribed'
    | 'measuring-refused'
    | 'measuring-allowed'
    | 'erased';
  how: Reason;
  textVersion: string;
  ip: string | null;
  userAgent: string | null;
  details: Record<string, unknown>;
}

/** What a subscriber may change, or a form may fill in. */
export type ProfileChange = Pick<
  Subscriber,
  | ProfileField
  | 'language'
  | 'timeZone'
  | 'interests'
  | 'source'
  | 'lastTouch'
  | 'frequency'
  | 'pausedUntil'
  | 'pauseReason'
  | 'tracking'
  | 'leanings'
>;

/** What a list may fill in where nothing was known. */
export type FilledIn = Partial<Profile & Pick<Subscriber, 'interests'>>;

export interface SubscriberStore {
  /** Null when there is none. */
  find(id: number): Promise<Subscriber | null>;
  findByEmail(email: string): Promise<Subscriber | null>;
  /** Who a delivery went to. */
  findByDelivery(deliveryId: number): Promise<Subscriber | null>;
  /** Holds the row until the transaction ends: two requests about one person then take turns. */
  lock(id: number): Promise<Subscriber | null>;
  /** Adds a subscriber: pending, active when confirmed, or suppressed as the address is. Null when the address is already there. */
  add(subscriber: NewSubscriber): Promise<number | null>;
  /** The same for many: gives those that are new. */
  addAll(people: readonly NewSubscriber[]): Promise<Subscriber[]>;
  /** Holds the rows of these addresses, as `lock` does; addresses that nobody has are left out. */
  lockAll(emails: readonly string[]): Promise<Subscriber[]>;
  /** Writes just the given fields of each; each person once. */
  fillIn(people: readonly ({ id: number } & FilledIn)[]): Promise<void>;
  /** Writes just the given fields. */
  change(id: number, fields: Partial<ProfileChange>): Promise<void>;
  /** pending or unsubscribed → active. False when it was neither (already active, or suppressed). */
  activate(id: number, at: Date): Promise<boolean>;
  /** pending or active → unsubscribed. False when it was neither. */
  unsubscribe(id: number, at: Date): Promise<boolean>;
  /** planned → cancelled for all of this reader's deliveries, with the reason. Says how many. */
  leaveOutOfPlanned(id: number, reason: Reason): Promise<number>;
  /** Whether the lead asked to be called back after `since`, and sales has not sent it back after that. */
  askedForCallBack(id: number, since: Date, phone: string): Promise<boolean>;
}

/** With the address it was given for, which the store writes down by itself. */
export interface KeptConsent extends ConsentEntry {
  email: string;
}

export interface ConsentStore {
  add(entry: ConsentEntry): Promise<void>;
  addAll(entries: readonly ConsentEntry[]): Promise<void>;
  list(subscriberId: number): Promise<KeptConsent[]>;
  /** Those of these people who never did anything about it themselves: they came, and agreed if they did, by a list. */
  byListOnly(subscriberIds: readonly number[]): Promise<Set<number>>;
}
