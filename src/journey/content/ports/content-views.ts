import type { InterestAudience } from '../../../domain/content/choosing/offered.ts';

/** What the content page reads. Nothing here changes anything. */
export interface ContentViews {
  /** The newest articles, with what came of them. Those with a lower id than `beforeId`. */
  articles(filter: {
    interest: string | null;
    language: string | null;
    beforeId: number | null;
    limit: number;
  }): Promise<ArticleReach[]>;
  /** How many active readers want each interest, by language. */
  audience(): Promise<InterestAudience[]>;
  /** Fresh articles of these feeds by what the feeds are about and by language: published since then. */
  supply(
    since: Date,
    feeds: readonly { url: string; interests: readonly string[] }[],
  ): Promise<{ interest: string; language: string; articles: number }[]>;
}

export interface ArticleReach {
  id: number;
  title: string;
  url: string;
  feedUrl: string;
  /** Other feeds that brought it too. */
  alsoIn: string[];
  language: string;
  interests: string[];
  publishedAt: Date;
  /** Issues that could draw from it, and mails it went into (counted when an issue is done). */
  issues: number;
  mails: number;
  /** People who clicked it; and those of them in issues whose mails are counted already. */
  clicks: number;
  clicksOfMails: number;
}
