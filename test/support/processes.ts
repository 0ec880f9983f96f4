import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../src/bin.mjs', import.meta.url));
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface SimmerProcess {
  child: ChildProcess;
  /** All it has said so far, for messages of failing tests. */
  said(): string;
  finished: Promise<Finished>;
}

/** Of this process's environment: where programs and home are, and the clock that `simulate:clock` sets. */
export function bareEnv(): Record<string, string> {
  const isKept = (name: string) => /^(PATH|HOME|LD_PRELOAD|FAKETIME.*)$/.test(name);
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => isKept(entry[0])),
  );
}

/** `simmer ARGS` as its own process. Nothing of this process's environment but `bareEnv` reaches it. */
export function simmer(args: string[], env: Record<string, string>): SimmerProcess {
  const child = spawn(process.execPath, [BIN, ...args], {
    env: { ...bareEnv(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const finished = once(child, 'close').then(([code]) => {
    running.delete(child);
    return { code: code as number | null, stdout, stderr };
  });
  return { child, said: () => stdout + stderr, finished };
}

/** Asks the running process to stop and waits; the answer is its exit code. */
export async function stopGracefully({ child, finished }: SimmerProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
  return (await finished).code;
}
