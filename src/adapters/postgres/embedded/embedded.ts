import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { counted } from '../../../domain/text.ts';
import type { Log } from '../../../journey/ports.ts';
import { serverAccount, serverHome } from './embedded-account.ts';
import { guardServer } from './embedded-guard.ts';
import { type Kept, keepFirst, readKept, replace } from './embedded-kept.ts';
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
import { watchServer } from './embedded-watch.ts';

export interface Embedded {
  url: string;
  /** Where the data are: below the data folder, or elsewhere when the server's account cannot get there. */
  data: string;
  /** False when another process, or an earlier one that was killed, had started the server. */
  started: boolean;
  /** Stops the server unless another process still uses it; then that one will. */
  stop(): Promise<void>;
}

const DATABASE = 'simmer';
const PATIENCE_MS = 90_000;
/** What was written and not yet in place is read first: that may take its time. */
const RESTART_PATIENCE_MS = 300_000;
/** Every process that uses the server holds this lock, shared, as long as it lives: who gets it alone is the last one. */
const PRESENCE = 7_330_001;

/**
 * A real PostgreSQL (from npm) with its data in `dataDir`, listening on 127.0.0.1. Starts it, or attaches to the one that
 * runs there already: left a moment ago by a killed process, or started by another one (the command line beside the
 * program). When it dies it is started again, under the same address. Errors say what to do.
 */
export async function startEmbedded(
  dataDir: string,
  log: Log,
  options: { throwAway?: boolean } = {},
): Promise<Embedded> {
  const { server, kept, keep } = await prepare(resolve(dataDir), log, options.throwAway ?? false);
  const guard = guardServer(server.cluster, kept.password);
  const first = await reach(server, kept, (taken) => moveTo(taken, kept, keep, log), PATIENCE_MS);
  const { started, running } = first;
  const how = started ? 'embedded PostgreSQL started' : 'attached to the embedded PostgreSQL that is running';
  log.info({ port: running.port, server: running.pid, data: server.cluster }, how);
  const watch = watchServer(first.presence, {
    // Connections know its port.
    reach: (signal) => reach(server, { ...kept, port: running.port }, null, RESTART_PATIENCE_MS, signal),
    log,
    cluster: server.cluster,
  });
  return {
    url: urlOf(running.port, kept.password),
    data: server.home,
    started,
    async stop() {
      const presence = await watch.end();
      if (presence) await leave(presence, server, log);
      guard.dismiss();
    },
  };
}

interface Reached {
  presence: pg.Client;
  running: { pid: number; port: number };
  /** By this process. */
  started: boolean;
}

/** Starts the server unless one runs, and enters it. `move` is asked for another port where its own is taken; null: none will do. */
async function reach(
  server: Server,
  kept: Kept,
  move: ((port: number) => Promise<void>) | null,
  patienceMs: number,
  signal?: AbortSignal,
): Promise<Reached> {
  const deadline = Date.now() + patienceMs;
  const isTime = () => Date.now() < deadline && signal?.aborted !== true;
  let started = false;
  while (isTime()) {
    const running = runningServer(server.cluster);
    if (running === null) {
      if (!(await isFree(kept.port))) {
        if (move === null)
          throw new Error(
            `port ${kept.port}, which all connections know, is taken by another program: end that, or start Simmer again.`,
          );
        await move(kept.port);
      }
      started = await start(server, kept.port);
      if (!started) await sleep(200);
      continue;
    }
    const presence = await enter(running, kept.password, isTime);
    if (presence !== null) return { presence, running, started };
    started = false;
  }
  throw new Error(
    `The embedded PostgreSQL in ${server.cluster} did not become ready within ${counted(patienceMs / 1000, 'second')}. ` +
      `Its own words are in ${join(server.home, 'server.log')}.`,
  );
}

async function moveTo(taken: number, kept: Kept, keep: (kept: Kept) => void, log: Log): Promise<void> {
  kept.port = await freePort();
  keep(kept);
  log.info(
    { before: taken, port: kept.port },
    'the port of the embedded PostgreSQL was taken: using another',
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
async function start(server: Server, port: number): Promise<boolean> {
  const { pid, exited, words } = launch(server, port);
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
export async function enter(
  running: { pid: number; port: number },
  password: string,
  isTime: () => boolean,
): Promise<pg.Client | null> {
  while (isTime() && isAlive(running.pid)) {
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
    if (await isLast(presence)) {
      await stopServer(server);
      log.info({ data: server.cluster }, 'embedded PostgreSQL stopped');
    }
  } catch (error) {
    if (runningServer(server.cluster) !== null) throw error;
  } finally {
    await presence.end().catch(() => {});
  }
}

/** Nobody else uses the server. The lock is then held until it is down, so nobody can come in between. */
export async function isLast(presence: pg.Client): Promise<boolean> {
  await presence.query('select pg_advisory_unlock_shared($1)', [PRESENCE]);
  const { rows } = await presence.query('select pg_try_advisory_lock($1) as last', [PRESENCE]);
  return rows[0]?.last === true;
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
