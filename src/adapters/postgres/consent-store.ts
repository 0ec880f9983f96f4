import type { ConsentStore, KeptConsent } from '../../journey/audience/ports.ts';
import type { Queryable } from './pool.ts';

export function consentStore(db: Queryable): ConsentStore {
  return {
    async add(entry) {
      await db.query(
        `insert into consent_entries (subscriber_id, email, at, act, how, text_version, ip, user_agent, details)
         select id, email, $2, $3, $4, $5, $6, $7, $8 from subscribers where id = $1`,
        [
          entry.subscriberId,
          entry.at,
          entry.act,
          entry.how,
          entry.textVersion,
          entry.ip,
          entry.userAgent,
          JSON.stringify(entry.details),
        ],
      );
    },

    async list(subscriberId) {
      const { rows } = await db.query(
        `select subscriber_id, email, at, act, how, text_version, ip, user_agent, details
           from consent_entries where subscriber_id = $1 order by id`,
        [subscriberId],
      );
      return rows.map(
        (row): KeptConsent => ({
          subscriberId: Number(row.subscriber_id),
          email: row.email,
          at: row.at,
          act: row.act,
          how: row.how,
          textVersion: row.text_version,
          ip: row.ip,
          userAgent: row.user_agent,
          details: row.details,
        }),
      );
    },
  };
}
