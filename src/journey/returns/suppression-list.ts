import type { Database } from '../ports.ts';
import type { Suppression } from './ports/returns.ts';

export interface SuppressionDeps {
  database: Database;
}

/** The addresses that are never written to, newest first, or those that were and no longer are. */
export function listSuppressions(
  { database }: SuppressionDeps,
  filter: { search?: string; beforeId?: number; limit: number; lifted?: boolean },
): Promise<Suppression[]> {
  const { search = null, beforeId = null, limit, lifted = false } = filter;
  return database.stores.suppressions.list({ search, beforeId, limit, lifted });
}

/**
 * Puts an address on the list by hand, whether it is a reader's or not (then a later sign-up gets no mail). `email` in
 * lower case. False: it stands there already.
 */
export async function suppressAddress(
  { database }: SuppressionDeps,
  { email, why, byWhom }: { email: string; why: string; byWhom: string },
  now: Date,
): Promise<boolean> {
  const subscriberId = await database.inTransaction(async ({ subscribers, suppressions, audit }) => {
    const reader = await subscribers.findByEmail(email);
    if (reader) await subscribers.lock(reader.id);
    const isNew = await suppressions.add({
      email,
      subscriberId: reader?.id ?? null,
      at: now,
      cause: 'by-hand',
      why,
      returnedMailId: null,
      deliveryId: null,
      byWhom,
    });
    await suppressions.suppressReader(email);
    if (isNew)
      await audit.add({
        at: now,
        staffEmail: byWhom,
        act: 'address-suppressed',
        subject: email,
        details: { why },
        subscriberId: reader?.id ?? null,
      });
    return isNew ? (reader?.id ?? 0) : null;
  });
  if (subscriberId)
    await database.stores.subscribers.leaveOutOfPlanned(subscriberId, { code: 'skip.suppressed' });
  return subscriberId !== null;
}

/**
 * Takes an address off the list, with the reason. The reader becomes again what their own consent says; who never
 * confirmed is pending. 'not-suppressed' when the address stands nowhere; null: off the list, and nobody's.
 */
export async function liftSuppression(
  { database }: SuppressionDeps,
  { email, why, byWhom }: { email: string; why: string; byWhom: string },
  now: Date,
): Promise<'active' | 'unsubscribed' | 'pending' | null | 'not-suppressed'> {
  return database.inTransaction(async ({ suppressions, subscribers, audit }) => {
    const wasListed = await suppressions.lift(email, byWhom, why, now);
    const status = await suppressions.releaseReader(email);
    if (!wasListed && status === null) return 'not-suppressed';
    const reader = await subscribers.findByEmail(email);
    await audit.add({
      at: now,
      staffEmail: byWhom,
      act: 'address-released',
      subject: email,
      details: { why, status },
      subscriberId: reader?.id ?? null,
    });
    return status;
  });
}
