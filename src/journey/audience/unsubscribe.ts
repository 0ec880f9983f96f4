import { textVersion } from '../../domain/audience/text-version.ts';
import type { Programme } from '../../domain/programme.ts';
import type { Hit } from '../../domain/tracking/hit.ts';
import type { Database } from '../ports.ts';

export interface UnsubscribeDeps {
  database: Database;
  programme: Pick<Programme, 'consentVersion'>;
}

export interface UnsubscribeInput {
  subscriberId: number;
  /** The mail whose link was followed, when it is known. */
  deliveryId: number | null;
  how: 'unsubscribe-page' | 'one-click';
  pageLanguage: string;
  hit: Hit;
}

/**
 * Ends the newsletter for one reader at once. False when there was nothing to end; repeating it is harmless.
 * Mails on the wire cannot be called back; everything that is only planned is left out.
 */
export async function unsubscribe(
  deps: UnsubscribeDeps,
  input: UnsubscribeInput,
  now: Date,
): Promise<boolean> {
  const { subscriberId, deliveryId, how, hit } = input;
  const isNew = await deps.database.inTransaction(async (stores) => {
    await stores.subscribers.lock(subscriberId);
    if (!(await stores.subscribers.unsubscribe(subscriberId, now))) return false;
    await stores.consent.add({
      subscriberId,
      at: now,
      act: 'unsubscribed',
      how: { code: `consent.${how}` },
      textVersion: textVersion(deps.programme.consentVersion, input.pageLanguage),
      ip: hit.ip,
      userAgent: hit.userAgent,
      details: deliveryId === null ? {} : { deliveryId },
    });
    await stores.ledger.record([{ kind: 'unsubscribe', at: now, subscriberId, deliveryId, hit }]);
    return true;
  });
  // By itself, after the status holds: a batch that is claiming these rows meanwhile must never make an
  // unsubscription wait or fail, and what it claims it leaves out because of the status.
  if (isNew)
    await deps.database.stores.subscribers.leaveOutOfPlanned(subscriberId, { code: 'skip.unsubscribed' });
  return isNew;
}
