import type pg from 'pg';
import { keptReason, sqlReason } from '../reason-column.ts';
import { RESTORING } from '../schema-state.ts';

/** What is not sent by itself after a restore, as it may have been sent before. */
export interface Held {
  /** Issues that are paused now, and those that were. */
  issues: number[];
  /** Their mails that were due. */
  deliveries: number;
  /** Alerts to sales, confirmations and other mails of no issue. */
  oneOff: number;
  webhooks: number;
  /** Lists of people that were being imported. */
  imports: number;
}

const WHY =
  'the database was restored from a backup: nobody knows whether this mail was sent since that was made';

/**
 * The last step of a restore: nothing that a backup says is still to be sent goes out by itself. In one transaction with the end of the
 * restore. Rules for what the schedule would think of later stand where it thinks of it: planning an issue, reminding sales, and
 * `claimDue` of one-off mails ask for the last restore.
 */
export async function holdBack(
  client: pg.Client,
  { now, madeAt, fileName }: { now: Date; madeAt: string; fileName: string },
): Promise<Held> {
  await client.query('begin');
  const count = async (statement: string, values: unknown[] = []) =>
    (await client.query(statement, values)).rowCount ?? 0;

  const deliveries = await count(
    `update deliveries d
        set status = 'uncertain', is_on_wire = false, reason = $2
       from issues i
      where i.id = d.issue_id and i.status in ('open', 'paused')
        and (d.status = 'claimed' or (d.status = 'planned' and d.due_at <= $1))`,
    [now, keptReason({ code: 'fail.restored-since' })],
  );
  await client.query(
    `update issues
        set status = 'paused', paused_at = $1, pauses = pauses + 1,
            pause_reason = ${sqlReason('issue.restored', { at: '$2::text' })}
      where status = 'open'`,
    [now, madeAt],
  );
  const { rows: paused } = await client.query<{ id: string }>(
    `select id::text from issues where status = 'paused' order by id`,
  );
  const oneOff = await count(
    `update outbox set status = 'uncertain', lease_until = null, reason = $1 where status in ('planned', 'sending')`,
    [keptReason({ code: 'fail.restored-since' })],
  );
  const webhooks = await count(
    `with held as (
       update webhook_messages set status = 'failed', lease_until = null where status in ('planned', 'sending')
       returning id)
     insert into webhook_attempts (webhook_message_id, at, status_code, error, took_ms)
     select id, $1, null, 'not sent by itself: ' || $2::text, 0 from held`,
    [now, WHY],
  );
  // Each is begun again by its button: new people in it are written to.
  const imports = await count(`update people_imports set status = 'checked' where status = 'running'`);
  // Nobody holds anything any more; what had been sent and not counted will be.
  await client.query(
    `update batches set lease_until = $1::timestamptz - interval '1 millisecond' where counted_at is null`,
    [now],
  );
  await client.query('delete from domain_slots');
  const held: Held = { issues: paused.map(({ id }) => Number(id)), deliveries, oneOff, webhooks, imports };
  await client.query('insert into restores (at, made_at, file_name, held) values ($1, $2, $3, $4)', [
    now,
    madeAt,
    fileName,
    held,
  ]);
  await client.query(`drop table ${RESTORING}`);
  await client.query('commit');
  return held;
}
