import type { GroupResult } from '../../../domain/content/choosing/lift.ts';

/** The article that a link of a mail leads to, as it was picked for that mail. */
export interface PickedArticle {
  subscriberId: number;
  articleId: number;
  title: string;
  interest: string;
  feedUrl: string;
}

export interface PreferenceAdjustment {
  subscriberId: number;
  deliveryId: number;
  linkNumber: number;
  wish: 'more' | 'less';
  at: Date;
  method: string;
  userAgent: string | null;
  details: Record<string, unknown>;
}

/** What choosing knows beside readers and articles. */
export interface ChoosingStore {
  /** Null when the link is none of an article, or the article none of the mail's picks. */
  articleBehind(deliveryId: number, linkNumber: number): Promise<PickedArticle | null>;
  /** Keeps as an event that a reader asked for more or less. It is no consent, and scores nothing. */
  noteWish(wish: PreferenceAdjustment): Promise<void>;
  /**
   * Works out anew what the clicks of readers have taught who clicked, or whose clicks turned out to be a machine's,
   * since the run before last. Only human clicks on articles count, once per mail and link. Does nothing when the last
   * run is less than `everyMs` ago. Returns how many readers' affinities changed.
   */
  learnFromClicks(now: Date, halfLifeMs: number, everyMs: number): Promise<number>;
  /**
   * Readers with a personal digest and those of the control group, over issues that went to both, first sent since
   * `since`: how many clicked an article, how many became SQL afterwards. Who changed groups counts in neither.
   */
  groupResults(since: Date): Promise<{ personal: GroupResult; control: GroupResult; inBoth: number }>;
}
