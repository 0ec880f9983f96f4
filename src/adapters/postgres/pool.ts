import pg from 'pg';
import type { Log } from '../../journey/ports.ts';
import { CleanClient } from './clean-client.ts';
import { isAway } from './database-fault.ts';
import { type Outage, watchOutage } from './outage.ts';

/** What a store needs: a pool (each call commits by itself) or one connection inside a transaction. */
export interface Queryable {
  query<Row extends pg.QueryResultRow = pg.QueryResultRow>(
    statement: string | Prepared,
    values?: unknown[],
  ): Promise<pg.QueryResult<Row>>;
}

/** A statement that Postgres keeps by its name on each connection: for those whose planning would take longer than they do. */
export interface Prepared {
  name: string;
  text: string;
  values: unknown[];
}

const BIGINT = 20;

/** Ids stay far below 2^53, so they are read as JS numbers; a larger value is refused, never rounded. */
function readBigint(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number))
    throw new Error(`Postgres gave the number ${text}, too large to be exact`);
  return number;
}

const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === BIGINT && format !== 'binary'
      ? readBigint
      : pg.types.getTypeParser(oid, format as 'text')) as pg.CustomTypesConfig['getTypeParser'],
};

/**
 * Connections to one database. A server that goes away is told of once, by `outage`, and connected to again by the next query;
 * it never ends the process, and what it could not do fails with StoreAway. `connections` is the most that are open at once. An
 * answer that takes longer than `answerMs` (0: for ever) is not waited for, and its connection not used again.
 */
export function makePool(
  url: string,
  log: Log,
  connections = 10,
  outage = watchOutage(log),
  answerMs = 0,
): pg.Pool {
  const pool = new pg.Pool({
    Client: CleanClient,
    connectionString: url,
    max: connections,
    // A web page is better told "no database" after some seconds than left waiting.
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 30_000,
    ...(answerMs > 0 ? { query_timeout: answerMs } : {}),
    keepAlive: true,
    application_name: 'simmer',
    types,
  });
  pool.on('error', (error) => {
    // Once the pool is being closed, a connection that ends is no news. An outage is told of by who asks next.
    if (!pool.ending && !isAway(error))
      log.warn({ error: error.message }, 'an idle database connection was lost');
  });
  outages.set(pool, outage);
  return watched(pool, outage);
}

const outages = new WeakMap<object, Outage>();

/** The same error as it is told to who asked over this pool. */
export function asTold(pool: pg.Pool, error: unknown): unknown {
  return outages.get(pool)?.seen(error) ?? error;
}

/** Its promises only: pg itself asks it by callback, and hands on what it is told. */
function watched(pool: pg.Pool, outage: Outage): pg.Pool {
  const watch =
    <Args extends unknown[]>(ask: (...args: Args) => unknown) =>
    (...args: Args): unknown => {
      const answered = outage.asking();
      const answer = ask.apply(pool, args);
      if (!(answer instanceof Promise)) return answer;
      return answer.then(
        (value) => {
          answered();
          return value;
        },
        (error) => {
          throw outage.seen(error);
        },
      );
    };
  return Object.assign(pool, {
    query: watch(pool.query as (...args: unknown[]) => unknown),
    connect: watch(pool.connect as (...args: unknown[]) => unknown),
  }) as pg.Pool;
}

/** True when the database answers within two seconds: for /health/ready. Never throws. */
export async function isReady(db: Queryable, timeoutMs = 2000): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), timeoutMs);
  });
  const answered = db.query('select 1').then(
    () => true,
    () => false,
  );
  return Promise.race([answered, late]).finally(() => clearTimeout(timer));
}
