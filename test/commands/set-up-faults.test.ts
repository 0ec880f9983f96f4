import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { bareEnv } from '../support/processes.ts';

const BIN = join(import.meta.dirname, '../../src/bin.mjs');
const folder = mkdtempSync(join(tmpdir(), 'simmer-faults-'));
let db: TestDatabase;
let installed: Record<string, string>;

beforeAll(async () => {
  db = await testDatabase();
  installed = {
    DATABASE_URL: db.url,
    REDIS_URL: 'redis://127.0.0.1:9',
    PUBLIC_URL: 'https://news.nordwerk.example',
    SMTP_URL: 'smtp://127.0.0.1:9',
    SECRET_KEY: 'a key that only this test knows',
    DATA_DIR: join(folder, 'data'),
  };
});
afterAll(async () => {
  await db?.close();
  rmSync(folder, { recursive: true, force: true });
});

function run(args: string[], env: Record<string, string>): Promise<{ code: number | null; said: string }> {
  const child = spawn('node', [BIN, ...args], { env: { ...bareEnv(), ...env } });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (part) => {
      said += part;
    });
  return new Promise((ended) => child.on('close', (code) => ended({ code, said })));
}

/** It ends by itself, not well, and with a sentence instead of a stack. */
async function refuses(args: string[], env: Record<string, string>, ...words: (string | RegExp)[]) {
  const { code, said } = await run(args, env);
  expect(said).not.toMatch(/^\s+at .*:\d+:\d+/m);
  for (const one of words) expect(said).toMatch(one);
  expect(code, said).toBeGreaterThan(0);
}

describe('a database that a newer version has used', { timeout: 120_000 }, () => {
  beforeAll(() =>
    db.pool.query(`insert into migrations (name, run_on) values ('9001_from_the_future', now())`),
  );
  afterAll(() => db.pool.query(`delete from migrations where name = '9001_from_the_future'`));

  it.each([
    ['start'],
    ['start --role web'],
    ['start --role worker'],
    ['migrate'],
    ['subscriber show anna@kade.example'],
    ['issue status'],
    ['doctor'],
  ])('simmer %s names what it does not know, and what to do', async (command) => {
    await refuses(
      command.split(' '),
      { ...installed, PORT: '0' },
      /newer version of Simmer has been here.*9001_from_the_future/,
      'Start that version',
    );
  });
});
