import type { Affinities, PreferenceAdjustments } from '../content/choosing/weights.ts';
import type { Reason } from '../reason.ts';
import type { ShownStage, Stage, SubscriberStatus } from '../statuses.ts';

export type { ShownStage, Stage, SubscriberStatus } from '../statuses.ts';

import type { Profile } from './profile-field.ts';

/** How much of the newsletter's rhythm the reader wants. */
export type Frequency = 'every-issue' | 'monthly';

/**
 * The one answer to "is this an MQL?", for pages, lists, counts, the API and other programs: who has confirmed and is mailed.
 * Whom sales has, or has won, stays that whether or not there is mail any more.
 */
const SHOWN_STAGES: Readonly<Record<ShownStage, { stage: Stage; statuses: SubscriberStatus[] | null }>> = {
  unconfirmed: { stage: 'mql', statuses: ['pending'] },
  mql: { stage: 'mql', statuses: ['active'] },
  sql: { stage: 'sql', statuses: null },
  customer: { stage: 'customer', statuses: null },
  left: { stage: 'mql', statuses: ['unsubscribed', 'suppressed'] },
};
export const SHOWN_STAGE_NAMES = Object.keys(SHOWN_STAGES) as ShownStage[];

export function shownStage({ stage, status }: Pick<Subscriber, 'stage' | 'status'>): ShownStage {
  const isThere = (shown: ShownStage) => {
    const rows = SHOWN_STAGES[shown];
    return rows.stage === stage && (rows.statuses === null || rows.statuses.includes(status));
  };
  return SHOWN_STAGE_NAMES.find(isThere) ?? stage;
}

/** The rows that stand there: their stage, and which statuses; null: any. */
export const rowsOfStage = (shown: ShownStage) => SHOWN_STAGES[shown];

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

/** One contact with somebody, and where it came from. */
export interface Touch {
  source: Source;
  at: Date;
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
  /** Of the first contact. */
  source: Source;
  /** The latest contact that came from elsewhere than the first; null: none did. */
  lastTouch: Touch | null;
  frequency: Frequency;
  /** No issue is due before this; null: not paused. */
  pausedUntil: Date | null;
  /** Why, when it was not the reader's own wish; counts as long as the pause does. */
  pauseReason: Reason | null;
  /** False: the reader does not want to be measured. Mails then hold plain links and no pixel, and no open or click counts. */
  tracking: boolean;
  affinities: Affinities;
  leanings: PreferenceAdjustments;
  createdAt: Date;
  confirmedAt: Date | null;
  unsubscribedAt: Date | null;
  lastActAt: Date | null;
  /** Everything that named the person is gone since then; null: nobody asked for that. */
  erasedAt: Date | null;
}
