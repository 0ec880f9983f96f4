import type { Pick as ArticlePick } from '../../domain/content/pick.ts';
import type { ClaimedDelivery, DeliveryFate, DeliveryStore } from '../../journey/delivery/ports.ts';
import type { LedgerStore } from '../../journey/engagement/ports.ts';
import type { Queryable } from './pool.ts';
import { readSubscriber, subscriberColumns } from './subscriber-store.ts';
import { transactional } from './transaction.ts';

/**
 * Deliveries in Postgres. `ledgerOver` gives the ledger of a transaction, so that a mail that was sent and the entry
 * that says so are written together. Locks are taken on deliveries first, then on subscribers in id order.
 */
export function deliveryStore(db: Queryable, ledgerOver: (tx: Queryable) => LedgerStore): DeliveryStore {
  return {
    claim: (issueId, worker, now, leaseMs, limit, choose) =>
      transactional(db, async (tx) => {
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

    async markSending(batchId, mails) {
      const { rows } = await db.query<{ id: number; status: string }>(
        `update deliveries d
            set status = case when s.status = 'active' then 'sending' else 'cancelled' end,
                message_id = case when s.status = 'active' then m.message_id else d.message_id end,
                reason = case when s.status = 'active' then null
                              else 'the reader is ' || s.status || ' since the mail was prepared' end
           from unnest($2::bigint[], $3::text[]) as m(id, message_id), subscribers s
          where d.id = m.id and s.id = d.subscriber_id and d.batch_id = $1
            -- 'sending' too: when the answer to a first attempt at this statement was lost, a second one finds that.
            and d.status in ('claimed', 'sending')
          returning d.id, d.status`,
        [batchId, mails.map(({ deliveryId }) => deliveryId), mails.map(({ messageId }) => messageId)],
      );
      return rows.filter(({ status }) => status === 'sending').map(({ id }) => id);
    },

    settle: (batchId, fates) =>
      transactional(db, async (tx) => {
        const changed = await writeFates(tx, batchId, fates);
        const settled = fates.filter(({ deliveryId }) => changed.has(deliveryId));
        await suppress(tx, settled);
        const sent = settled.filter((fate) => fate.status === 'sent');
        if (sent.length === 0) return;
        await ledgerOver(tx).record(
          sent.map(({ at, subscriberId, deliveryId }) => ({
            kind: 'mail-sent',
            at,
            subscriberId,
            deliveryId,
          })),
        );
      }),

    async extendLease(batchId, until) {
      await db.query('update batches set lease_until = $2 where id = $1 and lease_until < $2', [
        batchId,
        until,
      ]);
    },

    async handBack(batchId) {
      const { rowCount } = await db.query(
        `update deliveries set status = 'planned', batch_id = null, picks = null
          where batch_id = $1 and status = 'claimed'`,
        [batchId],
      );
      return rowCount ?? 0;
    },

    async recoverExpired(now) {
      const { rows } = await db.query<{ status: string }>(
        `with expired as (
           select d.id from deliveries d join batches b on b.id = d.batch_id
            where d.status in ('claimed', 'sending') and b.lease_until < $1
              for no key update of d skip locked)
         update deliveries d
            set status = case d.status when 'claimed' then 'planned' else 'uncertain' end,
                batch_id = case d.status when 'sending' then d.batch_id end,
                picks = case d.status when 'sending' then d.picks end,
                reason = case d.status when 'sending' then
                  'the worker stopped while this mail was on the wire: nobody knows whether it arrived' end
           from expired
          where d.id = expired.id and d.status in ('claimed', 'sending')
          returning d.status`,
        [now],
      );
      const uncertain = rows.filter(({ status }) => status === 'uncertain').length;
      return { handedBack: rows.length - uncertain, uncertain };
    },

    async find(deliveryId) {
      const { rows } = await db.query(
        `select d.id as delivery_id, d.issue_id, i.digest_id, d.status as delivery_status, d.picks, d.sent_at,
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
 */
async function lockDue(tx: Queryable, issueId: number, now: Date, limit: number): Promise<Due[]> {
  const { rows } = await tx.query(
    `select d.id as delivery_id, d.attempts, d.message_id, ${subscriberColumns('s', 'subscriber_')}
       from deliveries d join subscribers s on s.id = d.subscriber_id
      where d.issue_id = $1 and d.status = 'planned' and d.due_at <= $2
        and exists (select from issues where id = $1 and status = 'open')
      order by d.due_at, d.id
      limit $3
        for no key update of d, s skip locked`,
    [issueId, now, limit],
  );
  return rows.map((row) => ({
    id: row.delivery_id,
    issueId,
    subscriber: readSubscriber(row, 'subscriber_'),
    attempts: row.attempts,
    messageId: row.message_id,
  }));
}

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

/** Which of the issue's articles these readers have had, or are about to have, in another mail. */
async function articlesHad(
  tx: Queryable,
  issueId: number,
  subscriberIds: number[],
): Promise<Map<number, number[]>> {
  const { rows } = await tx.query<{ subscriber_id: number; article_ids: string[] }>(
    `select d.subscriber_id, array_agg(distinct a.article_id::text) as article_ids
       from deliveries d
       cross join lateral jsonb_array_elements(d.picks) as pick
       -- Also those that turned out to tell the story of one of them.
       join had_articles_of_issue($1) a on a.had_id = (pick ->> 'articleId')::bigint
      where d.subscriber_id = any($2::bigint[]) and d.issue_id <> $1
        and d.status in ('claimed', 'sending', 'sent', 'uncertain')
      group by d.subscriber_id`,
    [issueId, subscriberIds],
  );
  return new Map(rows.map((row) => [row.subscriber_id, row.article_ids.map(Number)]));
}

interface Decision {
  id: number;
  status: 'claimed' | 'skipped' | 'cancelled';
  picks: ArticlePick[] | null;
  reason: string | null;
  is_control: boolean;
}

function decide(delivery: ClaimedDelivery, choose: Parameters<DeliveryStore['claim']>[5]): Decision {
  const { id, subscriber } = delivery;
  if (subscriber.status !== 'active')
    return {
      id,
      status: 'cancelled',
      picks: null,
      reason: `the reader is ${subscriber.status}`,
      is_control: false,
    };
  const choice = choose(delivery);
  return 'skip' in choice
    ? { id, status: 'skipped', picks: null, reason: choice.skip, is_control: false }
    : { id, status: 'claimed', picks: choice.picks, reason: null, is_control: choice.isControl ?? false };
}

async function writeDecisions(tx: Queryable, batchId: number, decisions: Decision[]): Promise<void> {
  await tx.query(
    `update deliveries d
        set status = c.status, picks = c.picks, reason = c.reason, is_control = c.is_control,
            batch_id = case c.status when 'claimed' then $1::bigint end
       from jsonb_to_recordset($2::jsonb) as c(id bigint, status text, picks jsonb, reason text, is_control boolean)
      where d.id = c.id and d.status = 'planned'`,
    [batchId, JSON.stringify(decisions)],
  );
}

/** Writes the fates of mails that are still this batch's, and says which ones they were. */
async function writeFates(tx: Queryable, batchId: number, fates: DeliveryFate[]): Promise<Set<number>> {
  const rows = fates.map((fate) => ({
    id: fate.deliveryId,
    status: fate.status === 'retry' ? 'planned' : fate.status,
    reply: fate.reply,
    sent_at: fate.status === 'sent' ? fate.at : null,
    due_at: fate.status === 'retry' ? fate.dueAt : null,
    attempts: fate.status === 'retry' ? fate.attempts : null,
    reason: REASONS[fate.status] ?? (fate.status === 'failed' ? fate.reason : null),
  }));
  const { rows: changed } = await tx.query<{ id: number }>(
    `update deliveries d
        set status = f.status, smtp_reply = f.reply, reason = f.reason, sent_at = f.sent_at,
            due_at = coalesce(f.due_at, d.due_at),
            attempts = coalesce(f.attempts, d.attempts + 1),
            batch_id = case f.status when 'planned' then null else d.batch_id end,
            picks = case f.status when 'planned' then null else d.picks end
       from jsonb_to_recordset($2::jsonb) as f(id bigint, status text, reply text, sent_at timestamptz,
                                               due_at timestamptz, attempts integer, reason text)
      where d.id = f.id and d.batch_id = $1 and d.status in ('sending', 'uncertain')
      returning d.id`,
    [batchId, JSON.stringify(rows)],
  );
  return new Set(changed.map(({ id }) => id));
}

const REASONS: Partial<Record<DeliveryFate['status'], string>> = {
  uncertain:
    'the connection broke after the mail was handed over and before the answer: nobody knows whether it arrived',
};

/** active → suppressed for readers whose address can never be reached. Locks all readers first, in id order. */
async function suppress(tx: Queryable, fates: DeliveryFate[]): Promise<void> {
  const gone = fates
    .filter((fate) => fate.status === 'failed' && fate.suppress)
    .map(({ subscriberId }) => subscriberId);
  if (gone.length === 0) return;
  const all = fates.map(({ subscriberId }) => subscriberId);
  await tx.query('select from subscribers where id = any($1::bigint[]) order by id for no key update', [all]);
  await tx.query(
    `update subscribers set status = 'suppressed' where id = any($1::bigint[]) and status = 'active'`,
    [gone],
  );
}
