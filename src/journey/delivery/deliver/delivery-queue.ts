import { afterComplaint, reservePlaces } from '../../../domain/delivery/rate-limits.ts';
import type { Log } from '../../ports.ts';
import type { DeliveryStore, SendResult } from '../ports/deliveries.ts';
import type { RateLimitStore } from '../ports/rate-limits.ts';
import { type ClaimDeps, type ClaimedBatch, claimBatch, type OpenIssue, openIssue } from './claim-batch.ts';
import type { DeliveryReport } from './delivery-report.ts';
import {
  afterPause,
  isOpenFor,
  overallLimits,
  type PacedDelivery,
  paceBatch,
  type RateLimitDeps,
} from './pace-batch.ts';
import { pause } from './pause.ts';
import type { ProgressLog } from './progress-log.ts';

/** As many deliveries as one worker takes at a time. */
const BATCH_SIZE = 500;
/** When no place is free sooner, the worker turns to other things. */
const LONGEST_WAIT_MS = 3_000;

export interface QueueDeps extends ClaimDeps {
  deliveries: DeliveryStore;
  pace: RateLimitStore;
  /** 0 to 1, for the pauses before further tries. */
  random: () => number;
  log: Log;
}

/** A run of deliveries, as far as its queue has to know it. */
export interface Run {
  /** Issues with due deliveries, in turn. */
  issueIds: Set<number>;
  worker: string;
  signal: AbortSignal | undefined;
  mostBatches: number;
  /** As many mails may be on the wire to one domain when nothing says fewer. */
  connections: number;
  report: DeliveryReport;
  books: ProgressLog;
  isStopping: () => boolean;
}

/** A claimed mail that waits for its turn. */
export interface QueuedDelivery extends PacedDelivery {
  batch: ClaimedBatch;
}

/**
 * What a run has claimed and not begun. Claims the next batch when half of the last is used, lets mails go at the pace of
 * all limits, and gives way to domains that ask for it.
 */
export function deliveryQueue(deps: QueueDeps, run: Run, clock: () => Date) {
  const { deliveries, pace, log } = deps;
  const { issueIds, signal, report, books, isStopping } = run;
  const pacing: RateLimitDeps = { pace, limits: deps.programme.delivery, random: deps.random };
  const issues = new Map<number, OpenIssue>();
  let queue: QueuedDelivery[] = [];
  let lastClaimed = 0;
  let claiming: Promise<void> | null = null;
  /** Nothing more is claimed, whatever there is. */
  let isDry = false;
  let fault: Error | null = null;

  const claimNext = async (): Promise<void> => {
    const issueId = issueIds.values().next().value;
    if (issueId === undefined) return;
    if (report.batches >= run.mostBatches) {
      isDry = true;
      return;
    }
    const now = clock();
    const overall = overallLimits(pacing, now);
    const places =
      overall && (await pace.reserve(overall.rates, overall.day, BATCH_SIZE, now, reservePlaces));
    if (places?.count === 0) return waitUntil(places.from, now);
    const limit = places?.count ?? BATCH_SIZE;
    const batch = await claimFrom(issueId, limit, now);
    const used = batch?.deliveries.length ?? 0;
    if (overall && used < limit) await pace.giveBack(overall.rates, overall.day, limit - used);
    if (!batch) return;
    report.batches += 1;
    report.claimed += used;
    lastClaimed = used;
    const inTime = overall && places && { ...places, rates: overall.rates };
    const { go, later } = await paceBatch(pacing, batch.id, batch.deliveries, inTime, now);
    books.begin(batch.id, { mails: go.length, hasSlots: go.some(({ gate }) => gate !== null) });
    if (later.length > 0) {
      await deliveries.postpone(batch.id, later);
      if (overall) await pace.giveBack(overall.rates, overall.day, later.length);
      report.postponed += later.length;
    }
    if (go.length === 0) await books.close(batch.id);
    queue.push(...go.map((paced) => ({ ...paced, batch })));
  };

  const claimFrom = async (issueId: number, limit: number, now: Date): Promise<ClaimedBatch | null> => {
    // Taken out and put in again it stands behind the others: issues take turns.
    issueIds.delete(issueId);
    const issue = issues.get(issueId) ?? (await openIssue(deps, issueId));
    const batch = issue && (await claimBatch(deps, issue, { worker: run.worker, limit }, now));
    if (issue && batch) {
      issues.set(issueId, issue);
      issueIds.add(issueId);
    } else issues.delete(issueId);
    return batch;
  };

  const waitUntil = async (from: number, now: Date): Promise<void> => {
    const wait = from - now.getTime();
    if (wait > LONGEST_WAIT_MS) {
      report.notBefore = new Date(from);
      isDry = true;
    } else await pause(Math.max(wait, 20), signal);
  };

  const refill = () => {
    if (claiming || isDry || issueIds.size === 0 || isStopping() || queue.length > lastClaimed / 2) return;
    claiming = claimNext()
      .catch((error: Error) => {
        // What was claimed before is finished first.
        fault = error;
        isDry = true;
      })
      .finally(() => {
        claiming = null;
      });
  };

  /** Asks for fewer mails of a domain from all workers: here those that wait go through one gate, or wait longer. */
  const slowDown = async (domain: string, reply: string | null): Promise<Date> => {
    const now = clock();
    const slow = await pace.slowDown(domain, reply, now, afterComplaint);
    const same = queue.filter((one) => one.domain === domain);
    if (slow.pausedUntil <= now) {
      const shared = same[0] && { granted: same[0].gate?.granted ?? run.connections, underWay: 0, slow };
      for (const one of same) one.gate = shared ?? null;
      return slow.pausedUntil;
    }
    queue = queue.filter((one) => one.domain !== domain);
    for (const one of same) {
      const dueAt = afterPause(slow, deps.random);
      await deliveries.postpone(one.batch.id, [{ deliveryId: one.delivery.id, dueAt }]);
      report.postponed += 1;
      await books.finished(one.batch.id);
    }
    return slow.pausedUntil;
  };

  return {
    /** The next mail whose domain lets it through; waits for one while batches are claimed or gates are closed. */
    async next(): Promise<QueuedDelivery | null> {
      for (;;) {
        if (isStopping()) return null;
        refill();
        const now = clock();
        const at = queue.findIndex(({ gate }) => isOpenFor(gate, now));
        if (at >= 0) {
          const [item] = queue.splice(at, 1) as [QueuedDelivery];
          if (item.gate) item.gate.underWay += 1;
          const wait = item.notBefore - now.getTime();
          if (wait > 0) await pause(wait, signal);
          return item;
        }
        if (claiming) await claiming;
        else if (queue.length > 0) await pause(50, signal);
        else if (isDry || issueIds.size === 0) return null;
      }
    },

    /** A domain that asks for fewer mails, or breaks connections, gets fewer from all workers. */
    async heed({ domain }: QueuedDelivery, result: SendResult): Promise<void> {
      const reply = result.status === 'retry' && result.reply.startsWith('421') ? result.reply : null;
      const wasCut = result.status === 'uncertain' || (result.status === 'retry' && result.wasCut === true);
      if (reply === null && !wasCut) return;
      try {
        const pausedUntil = await slowDown(domain, reply);
        log.warn({ domain, reply: result.reply, pausedUntil }, 'a domain is slowed down');
      } catch (error) {
        log.warn({ domain, error: (error as Error).message }, 'could not note that a domain is slow');
      }
    },

    /** After the last mail: the claim that is under way is waited for, and the first that failed told of. */
    async end(): Promise<Error | null> {
      await claiming;
      return fault;
    },
  };
}
