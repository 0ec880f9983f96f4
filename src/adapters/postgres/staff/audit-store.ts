import type { AuditEntry, AuditStore } from '../../../journey/staff/ports/audit.ts';
import { asJson } from '../as-json.ts';
import type { Queryable } from '../pool.ts';

export function auditStore(db: Queryable): AuditStore {
  return {
    async add({ at, staffEmail, act, subject, details = {}, subscriberId = null }) {
      await db.query(
        'insert into audit_entries (at, staff_email, act, subject, details, subscriber_id) values ($1, $2, $3, $4, $5, $6)',
        [at, staffEmail, act, subject, asJson(details), subscriberId],
      );
    },

    async list({ beforeId, limit }) {
      const { rows } = await db.query<AuditEntry>(
        `select id, at, staff_email as "staffEmail", act, subject, details
           from audit_entries where $1::bigint is null or id < $1 order by id desc limit $2`,
        [beforeId, limit],
      );
      return rows;
    },
  };
}
