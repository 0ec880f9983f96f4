import type pg from 'pg';
import { asTold, type Queryable } from './pool.ts';

/**
 * Runs `work` in one transaction: it commits when `work` resolves, else nothing happened and the error goes on.
 * Given a pool it begins one; given a connection (it is inside one already) it takes part in that one. Postgres
 * ends it when it does not go on for `idleMs`; 0: never.
 */
export async function transactional<T>(
  db: Queryable,
  work: (tx: Queryable) => Promise<T>,
  { idleMs = 0 }: { idleMs?: number } = {},
): Promise<T> {
  if (!isPool(db)) return work(db);
  const client = await db.connect();
  let broken: Error | undefined;
  // Postgres may cut the connection between two statements. The next one fails then, and says so to the caller; but
  // an 'error' event that nobody listens to would end the process.
  const onCut = (error: Error) => {
    broken = error;
  };
  client.on('error', onCut);
  try {
    await client.query(
      idleMs > 0 ? `begin; set local idle_in_transaction_session_timeout = ${Number(idleMs)}` : 'begin',
    );
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    // A connection that cannot roll back is in an unknown state: the pool must drop it.
    await client.query('rollback').catch((fault: Error) => {
      broken = fault;
    });
    throw asTold(db, error);
  } finally {
    client.off('error', onCut);
    client.release(broken);
  }
}

/** As others find a worker dead that was silent for so long. */
const IDLE_MS = 30_000;

/**
 * The same for what others wait for or pass by as long as it holds it, such as mails that are being claimed: Postgres ends it
 * when its machine is gone or stands still in the middle.
 */
export const briefly = <T>(db: Queryable, work: (tx: Queryable) => Promise<T>): Promise<T> =>
  transactional(db, work, { idleMs: IDLE_MS });

/** A pool is told from a connection by what only pools have. */
export function isPool(db: Queryable): db is pg.Pool {
  return 'totalCount' in db;
}
