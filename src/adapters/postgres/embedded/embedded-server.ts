import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Account } from './embedded-account.ts';
import { asAccount, type Programs, run } from './embedded-programs.ts';

export const SUPERUSER = 'simmer';

export interface Server {
  programs: Programs;
  account: Account;
  home: string;
  cluster: string;
  /** Nobody will miss the data (tests): nothing waits for the disk. */
  throwAway: boolean;
}

/**
 * Makes the cluster when there is none. It is made aside and gets its name when it is whole, so a process killed half
 * way leaves nothing that looks finished, and of two processes that start at once one wins.
 */
export async function makeCluster(server: Server, password: string): Promise<void> {
  const { cluster, home, programs, account } = server;
  if (existsSync(join(cluster, 'PG_VERSION'))) return refuseOtherVersion(cluster, programs.major);
  sweep(home);
  const mark = `${process.pid}-${randomBytes(4).toString('hex')}`;
  const aside = join(home, `cluster.new-${mark}`);
  const passwordFile = join(home, `password.new-${mark}`);
  try {
    mkdirSync(aside, { mode: 0o700 });
    writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
    if (account !== null) {
      chownSync(aside, account.uid, account.gid);
      chownSync(passwordFile, account.uid, account.gid);
    }
    const args = [
      `--pgdata=${aside}`,
      `--username=${SUPERUSER}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      // The built-in locale is the same on every machine; the system's may be missing or change under an index.
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      ...(server.throwAway ? ['--no-sync'] : []),
    ];
    const { code, output } = await run(programs.initdb, args, account, home);
    if (code !== 0)
      throw new Error(`The embedded PostgreSQL could not make its data in ${home}: ${output.trim()}`);
    try {
      renameSync(aside, cluster);
    } catch (error) {
      if (!existsSync(join(cluster, 'PG_VERSION'))) throw error;
    }
  } finally {
    rmSync(passwordFile, { force: true });
    rmSync(aside, { recursive: true, force: true });
  }
}

function refuseOtherVersion(cluster: string, major: string): void {
  const found = readFileSync(join(cluster, 'PG_VERSION'), 'utf8').trim();
  if (found === major) return;
  throw new Error(
    `The data in ${cluster} were written by PostgreSQL ${found}; the embedded one is PostgreSQL ${major} and cannot read them. ` +
      'Install the Simmer version that wrote them, make a backup with it ("simmer backup FILE"), and restore that with this one into an empty ' +
      'folder (DATA_DIR).',
  );
}

/** What killed starts left behind. */
function sweep(home: string): void {
  for (const name of readdirSync(home)) {
    const path = join(home, name);
    if (/\.new-\d/.test(name) && Date.now() - statSync(path).mtimeMs > 600_000) {
      rmSync(path, { recursive: true, force: true });
    }
  }
}

/**
 * The server that runs on this cluster, by its postmaster.pid; null when there is none. A file left by a killed server is
 * removed when its process number now belongs to something else.
 */
export function runningServer(cluster: string): { pid: number; port: number } | null {
  const file = join(cluster, 'postmaster.pid');
  let lines: string[];
  try {
    lines = readFileSync(file, 'utf8').split('\n');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0 || !isAlive(pid)) return null; // the server itself clears such a file
  if (!isServerOf(pid, cluster)) {
    rmSync(file, { force: true });
    return null;
  }
  return { pid, port: Number(lines[3]) };
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Looks at the process's command line: it names the cluster. Where that cannot be seen, the connection will tell. */
function isServerOf(pid: number, cluster: string): boolean {
  if (process.platform === 'win32') return true;
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(cluster);
  } catch {
    const seen = spawnSync('ps', ['-ww', '-p', String(pid), '-o', 'command='], { encoding: 'utf8' });
    return seen.status === 0 ? seen.stdout.includes(cluster) : true;
  }
}

/** Starts the server in a session of its own: Ctrl-C in the terminal reaches Simmer, which stops the server last. */
export function launch(
  server: Server,
  port: number,
): { pid: number | undefined; exited: Promise<number | null>; words(): string } {
  const { programs, account, home, cluster } = server;
  const logFile = join(home, 'server.log');
  const before = existsSync(logFile) ? statSync(logFile).size : 0;
  const fresh = before > 10_000_000;
  const output = openSync(logFile, fresh ? 'w' : 'a', 0o600);
  chmodSync(logFile, 0o600);
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=200',
    'shared_buffers=64MB',
    'jit=off',
    'timezone=UTC',
    'log_timezone=UTC',
    ...(server.throwAway ? ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'] : []),
  ];
  const args = ['-D', cluster, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])];
  const child = spawn(programs.postgres, args, {
    ...asAccount(account),
    cwd: home,
    detached: true,
    stdio: ['ignore', output, output],
    windowsHide: true,
  });
  closeSync(output);
  child.unref();
  const exited = new Promise<number | null>((resolve) => {
    child.on('error', () => resolve(-1));
    child.on('exit', resolve);
  });
  return {
    pid: child.pid,
    exited,
    words: () => readFileSync(logFile, 'utf8').slice(fresh ? 0 : before),
  };
}

/** Fast shutdown: open connections are ended, everything committed stays. Waits until the server is gone. */
export async function stopServer(server: Server): Promise<void> {
  const { programs, account, home, cluster } = server;
  const args = ['stop', '-D', cluster, '-m', 'fast', '-w', '-t', '60'];
  const { code, output } = await run(programs.pgCtl, args, account, home);
  if (code !== 0 && runningServer(cluster) !== null) {
    throw new Error(`The embedded PostgreSQL in ${cluster} could not be stopped: ${output.trim()}`);
  }
}
