import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emptyDatabase, type TestDatabase, testDatabase } from '../support/database.ts';
import { bareEnv } from '../support/processes.ts';
import { TEST_SECRET_KEY } from '../support/secret-key.ts';

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
    PROGRAMME: join(import.meta.dirname, '../../feeds.config.ts'),
    SMTP_URL: 'smtp://127.0.0.1:9',
    SECRET_KEY: TEST_SECRET_KEY,
    DATA_DIR: join(folder, 'data'),
  };
});
afterAll(async () => {
  await db?.close();
  rmSync(folder, { recursive: true, force: true });
});

function run(
  args: string[],
  env: Record<string, string>,
  cwd = folder,
): Promise<{ code: number | null; said: string }> {
  const child = spawn('node', [BIN, ...args], { cwd, env: { ...bareEnv(), ...env } });
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

describe('what a person has to mend is told in a sentence', { timeout: 120_000 }, () => {
  const path = (name: string) => join(folder, name);
  const tryOut = (dataDir: string) => ({ DATA_DIR: dataDir, PORT: '0' });

  it('a data folder that is a file, or lies below one', async () => {
    writeFileSync(path('file'), 'x');
    for (const dataDir of [path('file'), path('file/below')])
      await refuses(
        ['start'],
        tryOut(dataDir),
        `data folder ${dataDir} cannot be used: it is a file`,
        'Set DATA_DIR',
      );
    await refuses(
      ['start', '--role', 'web'],
      { ...installed, DATA_DIR: path('file'), PORT: '0' },
      'cannot be used: it is a file, or lies below one. Set DATA_DIR',
    );
  });

  it('a key that is none', async () => {
    mkdirSync(path('short'));
    writeFileSync(path('short/secret-key'), 'short\n');
    await refuses(['start'], tryOut(path('short')), /secret-key: found 5 characters.*former file/);
    mkdirSync(path('weak'));
    writeFileSync(path('weak/secret-key'), `${'ab'.repeat(32)}\n`);
    await refuses(
      ['start'],
      tryOut(path('weak')),
      /secret-key: found .*nobody guesses. Set SECRET_KEY instead/,
    );
    mkdirSync(path('folder/secret-key'), { recursive: true });
    await refuses(['start'], tryOut(path('folder')), /secret-key cannot be used: it is a folder, not a file/);
  });

  it.each([['{not json'], ['{"password":"x"}']])(
    'the file of the embedded database holds %s',
    async (content) => {
      const dataDir = mkdtempSync(path('kept-'));
      writeFileSync(join(dataDir, 'postgres.json'), content);
      await refuses(
        ['migrate'],
        tryOut(dataDir),
        /postgres\.json cannot be read: it must hold the password and port/,
      );
    },
  );

  it('settings that cannot be read', async () => {
    mkdirSync(path('here/.env'), { recursive: true });
    const { code, said } = await run(['start'], tryOut(path('data')), path('here'));
    expect(said).toMatch(/\.env cannot be read: it is a folder, not a file/);
    expect(said).not.toMatch(/^\s+at /m);
    expect(code).toBe(2);
  });

  it('a mail server’s address with an option that is none', async () => {
    const smtp = { ...installed, SMTP_URL: 'smtp://127.0.0.1:9?connections=many', PORT: '0' };
    await refuses(['start'], smtp, 'SMTP_URL: "connections=many" is not known');
  });

  it('a database that is not there, lets nobody in, is not known, or may not be written to', async () => {
    const at = (change: (url: URL) => void) => {
      const url = new URL(db.url);
      change(url);
      return { ...installed, DATABASE_URL: url.href };
    };
    await refuses(
      ['migrate'],
      at((url) => {
        url.port = '9';
      }),
      'nothing answers there. Is the PostgreSQL server running',
    );
    const wrong = at((url) => {
      url.password = 'not-the-password';
    });
    await refuses(['migrate'], wrong, 'does not let the user', 'Look at user and password in DATABASE_URL');
    expect((await run(['migrate'], wrong)).said).not.toContain('not-the-password');
    await refuses(
      ['migrate'],
      at((url) => {
        url.pathname = 'nowhere';
      }),
      'the server has no database "nowhere". Make it (create database nowhere)',
    );
    await db.pool.query(`create role visitor login password 'visitor'`);
    const { url, drop } = await emptyDatabase();
    const visitor = new URL(url);
    visitor.username = 'visitor';
    visitor.password = 'visitor';
    await refuses(
      ['migrate'],
      { ...installed, DATABASE_URL: visitor.href },
      /the user "visitor" may not make tables in it. Make the user its owner/,
    );
    await drop();
    await db.pool.query('drop role visitor');
  });
});
