import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../../src/demo/road.ts';
import { bareEnv } from '../support/processes.ts';
import { freePort } from '../support/redis.ts';

const ROOT = join(import.meta.dirname, '../..');
const LONGER_THAN_ONE_WISH_MS = 700;
let folder: string;
let data: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'simmer-stop-'));
  // The server's account must get there, or its data are kept elsewhere.
  chmodSync(folder, 0o755);
  data = join(folder, 'data');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A program in a session of its own, as if it were started from another terminal. */
async function launch(command: string, args: string[]) {
  const env = {
    ...bareEnv(),
    DATA_DIR: data,
    TMPDIR: folder,
    PORT: String(await freePort()),
    LOG_LEVEL: 'silent',
  };
  const child = spawn(command, args, { cwd: ROOT, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (part) => {
      said += part;
    });
  }
  const pid = child.pid!;
  return {
    pid,
    says: (words: string) => until(`${command} to say "${words}"`, async () => said.includes(words)),
    said: () => said,
  };
}

interface Seen {
  pid: number;
  parent: number;
  args: string;
}

function running(): Seen[] {
  const lines = execFileSync('ps', ['-ewwo', 'pid=,ppid=,stat=,args='], { encoding: 'utf8' }).split('\n');
  return lines.flatMap((line) => {
    const [, pid, parent, stat, args] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)/.exec(line) ?? [];
    return args === undefined || stat?.startsWith('Z')
      ? []
      : [{ pid: Number(pid), parent: Number(parent), args }];
  });
}

/** The process and all that came from it. */
function family(pid: number, all = running()): number[] {
  return [pid, ...all.filter(({ parent }) => parent === pid).flatMap((child) => family(child.pid, all))];
}

/** Nothing of the family runs any more, and no server on these data. */
async function allGone(pids: number[]): Promise<void> {
  const left = () => running().filter(({ pid, args }) => pids.includes(pid) || args.includes(folder));
  await until('all processes to end', async () => left().length === 0).catch(() => {});
  expect(left()).toEqual([]);
}

const serverLog = () => readFileSync(join(data, 'postgres', 'server.log'), 'utf8').trimEnd();

// Each starts a whole program, which takes its time on a busy machine.
describe('nothing stays behind', { timeout: 180_000 }, () => {
  it.each<[string, NodeJS.Signals]>([
    ['is told to stop', 'SIGTERM'],
    ['is killed', 'SIGKILL'],
  ])('of "npm start" when npm %s', async (_, signal) => {
    const npm = await launch('npm', ['start']);
    await npm.says('Staff pages');
    const pids = family(npm.pid);
    expect(pids.length).toBeGreaterThan(5);
    process.kill(npm.pid, signal);
    await allGone(pids);
    expect(npm.said()).toContain('Stopping: finishing what is on the wire.');
    expect(serverLog()).toMatch(/database system is shut down$/);
  });

  it.each<[string, NodeJS.Signals[]]>([
    ['the terminal is closed', ['SIGHUP']],
    ['Ctrl+C is pressed twice', ['SIGINT', 'SIGINT']],
    ['it is killed', ['SIGKILL']],
  ])('of the program when %s', async (_, signals) => {
    const program = await launch(process.execPath, ['src/bin.mjs', 'start']);
    await program.says('Staff pages');
    const pids = family(program.pid);
    for (const signal of signals) {
      if (running().some(({ pid }) => pid === program.pid)) process.kill(program.pid, signal);
      if (signals.length > 1) await sleep(LONGER_THAN_ONE_WISH_MS);
    }
    await allGone(pids);
    expect(serverLog()).toMatch(/database system is shut down$/);
  });

  it.each<[string, string, NodeJS.Signals]>([
    ['while it starts', 'Simmer demo in', 'SIGINT'],
    ['while Anna walks', 'Anna opens the mail', 'SIGTERM'],
  ])('of the demo when it is stopped %s', async (_, words, signal) => {
    const demo = await launch(process.execPath, ['src/bin.mjs', 'demo']);
    await demo.says(words);
    const pids = family(demo.pid);
    process.kill(demo.pid, signal);
    await allGone(pids);
    expect(readdirSync(folder).filter((name) => name.startsWith('simmer-demo'))).toEqual([]);
    expect(demo.said()).not.toContain('Error');
    expect(existsSync(data)).toBe(false);
  });
});
