import type { ArticlePick } from '../../../domain/content/choosing/pick.ts';
import type { Reason } from '../../../domain/reason.ts';
import type {
  ClaimedDelivery,
  ClaimedReader,
  DeliveryStore,
} from '../../../journey/delivery/ports/deliveries.ts';
import { asJson } from '../as-json.ts';
import { readSubscriber, subscriberColumns } from '../audience/subscriber-store.ts';
import { articlesHad } from '../content/articles-had.ts';
import type { Queryable } from '../pool.ts';
import { keptReason, reasonJson } from '../reason-column.ts';
import { briefly } from '../transaction.ts';
import {
  holdUncounted,
  statusOf,
  suppress,
  takeUncountedBatch,
  WORKER_STOPPED,
  withPlaces,
  writeMarksAndFates,
} from './delivery-rows.ts';
import { shownStatus } from './delivery-status.ts';

/** Deliveries in Postgres. Locks are taken on deliveries first, then on subscribers in id order. */
export function deliveryStore(db: Queryable): DeliveryStore {
  return {
    claim: (issueId, worker, now, leaseMs, limit, choose) =>
      briefly(db, async (tx) => {
        const due = await lockDue(tx, issueId, now, limit);
        if (due.length === 0) return null;
        const batchId = await addBatch(tx, issueId, worker, now, new Date(now.getTime() + leaseMs));
        const had = await articlesHad(
          tx,
          issueId,
          due.map(({ subscriber }) => subscriber.id),
        );
        const decisions: Decision[] = [];
        const deliveries: ClaimedDelivery[] = [];
        const picks = new Map<number, ArticlePick[]>();
        for (const row of due) {
          const delivery = { ...row, hadArticleIds: had.get(row.subscriber.id) ?? [] };
          const decision = decide(delivery, choose);
          decisions.push(decision);
          if (decision.picks === null) continue;
          deliveries.push(delivery);
          picks.set(delivery.id, decision.picks);
        }
        await writeDecisions(tx, batchId, decisions);
        return { batch: { id: batchId, issueId, deliveries }, picks };
      }),

    async advance(marks, fates) {
      const gone = fates.some((fate) => fate.status === 'failed' && fate.suppress);
      if (!gone) return (await writeMarksAndFates(db, marks, fates)).mayBeSent;
      return briefly(db, async (tx) => {
        const { mayBeSent, settled } = await writeMarksAndFates(tx, marks, fates);
        await suppress(
          tx,
          fates.filter(({ deliveryId }) => settled.has(deliveryId)),
        );
        return mayBeSent;
      });
    },

    holdUncounted: (deliveryIds) => holdUncounted(db, deliveryIds),
    takeUncountedBatch: (now) => takeUncountedBatch(db, now),

    async closeBatch(batchId, now) {
      await db.query('update batches set counted_at = $2 where id = $1 and counted_at is null', [
        batchId,
        now,
      ]);
    },

    async postpone(batchId, mails) {
      await db.query(
        `update deliveries d
            set status = 'planned', batch_id = null, picks = null, due_at = m.due_at
           from unnest($2::bigint[], $3::timestamptz[]) as m(id, due_at)
          where d.id = m.id and d.batch_id = $1 and d.status = 'claimed' and not d.is_on_wire`,
        [batchId, mails.map(({ deliveryId }) => deliveryId), mails.map(({ dueAt }) => dueAt)],
      );
    },

    async extendLease(batchId, until) {
      await db.query('update batches set lease_until = $2 where id = $1 and lease_until < $2', [
        batchId,
        until,
      ]);
    },

    async handBack(batchId) {
      const { rows } = await db.query<{ back: number }>(
        withPlaces(
          `update deliveries d set status = 'planned', batch_id = null, picks = null
             from batches b
            where b.id = d.batch_id and d.batch_id = $1 and d.status = 'claimed' and not d.is_on_wire
            returning b.claimed_at`,
        ),
        [batchId],
      );
      return rows[0]!.back;
    },

    async recoverExpired(now) {
      const { rows } = await db.query<{ updated: number; back: number }>(
        withPlaces(`with expired as (
           select d.id, case when not d.is_on_wire then b.claimed_at end as claimed_at from deliveries d join batches b on b.id = d.batch_id
            where d.status = 'claimed' and b.lease_until < $1
              for no key update of d skip locked)
         update deliveries d
            set status = case when d.is_on_wire then 'uncertain' else 'planned' end,
                is_on_wire = false,
                batch_id = case when d.is_on_wire then d.batch_id end,
                picks = case when d.is_on_wire then d.picks end,
                fault = case when d.is_on_wire then '${WORKER_STOPPED}' end,
                reason = case when d.is_on_wire then
                  '${keptReason({ code: 'fail.worker-stopped' })}' end
           from expired
          where d.id = expired.id and d.status = 'claimed'
          returning expired.claimed_at`),
        [now],
      );
      const { updated, back } = rows[0]!;
      return { handedBack: back, uncertain: updated - back };
    },

    async find(deliveryId) {
      const { rows } = await db.query(
        `select d.id as delivery_id, d.issue_id, i.digest_id, ${shownStatus('d')} as delivery_status, d.picks, d.sent_at,
                ${subscriberColumns('s', 'subscriber_')}
           from deliveries d join issues i on i.id = d.issue_id join subscribers s on s.id = d.subscriber_id
          where d.id = $1`,
        [deliveryId],
      );
      const row = rows[0];
      return row
        ? {
            id: row.delivery_id,
            issueId: row.issue_id,
            digestId: row.digest_id,
            subscriber: readSubscriber(row, 'subscriber_'),
            status: row.delivery_status,
            picks: row.picks ?? [],
            sentAt: row.sent_at,
          }
        : null;
    },
  };
}

type Due = Omit<ClaimedDelivery, 'hadArticleIds'>;

/**
 * Due deliveries and their readers, both locked until the transaction ends. The reader's lock is what keeps two issues
 * from giving somebody the same article at the same time. What anybody else holds is left for the next claim, so this
 * never waits, and cannot be part of a deadlock.
 *
 * Deliveries come one by one off an index, and each looks up its reader, until there are enough: a claim costs the same
 * whether a thousand are left or a million. As one plain join it would read and sort all that are left, each time. Past
 * readers that are held it looks on for a while.
 */
async function lockDue(tx: Queryable, issueId: number, now: Date, limit: number): Promise<Due[]> {
  const { rows } = await tx.query<DueRow>(
    `select d.*, s.*
       from (
         select id, attempts, message_id as "messageId", subscriber_id as "subscriberId" from deliveries
          where issue_id = $1 and status = 'planned' and due_at <= $2
            and exists (select from issues where id = $1 and status = 'open')
          order by due_at, id
          limit 4 * $3::int
            for no key update skip locked
       ) d cross join lateral (
         select email, status, name, language, time_zone as "timeZone", interests, paused_until as "pausedUntil",
                ${reasonJson('pause_reason')} as "pauseReason", tracking, affinities, leanings
           from subscribers where id = d."subscriberId"
            for no key update skip locked
       ) s
      limit $3`,
    [issueId, now, limit],
  );
  return rows.map(({ id, attempts, messageId, subscriberId, ...reader }) => ({
    id,
    issueId,
    attempts,
    messageId,
    subscriber: { id: subscriberId, ...reader },
  }));
}

type DueRow = Pick<Due, 'id' | 'attempts' | 'messageId'> &
  Omit<ClaimedReader, 'id'> & { subscriberId: number };

async function addBatch(
  tx: Queryable,
  issueId: number,
  worker: string,
  now: Date,
  leaseUntil: Date,
): Promise<number> {
  const { rows } = await tx.query<{ id: number }>(
    'insert into batches (issue_id, worker, claimed_at, lease_until) values ($1, $2, $3, $4) returning id',
    [issueId, worker, now, leaseUntil],
  );
  return rows[0]!.id;
}

interface Decision {
  id: number;
  status: 'claimed' | 'skipped' | 'cancelled';
  picks: ArticlePick[] | null;
  reason: Reason | null;
  is_control: boolean;
}

function decide(delivery: ClaimedDelivery, choose: Parameters<DeliveryStore['claim']>[5]): Decision {
  const { id, subscriber } = delivery;
  if (subscriber.status !== 'active')
    return {
      id,
      status: 'cancelled',
      picks: null,
      reason: { code: 'skip.status', values: { status: subscriber.status } },
      is_control: false,
    };
  const choice = choose(delivery);
  return 'skip' in choice
    ? { id, status: 'skipped', picks: null, reason: choice.skip, is_control: false }
    : { id, status: 'claimed', picks: choice.picks, reason: null, is_control: choice.isControl ?? false };
}

/** Picks come as lines of JSON: read as parts of one large document they would cost Postgres half as much again. */
async function writeDecisions(tx: Queryable, batchId: number, decisions: Decision[]): Promise<void> {
  await tx.query(
    `update deliveries d
        set status = c.status, picks = nullif(c.picks, '')::jsonb, reason = c.reason, is_control = c.is_control,
            batch_id = case c.status when 'claimed' then $1::bigint end
       from unnest($2::bigint[], $3::text[], $4::text[], $5::boolean[], string_to_array($6, E'\n'))
            as c(id, status, reason, is_control, picks)
      -- The ids once more: else Postgres may read all deliveries to find these.
      where d.id = c.id and d.id = any($2::bigint[]) and ${statusOf('d')} = 'planned'`,
    [
      batchId,
      decisions.map(({ id }) => id),
      decisions.map(({ status }) => status),
      decisions.map(({ reason }) => reason && keptReason(reason)),
      decisions.map(({ is_control }) => is_control),
      decisions.map(({ picks }) => (picks === null ? '' : asJson(picks))).join('\n'),
    ],
  );
}
