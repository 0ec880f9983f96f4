/** Why the reader gets it, for the one line under the article; `everybody`: the reader is in the control group. */
export type Because = 'chosen' | 'read' | 'asked' | 'everybody';

/** An article chosen for a delivery, with its reason. */
export interface ArticlePick {
  articleId: number;
  place: 'main' | 'other';
  /** The reader's interest it was chosen for. */
  interest: string;
  /** What it was worth in the choice; higher is better. */
  score: number;
  /** For staff, in English: "best match for payroll, published 2 days ago". */
  reason: string;
  /** Left out in mails of before it was kept: then the reader had chosen the interest. */
  because?: Because;
}
