import type pg from 'pg';
import { tablesToCopy } from '../../src/adapters/postgres/backup/own-tables.ts';

/** Apart enough that no copy's numbers meet another's. */
const STEP = 1_000_000;

/** What belongs to a person, in an order in which what is referred to comes first, with the columns that hold numbers of copied rows. */
const COPIED: Readonly<Record<string, readonly string[]>> = {
  subscribers: ['id'],
  consent_entries: ['id', 'subscriber_id'],
  outbox: ['id', 'subscriber_id'],
  deliveries: ['id', 'subscriber_id'],
  events: ['id', 'subscriber_id', 'delivery_id'],
  event_class_changes: ['id', 'event_id'],
  score_entries: ['id', 'subscriber_id', 'delivery_id', 'event_id', 'reverses'],
  qualifications: ['id', 'subscriber_id', 'alert_id'],
  outcomes: ['id', 'qualification_id'],
};

/** Columns that must differ from row to row, and how they do in copy k. */
const OWN: Readonly<Record<string, string>> = {
  'subscribers.email': `'k' || k || '.' || t.email`,
  'outbox.dedupe_key': `t.dedupe_key || ' k' || k`,
  'outbox.message_id': `t.message_id || '.k' || k`,
  'deliveries.message_id': `t.message_id || '.k' || k`,
  'events.key': `md5(t.key::text || k)::uuid`,
};

/**
 * So many copies of all people of before with all that is theirs: each has the score that its ledger makes. Then events that made no
 * points, as opens again and scanners do, until there are `events`.
 */
export async function multiply(db: pg.Pool, copies: number, events: number): Promise<void> {
  const columns = new Map((await tablesToCopy(db)).map((table) => [table.name, table.columns]));
  const client = await db.connect();
  try {
    await client.query('begin');
    await client.query(`set local session_replication_role = 'replica'`);
    for (const [table, numbers] of Object.entries(COPIED))
      await copyRows(client, table, columns.get(table) ?? [], numbers, copies);
    const { rows } = await client.query<{ n: number }>('select count(*)::int as n from events');
    const missing = Math.max(0, events - (rows[0]?.n ?? 0));
    const names = (columns.get('events') ?? []).filter((name) => name !== 'id' && name !== 'key');
    await client.query(
      `insert into events (${names.join(', ')}) select ${names.map((name) => `t.${name}`).join(', ')}
         from generate_series(1, 1000), events t where t.kind in ('open', 'click') limit $1`,
      [missing],
    );
    await client.query('commit');
    await client.query('analyze');
  } finally {
    client.release();
  }
}

async function copyRows(
  client: pg.PoolClient,
  table: string,
  columns: readonly string[],
  numbers: readonly string[],
  copies: number,
): Promise<void> {
  const values = columns.map((name) =>
    numbers.includes(name) ? `t.${name} + k * ${STEP}` : (OWN[`${table}.${name}`] ?? `t.${name}`),
  );
  await client.query(
    `insert into ${table} (${columns.map((name) => `"${name}"`).join(', ')}) overriding system value
     select ${values.join(', ')} from ${table} t, generate_series(1, $1::int) k`,
    [copies],
  );
  if (columns.includes('id'))
    await client.query(`select setval(pg_get_serial_sequence($1, 'id'), (select max(id) from ${table}))`, [
      table,
    ]);
}
