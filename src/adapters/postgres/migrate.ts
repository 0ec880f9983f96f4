import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import pg from 'pg';
import type { Log } from '../../journey/ports.ts';

const FOLDER = fileURLToPath(new URL('./migrations', import.meta.url));

/**
 * Brings the database's tables up to date with migrations/*.sql. Processes that start at the same time take turns:
 * the first one migrates, the others wait for it and then find nothing to do. Returns the names of what ran.
 */
export async function migrate(url: string, log: Log): Promise<string[]> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'simmer migrations',
    // A server that hangs is told from one that is busy.
    connectionTimeoutMillis: 10_000,
  });
  // A connection lost between two statements would otherwise end the process; the statement reports it too.
  client.on('error', () => {});
  await client.connect();
  try {
    const done = await runner({
      dbClient: client,
      dir: FOLDER,
      direction: 'up',
      migrationsTable: 'migrations',
      advisoryLockMode: 'wait',
      // All or nothing: a failed start leaves the tables as they were.
      singleTransaction: true,
      logger: quiet(log),
    });
    const names = done.map((migration) => migration.name);
    if (names.length > 0) log.info({ migrations: names }, 'database tables brought up to date');
    return names;
  } finally {
    await client.end();
  }
}

/** True for an error that says: the server is not there now, try again. */
export function isAway(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string };
  // 57P…: shutting down, crashed, starting up; 53300: too many connections; 08…: the connection broke.
  return (
    /^(ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE|57P\d\d|53300|08\w{3})$/.test(
      code ?? '',
    ) || /timeout expired|Connection terminated/i.test(message ?? '')
  );
}

/**
 * Migrates as soon as the server is back, for a web process that has to land clicks meanwhile. `stop` ends the trying.
 */
export function migrateWhenBack(url: string, log: Log, everyMs = 2_000): { stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  const attempt = async () => {
    try {
      await migrate(url, log);
      log.info({}, 'the database is back');
    } catch (error) {
      if (isStopped) return;
      // A migration that fails is told each time: somebody has to mend it, and pages say so until then.
      if (!isAway(error))
        log.error({ error: String(error) }, 'the database tables cannot be brought up to date');
      timer = setTimeout(attempt, everyMs);
    }
  };
  timer = setTimeout(attempt, everyMs);
  return {
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}

function quiet(log: Log) {
  const note = (message: string) => log.debug({}, message);
  const warn = (message: string) => log.warn({}, message);
  return { debug: note, info: note, warn, error: warn };
}
