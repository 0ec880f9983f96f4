import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { bareEnv } from '../support/processes.ts';

const BIN = join(import.meta.dirname, '../../src/bin.mjs');
const folder = mkdtempSync(join(tmpdir(), 'simmer-hidden-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const INSTALLED = {
  PUBLIC_URL: 'http://127.0.0.1:9',
  PROGRAMME: join(import.meta.dirname, '../../feeds.config.ts'),
  SECRET_KEY: 'zK4-hunter2-9fQ0sWm7LxVb3tYc',
  DATA_DIR: join(folder, 'data'),
};

/** Passwords that addresses may hold, each with "hunter2" in it in some pieces. */
const READABLE = {
  DATABASE_URL: 'postgres://u:hun@ter2@127.0.0.1:9/x?sslpassword=hunter2',
  REDIS_URL: 'redis://:hun@ter2@127.0.0.1:9',
  SMTP_URL: 'smtp://ann@corp.example:hun@ter2@127.0.0.1:9',
};
const UNREADABLE = {
  DATABASE_URL: 'postgres://u:hun/ter2@127.0.0.1:9/x',
  REDIS_URL: 'redis://:hun#ter2@127.0.0.1:9',
  SMTP_URL: 'smtp://u:hun ter%2@127.0.0.1:9',
};

function run(args: string, env: Record<string, string>): Promise<{ code: number | null; said: string }> {
  const child = spawn('node', [BIN, ...args.split(' ')], {
    cwd: folder,
    env: { ...bareEnv(), ...INSTALLED, PORT: '0', LOG_LEVEL: 'debug', ...env },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (part) => {
      said += part;
    });
  return new Promise((ended) => child.on('close', (code) => ended({ code, said })));
}

describe('what a command says of servers that do not answer', { timeout: 120_000 }, () => {
  it.each(['doctor', 'doctor --json', 'check --json', 'start', 'subscriber show ann@corp.example'])(
    'simmer %s never shows a password, read or not',
    async (command) => {
      const both = [await run(command, READABLE), await run(command, UNREADABLE)];
      for (const { said } of both) {
        expect(said.length).toBeGreaterThan(50);
        expect(said).not.toMatch(/hun|ter2|ter%2/);
      }
      expect(both[1]!.code).toBeGreaterThan(0);
      expect(both[1]!.said).toContain('write @ as %40');
    },
  );
});
