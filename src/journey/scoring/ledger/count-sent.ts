import type { SentMail } from '../../delivery/ports/deliveries.ts';
import { type LedgerDeps, type LedgerStores, recordEvents } from './record-events.ts';

/** Counts mails as sent; one that is counted already is left out. */
export async function countSent(
  stores: LedgerStores,
  deps: LedgerDeps,
  mails: readonly SentMail[],
): Promise<void> {
  const uncounted = new Set(await stores.deliveries.holdUncounted(mails.map(({ deliveryId }) => deliveryId)));
  const sent = mails.filter(({ deliveryId }) => uncounted.has(deliveryId));
  if (sent.length === 0) return;
  await recordEvents(
    stores,
    deps,
    sent.map(({ at, subscriberId, deliveryId }) => ({ kind: 'mail-sent', at, subscriberId, deliveryId })),
  );
}

/** Counts what one dead worker had settled and not counted. Says how many; null: there is no such batch left. */
export async function countLeftBatch(
  stores: LedgerStores,
  deps: LedgerDeps,
  now: Date,
): Promise<number | null> {
  const left = await stores.deliveries.takeUncountedBatch(now);
  if (left === null) return null;
  await countSent(stores, deps, left.sent);
  await stores.deliveries.closeBatch(left.batchId, now);
  return left.sent.length;
}
