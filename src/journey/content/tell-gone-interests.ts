import { goneInterests } from '../../domain/content/choosing/offered.ts';
import type { Programme } from '../../domain/programme.ts';
import type { Database, Log } from '../ports.ts';

/**
 * Tells the log of interests that active readers follow and the programme has no more: nobody notices a mail that does
 * not come. Says nothing while the database is away: that is told of already.
 */
export async function tellGoneInterests({
  programme,
  database,
  log,
}: {
  programme: Pick<Programme, 'interests'>;
  database: Database;
  log: Log;
}): Promise<void> {
  const audience = await database.stores.contentViews.audience().catch(() => []);
  for (const { interest, readers } of goneInterests(programme, audience)) {
    log.warn({ interest, readers }, 'active readers follow an interest that the programme no longer has');
  }
}
