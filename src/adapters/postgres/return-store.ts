import { createHash } from 'node:crypto';
import type {
  KeptReturnedMail,
  NewReturnedMail,
  ReturnOwner,
  ReturnStore,
} from '../../journey/delivery/return-ports.ts';
import type { Queryable } from './pool.ts';

/** After so many tries something is wrong with us: a person has to look, and nothing is lost meanwhile. */
const MOST_TRIES = 5;

/** What came back, in Postgres. */
export function returnStore(db: Queryable): ReturnStore {
  const owner = async (query: string, values: unknown[]): Promise<ReturnOwner | null> => {
    const { rows } = await db.query(query, values);
    return (rows[0] as ReturnOwner | undefined) ?? null;
  };
  return {
    async keep({ receivedAt, source, returnPath, raw }: NewReturnedMail) {
      const { rowCount } = await db.query(
        `insert into returned_mails (received_at, source, return_path, raw, fingerprint)
         values ($1, $2, $3, $4, $5) on conflict (fingerprint) do nothing`,
        [receivedAt, source, returnPath, raw, fingerprint(source, returnPath, raw)],
      );
      return rowCount === 1;
    },

    async waiting(limit) {
      const { rows } = await db.query<{ id: number }>(
        `select id from returned_mails where status = 'waiting' and attempts < $2 order by id limit $1`,
        [limit, MOST_TRIES],
      );
      return rows.map(({ id }) => id);
    },

    async lock(id) {
      const { rows } = await db.query(
        `select id, received_at as "receivedAt", source, return_path as "returnPath", raw
           from returned_mails where id = $1 and status = 'waiting'
            for no key update skip locked`,
        [id],
      );
      return (rows[0] as KeptReturnedMail | undefined) ?? null;
    },

    async settle(id, { finding, status, effect, at, subscriberId, deliveryId, issueId }) {
      await db.query(
        `update returned_mails
            set status = $2, kind = $3, reason = $4, recipient = $5, enhanced_status = $6, diagnostic = $7,
                evidence = $8, effect = $9, applied_at = $10, subscriber_id = $11, delivery_id = $12, issue_id = $13
          where id = $1 and status = 'waiting'`,
        [
          id,
          status,
          finding.kind,
          finding.reason,
          withoutNul(finding.recipient),
          finding.status,
          withoutNul(finding.diagnostic),
          withoutNul(finding.evidence),
          effect,
          at,
          subscriberId,
          deliveryId,
          issueId,
        ],
      );
    },

    async noteFailure(id, what) {
      await db.query(
        `update returned_mails set attempts = attempts + 1, effect = $2 where id = $1 and status = 'waiting'`,
        [id, what],
      );
    },

    ownerOfDelivery: (deliveryId) =>
      owner(
        `select subscriber_id as "subscriberId", id as "deliveryId", issue_id as "issueId"
           from deliveries where id = $1`,
        [deliveryId],
      ),

    ownerOfOutbox: (outboxId) =>
      owner(
        `select subscriber_id as "subscriberId", null::bigint as "deliveryId", null::bigint as "issueId"
           from outbox
          where id = $1 and kind in ('confirmation', 'already-subscribed')`,
        [outboxId],
      ),

    ownerOfMessage: (deliveryId, messageId) =>
      owner(
        `select subscriber_id as "subscriberId", id as "deliveryId", issue_id as "issueId"
           from deliveries where id = $1 and message_id = $2`,
        [deliveryId, messageId],
      ),

    async softInARow(subscriberId) {
      const { rows } = await db.query<{ count: number; first: Date | null; last: Date | null }>(
        `with mails as (
           select d.id,
                  (select min(r.received_at) from returned_mails r
                    where r.delivery_id = d.id and r.kind = 'soft-bounce') as came_back_at
             from deliveries d
            where d.subscriber_id = $1 and d.status = 'sent')
         select count(*)::int as count, min(came_back_at) as first, max(came_back_at) as last
           from mails
          where came_back_at is not null
            and id > coalesce((select max(id) from mails where came_back_at is null), 0)`,
        [subscriberId],
      );
      return rows[0]!;
    },
  };
}

/** What makes two of them the same one: a provider posts again until it is answered, and so do mail servers. */
function fingerprint(source: string, returnPath: string | null, raw: Buffer): string {
  return createHash('sha256')
    .update(`${source}\n${returnPath?.toLowerCase() ?? ''}\n`)
    .update(raw)
    .digest('hex');
}

/** Postgres text takes no NUL. */
function withoutNul(text: string | null): string | null {
  return text === null ? null : text.replaceAll('\0', '');
}
