import { addressMeant } from '../../domain/audience/email-address.ts';
import type { Subscriber } from '../../domain/audience/subscriber.ts';
import type { LeadEvent } from '../../domain/scoring/lead-event.ts';
import type { Database } from '../ports.ts';

/**
 * What a lead did elsewhere, as another program tells it, on the same profile and ledger as everything else. Gives the
 * lead as it is then; null when nobody has the address.
 */
export async function recordApiEvent(
  { database }: { database: Pick<Database, 'stores'> },
  { email, eventOf }: { email: string; eventOf: (subscriberId: number) => LeadEvent },
): Promise<Subscriber | null> {
  const { subscribers, ledger } = database.stores;
  const subscriber = await subscribers.findByEmail(addressMeant(email));
  if (!subscriber) return null;
  await ledger.record([eventOf(subscriber.id)]);
  return (await subscribers.find(subscriber.id)) ?? subscriber;
}
