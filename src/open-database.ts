import { faultInWords, mayComeBack } from './adapters/postgres/database-fault.ts';
import { type Embedded, startEmbedded } from './adapters/postgres/embedded/embedded.ts';
import { migrate, migrateWhenBack } from './adapters/postgres/migrate.ts';
import { makeDataDir } from './config/data-dir.ts';
import { SetUpError } from './config/set-up-error.ts';
import type { Role, Settings } from './config/settings.ts';
import { redact } from './domain/redact.ts';
import type { Log } from './journey/ports.ts';

export interface OpenDatabase {
  /** Password and all: never to be shown. */
  url: string;
  /** The one that Simmer brings; null when DATABASE_URL names another. */
  embedded: Embedded | null;
  /** What ran to bring the tables up to date. */
  migrations: string[];
  close(): Promise<void>;
}

type Home = Pick<Settings, 'databaseUrl' | 'dataDir'>;

/** Where the database is; the embedded one runs until `close`. Throws SetUpError. */
export async function reachDatabase(
  { databaseUrl, dataDir }: Home,
  log: Log,
): Promise<Omit<OpenDatabase, 'migrations'>> {
  if (databaseUrl !== null) return { url: databaseUrl, embedded: null, close: async () => {} };
  makeDataDir(dataDir);
  const embedded = await startEmbedded(dataDir, log).catch((error: Error) => {
    throw new SetUpError(error.message, { cause: error });
  });
  return { url: embedded.url, embedded, close: () => embedded.stop() };
}

/**
 * The same with its tables up to date. A web process is let in also while the server is away: clicks land, pages wait. `refused`
 * is told when such a server comes back with a database that cannot be used. Throws SetUpError.
 */
export async function openDatabase(
  home: Home,
  log: Log,
  { role, refused }: { role?: Role | undefined; refused?: ((error: SetUpError) => void) | undefined } = {},
): Promise<OpenDatabase> {
  const { url, embedded, close } = await reachDatabase(home, log);
  let waiting: { stop(): void } | undefined;
  try {
    const migrations = await migrate(url, log).catch((error: Error) => {
      if (role !== 'web' || !mayComeBack(error)) throw setUpError(url, error);
      log.error({ error: error.message }, 'the database is away: clicks land, pages wait for it');
      waiting = migrateWhenBack(url, log, { refused: (fault) => refused?.(setUpError(url, fault)) });
      return [];
    });
    return {
      url,
      embedded,
      migrations,
      async close() {
        waiting?.stop();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The same fault as a sentence for a person. */
export function setUpError(url: string, error: unknown): SetUpError {
  return new SetUpError(
    redact(`The database at ${url} cannot be used: `) + redact(faultInWords(error, url)),
    {
      cause: error,
    },
  );
}
