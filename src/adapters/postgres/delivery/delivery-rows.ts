import type {
  BatchFate,
  DeliveryFate,
  SendingMark,
  SentMail,
} from '../../../journey/delivery/ports/deliveries.ts';
import type { Queryable } from '../pool.ts';
import { keptReason, sqlReason } from '../reason-column.ts';

// What becomes of deliveries that are in a worker's hands; each statement for many at once.

/** `fault` of mails that were on the wire when their worker was killed. */
export const WORKER_STOPPED = 'worker-stopped';

/**
 * A day of the warm-up has the places again of mails that were claimed and not sent. `handBack`: an update of deliveries that
 * returns `claimed_at` of each one's batch; null: its place is used. Gives how many were updated.
 */
export const withPlaces = (handBack: string) => `with back as (${handBack}), day as (
   update send_days s set mails = greatest(0, s.mails - b.mails)
     from (select (claimed_at at time zone 'UTC')::date as day, count(*)::int as mails from back
            where claimed_at is not null group by 1) b
    where s.day = b.day
 )
 select count(*)::int as updated, count(claimed_at)::int as back from back`;

/**
 * The status, where rows are looked up by their ids. Statuses change by the thousand a second, so what Postgres knows of
 * how many rows have which is always old; by it, it would go through all that are in hand for each of a few ids, as it
 * takes them for next to none. As an expression the status finds no index, and the ids do.
 */
export const statusOf = (row: string) => `(${row}.status || '')`;

/**
 * Both in one statement, as one commit costs as much as two: fates of mails that are still their batch's, and marks of
 * those about to be sent.
 */
export async function writeMarksAndFates(
  db: Queryable,
  marks: readonly SendingMark[],
  fates: readonly BatchFate[],
): Promise<{ mayBeSent: number[]; settled: Set<number> }> {
  const column = <T>(of: (fate: BatchFate) => T) => fates.map(of);
  // Of mails that were sent these say nothing, and unnest fills up what is missing with nulls.
  const rarely = <T>(of: (fate: BatchFate) => T | null) => {
    const values = column(of);
    return values.every((value) => value === null) ? [] : values;
  };
  const { rows } = await db.query<{ settled: string | null; on_wire: string | null }>({
    name: 'marks-and-fates',
    text: MARKS_AND_FATES,
    values: [
      column(({ deliveryId }) => deliveryId),
      column(({ batchId }) => batchId),
      column(({ status }) => (status === 'retry' ? 'planned' : status)),
      column(({ reply }) => reply),
      rarely(reasonOfFate),
      rarely((fate) => (fate.status === 'failed' ? fate.fault : null)),
      column((fate) => (fate.status === 'sent' ? fate.at.toISOString() : null)),
      rarely((fate) => (fate.status === 'retry' ? fate.dueAt : null)),
      rarely((fate) => (fate.status === 'retry' ? fate.attempts : null)),
      marks.map(({ deliveryId }) => deliveryId),
      marks.map(({ batchId }) => batchId),
      marks.map(({ messageId }) => messageId),
    ],
  });
  const [found] = rows;
  return { mayBeSent: idsIn(found!.on_wire), settled: new Set(idsIn(found!.settled)) };
}

/** Ids come as one text: as rows they would cost more than the statement. */
function idsIn(text: string | null): number[] {
  return text === null ? [] : text.split(' ').map(Number);
}

/** Ids come first and statuses after: see statusOf. */
const MARKS_AND_FATES = `with settled as (
   update deliveries d
      set status = f.status, is_on_wire = false, smtp_reply = f.reply, reason = f.reason, fault = f.fault, sent_at = f.sent_at,
          due_at = coalesce(f.due_at, d.due_at),
          attempts = coalesce(f.attempts, d.attempts + 1),
          batch_id = case f.status when 'planned' then null else d.batch_id end,
          picks = case f.status when 'planned' then null else d.picks end
     from unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[],
                 $8::timestamptz[], $9::integer[])
          as f(id, batch_id, status, reply, reason, fault, sent_at, due_at, attempts)
    where d.id = f.id and d.batch_id = f.batch_id and (d.is_on_wire or ${statusOf('d')} = 'uncertain')
    returning d.id
 ), marked as (
   update deliveries d
      set status = case when s.status = 'active' then d.status else 'cancelled' end,
          is_on_wire = s.status = 'active',
          message_id = case when s.status = 'active' then m.message_id else d.message_id end,
          reason = case when s.status = 'active' then null
                        else ${sqlReason('skip.status-since', { status: 's.status' })} end
     from unnest($10::bigint[], $11::bigint[], $12::text[]) as m(id, batch_id, message_id), subscribers s
    where d.id = m.id and s.id = d.subscriber_id and d.batch_id = m.batch_id
      and ${statusOf('d')} = 'claimed'
      -- Of an issue that is paused or cancelled by now, nothing more goes on the wire. What is marked already stays so: when
      -- the answer to a first attempt at this statement was lost, a second one finds that.
      and (d.is_on_wire or exists (select from issues i where i.id = d.issue_id and i.status = 'open'))
    returning d.id, d.is_on_wire
 )
 select (select string_agg(id::text, ' ') from settled) as settled,
        (select string_agg(id::text, ' ') from marked where is_on_wire) as on_wire`;

/** Holds these deliveries and gives those that are not counted as sent. */
export async function holdUncounted(tx: Queryable, ids: readonly number[]): Promise<number[]> {
  await tx.query('select from deliveries where id = any($1::bigint[]) order by id for no key update', [ids]);
  const { rows } = await tx.query<{ delivery_id: number }>(
    `select delivery_id from events where delivery_id = any($1::bigint[]) and kind = 'mail-sent'`,
    [ids],
  );
  const counted = new Set(rows.map((row) => row.delivery_id));
  return ids.filter((id) => !counted.has(id));
}

/** Holds a batch that a worker which died had not counted, and gives what was sent of it. */
export async function takeUncountedBatch(
  tx: Queryable,
  now: Date,
): Promise<{ batchId: number; sent: SentMail[] } | null> {
  const { rows: batches } = await tx.query<{ id: number; issue_id: number }>(
    `select id, issue_id from batches where counted_at is null and lease_until < $1
      order by lease_until limit 1 for no key update skip locked`,
    [now],
  );
  const batch = batches[0];
  if (!batch) return null;
  const { rows: sent } = await tx.query<SentMail>(
    `select id as "deliveryId", subscriber_id as "subscriberId", sent_at as at from deliveries
      where issue_id = $2 and batch_id = $1 and status = 'sent'`,
    [batch.id, batch.issue_id],
  );
  return { batchId: batch.id, sent };
}

function reasonOfFate(fate: BatchFate): string | null {
  if (fate.status === 'uncertain')
    return keptReason({ code: 'fail.broke-off', values: { reply: fate.reply } });
  return fate.status === 'failed' ? keptReason(fate.reason) : null;
}

/** active → suppressed for readers whose address can never be reached, with the reply as evidence. Locks all readers first, in id order. */
export async function suppress(tx: Queryable, fates: DeliveryFate[]): Promise<void> {
  const gone = fates.filter((fate) => fate.status === 'failed' && fate.suppress);
  if (gone.length === 0) return;
  const all = fates.map(({ subscriberId }) => subscriberId);
  await tx.query('select from subscribers where id = any($1::bigint[]) order by id for no key update', [all]);
  await tx.query(
    `with gone as (
       update subscribers set status = 'suppressed' where id = any($1::bigint[]) and status = 'active'
       returning id, email)
     insert into suppressions (email, subscriber_id, at, cause, why, delivery_id)
     select gone.email, gone.id, now(), 'refused', told.reply, told.delivery_id
       from gone join unnest($1::bigint[], $2::text[], $3::bigint[]) as told(id, reply, delivery_id) using (id)
     on conflict (email) where lifted_at is null do nothing`,
    [
      gone.map(({ subscriberId }) => subscriberId),
      gone.map(({ reply }) => reply),
      gone.map(({ deliveryId }) => deliveryId),
    ],
  );
}
