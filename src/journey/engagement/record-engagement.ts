import type { Happening } from '../../domain/engagement/happening.ts';
import { groupCommit } from '../group-commit.ts';
import type { Database, Log, Queue } from '../ports.ts';
import type { Recorded } from './ports.ts';

/** Larger batches gain nothing and make the last of a burst wait longer. */
const MOST_AT_ONCE = 500;

interface Deps {
  database: Pick<Database, 'inTransaction'>;
  queue: Pick<Queue, 'add'>;
  log: Log;
  now: () => Date;
}

/**
 * Records what happened to leads; resolves when it is durable, rejects when it could not be written. Event, score,
 * stage, qualification and the alert to send become true in one transaction; many requests share it.
 */
export function makeRecorder(deps: Deps): (happening: Happening) => Promise<void> {
  return groupCommit(async (happenings: Happening[]) => {
    const { qualified } = await deps.database.inTransaction((stores) => stores.ledger.record(happenings));
    // Not waited for: the answer must not hang on a queue that does. It never rejects.
    void remindOfAlerts(deps, qualified);
  }, MOST_AT_ONCE);
}

/**
 * Sets a reminder for each alert that has just been committed. The alerts stand in the outbox: a reminder that cannot
 * be set is made up for by the schedule.
 */
export async function remindOfAlerts(
  deps: Omit<Deps, 'database'>,
  qualified: Recorded['qualified'],
): Promise<void> {
  for (const { alertId, alertDueAt } of qualified) {
    const delayMs = Math.max(0, alertDueAt.getTime() - deps.now().getTime());
    try {
      await deps.queue.add({ name: 'send-outbox' }, { key: `alert-${alertId}`, delayMs });
    } catch (error) {
      deps.log.warn(
        { alertId, error: String(error) },
        'no reminder for a sales alert; the schedule will send it',
      );
    }
  }
}
