import type { CallRequest } from '../../domain/audience/call-back-form.ts';
import { maskPhone } from '../../domain/audience/mask.ts';
import type { Programme } from '../../domain/programme.ts';
import type { Hit } from '../../domain/tracking/hit.ts';
import type { Database, Queue, Say } from '../ports.ts';
import { proveBrowser } from '../tracking/judging/prove-browser.ts';

export interface RequestCallBackDeps {
  database: Database;
  queue: Queue;
  programme: Pick<Programme, 'machines'>;
  say: Say;
}

export interface RequestCallBackInput {
  subscriberId: number;
  deliveryId: number | null;
  wish: CallRequest;
  hit: Hit;
}

/** Within this time a second press is the same wish, unless sales has sent the lead back in between. */
const SAME_WISH_MS = 24 * 60 * 60_000;

/**
 * A lead wants to be called: an SQL at once, and sales is told at once; so is the lead, since newsletters are passed on. What
 * was typed is kept with the wish, never on the person. False when the same wish, with the same number, is already known.
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
    const since = new Date(now.getTime() - SAME_WISH_MS);
    if (await stores.subscribers.askedForCallBack(lead.id, since, wish.phone)) return false;
    const details: Record<string, string> = { phone: wish.phone };
    if (wish.bestTime !== '') details.bestTime = wish.bestTime;
    if (wish.note !== '') details.note = wish.note;
    await stores.ledger.record([
      { kind: 'form', form: 'call-back', at: now, subscriberId, deliveryId, hit, details },
    ]);
    await proveBrowser(stores, deps.programme.machines, { subscriberId, hit }, now);
    const text = (key: string) =>
      deps.say(lead.language, `subscriber.callBack.mail.${key}`, { phone: maskPhone(wish.phone) });
    await stores.outbox.add({
      kind: 'notice',
      dedupeKey: `call-back-asked:${lead.id}:${Math.floor(now.getTime() / SAME_WISH_MS)}`,
      to: lead.email,
      language: lead.language,
      data: { subject: text('subject'), paragraphs: [text('text'), text('notYou')], url: null },
      subscriberId: lead.id,
      dueAt: now,
      at: now,
    });
    return true;
  });
  if (isNew) await deps.queue.add({ name: 'send-outbox' }, { key: 'send-outbox' });
  return isNew;
}
