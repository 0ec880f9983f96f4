import type { Programme } from '../../../domain/programme.ts';
import type { Ledger } from '../../scoring/ports/ledger.ts';
import type { BatchFate, SendResult } from '../ports/deliveries.ts';
import type { WireMailSender } from '../ports/wire.ts';
import type { WrittenDelivery } from './claim-batch.ts';
import { fateOf } from './delivery-fate.ts';
import { deliveryQueue, type QueueDeps, type QueuedDelivery } from './delivery-queue.ts';
import { type DeliveryReport, emptyReport } from './delivery-report.ts';
import { isLate, waitForPlace } from './pace-batch.ts';
import { pause } from './pause.ts';
import { progressLog, type Turn } from './progress-log.ts';

export interface DeliverBatchDeps extends QueueDeps {
  sender: WireMailSender;
  ledger: Pick<Ledger, 'countSent'>;
  programme: Programme;
  /**
   * Gives what tells whether this worker has been taken for alive ever since: only so long is what it has marked its own to
   * send. Left out, it is believed to be.
   */
  hold?: () => () => boolean;
  /** Batches that are in the hands of the run under way, for who looks after what was lost. One run at a time. */
  inHand?: Set<number>;
  /**
   * Told after it was written down that nobody knows whether a mail of the issue arrived, with how often the mail server has
   * broken off without an answer in between. The mail's successor waits for it.
   */
  onUncertain?: (issueId: number, inARow: number) => Promise<void>;
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

/** A worker that is not known to be alive asks again after so long. */
const HOLD_AGAIN_MS = 200;

type IssueFate = BatchFate & { issueId: number };

interface ReadyMail {
  item: QueuedDelivery;
  written: WrittenDelivery;
}

/**
 * Claims due deliveries with their picks, batch by batch (delivery-queue.ts), and sends them.
 *
 * Each mail is marked `sending` before it goes on the wire and gets its fate when the server has answered. Both are
 * group commits, and each of the 2 × connections loops waits for them: its next mail is marked in the commit that writes
 * the fate of its last. So at most 2 × connections rows are `sending` at any time: those are what a kill leaves
 * uncertain. When Postgres is away, fates are kept and tried again, and nothing more is sent meanwhile. A worker that was
 * stopped for so long that others may have taken over finds its marks refused, and what was marked is not sent any more. Sent
 * mails are counted in the ledger many at a time; what a kill leaves uncounted the schedule counts.
 */
export async function deliverIssues(
  deps: DeliverBatchDeps,
  { issueIds, worker, signal, mostBatches = Number.POSITIVE_INFINITY }: DeliverInput,
  clock: () => Date,
): Promise<DeliveryReport> {
  const { deliveries, ledger, pace, sender, programme, log, hold = () => () => true } = deps;
  const { connections } = sender;
  const report = emptyReport();
  let unreachableInARow = 0;
  const row = uncertainInARow();
  const isStopping = () => signal?.aborted === true || report.unreachable;
  const inHand = deps.inHand ?? new Set<number>();
  const books = progressLog({ deliveries, ledger, pace, log, signal, connections, inHand }, clock);
  const run = { issueIds, worker, signal, mostBatches, connections, report, books, isStopping };
  const queue = deliveryQueue(deps, run, clock);
  const pacing = { pace, limits: programme.delivery, random: deps.random };

  const nextMail = async (): Promise<ReadyMail | null> => {
    const item = await queue.next();
    return item && { item, written: await item.batch.write(item.delivery, clock()) };
  };

  /** In one commit: how the last mail ended, and that this one is about to be sent. Says whether it may be. */
  const advance = async (fate: IssueFate | null, ready: ReadyMail | null): Promise<boolean> => {
    const turn: Turn = { fate, mark: ready && markOf(ready), mayBeSent: false };
    await books.take(turn);
    if (fate) {
      report[fate.status] += 1;
      await books.settled(fate);
      if (fate.status === 'uncertain') await deps.onUncertain?.(fate.issueId, row.length());
    }
    return turn.mayBeSent;
  };

  /** The reader left, or the batch was taken away. */
  const leaveOut = async ({ item, written }: ReadyMail) => {
    release(written);
    if (item.gate) item.gate.underWay -= 1;
    report.leftOut += 1;
    await books.finished(item.batch.id);
  };

  const send = ({ written }: ReadyMail, mayGo: () => boolean): Promise<SendResult> =>
    'fault' in written
      ? Promise.resolve({ status: 'failed', reply: written.fault, badAddress: false, isUnwritten: true })
      : sender.sendWire(written.mail, mayGo);

  const fateAfter = async (item: QueuedDelivery, result: SendResult): Promise<IssueFate> => {
    if (item.gate) item.gate.underWay -= 1;
    if (!('isWithheld' in result && result.isWithheld))
      unreachableInARow = result.status === 'retry' && result.unreachable ? unreachableInARow + 1 : 0;
    if (unreachableInARow >= connections) report.unreachable = true;
    const fate = fateOf(item.delivery, result, clock(), deps.random(), programme.delivery.tries);
    await queue.heed(item, result);
    return { ...fate, batchId: item.batch.id, issueId: item.delivery.issueId };
  };

  /** One mail after the other, until there is none. */
  const loop = async () => {
    let fate: IssueFate | null = null;
    let ready = await nextMail();
    while (ready || fate) {
      if (ready && isStopping()) {
        release(ready.written);
        ready = null;
        continue;
      }
      if (ready && isLate(ready.item, clock())) {
        if (fate) await advance(fate, null);
        fate = null;
        await waitForPlace(pacing, ready.item, clock, (ms) => pause(ms, signal), isStopping);
        continue;
      }
      // From before the mark on: whoever takes over what is marked has not done so then.
      const mayGo = hold();
      if (ready && !mayGo()) {
        if (fate) await advance(fate, null);
        fate = null;
        await pause(HOLD_AGAIN_MS, signal);
        continue;
      }
      const mayBeSent = await advance(fate, ready);
      fate = null;
      if (!ready) break;
      if (!mayBeSent) {
        await leaveOut(ready);
        ready = await nextMail();
        continue;
      }
      const place = row.place();
      const sending = send(ready, mayGo);
      // Meanwhile the next one is written, so that it can be marked in the commit that writes this one's fate.
      let isPrepared = false;
      const preparing = nextMail().then((mail) => {
        isPrepared = true;
        return mail;
      });
      const result = await sending;
      row.note(result, place);
      fate = await fateAfter(ready.item, result);
      if (!isPrepared) {
        // Not there yet, or never: the fate is not kept waiting for it.
        await advance(fate, null);
        fate = null;
      }
      ready = await preparing;
    }
  };

  const stopExtending = books.keepLeases();
  try {
    const ends = await Promise.allSettled(Array.from({ length: 2 * connections }, loop));
    const claimFault = await queue.end();
    report.handedBack = await books.handBackAll();
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
    if (claimFault) throw claimFault;
  } finally {
    stopExtending();
  }
  if (report.batches > 0) log.info({ ...report }, 'issues delivered');
  return report;
}

/**
 * How often in a row the server broke off after it had a whole mail. Connections that break together count once: of the mails
 * after a break, only those that were begun after it.
 */
function uncertainInARow() {
  let inARow = 0;
  let begun = 0;
  /** Mails begun before the last break that counts. */
  let before = 0;
  return {
    length: () => inARow,
    /** Of a mail that is begun now, among all. */
    place: () => begun++,
    note(result: SendResult, place: number) {
      if (result.status === 'uncertain') {
        if (place < before) return;
        inARow += 1;
        before = begun;
      } else if (result.status !== 'retry' || !result.unreachable) inARow = 0;
    },
  };
}

const markOf = ({ item, written }: ReadyMail) => ({
  batchId: item.batch.id,
  deliveryId: item.delivery.id,
  messageId: written.messageId,
});

/** Its buffer is free for another mail. */
function release(written: WrittenDelivery): void {
  if ('mail' in written) written.mail.release();
}
