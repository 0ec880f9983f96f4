import pg from 'pg';
import { refuseUnusable, schemaState } from './schema-state.ts';
import { UnusableDatabase } from './unusable-database.ts';

export interface PostgresExamination {
  /** Such as "16.4". */
  version: string;
  /** The server's clock, at about half of `tookMs`. */
  now: Date;
  tookMs: number;
  /** How many steps would bring its tables up to date. */
  pending: number;
  /** Why this version must not touch it; null when it may. */
  unusable: string | null;
}

/** Asks the server who it is, and changes nothing. Rejects with what was wrong when it cannot be asked. */
export async function examinePostgres(url: string, patienceMs: number): Promise<PostgresExamination> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: patienceMs });
  // A connection lost afterwards would otherwise end the process; the query reports it too.
  client.on('error', () => {});
  await client.connect();
  try {
    const since = performance.now();
    const { rows } = await client.query<{ now: Date; version: string }>(
      `select clock_timestamp() as now, current_setting('server_version') as version`,
    );
    const tookMs = performance.now() - since;
    const state = await schemaState(client);
    return { ...rows[0]!, tookMs, pending: state.pending.length, unusable: whyUnusable(state) };
  } finally {
    await client.end();
  }
}

function whyUnusable(state: Parameters<typeof refuseUnusable>[0]): string | null {
  try {
    refuseUnusable(state);
    return null;
  } catch (error) {
    if (error instanceof UnusableDatabase) return error.message;
    throw error;
  }
}
