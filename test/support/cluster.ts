import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { silentLog } from '../../src/adapters/log.ts';
import { startEmbedded } from '../../src/adapters/postgres/embedded.ts';
import { migrate } from '../../src/adapters/postgres/migrate.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The cluster's address; its database `TEMPLATE` is migrated and never written to. */
    clusterUrl: string;
  }
}

export const TEMPLATE = 'simmer_template';
const PREFIX = 'simmer-test-cluster-';

/** One PostgreSQL per run, in a folder of its own; test files get databases copied from its template. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await sweepKilledRuns();
  const folder = mkdtempSync(join(tmpdir(), PREFIX));
  writeFileSync(join(folder, 'run.pid'), String(process.pid));
  const embedded = await startEmbedded(folder, silentLog, { throwAway: true });
  const client = new pg.Client({ connectionString: embedded.url });
  await client.connect();
  await client.query(`create database ${TEMPLATE}`);
  await client.end();
  const template = new URL(embedded.url);
  template.pathname = TEMPLATE;
  await migrate(template.href, silentLog);
  project.provide('clusterUrl', embedded.url);
  return async () => {
    await embedded.stop();
    rmSync(folder, { recursive: true, force: true });
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
