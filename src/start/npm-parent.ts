import { spawnSync } from 'node:child_process';
import { isAlive } from '../adapters/postgres/embedded/embedded-server.ts';

const LOOK_EVERY_MS = 500;
const SHELL = /^-?(.*\/)?(sh|dash|bash|ash|zsh|ksh|busybox)$/;

/**
 * Calls `gone` when the npm that runs this process as a script is gone. A signal to npm ends npm and the shell between
 * the two, and does not reach us. Started in any other way, a process may outlive its parent.
 */
export function whenNpmIsGone(gone: () => void): void {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const npm = npmAbove(parent);
  const timer = setInterval(() => {
    if (process.ppid === parent && isAlive(npm)) return;
    clearInterval(timer);
    gone();
  }, LOOK_EVERY_MS);
  timer.unref();
}

/** Some shells make way for what they start: then the parent is npm itself, and what is above it is no concern of ours. */
function npmAbove(parent: number): number {
  const seen = spawnSync('ps', ['-o', 'ppid=,comm=', '-p', String(parent)], { encoding: 'utf8' });
  const [, above, command] = /^\s*(\d+)\s+(\S.*)/.exec((seen.stdout ?? '').trimEnd()) ?? [];
  return above !== undefined && command !== undefined && SHELL.test(command) ? Number(above) : parent;
}
