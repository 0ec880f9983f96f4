import type {
  ClaimedMessage,
  LoggedMessage,
  MessageFate,
  Webhook,
  WebhookStore,
} from '../../../journey/sales/ports/webhooks.ts';
import { asJson } from '../as-json.ts';
import type { Queryable } from '../pool.ts';
import { transactional } from '../transaction.ts';

const WEBHOOK = `select id, url, secret, types, allow_private as "allowPrivate", created_at as "createdAt",
  ended_at as "endedAt", end_reason as "endReason" from webhooks`;

/** Ids of messages, as the specification advises: unguessable, and the same for every try. */
const NEW_MESSAGE = `insert into webhook_messages (webhook_id, message_id, dedupe_key, type, at, due_at, data)
  select id, 'msg_' || replace(gen_random_uuid()::text, '-', ''), $1, $2, $3::timestamptz, $3::timestamptz, $4::jsonb
    from webhooks where ended_at is null`;

export function webhookStore(db: Queryable): WebhookStore {
  return {
    async add({ url, secret, types, allowPrivate, createdAt }) {
      const { rows } = await db.query<{ id: number }>(
        `insert into webhooks (url, secret, types, allow_private, created_at) values ($1, $2, $3, $4, $5) returning id`,
        [url, secret, types, allowPrivate, createdAt],
      );
      return rows[0]!.id;
    },

    async list(all) {
      const { rows } = await db.query<Webhook>(`${WEBHOOK} where $1 or ended_at is null order by id`, [all]);
      return rows;
    },

    async end(id, reason, at) {
      const { rowCount } = await db.query(
        'update webhooks set ended_at = $3, end_reason = $2 where id = $1 and ended_at is null',
        [id, reason, at],
      );
      return rowCount === 1;
    },

    async announce({ dedupeKey, type, at, data }) {
      const { rowCount } = await db.query(
        `${NEW_MESSAGE} and $2 = any(types) order by id on conflict (webhook_id, dedupe_key) do nothing`,
        [dedupeKey, type, at, asJson(data)],
      );
      return rowCount ?? 0;
    },

    async announceTo(webhookId, { dedupeKey, type, at, data }) {
      const { rows } = await db.query<{ id: number }>(
        `${NEW_MESSAGE} and id = $5 on conflict (webhook_id, dedupe_key) do nothing returning id`,
        [dedupeKey, type, at, asJson(data), webhookId],
      );
      return rows[0]?.id ?? null;
    },

    claimDue: (now, leaseMs, limit, worker) =>
      transactional(db, async (tx) => {
        await tx.query(
          `update webhook_messages m set status = 'failed', lease_until = null
             from webhooks w
            where w.id = m.webhook_id and w.ended_at is not null and m.status = 'planned'`,
        );
        const { rows } = await tx.query<{ webhook: string } & ClaimedMessage>(
          `with due as (
             select id from webhook_messages
              where (status = 'planned' and due_at <= $1) or (status = 'sending' and lease_until < $1)
              order by due_at, id
              limit $3
                for no key update skip locked)
           update webhook_messages m set status = 'sending', lease_until = $2, worker = $4, claims = m.claims + 1
             from due, webhooks w
            where m.id = due.id and w.id = m.webhook_id and m.status in ('planned', 'sending')
           returning m.id, m.message_id as "messageId", m.type, m.at, m.data, m.attempts, m.claims as claim,
                     jsonb_build_object('id', w.id, 'url', w.url, 'secret', w.secret,
                                        'allowPrivate', w.allow_private) as webhook`,
          [now, new Date(now.getTime() + leaseMs), limit, worker ?? null],
        );
        return rows as ClaimedMessage[];
      }),

    settle: ({ id, claim }, answer, fate, at) =>
      transactional(db, async (tx) => {
        if (!(await writeFate(tx, id, claim, fate, at))) return;
        await tx.query(
          `insert into webhook_attempts (webhook_message_id, at, status_code, error, took_ms) values ($1, $2, $3, $4, $5)`,
          [id, at, answer.statusCode, answer.error, answer.tookMs],
        );
        if (fate.status === 'failed' && fate.endWebhook !== null)
          await tx.query(
            `update webhooks w set ended_at = $2, end_reason = $3
               from webhook_messages m where m.id = $1 and w.id = m.webhook_id and w.ended_at is null`,
            [id, at, fate.endWebhook],
          );
      }),

    async log({ webhookId, limit }) {
      const { rows } = await db.query<LoggedMessage>(
        `select m.id, m.webhook_id as "webhookId", m.message_id as "messageId", m.type, m.at, m.status,
                m.due_at as "dueAt",
                coalesce((select jsonb_agg(jsonb_build_object('at', a.at, 'statusCode', a.status_code,
                                                              'error', a.error, 'tookMs', a.took_ms) order by a.id)
                            from webhook_attempts a where a.webhook_message_id = m.id), '[]') as attempts
           from webhook_messages m
          where $1::bigint is null or m.webhook_id = $1
          order by m.id desc
          limit $2`,
        [webhookId, limit],
      );
      // Times inside jsonb come as texts.
      return rows.map((row) => ({
        ...row,
        attempts: row.attempts.map((attempt) => ({ ...attempt, at: new Date(attempt.at) })),
      }));
    },

    async resend(id, now) {
      const { rowCount } = await db.query(
        `update webhook_messages m
            set status = 'planned', due_at = $2, attempts = 0, delivered_at = null
           from webhooks w
          where m.id = $1 and w.id = m.webhook_id and w.ended_at is null and m.status in ('delivered', 'failed')`,
        [id, now],
      );
      return rowCount === 1;
    },
  };
}

async function writeFate(
  tx: Queryable,
  id: number,
  claim: number,
  fate: MessageFate,
  at: Date,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update webhook_messages
        set status = $3, attempts = attempts + 1, lease_until = null, due_at = coalesce($4, due_at), delivered_at = $5
      where id = $1 and claims = $2 and status = 'sending'`,
    [
      id,
      claim,
      fate.status === 'retry' ? 'planned' : fate.status,
      fate.status === 'retry' ? fate.dueAt : null,
      fate.status === 'delivered' ? at : null,
    ],
  );
  return rowCount === 1;
}
