import type { Reason } from '../../../domain/reason.ts';

/** What the staff pages read about issues. Nothing here changes anything. */
export interface IssueViews {
  /** Newest first. `toOne`: only those to one person, or only those to all readers; left out: both. */
  list(filter: {
    statuses: string[];
    toOne?: boolean;
    beforeId: number | null;
    limit: number;
  }): Promise<ListedIssue[]>;
  find(id: number): Promise<ListedIssue | null>;
  /** Deliveries by status, as they are now. */
  progress(issueId: number): Promise<Record<string, number>>;
  /**
   * What came of an issue. Counted from the tables and kept; counted again when the kept count is older than
   * `freshFor` says (milliseconds; Infinity: never again).
   */
  numbers(issueId: number, now: Date, freshFor: number): Promise<IssueNumbers>;
  /** Readers whose address or name holds this, for choosing whose mail to look at. */
  someReader(search: string): Promise<{ id: number; email: string } | null>;
}

export interface ListedIssue {
  id: number;
  digestId: string;
  slot: string;
  status: string;
  /** To one person alone, to try it. */
  toOne: boolean;
  plannedAt: Date;
  firstDueAt: Date;
  lastDueAt: Date;
  finishedAt: Date | null;
}

export interface IssueNumbers {
  countedAt: string;
  statuses: Record<string, number>;
  /** People by the class of what they did: one who opened at home and whose gateway opened too is in both. */
  opened: ByClass;
  clicked: ByClass;
  unsubscribed: number;
  /** Sent a form that makes an SQL at once, from this mail. */
  forms: number;
  /** By language: the main article that most of its readers got, the most read language first. Their subject line names it. */
  subjects: { language: string; title: string; readers: number }[];
  /** Different main articles, and so subject lines. */
  mainArticles: number;
  links: LinkNumbers[];
  /** Reasons with their numbers taken out, the most frequent first. */
  skipped: CountedReason[];
  failed: CountedReason[];
}

export interface ByClass {
  human: number;
  proxied: number;
  machine: number;
  /** May be a person’s or a machine’s, and is counted as neither. */
  doubtful: number;
}

export interface LinkNumbers {
  number: number;
  role: 'article' | 'call-to-action' | 'footer';
  targetId: string;
  language: string;
  label: string;
  url: string;
  /** People who clicked it, hits of machines, and hits in doubt. */
  people: number;
  machine: number;
  doubtful: number;
}

export interface CountedReason {
  reason: Reason;
  count: number;
}
