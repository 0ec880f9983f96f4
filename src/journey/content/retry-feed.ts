import type { Database } from '../ports.ts';

/** A feed is due at once, also one that is gone or waits after failures. False when it was never read. */
export async function retryFeed(
  { database }: { database: Pick<Database, 'inTransaction'> },
  { url, by }: { url: string; by: string },
  now: Date,
): Promise<boolean> {
  return database.inTransaction(async ({ feeds, audit }) => {
    if (!(await feeds.retry(url, now))) return false;
    await audit.add({ at: now, staffEmail: by, act: 'feed-retried', subject: url });
    return true;
  });
}
