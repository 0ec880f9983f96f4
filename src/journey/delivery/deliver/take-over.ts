import type { Database, Log } from '../../ports.ts';

/** What dead workers (leases over) left is handed back or uncertain, and what they had not counted is counted. */
export async function takeOver(
  { database: { stores }, log }: { database: Pick<Database, 'stores'>; log: Log },
  now: Date,
): Promise<{ handedBack: number; uncertain: number }> {
  const found = await stores.deliveries.recoverExpired(now);
  await stores.ledger.countLeft(now);
  if (found.handedBack + found.uncertain > 0)
    log.warn(found, 'a worker stopped in the middle of a batch: its deliveries were taken over');
  return found;
}
