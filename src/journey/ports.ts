import type { ChangeLinkStore } from './audience/change-links.ts';
import type { MailAllowanceStore } from './audience/ports/mail-allowances.ts';
import type { OwnDataStore } from './audience/ports/own-data.ts';
import type { ImportStore, OptOutStore, PeopleStore, SavedViewStore } from './audience/ports/people.ts';
import type { ConsentStore, SubscriberStore } from './audience/ports/subscribers.ts';
import type { ChoosingStore } from './content/ports/choosing.ts';
import type { ContentViews } from './content/ports/content-views.ts';
import type { ArticleStore, FeedStore, ImageStore } from './content/ports/feeds.ts';
import type { DeliveryStore, IssueStore } from './delivery/ports/deliveries.ts';
import type { IssueViews } from './delivery/ports/issue-views.ts';
import type { OutboxStore } from './delivery/ports/outbox.ts';
import type { RateLimitStore } from './delivery/ports/rate-limits.ts';
import type { IssueControlStore, ReturnStore, SuppressionStore } from './returns/ports/returns.ts';
import type { AccountStore } from './sales/ports/accounts.ts';
import type { DeskStore } from './sales/ports/desk.ts';
import type { ProfileStore } from './sales/ports/profiles.ts';
import type { QualificationStore, SalesStore } from './sales/ports/qualifications.ts';
import type { WebhookStore } from './sales/ports/webhooks.ts';
import type { Ledger, LedgerStore, TouchpointStore } from './scoring/ports/ledger.ts';
import type { HistoryStore, RuleStore } from './scoring/ports/rules.ts';
import type { ApiKeyStore } from './staff/ports/api-keys.ts';
import type { AuditStore } from './staff/ports/audit.ts';
import type { CachedCounts, OverviewStore } from './staff/ports/overview.ts';
import type { StaffStore } from './staff/ports/sessions.ts';
import type { StaffViews } from './staff/ports/staff-views.ts';
import type { SystemViews } from './staff/ports/system-views.ts';
import type { HeldMailStore, MailDomainStore, PendingHitQueue } from './tracking/ports/hits.ts';

/** Everything the stages keep. Each room's ports.ts says what its stages need. */
export interface Stores {
  subscribers: SubscriberStore;
  consent: ConsentStore;
  feeds: FeedStore;
  images: ImageStore;
  articles: ArticleStore;
  choosing: ChoosingStore;
  issues: IssueStore;
  deliveries: DeliveryStore;
  returns: ReturnStore;
  suppressions: SuppressionStore;
  brake: IssueControlStore;
  pace: RateLimitStore;
  outbox: OutboxStore;
  ledger: Ledger;
  ledgerRows: LedgerStore;
  heldMails: HeldMailStore;
  rules: RuleStore;
  history: HistoryStore;
  pendingHits: PendingHitQueue;
  mailDomains: MailDomainStore;
  touchpoints: TouchpointStore;
  apiKeys: ApiKeyStore;
  sales: SalesStore;
  qualifications: QualificationStore;
  accounts: AccountStore;
  webhooks: WebhookStore;
  staff: StaffStore;
  profiles: ProfileStore;
  views: StaffViews;
  overview: OverviewStore;
  cachedCounts: CachedCounts;
  audit: AuditStore;
  people: PeopleStore;
  savedViews: SavedViewStore;
  imports: ImportStore;
  optOuts: OptOutStore;
  ownData: OwnDataStore;
  changeLinks: ChangeLinkStore;
  mailAllowances: MailAllowanceStore;
  issueViews: IssueViews;
  contentViews: ContentViews;
  desk: DeskStore;
  system: SystemViews;
}

export interface Database {
  /** Each call commits by itself. */
  stores: Stores;
  /** The stores handed to `work` are bound to one transaction; it commits when `work` resolves, else nothing happened. */
  inTransaction<T>(work: (stores: Stores) => Promise<T>): Promise<T>;
}

/** A job is a reminder, never the truth: losing or doubling one is harmless. */
export type Job =
  | { name: 'send-outbox' }
  | { name: 'send-webhooks' }
  | { name: 'deliver-issue'; issueId: number }
  | { name: 'collect-feed'; url: string }
  | { name: 'import-people'; importId: number };

export interface Queue {
  /** With a key, a job that is still waiting under the same key is not added again. */
  add(job: Job, options?: { key?: string; delayMs?: number }): Promise<void>;
  /** Starts working jobs off, `concurrency` at a time. */
  work(handle: (job: Job) => Promise<void>, concurrency: number): void;
  /** True when the queue can take jobs. */
  isReady(): Promise<boolean>;
  /** Takes no new job, waits for those under way. */
  close(): Promise<void>;
  /** Its own page for looking into it, to be served below `base` (which ends with "/"); left out where it has none. */
  board?(base: string): QueueBoard;
}

/** What a web server serves of a queue's own page. Nothing in it changes anything. */
export interface QueueBoard {
  /** Paths below the base that answer with the page: "/", "/queue/:queueName". */
  pages: string[];
  page: string;
  /** The folder served at "static/". */
  assets: string;
  /** What the page asks for, each by GET with an answer in JSON. */
  answers: { path: string; answer(request: BoardRequest): Promise<{ status: number; body: unknown }> }[];
}

export interface BoardRequest {
  query: Record<string, string>;
  params: Record<string, string>;
}

export type { Say } from '../domain/locale.ts';

export interface Log {
  debug(details: object, message: string): void;
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

/** Writes a page. `page` is its path below templates/pages without ".hbs": "subscriber/sign-up". */
export type PageRenderer = (page: string, language: string, data: Record<string, unknown>) => string;
