import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { SERVER_ENV } from './embedded-programs.ts';

/** The variable that tells the password to the process that stops the server. */
export const PASSWORD = 'SIMMER_POSTGRES_PASSWORD';

/**
 * Sees to it that the server does not outlive the processes that use it, however they end: kill -9 and Ctrl+C twice too.
 * A shell waits at a pipe that closes when this process is gone, and then looks whether anybody is left. `dismiss` it
 * when the server was left properly.
 */
export function guardServer(cluster: string, password: string): { dismiss(): void } {
  // Without a POSIX shell the server stays, and the next start takes it over.
  if (process.platform === 'win32') return { dismiss() {} };
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const program = [
    process.execPath,
    '--import',
    tsx,
    new URL('embedded-guard-child.ts', import.meta.url).pathname,
  ];
  const shell = spawn('/bin/sh', ['-c', 'read -r _; exec "$@"', 'sh', ...program, cluster], {
    // Not on the command line: others can read that.
    env: { ...SERVER_ENV, [PASSWORD]: password },
    cwd: '/',
    // A session of its own: Ctrl+C and a closing terminal do not reach it.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  shell.on('error', () => {});
  shell.stdin.on('error', () => {});
  shell.unref();
  (shell.stdin as NodeJS.WritableStream & { unref?(): void }).unref?.();
  return { dismiss: () => shell.kill('SIGKILL') };
}
