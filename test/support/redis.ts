import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findService, howToGet } from './services.ts';

export interface TestRedis {
  url: string;
  port: number;
  /** Ends it at once, as a crash would. */
  stop(): Promise<void>;
}

/** A redis-server of the caller's own, empty, on a free port (or the given one), that ends with this process. */
export async function startRedis(port?: number, more: string[] = []): Promise<TestRedis> {
  const program = findService('redis-server');
  if (program === null) throw new Error(howToGet('redis-server'));
  const own = port ?? (await freePort());
  const folder = mkdtempSync(join(tmpdir(), 'simmer-redis-'));
  const settings = ['--port', String(own), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const server = spawn(program, [...settings, ...more, '--dir', folder], {
    // Its allocator does not bear faketime; it measures only how long, so its own clock does no harm.
    env: { ...process.env, LD_PRELOAD: undefined },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const endWithUs = () => server.kill('SIGKILL');
  process.once('exit', endWithUs);
  await untilReady(server);
  return {
    url: `redis://127.0.0.1:${own}`,
    port: own,
    async stop() {
      process.removeListener('exit', endWithUs);
      if (server.exitCode === null && server.signalCode === null) {
        server.kill('SIGKILL');
        await once(server, 'exit');
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function untilReady(server: ChildProcess): Promise<void> {
  let words = '';
  await new Promise<void>((ready, failed) => {
    server.stdout?.on('data', (chunk) => {
      words += chunk;
      if (words.includes('Ready to accept connections')) ready();
    });
    server.once('exit', () => failed(new Error(`redis-server ended: ${words}`)));
  });
}

export function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const probe = createServer();
    probe.on('error', failed);
    probe.listen({ port: 0, host: '127.0.0.1' }, () => {
      const address = probe.address();
      probe.close(() => found(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
