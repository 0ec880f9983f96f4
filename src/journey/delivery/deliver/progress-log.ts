import { groupCommit } from '../../group-commit.ts';
import type { Log } from '../../ports.ts';
import type { Ledger } from '../../scoring/ports/ledger.ts';
import type { BatchFate, DeliveryStore, SendingMark, SentMail } from '../ports/deliveries.ts';
import type { RateLimitStore } from '../ports/rate-limits.ts';
import { LEASE_MS } from './claim-batch.ts';
import { writeUntilWritten } from './retry-write.ts';

/** Sent mails are counted in the ledger so many at a time. */
const COUNTED_AT_ONCE = 500;
const MOST_TURNS = 500;
/** A commit waits so long for a turn of each connection. Half of the loops are on the wire meanwhile, so none runs dry. */
const GATHER_MS = 4;

/** What one commit writes for a loop: how its last mail ended, and that its next is about to be sent. */
export interface Turn {
  fate: BatchFate | null;
  mark: SendingMark | null;
  mayBeSent: boolean;
}

export interface BooksDeps {
  deliveries: DeliveryStore;
  ledger: Pick<Ledger, 'countSent'>;
  pace: Pick<RateLimitStore, 'freeSlots'>;
  log: Log;
  signal: AbortSignal | undefined;
  /** Mails that are on the wire at once; as many more are being prepared and marked. */
  connections: number;
  /** The batches that this process knows to be its own are in here: what it has lost track of it would hold for long. */
  inHand: Set<number>;
}

export type ProgressLog = ReturnType<typeof progressLog>;

/** What a run of deliveries writes down: how far each mail has come, which batches are open, what is counted. */
export function progressLog(
  { deliveries, ledger, pace, log, signal, connections, inHand }: BooksDeps,
  clock: () => Date,
) {
  /** By batch: mails that have not come to an end. */
  const open = new Map<number, { left: number; hasSlots: boolean }>();
  let uncounted: SentMail[] = [];
  let counting: Promise<void> = Promise.resolve();

  const take = writeUntilWritten(
    groupCommit<Turn>(
      async (turns) => {
        const marks = turns.flatMap(({ mark }) => (mark ? [mark] : []));
        const fates = turns.flatMap(({ fate }) => (fate ? [fate] : []));
        const mayBeSent = new Set(await deliveries.advance(marks, fates));
        for (const turn of turns) turn.mayBeSent = turn.mark !== null && mayBeSent.has(turn.mark.deliveryId);
      },
      MOST_TURNS,
      { least: connections, ms: GATHER_MS },
    ),
    { what: 'how far mails have come', log, signal },
  );

  const countSent = writeUntilWritten((mails: SentMail[]) => ledger.countSent(mails), {
    what: 'that mails were sent',
    log,
    signal,
  });
  const count = (): Promise<void> => {
    const mails = uncounted;
    uncounted = [];
    if (mails.length > 0) counting = counting.then(() => countSent(mails));
    return counting;
  };

  const finished = async (batchId: number) => {
    const batch = open.get(batchId);
    if (!batch) return;
    batch.left -= 1;
    if (batch.left <= 0) await close(batchId);
  };

  const close = async (batchId: number) => {
    const batch = open.get(batchId);
    if (!batch) return;
    open.delete(batchId);
    await count();
    if (batch.hasSlots) await pace.freeSlots(batchId);
    await deliveries.closeBatch(batchId, clock());
    inHand.delete(batchId);
  };

  return {
    /** A batch was claimed, of which so many mails go out; `hasSlots`: it holds slots of domains. */
    begin(batchId: number, { mails, hasSlots }: { mails: number; hasSlots: boolean }) {
      open.set(batchId, { left: mails, hasSlots });
      inHand.add(batchId);
    },
    take,
    /** A mail of the batch has come to an end; with the last one the batch has. */
    finished,
    close,
    /** After its fate was written. */
    async settled(fate: BatchFate) {
      if (fate.status === 'sent') {
        uncounted.push({ deliveryId: fate.deliveryId, subscriberId: fate.subscriberId, at: fate.at });
        // What goes wrong is told where the count is waited for.
        if (uncounted.length >= COUNTED_AT_ONCE) count().catch(() => {});
      }
      await finished(fate.batchId);
    },
    /** Hands back what was not begun, counts the rest, and closes all batches. */
    async handBackAll(): Promise<number> {
      let handedBack = 0;
      for (const [batchId, { hasSlots }] of open) {
        handedBack += await deliveries.handBack(batchId);
        if (hasSlots) await pace.freeSlots(batchId);
      }
      await count();
      for (const batchId of open.keys()) await deliveries.closeBatch(batchId, clock());
      open.clear();
      return handedBack;
    },
    /** Extends the leases of open batches until the returned function is called; from then on none of them is in hand. */
    keepLeases(): () => void {
      const timer = setInterval(() => {
        for (const batchId of open.keys())
          deliveries
            .extendLease(batchId, new Date(clock().getTime() + LEASE_MS))
            .catch((error: Error) =>
              log.warn({ batchId, error: error.message }, 'could not extend the lease of a batch'),
            );
      }, LEASE_MS / 5);
      return () => {
        clearInterval(timer);
        inHand.clear();
      };
    },
  };
}
