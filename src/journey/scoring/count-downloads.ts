import type { LeadEvent } from '../../domain/scoring/lead-event.ts';
import type { Database } from '../ports.ts';

const MOST_AT_ONCE = 200;

/**
 * Counts what readers downloaded under their typed address. It was held when the form was posted, as it is for anybody, so
 * that how long the form's answer takes tells nobody who is a reader. It scores, and makes no SQL by itself.
 */
export async function countDownloads({
  database,
}: {
  database: Pick<Database, 'stores' | 'inTransaction'>;
}): Promise<{ counted: number }> {
  let counted = 0;
  for (const id of await database.stores.touchpoints.readersWithDownloads(MOST_AT_ONCE)) {
    counted += await database.inTransaction(async ({ subscribers, touchpoints, ledger }) => {
      const reader = await subscribers.lock(id);
      if (reader?.status !== 'active') return 0;
      const downloads = await touchpoints.releaseDownloads(id);
      await ledger.record(downloads.map((download): LeadEvent => ({ ...download, isTyped: true })));
      return downloads.length;
    });
  }
  return { counted };
}
