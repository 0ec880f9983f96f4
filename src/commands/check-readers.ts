import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { contentViews } from '../adapters/postgres/content/content-views.ts';
import { startEmbedded } from '../adapters/postgres/embedded/embedded.ts';
import { makePool } from '../adapters/postgres/pool.ts';
import type { Problem } from '../config/problem.ts';
import type { Settings } from '../config/settings.ts';
import { goneInterests } from '../domain/content/choosing/offered.ts';
import type { Programme } from '../domain/programme.ts';
import { commandLog } from './with-program.ts';

/**
 * What a changed programme leaves behind: interests that active readers follow and that it no longer has. Only asks the
 * database. One that is not there yet, or does not answer, has nothing to say: `simmer doctor` looks at it.
 */
export async function readerWarnings(
  programme: Programme,
  { databaseUrl, dataDir }: Settings,
): Promise<Problem[]> {
  if (databaseUrl === null && !existsSync(join(dataDir, 'postgres.json'))) return [];
  try {
    const embedded = databaseUrl === null ? await startEmbedded(dataDir, commandLog()) : null;
    const pool = makePool(databaseUrl ?? embedded!.url, commandLog(), 1);
    try {
      const gone = goneInterests(programme, await contentViews(pool).audience());
      return gone.map(({ interest, readers }) => ({
        path: 'interests',
        found: `no "${interest}", which ${readers === 1 ? 'an active reader follows' : `${readers} active readers follow`}`,
        allowed: 'what readers follow; without it they get nothing about it until they choose again',
      }));
    } finally {
      await pool.end();
      await embedded?.stop();
    }
  } catch {
    return [];
  }
}
