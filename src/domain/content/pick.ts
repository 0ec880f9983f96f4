/** An article chosen for a delivery, with its reason. */
export interface Pick {
  articleId: number;
  place: 'main' | 'other';
  /** The reader's interest it was chosen for. */
  interest: string;
  /** What it was worth in the choice; higher is better. */
  score: number;
  /** For staff, in English: "best match for payroll, published 2 days ago". */
  reason: string;
}
