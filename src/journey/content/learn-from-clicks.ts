import type { Programme } from '../../domain/programme.ts';
import type { Database } from '../ports.ts';

/** Learning is a matter of weeks; a minute after a click is soon enough for the next issue. */
const EVERY_MS = 60_000;

/** Keeps what readers like up to date with what they click. Called with every tick; mostly there is nothing to do. */
export async function learnFromClicks(
  { database, programme }: { database: Database; programme: Pick<Programme, 'choosing'> },
  now: Date,
): Promise<number> {
  const { learningHalfLifeMs } = programme.choosing;
  return database.stores.choosing.learnFromClicks(now, learningHalfLifeMs, EVERY_MS);
}
