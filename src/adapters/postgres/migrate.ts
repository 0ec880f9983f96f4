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
  const client = new pg.Client({ connectionString: url, application_name: 'simmer migrations' });
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

function quiet(log: Log) {
  const note = (message: string) => log.debug({}, message);
  const warn = (message: string) => log.warn({}, message);
  return { debug: note, info: note, warn, error: warn };
}
