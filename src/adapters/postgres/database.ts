import type pg from 'pg';
import { mailDomain } from '../../domain/delivery/headers.ts';
import type { KeepAddress } from '../../domain/engagement/network.ts';
import type { Links } from '../../domain/links.ts';
import type { Programme } from '../../domain/programme.ts';
import type { Database, Stores } from '../../journey/ports.ts';
import { accountStore } from './account-store.ts';
import { apiKeyStore } from './api-key-store.ts';
import { arrivalQueue } from './arrival-store.ts';
import { articleStore } from './article-store.ts';
import { auditStore } from './audit-store.ts';
import { brakeStore } from './brake-store.ts';
import { changeLinkStore } from './change-link-store.ts';
import { choosingStore } from './choosing-store.ts';
import { consentStore } from './consent-store.ts';
import { contentViews } from './content-views.ts';
import { deliveryStore } from './delivery-store.ts';
import { deskStore } from './desk-store.ts';
import { feedStore } from './feed-store.ts';
import { historyStore } from './history-store.ts';
import { imageStore } from './image-store.ts';
import { importStore, optOutStore } from './import-store.ts';
import { issueStore } from './issue-store.ts';
import { issueViews } from './issue-views.ts';
import { ledgerStore } from './ledger-store.ts';
import { mailDomainStore } from './mail-domain-store.ts';
import { outboxStore } from './outbox-store.ts';
import { keptCounts, overviewStore } from './overview-store.ts';
import { ownDataStore } from './own-data-store.ts';
import { paceStore } from './pace-store.ts';
import { peopleStore, savedViewStore } from './people-store.ts';
import type { Queryable } from './pool.ts';
import { profileStore } from './profile-store.ts';
import { returnStore } from './return-store.ts';
import { ruleStore } from './rule-store.ts';
import { salesStore } from './sales-store.ts';
import { staffStore } from './staff-store.ts';
import { staffViews } from './staff-views.ts';
import { subscriberStore } from './subscriber-store.ts';
import { suppressionStore } from './suppression-store.ts';
import { systemViews } from './system-views.ts';
import { touchpointStore } from './touchpoint-store.ts';
import { transactional } from './transaction.ts';
import { webhookStore } from './webhook-store.ts';

/** What the stores need to know beside their connection: the rules of the score and the addresses in alert mails. */
export interface Surroundings {
  programme: Programme;
  links: Links;
  /** What is kept of a network address; left out, it is shortened. */
  keepAddress?: KeepAddress;
}

/** The stores over one pool, and over one transaction at a time. */
export function makeDatabase(pool: pg.Pool, surroundings: Surroundings): Database {
  return {
    stores: storesOver(pool, surroundings),
    inTransaction: (work) => transactional(pool, (tx) => work(storesOver(tx, surroundings))),
  };
}

function storesOver(db: Queryable, surroundings: Surroundings): Stores {
  return {
    subscribers: subscriberStore(db),
    consent: consentStore(db),
    feeds: feedStore(db),
    images: imageStore(db),
    articles: articleStore(db),
    choosing: choosingStore(db),
    issues: issueStore(db),
    returns: returnStore(db),
    suppressions: suppressionStore(db),
    brake: brakeStore(db),
    deliveries: deliveryStore(db, (tx) => storesOver(tx, surroundings).ledger),
    pace: paceStore(db),
    outbox: outboxStore(db, mailDomain(surroundings.programme.brand.from.address)),
    ledger: ledgerStore(db, surroundings.programme, surroundings.links, surroundings.keepAddress),
    rules: ruleStore(db),
    history: historyStore(db),
    arrivals: arrivalQueue(db),
    mailDomains: mailDomainStore(db),
    touchpoints: touchpointStore(db),
    apiKeys: apiKeyStore(db),
    sales: salesStore(db),
    accounts: accountStore(db),
    webhooks: webhookStore(db),
    profiles: profileStore(db),
    staff: staffStore(db),
    views: staffViews(db),
    overview: overviewStore(db),
    keptCounts: keptCounts(db),
    audit: auditStore(db),
    people: peopleStore(db),
    savedViews: savedViewStore(db),
    imports: importStore(db),
    optOuts: optOutStore(db),
    ownData: ownDataStore(db),
    changeLinks: changeLinkStore(db),
    issueViews: issueViews(db),
    contentViews: contentViews(db),
    desk: deskStore(db),
    system: systemViews(db),
  };
}
