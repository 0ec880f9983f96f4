import { runner } from 'node-pg-migrate';
import pg from 'pg';
import type { Log } from '../../journey/ports.ts';
import { isAway } from './database-fault.ts';
import { knownMigrations, MIGRATIONS, refuseUnusable, schemaState } from './schema-state.ts';
import { UnusableDatabase } from './unusable-database.ts';

/** What the tables and statements here need. */
const OLDEST_SERVER = 15;

/**
 * Brings the database's tables up to date with migrations/*.sql. Processes that start at the same time take turns:
 * the first one migrates, the others wait for it and then find nothing to do. Returns the names of what ran. Throws
 * UnusableDatabase when a newer version was here before, or a restore was broken off.
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
    await refuseOldServer(client);
    const before = await schemaState(client);
    refuseUnusable(before);
    if (before.run.length === 0) await refuseReadOnly(client);
    const names = await runMigrations(client, log);
    if (names.length > 0) log.info({ migrations: names }, 'database tables brought up to date');
    // A newer version may have had its turn while this one waited.
    refuseUnusable(await schemaState(client));
    return names;
  } finally {
    await client.end();
  }
}

/** Runs what has not run yet: all, or only those of these names. */
export async function runMigrations(
  client: pg.Client,
  log: Log,
  only?: readonly string[],
): Promise<string[]> {
  const left = only ? knownMigrations().filter((name) => !only.includes(name)) : [];
  const done = await runner({
    dbClient: client,
    dir: MIGRATIONS,
    direction: 'up',
    migrationsTable: 'migrations',
    ...(only ? { ignorePattern: `(${['\\..*', ...left.map((name) => `${name}\\.sql`)].join('|')})` } : {}),
    advisoryLockMode: 'wait',
    // All or nothing: a failed start leaves the tables as they were.
    singleTransaction: true,
    // Which have run counts; a version under development may have run a later one first.
    checkOrder: false,
    logger: quiet(log),
  });
  return done.map((migration) => migration.name);
}

async function refuseOldServer(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ version: string }>(
    `select current_setting('server_version') as version`,
  );
  const { version } = rows[0]!;
  if (Number.parseInt(version, 10) < OLDEST_SERVER)
    throw new UnusableDatabase(
      `it is PostgreSQL ${version}, and Simmer needs ${OLDEST_SERVER} or later. Update the server, or use another.`,
    );
}

/** PostgreSQL 15 and later let only the owner of a database make tables in it. */
async function refuseReadOnly(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ may: boolean; name: string; database: string }>(
    `select coalesce(has_schema_privilege(current_schema(), 'create'), false) as may, current_user as name,
            current_database() as database`,
  );
  const { may, name, database } = rows[0]!;
  if (!may)
    throw new UnusableDatabase(
      `the user "${name}" may not make tables in it. Make the user its owner: alter database ${database} owner to ${name};`,
    );
}

/**
 * Migrates as soon as the server is back, for a web process that has to land clicks meanwhile. `stop` ends the trying;
 * `refused` is told when the server came back with a database that cannot be used, which ends it too.
 */
export function migrateWhenBack(
  url: string,
  log: Log,
  {
    everyMs = 2_000,
    refused = () => {},
  }: { everyMs?: number; refused?: (error: UnusableDatabase) => void } = {},
): { stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  const attempt = async () => {
    try {
      await migrate(url, log);
      log.info({}, 'the database is back');
    } catch (error) {
      if (isStopped) return;
      if (error instanceof UnusableDatabase) return refused(error);
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
  // What goes wrong is thrown as well.
  const note = (message: string) => log.debug({}, message);
  return { debug: note, info: note, warn: note, error: note };
}
