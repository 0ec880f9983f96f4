/**
 * npm run simulate:clock [-- --suite [FILES]] [-- --at MOMENT]: runs the demo, or the tests, as if it were another moment.
 * Debian's faketime sets the clock of every process that is started, PostgreSQL and Redis too, so that `now()` in SQL is
 * covered. What measures how long something took keeps the real clock.
 */
import { execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findService, howToGet } from '../support/services.ts';
import { MOMENTS, type Moment } from './moments.ts';

const ROOT = join(import.meta.dirname, '../..');

const { values, positionals } = parseArgs({
  options: { suite: { type: 'boolean', default: false }, at: { type: 'string', multiple: true } },
  allowPositionals: true,
});
const moments = values.at?.map((at): Moment => ({ at, what: 'as asked' })) ?? MOMENTS;
const odd = moments.find(({ at }) => Number.isNaN(Date.parse(at)));
if (odd) fail(`found --at "${odd.at}"; allowed is a moment such as 2026-12-01T07:59:00Z`);
const faketime = findService('faketime') ?? fail(howToGet('faketime'));
const library = execFileSync(faketime, ['-f', '+0', 'printenv', 'LD_PRELOAD'], { encoding: 'utf8' }).trim();
const command = values.suite
  ? [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', ...positionals]
  : [join(ROOT, 'src/bin.mjs'), 'demo'];

let failed = 0;
for (const moment of moments) {
  process.stdout.write(`${moment.at}  ${moment.what}: `);
  const begun = performance.now();
  const { code, output } = await runAt(moment);
  const counts = values.suite ? `: ${output.trimEnd().split('\n').at(-1)}` : '';
  const seconds = Math.round((performance.now() - begun) / 1000);
  process.stdout.write(`${code === 0 ? 'passed' : 'FAILED'}, ${seconds} s${counts}\n`);
  if (code === 0) continue;
  failed += 1;
  process.stdout.write(`${output}\n`);
}
process.exitCode = failed === 0 ? 0 : 1;

function runAt({ at }: Moment): Promise<{ code: number | null; output: string }> {
  const aheadSeconds = Math.round((Date.parse(at) - Date.now()) / 1000);
  const child = spawn(process.execPath, command, {
    cwd: ROOT,
    env: {
      ...process.env,
      LD_PRELOAD: library,
      // An offset, not a moment: a process that is started later is later, too.
      FAKETIME: `${aheadSeconds < 0 ? '' : '+'}${aheadSeconds}`,
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (part) => {
      output += part;
    });
  }
  return new Promise((done) => child.on('close', (code) => done({ code, output })));
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}
