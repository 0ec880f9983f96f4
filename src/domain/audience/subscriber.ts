import type { Affinities, Leanings } from '../content/weights.ts';
import type { Profile } from './profile-field.ts';

export type SubscriberStatus = 'pending' | 'active' | 'unsubscribed' | 'suppressed';
/** How much of the newsletter's rhythm the reader wants. */
export type Frequency = 'every-issue' | 'monthly';
export type Stage = 'mql' | 'sql' | 'customer';

/** Where a subscriber came from: what the sign-up form carried along. All optional, all plain text. */
export interface Source {
  form?: string;
  utm_source?: string;
  utm_medium?: string;
  utm_campaign?: string;
  utm_term?: string;
  utm_content?: string;
  referrer?: string;
  landing_page?: string;
  download?: string;
}

export interface Subscriber extends Profile {
  id: number;
  /** Lower case; unique. */
  email: string;
  status: SubscriberStatus;
  stage: Stage;
  isCustomer: boolean;
  /** The sum of the ledger. */
  score: number;
  /** Issue mails that the SMTP server accepted. */
  mailsSent: number;
  language: string;
  /** IANA name. */
  timeZone: string;
  interests: string[];
  source: Source;
  frequency: Frequency;
  /** No issue is due before this; null: not paused. */
  pausedUntil: Date | null;
  /** Why, when it was not the reader's own wish; counts as long as the pause does. */
  pauseReason: string | null;
  /** False: the reader does not want to be measured. Mails then hold plain links and no pixel, and no open or click counts. */
  tracking: boolean;
  affinities: Affinities;
  leanings: Leanings;
  createdAt: Date;
  confirmedAt: Date | null;
  unsubscribedAt: Date | null;
  lastActAt: Date | null;
  /** Everything that named the person is gone since then; null: nobody asked for that. */
  erasedAt: Date | null;
}
