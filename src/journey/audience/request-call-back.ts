import type { CallBackWish } from '../../domain/audience/call-back-form.ts';
import type { Hit } from '../../domain/engagement/happening.ts';
import type { Database, Queue } from '../ports.ts';

export interface RequestCallBackDeps {
  database: Database;
  queue: Queue;
}

export interface RequestCallBackInput {
  subscriberId: number;
  deliveryId: number | null;
  wish: CallBackWish;
  hit: Hit;
}

/** Within this time a second press is the same wish, unless sales has sent the lead back in between. */
const SAME_WISH_MS = 24 * 60 * 60_000;

/**
 * A lead wants to be called: an SQL at once, and sales is told at once. False when the same wish is already known;
 * then only a corrected phone number is kept.
 */
export async function requestCallBack(
  deps: RequestCallBackDeps,
  input: RequestCallBackInput,
  now: Date,
): Promise<boolean> {
  const { subscriberId, deliveryId, wish, hit } = input;
  const isNew = await deps.database.inTransaction(async (stores) => {
    const lead = await stores.subscribers.lock(subscriberId);
    if (!lead || lead.erasedAt) return false;
    if (lead.phone !== wish.phone) await stores.subscribers.change(lead.id, { phone: wish.phone });
    const since = new Date(now.getTime() - SAME_WISH_MS);
    if (await stores.subscribers.askedForCallBack(lead.id, since)) return false;
    const details: Record<string, string> = { phone: wish.phone };
    if (wish.bestTime !== '') details.bestTime = wish.bestTime;
    if (wish.note !== '') details.note = wish.note;
    await stores.ledger.record([
      { kind: 'form', form: 'call-back', at: now, subscriberId, deliveryId, hit, details },
    ]);
    return true;
  });
  if (isNew) await deps.queue.add({ name: 'send-outbox' }, { key: 'send-outbox' });
  return isNew;
}
