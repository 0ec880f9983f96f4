import type { Programme } from '../../domain/programme.ts';
import type { Log } from '../ports.ts';
import { type ClaimDeps, type ClaimedBatch, claimBatch, type OpenIssue, openIssue } from './claim-batch.ts';
import { deliveryBooks, type Turn } from './delivery-books.ts';
import { fateOf } from './delivery-fate.ts';
import { type DeliveryReport, emptyReport } from './delivery-report.ts';
import {
  afterPause,
  isLate,
  isOpenFor,
  overallLimits,
  type PaceDeps,
  type PacedDelivery,
  paceBatch,
  waitForPlace,
} from './pace-batch.ts';
import type { PaceStore } from './pace-ports.ts';
import { pause } from './pause.ts';
import type { BatchFate, DeliveryStore, SendResult } from './ports.ts';
import type { WireMailSender } from './wire-ports.ts';

/** As many deliveries as one worker takes at a time. */
const BATCH_SIZE = 500;
/** When no place is free sooner, the worker turns to other things. */
const LONGEST_WAIT_MS = 3_000;

export interface DeliverBatchDeps extends ClaimDeps {
  deliveries: DeliveryStore;
  pace: PaceStore;
  sender: WireMailSender;
  programme: Programme;
  /** 0 to 1, for the pauses before further tries. */
  random: () => number;
  log: Log;
}

export interface DeliverInput {
  /** The issues to deliver, in turn, batch by batch; more may be added while it runs. Those that are done are taken out. */
  issueIds: Set<number>;
  /** Names this process in the batches' rows. */
  worker: string;
  /** Aborted for a graceful stop: what is on the wire is finished, the rest handed back. */
  signal?: AbortSignal;
  /** No more batches than this; without it, until nothing is due. */
  mostBatches?: number;
}

/** One batch of one issue: up to 500 due deliveries. Null when there was nothing to claim. */
export async function deliverBatch(
  deps: DeliverBatchDeps,
  { issueId, worker, signal }: { issueId: number; worker: string; signal?: AbortSignal },
  clock: () => Date,
): Promise<DeliveryReport | null> {
  const input = { issueIds: new Set([issueId]), worker, mostBatches: 1, ...(signal ? { signal } : {}) };
  const report = await deliverIssues(deps, input, clock);
  return report.batches === 0 && report.notBefore === null ? null : report;
}

interface Item extends PacedDelivery {
  batch: ClaimedBatch;
}

/**
 * Claims due deliveries with their picks, batch by batch, the next one when half of the last is used, and sends them.
 *
 * Each mail is marked `sending` before it goes on the wire and gets its fate when the server has answered. Both are
 * group commits, and each of the 2 × connections loops waits for them: its next mail is marked in the commit that writes
 * the fate of its last. So at most 2 × connections rows are `sending` at any time: those are what a kill leaves
 * uncertain. When Postgres is away, fates are kept and tried again, and nothing more is sent meanwhile. Sent mails are
 * counted in the ledger many at a time; what a kill leaves uncounted the schedule counts.
 */
export async function deliverIssues(
  deps: DeliverBatchDeps,
  { issueIds, worker, signal, mostBatches = Number.POSITIVE_INFINITY }: DeliverInput,
  clock: () => Date,
): Promise<DeliveryReport> {
  const { deliveries, pace, sender, programme, log } = deps;
  const paceDeps: PaceDeps = { pace, limits: programme.delivery, random: deps.random };
  const report = emptyReport();
  let queue: Item[] = [];
  const issues = new Map<number, OpenIssue>();
  let claiming: Promise<void> | null = null;
  /** Nothing more is claimed, whatever there is. */
  let isDry = false;
  let claimFault: Error | null = null;
  let lastClaimed = 0;
  let unreachableInARow = 0;
  const isStopping = () => signal?.aborted === true || report.unreachable;

  const books = deliveryBooks({ deliveries, pace, log, signal }, clock);
  const { take, open } = books;
  const settled = async (fate: BatchFate) => {
    report[fate.status] += 1;
    await books.settled(fate);
  };
  const finished = books.finished;

  const claimNext = async (): Promise<void> => {
    const issueId = issueIds.values().next().value;
    if (issueId === undefined) return;
    if (report.batches >= mostBatches) {
      isDry = true;
      return;
    }
    const now = clock();
    const overall = overallLimits(paceDeps, now);
    const places = overall && (await pace.reserve(overall.rates, overall.day, BATCH_SIZE, now));
    if (places?.count === 0) {
      const wait = places.from - now.getTime();
      if (wait > LONGEST_WAIT_MS) {
        report.notBefore = new Date(places.from);
        isDry = true;
      } else await pause(Math.max(wait, 20), signal);
      return;
    }
    // Deleted and added again it stands behind the others: issues take turns.
    issueIds.delete(issueId);
    const issue = issues.get(issueId) ?? (await openIssue(deps, issueId));
    if (issue) issues.set(issueId, issue);
    const limit = places?.count ?? BATCH_SIZE;
    const batch = issue && (await claimBatch(deps, issue, { worker, limit }, now));
    const used = batch?.deliveries.length ?? 0;
    if (overall && used < limit) await pace.giveBack(overall.rates, overall.day, limit - used);
    if (!batch) {
      issues.delete(issueId);
      return;
    }
    issueIds.add(issueId);
    report.batches += 1;
    report.claimed += used;
    lastClaimed = used;
    const { go, later } = await paceBatch(
      paceDeps,
      batch.id,
      batch.deliveries,
      overall && places && { ...places, rates: overall.rates },
      now,
    );
    open.set(batch.id, { left: go.length, hasSlots: go.some(({ gate }) => gate !== null) });
    if (later.length > 0) {
      await deliveries.postpone(batch.id, later);
      if (overall) await pace.giveBack(overall.rates, overall.day, later.length);
      report.postponed += later.length;
    }
    if (go.length === 0) {
      open.set(batch.id, { left: 1, hasSlots: false });
      await finished(batch.id);
    }
    queue.push(...go.map((paced) => ({ ...paced, batch })));
  };

  const refill = () => {
    if (claiming || isDry || issueIds.size === 0 || isStopping() || queue.length > lastClaimed / 2) return;
    claiming = claimNext()
      .catch((error: Error) => {
        // What was claimed before is finished first.
        claimFault = error;
        isDry = true;
      })
      .finally(() => {
        claiming = null;
      });
  };

  /** The next mail whose domain lets it through; waits for one while batches are claimed or gates are closed. */
  const nextItem = async (): Promise<Item | null> => {
    for (;;) {
      if (isStopping()) return null;
      refill();
      const now = clock();
      const at = queue.findIndex(({ gate }) => isOpenFor(gate, now));
      if (at >= 0) {
        const [item] = queue.splice(at, 1) as [Item];
        if (item.gate) item.gate.underWay += 1;
        const wait = item.notBefore - now.getTime();
        if (wait > 0) await pause(wait, signal);
        return item;
      }
      if (claiming) await claiming;
      else if (queue.length > 0) await pause(50, signal);
      else if (isDry || issueIds.size === 0) return null;
    }
  };

  const nextMail = async () => {
    const item = await nextItem();
    return item && { item, written: await item.batch.write(item.delivery, clock()) };
  };

  /** A domain that asks for fewer mails, or breaks connections, gets fewer from all workers. */
  const heed = async (item: Item, result: SendResult) => {
    const reply = result.status === 'retry' && result.reply.startsWith('421') ? result.reply : null;
    const wasCut = result.status === 'uncertain' || (result.status === 'retry' && result.wasCut === true);
    if (reply === null && !wasCut) return;
    const now = clock();
    const slow = await pace.slowDown(item.domain, reply, now);
    log.warn(
      { domain: item.domain, reply: result.reply, pausedUntil: slow.pausedUntil },
      'a domain is slowed down',
    );
    const same = queue.filter(({ domain }) => domain === item.domain);
    if (slow.pausedUntil <= now) {
      for (const one of same)
        one.gate = { granted: one.gate?.granted ?? sender.connections, underWay: 0, slow };
      const shared = same[0]?.gate ?? null;
      for (const one of same) one.gate = shared;
      return;
    }
    queue = queue.filter(({ domain }) => domain !== item.domain);
    for (const one of same) {
      const dueAt = afterPause(slow, deps.random);
      await deliveries.postpone(one.batch.id, [{ deliveryId: one.delivery.id, dueAt }]);
      report.postponed += 1;
      await finished(one.batch.id);
    }
  };

  const loop = async () => {
    let fate: BatchFate | null = null;
    let ready = await nextMail();
    while (ready || fate) {
      const { item, written } = ready ?? { item: null, written: null };
      if (item && isStopping()) {
        if (written && 'mail' in written) written.mail.release();
        ready = null;
        continue;
      }
      if (item && isLate(item, clock())) {
        if (fate) {
          await take({ fate, mark: null, mayBeSent: false });
          await settled(fate);
          fate = null;
        }
        await waitForPlace(paceDeps, item, clock, (ms) => pause(ms, signal), isStopping);
        continue;
      }
      const turn: Turn = {
        fate,
        mark: item && { batchId: item.batch.id, deliveryId: item.delivery.id, messageId: written!.messageId },
        mayBeSent: false,
      };
      await take(turn);
      if (fate) await settled(fate);
      fate = null;
      if (!item || !written) break;
      if (!turn.mayBeSent) {
        if ('mail' in written) written.mail.release();
        if (item.gate) item.gate.underWay -= 1;
        report.leftOut += 1;
        await finished(item.batch.id);
        ready = await nextMail();
        continue;
      }
      const sending: Promise<SendResult> =
        'fault' in written
          ? Promise.resolve({ status: 'failed', reply: written.fault, badAddress: false })
          : sender.sendWire(written.mail);
      // Meanwhile the next one is written, so that it can be marked in the commit that writes this one's fate.
      let next: Awaited<ReturnType<typeof nextMail>> | undefined;
      const preparing = nextMail().then((mail) => {
        next = mail;
        return mail;
      });
      const result = await sending;
      if (item.gate) item.gate.underWay -= 1;
      unreachableInARow = result.status === 'retry' && result.unreachable ? unreachableInARow + 1 : 0;
      if (unreachableInARow >= sender.connections) report.unreachable = true;
      fate = {
        ...fateOf(item.delivery, result, clock(), deps.random(), programme.delivery.tries),
        batchId: item.batch.id,
      };
      await heed(item, result).catch((error: Error) =>
        log.warn({ domain: item.domain, error: error.message }, 'could not note that a domain is slow'),
      );
      if (next === undefined) {
        // Not there yet: the fate is not kept waiting for it.
        await take({ fate, mark: null, mayBeSent: false });
        await settled(fate);
        fate = null;
      }
      ready = await preparing;
    }
  };

  const stopExtending = books.keepLeases();
  try {
    const ends = await Promise.allSettled(Array.from({ length: 2 * sender.connections }, loop));
    await claiming;
    report.handedBack = await books.handBackAll();
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
    if (claimFault) throw claimFault;
  } finally {
    stopExtending();
  }
  if (report.batches > 0) log.info({ ...report }, 'issues delivered');
  return report;
}
