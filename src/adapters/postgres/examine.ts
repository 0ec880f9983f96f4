import pg from 'pg';

export interface PostgresExamination {
  /** Such as "16.4". */
  version: string;
  /** The server's clock, at about half of `tookMs`. */
  now: Date;
  tookMs: number;
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
    return { ...rows[0]!, tookMs: performance.now() - since };
  } finally {
    await client.end();
  }
}
