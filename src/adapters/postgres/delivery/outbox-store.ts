import { randomUUID } from 'node:crypto';
import { IN_STAFF_LANGUAGE, NEVER_TWICE, type OneOffKind } from '../../../domain/mail/mails.ts';
import type { NewOutboxMail, OutboxMail, OutboxStore } from '../../../journey/delivery/ports/outbox.ts';
import { asJson } from '../as-json.ts';
import type { Queryable } from '../pool.ts';
import { keptReason } from '../reason-column.ts';
import { briefly } from '../transaction.ts';

/** `mailDomain` is what Message-IDs end in: the domain of the brand's From address. */
export function outboxStore(db: Queryable, mailDomain: string): OutboxStore {
  // For none the database is asked too: a sign-up that causes no mail must take as long as one that does.
  const addAll = async (mails: readonly NewOutboxMail[]): Promise<number[]> => {
    const messageId = (kind: OneOffKind) => `<${kind}.${randomUUID()}@${mailDomain}>`;
    const { rows } = await db.query<{ id: number }>(
      `insert into outbox (kind, dedupe_key, to_address, language, data, subscriber_id, due_at, created_at, message_id)
       select kind, "dedupeKey", "to", language, coalesce(data, '{}'), "subscriberId", "dueAt", at, "messageId"
         from jsonb_to_recordset($1::jsonb) as m (
                kind text, "dedupeKey" text, "to" text, language text, data jsonb, "subscriberId" bigint,
                "dueAt" timestamptz, at timestamptz, "messageId" text)
       on conflict (dedupe_key) do nothing
       returning id`,
      [asJson(mails.map((mail) => ({ ...mail, messageId: messageId(mail.kind) })))],
    );
    return rows.map(({ id }) => id);
  };

  return {
    add: async (mail: NewOutboxMail) => (await addAll([mail]))[0] ?? null,
    addAll,

    async lastAddedAt(subscriberId, kind) {
      const { rows } = await db.query<{ at: Date | null }>(
        'select max(created_at) as at from outbox where subscriber_id = $1 and kind = $2',
        [subscriberId, kind],
      );
      return rows[0]?.at ?? null;
    },

    claimDue: (now, leaseMs, limit, worker) =>
      briefly(db, async (tx) => {
        await tx.query(
          `update outbox
              set status = 'uncertain', lease_until = null,
                  reason = '${keptReason({ code: 'fail.worker-stopped' })}'
            where status = 'sending' and lease_until < $1 and handed_over_at is not null and kind = any($2)`,
          [now, NEVER_TWICE],
        );
        // Also what the program has only thought of now, out of what a backup held: it may have been sent before the restore.
        await tx.query(
          `update outbox set status = 'uncertain', reason = '${keptReason({ code: 'fail.restored' })}'
            where status = 'planned' and due_at <= (select max(at) from restores)`,
        );
        const { rows } = await tx.query(
          `with due as (
             select id from outbox
              where (status = 'planned' and due_at <= $1) or (status = 'sending' and lease_until < $1)
              order by due_at, id
              limit $3
                for no key update skip locked)
           update outbox o set status = 'sending', lease_until = $2, worker = $4, attempts = o.attempts + 1,
                               claims = o.claims + 1, handed_over_at = null
             from due
            where o.id = due.id and o.status in ('planned', 'sending')
            returning o.*, (select c.language from staff_choices c
                             where o.kind = any($5) and c.email = lower(o.to_address)) as chosen_language`,
          [now, new Date(now.getTime() + leaseMs), limit, worker ?? null, IN_STAFF_LANGUAGE],
        );
        return rows.map(readOutboxMail).sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime() || a.id - b.id);
      }),

    async markHandedOver({ id, claim }, now, leaseUntil) {
      const { rowCount } = await db.query(
        `update outbox set handed_over_at = $3, lease_until = $4
          where id = $1 and status = 'sending' and claims = $2`,
        [id, claim, now, leaseUntil],
      );
      return rowCount === 1;
    },

    async settle({ id, claim }, fate) {
      await db.query(
        `update outbox
            set status = $2, lease_until = null, sent_at = $3, reason = $4, due_at = coalesce($5, due_at),
                attempts = coalesce($6, attempts)
          where id = $1 and claims = $7
            and (status = 'sending' or (status = 'uncertain' and resolved_at is null))`,
        [
          id,
          fate.status === 'retry' ? 'planned' : fate.status,
          fate.status === 'sent' ? fate.at : null,
          fate.status === 'sent' ? null : keptReason(fate.reason),
          fate.status === 'retry' ? fate.dueAt : null,
          fate.status === 'retry' ? fate.attempts : null,
          claim,
        ],
      );
    },

    async resolveUncertain(how, at) {
      const { rowCount } = await db.query(
        how === 'leave'
          ? `update outbox set resolved_at = $1 where status = 'uncertain' and resolved_at is null`
          : `update outbox set status = 'planned', due_at = $1, attempts = 0, lease_until = null, handed_over_at = null,
                    reason = '${keptReason({ code: 'fail.sent-again' })}'
              where status = 'uncertain' and resolved_at is null`,
        [at],
      );
      return rowCount ?? 0;
    },
  };
}

function readOutboxMail(row: Record<string, unknown>): OutboxMail {
  return {
    id: row.id as number,
    kind: row.kind as OneOffKind,
    dedupeKey: row.dedupe_key as string,
    to: row.to_address as string,
    language: (row.chosen_language ?? row.language) as string,
    data: row.data as OutboxMail['data'],
    subscriberId: row.subscriber_id as number | null,
    dueAt: row.due_at as Date,
    at: row.created_at as Date,
    messageId: row.message_id as string,
    attempts: row.attempts as number,
    claim: row.claims as number,
  };
}
