import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Log } from '../../journey/ports.ts';
import { serverAccount, serverHome } from './embedded-account.ts';
import { serverPrograms } from './embedded-programs.ts';
import {
  isAlive,
  launch,
  makeCluster,
  runningServer,
  type Server,
  SUPERUSER,
  stopServer,
} from './embedded-server.ts';

export interface Embedded {
  url: string;
  /** Where the data are: below the data folder, or elsewhere when the server's account cannot get there. */
  data: string;
  /** False when another process, or an earlier one that was killed, had started the server. */
  started: boolean;
  /** Stops the server unless another process still uses it; then that one will. */
  stop(): Promise<void>;
}

/** What is kept between starts, readable by its owner only. */
interface Kept {
  password: string;
  port: number;
  /** Absolute when the data had to be put outside the data folder. */
  home: string | null;
}

const DATABASE = 'simmer';
const PATIENCE_MS = 90_000;
/** Every process that uses the server holds this lock, shared, as long as it lives: who gets it alone is the last one. */
const PRESENCE = 7_330_001;

/**
 * A real PostgreSQL (from npm) with its data in `dataDir`, listening on 127.0.0.1. Starts it, or attaches to the one that
 * runs there already: left by a killed process, or started by another one (the command line beside the program).
 * Errors say what to do.
 */
export async function startEmbedded(
  dataDir: string,
  log: Log,
  options: { throwAway?: boolean } = {},
): Promise<Embedded> {
  const { server, kept, keep } = await prepare(resolve(dataDir), log, options.throwAway ?? false);
  const deadline = Date.now() + PATIENCE_MS;
  let started = false;
  while (Date.now() < deadline) {
    const running = runningServer(server.cluster);
    if (running === null) {
      started = await start(server, kept, keep, log);
      if (!started) await sleep(200);
      continue;
    }
    const presence = await enter(running, kept.password, deadline);
    if (presence !== null) {
      const how = started
        ? 'embedded PostgreSQL started'
        : 'attached to the embedded PostgreSQL that is running';
      log.info({ port: running.port, server: running.pid, data: server.cluster }, how);
      const stop = () => leave(presence, server, log);
      return { url: urlOf(running.port, kept.password), data: server.home, started, stop };
    }
    started = false;
  }
  throw new Error(
    `The embedded PostgreSQL in ${server.cluster} did not become ready within ${PATIENCE_MS / 1000} seconds. ` +
      `Its own words are in ${join(server.home, 'server.log')}.`,
  );
}

async function prepare(dataDir: string, log: Log, throwAway: boolean) {
  const file = join(dataDir, 'postgres.json');
  const before = readKept(file);
  const known = before?.home ?? join(dataDir, 'postgres');
  const account = serverAccount(join(known, 'cluster'));
  const place = before?.home ? { home: before.home, elsewhere: true } : serverHome(dataDir, account);
  if (place.elsewhere && before === null) {
    log.info(
      { data: place.home },
      `PostgreSQL runs as "${account?.name}", which cannot reach ${dataDir}: its data are kept elsewhere`,
    );
  }
  const first: Kept = {
    password: randomBytes(24).toString('hex'),
    port: await freePort(),
    home: place.elsewhere ? place.home : null,
  };
  const kept = before ?? (await keepFirst(file, first));
  const programs = await serverPrograms(place.home, account, log);
  const cluster = join(place.home, 'cluster');
  const server: Server = { programs, account, home: place.home, cluster, throwAway };
  await makeCluster(server, kept.password);
  return { server, kept, keep: (changed: Kept) => replace(file, changed) };
}

/** One attempt. False: somebody else was faster, or the last server has not quite gone; look again. */
async function start(server: Server, kept: Kept, keep: (kept: Kept) => void, log: Log): Promise<boolean> {
  if (!(await isFree(kept.port))) {
    const before = kept.port;
    kept.port = await freePort();
    keep(kept);
    log.info({ before, port: kept.port }, 'the port of the embedded PostgreSQL was taken: using another');
  }
  const { pid, exited, words } = launch(server, kept.port);
  const ended = exited.then(() => true);
  while (runningServer(server.cluster)?.pid !== pid) {
    if (await Promise.race([ended, sleep(25, false)])) {
      const said = words();
      if (/already exists|still in use|could not bind|Address already in use/.test(said)) return false;
      const fatal = said.split('\n').filter((line) => /FATAL|PANIC|ERROR|error/.test(line));
      throw new Error(
        `The embedded PostgreSQL in ${server.cluster} did not start: ${fatal.join(' ') || said.trim()}`,
      );
    }
  }
  return true;
}

/** Connects as soon as the server lets us and takes the presence lock. Null when the server went away meanwhile. */
async function enter(
  running: { pid: number; port: number },
  password: string,
  deadline: number,
): Promise<pg.Client | null> {
  while (Date.now() < deadline && isAlive(running.pid)) {
    const client = new pg.Client({
      connectionString: urlOf(running.port, password),
      application_name: 'simmer presence',
    });
    client.on('error', () => {}); // the server is gone; whoever queries next will say so
    try {
      await client.connect();
      await client.query('select pg_advisory_lock_shared($1)', [PRESENCE]);
      return client;
    } catch (error) {
      await client.end().catch(() => {});
      const code = (error as { code?: string }).code;
      if (code === '28P01') {
        throw new Error(
          `The embedded PostgreSQL on port ${running.port} does not take the password in postgres.json of the data folder. ` +
            'Was that file replaced? Put the former one back, or set DATA_DIR to an empty folder.',
        );
      }
      if (code === '3D000') await createDatabase(running.port, password);
      else await sleep(100);
    }
  }
  return null;
}

async function createDatabase(port: number, password: string): Promise<void> {
  const client = new pg.Client({ connectionString: urlOf(port, password, 'postgres') });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query(`create database ${DATABASE}`);
  } catch (error) {
    // Two processes at once: the other one made it.
    if (!['42P04', '23505'].includes((error as { code?: string }).code ?? '')) throw error;
  } finally {
    await client.end().catch(() => {});
  }
}

async function leave(presence: pg.Client, server: Server, log: Log): Promise<void> {
  try {
    await presence.query('select pg_advisory_unlock_shared($1)', [PRESENCE]);
    const { rows } = await presence.query('select pg_try_advisory_lock($1) as last', [PRESENCE]);
    // The lock is held until the server is down, so nobody can come in between.
    if (rows[0]?.last === true) {
      await stopServer(server);
      log.info({ data: server.cluster }, 'embedded PostgreSQL stopped');
    }
  } catch (error) {
    if (runningServer(server.cluster) !== null) throw error;
  } finally {
    await presence.end().catch(() => {});
  }
}

function readKept(file: string): Kept | null {
  try {
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Kept) : null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EACCES') {
      throw new Error(
        `${file} belongs to another user, who started Simmer here before. Run this as that user, or set DATA_DIR to a folder of your own.`,
        { cause: error },
      );
    }
    return null; // being written at this moment; keepFirst waits for it
  }
}

/** Two processes may start at once: the first one to write decides for both. */
async function keepFirst(file: string, kept: Kept): Promise<Kept> {
  try {
    writeFileSync(file, JSON.stringify(kept), { mode: 0o600, flag: 'wx' });
    return kept;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  for (let waited = 0; waited < 5000; waited += 50) {
    const others = readKept(file);
    if (others !== null) return others;
    await sleep(50);
  }
  throw new Error(
    `${file} cannot be read: it must hold the password and port of the embedded PostgreSQL as JSON.`,
  );
}

function replace(file: string, kept: Kept): void {
  writeFileSync(`${file}.new`, JSON.stringify(kept), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

function urlOf(port: number, password: string, database = DATABASE): string {
  return `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/${database}?sslmode=disable`;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((found) => {
    const probe = createServer();
    probe.on('error', () => found(false));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => found(true)));
  });
}

function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const probe = createServer();
    probe.on('error', failed);
    probe.listen({ port: 0, host: '127.0.0.1' }, () => {
      const address = probe.address();
      probe.close(() => found(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
