import type { Suppression, SuppressionStore } from '../../../journey/returns/ports/returns.ts';
import type { Queryable } from '../pool.ts';
import { keptReason } from '../reason-column.ts';

const COLUMNS = `id, email, subscriber_id as "subscriberId", at, cause, why, returned_mail_id as "returnedMailId",
  delivery_id as "deliveryId", by_whom as "byWhom", lifted_at as "liftedAt", lifted_by as "liftedBy",
  lifted_why as "liftedWhy"`;

/** Addresses that are never written to, in Postgres. */
export function suppressionStore(db: Queryable): SuppressionStore {
  return {
    async add({ email, subscriberId, at, cause, why, returnedMailId, deliveryId, byWhom }) {
      const { rowCount } = await db.query(
        `insert into suppressions (email, subscriber_id, at, cause, why, returned_mail_id, delivery_id, by_whom)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (email) where lifted_at is null do nothing`,
        [email, subscriberId, at, cause, why, returnedMailId, deliveryId, byWhom],
      );
      return rowCount === 1;
    },

    async suppressReader(email) {
      const { rowCount } = await db.query(
        `update subscribers set status = 'suppressed'
          where email = $1 and status in ('pending', 'active', 'unsubscribed')`,
        [email],
      );
      return rowCount === 1;
    },

    async standing(email) {
      const { rows } = await db.query(
        `select ${COLUMNS} from suppressions where email = $1 and lifted_at is null`,
        [email],
      );
      return (rows[0] as Suppression | undefined) ?? null;
    },

    async list({ search, beforeId, limit, lifted }) {
      const { rows } = await db.query(
        `select ${COLUMNS} from suppressions
          where ($1::text is null or position(lower($1) in email) > 0)
            and ($2::bigint is null or id < $2)
            and (lifted_at is not null) = $4
          order by id desc
          limit $3`,
        [search, beforeId, limit, lifted],
      );
      return rows as Suppression[];
    },

    async lift(email, by, why, at) {
      const { rowCount } = await db.query(
        `update suppressions set lifted_at = $4, lifted_by = $2, lifted_why = $3
          where email = $1 and lifted_at is null`,
        [email, by, why, at],
      );
      return rowCount === 1;
    },

    async releaseReader(email) {
      const { rows } = await db.query<{ status: 'active' | 'unsubscribed' | 'pending' }>(
        `update subscribers
            set status = case when unsubscribed_at is not null then 'unsubscribed'
                              when confirmed_at is not null then 'active'
                              else 'pending' end
          where email = $1 and status = 'suppressed'
          returning status`,
        [email],
      );
      return rows[0]?.status ?? null;
    },

    async pauseReader(subscriberId, until, reason) {
      const { rowCount } = await db.query(
        `update subscribers set paused_until = $2, pause_reason = $3
          where id = $1 and status = 'active' and (paused_until is null or paused_until < $2)`,
        [subscriberId, until, keptReason(reason)],
      );
      return rowCount === 1;
    },
  };
}
