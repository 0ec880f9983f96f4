import type pg from 'pg';
import { watchOutage } from './adapters/postgres/outage.ts';
import { makePool } from './adapters/postgres/pool.ts';
import { makeDataDir } from './config/data-dir.ts';
import { type LoadedProgramme, loadProgramme } from './config/load-programme.ts';
import { describeProblems } from './config/problem.ts';
import { keptSecretKey } from './config/secret-key.ts';
import { SetUpError } from './config/set-up-error.ts';
import { type Role, readEnvFile, readSettings, type Settings } from './config/settings.ts';
import { makeDatabase } from './database.ts';
import { type Links, makeLinks } from './domain/links.ts';
import type { Programme } from './domain/programme.ts';
import { type RuleChange, withChange } from './domain/scoring/rule-change.ts';
import { type KeepAddress, makeKeepAddress } from './domain/tracking/network.ts';
import type { Database, Log } from './journey/ports.ts';
import { openDatabase } from './open-database.ts';

export { SetUpError } from './config/set-up-error.ts';

/** Settings and programme, checked, and the database behind them, migrated. */
export interface Runtime {
  settings: Settings;
  loaded: LoadedProgramme;
  /** With the rules that hold: those of the file, and over them what `simmer score apply` was told. */
  programme: Programme;
  /** The first signs, all verify. */
  secrets: readonly string[];
  links: Links;
  /** What is kept of a network address. */
  keepAddress: KeepAddress;
  pool: pg.Pool;
  /** More connections, for what must not wait for others, nor longer than `answerMs` for an answer; the caller ends them. */
  connect(connections: number, answerMs?: number): pg.Pool;
  database: Database;
  /** Where the embedded database keeps its data; null when DATABASE_URL names another. */
  embeddedData: string | null;
  close(): Promise<void>;
}

export interface OpenOptions {
  /** Path of the programme; else the setting PROGRAMME, else feeds.config.ts here. */
  programme?: string | undefined;
  role?: Role;
  log: Log;
  /** Changes the checked programme for this run. */
  adjust?: ((programme: Programme) => Programme) | undefined;
  /** Connections to Postgres at once. */
  connections?: number;
  /** Told when a server that was away at the start came back with a database that cannot be used. */
  refused?: ((error: SetUpError) => void) | undefined;
}

/** The settings of this process, .env included. Throws SetUpError with every problem. */
export function settingsOf(role: Role = 'all'): Settings {
  readEnvFile();
  const read = readSettings(process.env, role);
  if ('problems' in read)
    throw new SetUpError(describeProblems('The settings cannot be used', read.problems));
  return read.settings;
}

/** What `simmer score apply` laid over the rules of the programme; nothing while the database is away. */
async function changeInForce(database: Database): Promise<RuleChange | null> {
  const rescoring = await database.stores.rules.inForce().catch(() => null);
  return rescoring?.change ?? null;
}

/**
 * Opens what a command or a role works with, beside a program that runs or without one: on the embedded database too,
 * which is attached to, or started for as long as this is open. Throws SetUpError or ProgrammeError.
 */
export async function openRuntime(
  options: OpenOptions,
  settings = settingsOf(options.role),
): Promise<Runtime> {
  const { log } = options;
  const named = options.programme ?? settings.programme ?? undefined;
  // Pages keep hits there while the database is away, and an embedded one lives there.
  if (settings.mode === 'embedded' || options.role === 'web' || options.role === 'all')
    makeDataDir(settings.dataDir);
  const loaded = await loadProgramme(named, settings.mode === 'embedded');
  const programme = options.adjust?.(loaded.programme) ?? loaded.programme;
  const secrets = settings.secrets.length > 0 ? settings.secrets : [keptSecretKey(settings.dataDir)];
  const links = makeLinks(settings.publicUrl, secrets);
  const opened = await openDatabase(settings, log, { role: options.role, refused: options.refused });
  const { url, embedded } = opened;
  let pool: pg.Pool | undefined;
  const close = async () => {
    await pool?.end();
    await opened.close();
  };
  try {
    const outage = watchOutage(log);
    pool = makePool(url, log, options.connections, outage);
    const keepAddress = makeKeepAddress(programme.machines.keepAddresses, secrets[0] ?? '');
    // The ledger reads changed rules by itself, whenever they change; pages and mails show those of the start.
    const database = makeDatabase(pool, { programme, links, keepAddress });
    return {
      settings,
      loaded,
      programme: withChange(programme, await changeInForce(database)),
      secrets,
      links,
      keepAddress,
      pool,
      connect: (connections, answerMs) => makePool(url, log, connections, outage, answerMs),
      database,
      embeddedData: embedded?.data ?? null,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
