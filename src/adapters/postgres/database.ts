import type pg from 'pg';
import type { KeepAddress } from '../../domain/tracking/network.ts';
import type { Database, Stores } from '../../journey/ports.ts';
import type { Ledger } from '../../journey/scoring/ports/ledger.ts';
import { changeLinkStore } from './audience/change-link-store.ts';
import { consentStore } from './audience/consent-store.ts';
import { importStore, optOutStore } from './audience/import-store.ts';
import { mailAllowanceStore } from './audience/mail-allowance-store.ts';
import { ownDataStore } from './audience/own-data-store.ts';
import { peopleStore, savedViewStore } from './audience/people-store.ts';
import { subscriberStore } from './audience/subscriber-store.ts';
import { articleStore } from './content/article-store.ts';
import { choosingStore } from './content/choosing-store.ts';
import { contentViews } from './content/content-views.ts';
import { feedStore } from './content/feed-store.ts';
import { imageStore } from './content/image-store.ts';
import { deliveryStore } from './delivery/delivery-store.ts';
import { issueControlStore } from './delivery/issue-control-store.ts';
import { issueStore } from './delivery/issue-store.ts';
import { issueViews } from './delivery/issue-views.ts';
import { outboxStore } from './delivery/outbox-store.ts';
import { rateLimitStore } from './delivery/rate-limit-store.ts';
import type { Queryable } from './pool.ts';
import { returnStore } from './returns/return-store.ts';
import { suppressionStore } from './returns/suppression-store.ts';
import { accountStore } from './sales/account-store.ts';
import { deskStore } from './sales/desk-store.ts';
import { profileStore } from './sales/profile-store.ts';
import { qualificationStore } from './sales/qualification-store.ts';
import { salesStore } from './sales/sales-store.ts';
import { webhookStore } from './sales/webhook-store.ts';
import { historyStore } from './scoring/history-store.ts';
import { ledgerStore } from './scoring/ledger-store.ts';
import { ruleStore } from './scoring/rule-store.ts';
import { apiKeyStore } from './staff/api-key-store.ts';
import { auditStore } from './staff/audit-store.ts';
import { cachedCounts, overviewStore } from './staff/overview-store.ts';
import { staffStore } from './staff/session-store.ts';
import { staffViews } from './staff/staff-views.ts';
import { systemViews } from './staff/system-views.ts';
import { heldMailStore } from './tracking/held-mail-store.ts';
import { mailDomainStore } from './tracking/mail-domain-store.ts';
import { pendingHitQueue } from './tracking/pending-hit-store.ts';
import { touchpointStore } from './tracking/touchpoint-store.ts';
import { transactional } from './transaction.ts';

/** What the stores need to know beside their connection. */
export interface StoreConfig {
  /** What Message-IDs of single mails end in. */
  mailDomain: string;
  /** What is kept of a network address; left out, it is shortened. */
  keepAddress?: KeepAddress;
  /** Decides what the ledger gets, by the rows of one transaction: of the one that is open, else of a new one. */
  ledger: (within: <T>(work: (stores: Stores) => Promise<T>) => Promise<T>) => Ledger;
}

/** The stores over one pool, and over one transaction at a time. */
export function postgresDatabase(pool: pg.Pool, config: StoreConfig): Database {
  return {
    stores: storesOver(pool, config),
    inTransaction: (work) => transactional(pool, (tx) => work(storesOver(tx, config))),
  };
}

function storesOver(db: Queryable, config: StoreConfig): Stores {
  const stores: Stores = {
    subscribers: subscriberStore(db),
    consent: consentStore(db),
    feeds: feedStore(db),
    images: imageStore(db),
    articles: articleStore(db),
    choosing: choosingStore(db),
    issues: issueStore(db),
    returns: returnStore(db),
    suppressions: suppressionStore(db),
    brake: issueControlStore(db),
    deliveries: deliveryStore(db),
    pace: rateLimitStore(db),
    outbox: outboxStore(db, config.mailDomain),
    ledger: config.ledger((work) =>
      transactional(db, (tx) => work(tx === db ? stores : storesOver(tx, config))),
    ),
    ledgerRows: ledgerStore(db, config.keepAddress),
    heldMails: heldMailStore(db, config.keepAddress),
    rules: ruleStore(db),
    history: historyStore(db),
    pendingHits: pendingHitQueue(db),
    mailDomains: mailDomainStore(db),
    touchpoints: touchpointStore(db),
    apiKeys: apiKeyStore(db),
    sales: salesStore(db),
    qualifications: qualificationStore(db),
    accounts: accountStore(db),
    webhooks: webhookStore(db),
    profiles: profileStore(db),
    staff: staffStore(db),
    views: staffViews(db),
    overview: overviewStore(db),
    cachedCounts: cachedCounts(db),
    audit: auditStore(db),
    people: peopleStore(db),
    savedViews: savedViewStore(db),
    imports: importStore(db),
    optOuts: optOutStore(db),
    ownData: ownDataStore(db),
    changeLinks: changeLinkStore(db),
    mailAllowances: mailAllowanceStore(db),
    issueViews: issueViews(db),
    contentViews: contentViews(db),
    desk: deskStore(db),
    system: systemViews(db),
  };
  return stores;
}
