import type { SubscriberStatus } from '../../domain/audience/subscriber.ts';
import { offeredBy } from '../../domain/content/choosing/offered.ts';
import { dueForReader, freshSince, LATE_MS, linkTable } from '../../domain/delivery/issue-plan.ts';
import { type LocalDay, planningWindow, slotsBetween } from '../../domain/delivery/schedule.ts';
import type { Links } from '../../domain/links.ts';
import type { Digest, Programme } from '../../domain/programme.ts';
import type { Reason } from '../../domain/reason.ts';
import { IN_PROGRESS_REASON } from '../../domain/sales/outcome.ts';
import type { Database, Log, Stores } from '../ports.ts';
import type { Issue } from './ports/deliveries.ts';
import { openPreview, type PreviewDeps } from './preview/preview-issue.ts';

export interface PlanDeps {
  programme: Programme;
  database: Database;
  links: Links;
  log: Log;
}

/**
 * All readers are gone through so often for an open issue; that finds also those who became active again. In between
 * each tick looks just at who confirmed lately, which costs nothing.
 */
const FULL_PASS_MS = 5 * 60_000;
/** A confirmation may be committed some time after the moment that it bears. */
const COMMIT_MS = 60_000;
/**
 * An issue waits this long for the first reading of feeds, from its opening or from the programme's first article: an
 * issue of a programme that has just begun must not be frozen empty.
 */
const CONTENT_WAIT_MS = 60 * 60_000;
/** How far back a slot that went by without an issue is looked for. */
const LOOK_BACK_MS = 7 * 24 * 60 * 60_000;

/** An issue was asked for somebody who does not get any. The message is for the person who asked. */
export class NotAReader extends Error {
  override name = 'NotAReader';
  /** Why there is no mail for a reader. */
  readonly why: Reason | null;

  constructor(message: string, why: Reason | null = null) {
    super(message);
    this.why = why;
  }
}

export interface Planned {
  issueId: number;
  slot: string;
  /** Delivery rows that this call added. */
  planned: number;
}

/**
 * Opens the issues whose time has come and gives every reader of theirs a delivery row, due at the schedule's hour
 * in the reader's zone. Repeating it adds what is missing, such as readers who confirmed since, and nothing twice.
 */
export async function planDueIssues(deps: PlanDeps, now: Date): Promise<Planned[]> {
  const planned: Planned[] = [];
  const restoredAt = await deps.database.stores.issues.lastRestoredAt();
  for (const digest of deps.programme.digests) {
    const from = new Date(now.getTime() - LATE_MS - LOOK_BACK_MS);
    for (const slot of slotsBetween(digest.schedule, from, now)) {
      const window = planningWindow(digest.schedule, slot, digest.timeZone);
      if (window.firstDueAt > now) continue;
      // The issue of a slot that began before a restore may have gone out, and the backup not know of it.
      const mayBeOut = restoredAt !== null && window.firstDueAt <= restoredAt;
      if (window.lastDueAt.getTime() + LATE_MS < now.getTime())
        await noteMissed(deps, digest, slot, now, 'it is more than 24 hours past');
      else if (mayBeOut && !(await deps.database.stores.issues.findBySlot(digest.id, slot)))
        await noteMissed(
          deps,
          digest,
          slot,
          now,
          'the database was restored since, and it may have gone out',
        );
      else {
        const issue = await planSlot(deps, digest, slot, restoredAt, now);
        if (issue) planned.push(issue);
      }
    }
  }
  return planned;
}

/** Closes issues that have nothing left to do; call it after planning. */
export async function finishIssues(deps: Pick<PlanDeps, 'database' | 'log'>, now: Date): Promise<number[]> {
  const done = await deps.database.stores.issues.finishDone(now, LATE_MS);
  for (const issueId of done) deps.log.info({ issueId }, 'issue done');
  return done;
}

/**
 * Sends an issue of the digest at once, outside its schedule: to every active reader, or to the one given. Throws
 * NotAReader when that one would get no mail: nothing is opened then. The deliveries are due `now`; the schedule hands
 * them on.
 */
export async function sendNow(
  deps: PlanDeps,
  digest: Digest,
  options: { to?: string; by: string },
  now: Date,
): Promise<Planned> {
  return deps.database.inTransaction(async (stores) => {
    const only =
      options.to === undefined ? null : await readerToSend({ ...deps, stores }, digest, options.to, now);
    const slot = `now-${now.toISOString()}`;
    const due = { firstDueAt: now, lastDueAt: now, toOne: only !== null };
    const issue = await openIssue(deps, stores, digest, slot, due, now);
    const planned = only
      ? await stores.issues.planDeliveries(issue.id, [{ subscriberId: only, dueAt: now }])
      : await planEverybody(deps, stores, issue, now);
    await stores.audit.add({
      at: now,
      staffEmail: options.by,
      act: 'issue-sent',
      subject: `${digest.id} ${issue.id}`,
      details: { mails: planned },
      subscriberId: only,
    });
    deps.log.info({ issueId: issue.id, digest: digest.id, slot, planned }, 'issue opened by hand');
    return { issueId: issue.id, slot, planned };
  });
}

async function planSlot(
  deps: PlanDeps,
  digest: Digest,
  slot: LocalDay,
  restoredAt: Date | null,
  now: Date,
): Promise<Planned | null> {
  const { stores } = deps.database;
  const window = planningWindow(digest.schedule, slot, digest.timeZone);
  const known = await stores.issues.findBySlot(digest.id, slot);
  if (!known && (await waitsForFeeds(deps, digest, window.firstDueAt, now))) return null;
  const issue = known ?? (await openIssue(deps, stores, digest, slot, window, now));
  if (issue.status !== 'open') return { issueId: issue.id, slot, planned: 0 };
  const planned = await planSlotReaders(deps, digest, slot, issue, restoredAt, now);
  if (planned > 0) deps.log.info({ issueId: issue.id, digest: digest.id, slot, planned }, 'issue planned');
  return { issueId: issue.id, slot, planned };
}

async function waitsForFeeds(
  { programme, database }: PlanDeps,
  digest: Digest,
  opensAt: Date,
  now: Date,
): Promise<boolean> {
  const states = await database.stores.feeds.list();
  const read = new Set(states.filter((state) => state.lastCheckedAt !== null).map((state) => state.url));
  if (programme.feeds.every((feed) => read.has(feed.url))) return false;
  const waitedSince = new Date(now.getTime() - CONTENT_WAIT_MS);
  if (opensAt > waitedSince) return true;
  const articles = offeredBy(
    programme,
    await database.stores.articles.publishedSince(freshSince(digest, now)),
  );
  return articles.every(({ firstSeenAt }) => firstSeenAt > waitedSince);
}

/** Fixes what the issue draws from and where its links lead, once: of two workers, the second finds it as it is. */
async function openIssue(
  deps: PlanDeps,
  stores: Stores,
  digest: Digest,
  slot: string,
  window: { firstDueAt: Date; lastDueAt: Date; toOne?: boolean },
  now: Date,
): Promise<Issue> {
  const fresh = await stores.articles.publishedSince(freshSince(digest, now));
  const articles = offeredBy(deps.programme, fresh, now);
  return stores.issues.open({
    digestId: digest.id,
    slot,
    plannedAt: now,
    ...window,
    articleIds: articles.map(({ id }) => id),
    links: linkTable(deps.programme, articles, deps.links),
  });
}

/** Gives readers of a scheduled issue their rows: everybody now and then, else those who confirmed since. */
async function planSlotReaders(
  deps: PlanDeps,
  digest: Digest,
  slot: LocalDay,
  issue: Issue,
  restoredAt: Date | null,
  now: Date,
): Promise<number> {
  const lastPass = issue.readersPlannedAt;
  const isFull = lastPass === null || now.getTime() - lastPass.getTime() >= FULL_PASS_MS;
  const confirmedSince = isFull ? null : new Date(lastPass.getTime() - COMMIT_MS);
  const { issues } = deps.database.stores;
  if (!isFull && (await issues.timeZonesToPlan(issue.id, confirmedSince)).length === 0) return 0;
  return deps.database.inTransaction(async (stores) => {
    if (!(await stores.issues.lockToPlan(issue.id))) return 0;
    const zones = await stores.issues.timeZonesToPlan(issue.id, confirmedSince);
    const planned =
      zones.length === 0
        ? 0
        : await stores.issues.planReaders({
            issueId: issue.id,
            dueByZone: zones.map((timeZone) => ({ timeZone, dueAt: dueForReader(digest, slot, timeZone) })),
            notBefore: new Date(Math.max(now.getTime() - LATE_MS, restoredAt?.getTime() ?? 0)),
            confirmedSince,
            month: slot.slice(0, 7),
            inProgressReason: inProgressReason(deps.programme),
          });
    if (isFull) await stores.issues.noteReadersPlanned(issue.id, now);
    return planned;
  });
}

/** An issue sent by hand: all active readers, due at once. */
async function planEverybody(deps: PlanDeps, stores: Stores, issue: Issue, now: Date): Promise<number> {
  const zones = await stores.issues.timeZonesToPlan(issue.id, null);
  return stores.issues.planReaders({
    issueId: issue.id,
    dueByZone: zones.map((timeZone) => ({ timeZone, dueAt: now })),
    notBefore: null,
    confirmedSince: null,
    month: now.toISOString().slice(0, 7),
    inProgressReason: inProgressReason(deps.programme),
  });
}

const inProgressReason = (programme: Programme): Reason | null =>
  programme.sales.pauseMailsInProgress ? IN_PROGRESS_REASON : null;

const NO_READER: Readonly<Record<Exclude<SubscriberStatus, 'active'>, string>> = {
  pending: 'the address has not been confirmed yet',
  unsubscribed: 'only the reader can come back, by signing up again',
  suppressed: '"simmer suppression list" says why nothing is sent to the address',
};

/** The id of a reader who would get a mail of this digest now, chosen as for anybody; else NotAReader says why not. */
async function readerToSend(deps: PreviewDeps, digest: Digest, to: string, now: Date): Promise<number> {
  const subscriber = await deps.stores.subscribers.findByEmail(to.trim().toLowerCase());
  if (!subscriber) throw new NotAReader(`found no subscriber ${to}; an issue goes to active readers only`);
  const { id, email, status } = subscriber;
  if (status !== 'active')
    throw new NotAReader(
      `found ${email} ${status}: ${NO_READER[status]}; an issue goes to active readers only`,
    );
  const outlook = await (await openPreview(deps, digest, now)).reader(id);
  if (outlook && 'skip' in outlook)
    throw new NotAReader(`${email} would get no mail now, and nothing was sent`, outlook.skip);
  return id;
}

async function noteMissed(
  deps: PlanDeps,
  digest: Digest,
  slot: LocalDay,
  now: Date,
  why: string,
): Promise<void> {
  const { issues } = deps.database.stores;
  if (await issues.findBySlot(digest.id, slot)) return;
  const window = planningWindow(digest.schedule, slot, digest.timeZone);
  const isNew = await issues.noteMissed({
    digestId: digest.id,
    slot,
    plannedAt: now,
    ...window,
  });
  if (isNew) {
    deps.log.warn(
      { digest: digest.id, slot, lastDueAt: window.lastDueAt },
      `no issue was planned for this slot, and ${why}: it is left out`,
    );
  }
}
