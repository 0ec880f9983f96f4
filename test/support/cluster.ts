import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { silentLog } from '../../src/adapters/log.ts';
import { startEmbedded } from '../../src/adapters/postgres/embedded/embedded.ts';
import { migrate } from '../../src/adapters/postgres/migrate.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The cluster's address; its database `TEMPLATE` is migrated and never written to. */
    clusterUrl: string;
  }
}

export const TEMPLATE = 'simmer_template';
const PREFIX = 'simmer-test-cluster-';

/**
 * One PostgreSQL per run, in a folder of its own, or the server that TEST_DATABASE_URL names (as a user who may create
 * databases): so can other versions be tried. Test files get databases copied from its template.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { url, end } = await cluster(process.env.TEST_DATABASE_URL);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`drop database if exists ${TEMPLATE}`);
  await client.query(`create database ${TEMPLATE}`);
  await client.end();
  const template = new URL(url);
  template.pathname = TEMPLATE;
  await migrate(template.href, silentLog);
  project.provide('clusterUrl', url);
  return end;
}

async function cluster(given: string | undefined): Promise<{ url: string; end: () => Promise<void> }> {
  if (given) return { url: given, end: async () => {} };
  await sweepKilledRuns();
  const folder = mkdtempSync(join(tmpdir(), PREFIX));
  writeFileSync(join(folder, 'run.pid'), String(process.pid));
  const embedded = await startEmbedded(folder, silentLog, { throwAway: true });
  return {
    url: embedded.url,
    async end() {
      await embedded.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A run that was killed could not clear up after itself. */
async function sweepKilledRuns(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    if (!name.startsWith(PREFIX)) continue;
    const folder = join(tmpdir(), name);
    try {
      const pid = Number(readFileSync(join(folder, 'run.pid'), 'utf8'));
      if (isRunning(pid)) continue;
      const left = await startEmbedded(folder, silentLog, { throwAway: true });
      await left.stop();
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // Another user's, or half made: not worth failing a test run.
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
