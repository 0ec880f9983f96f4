import { readReason } from '../../../domain/reason.ts';
import type { ConsentEntry, ConsentStore, KeptConsent } from '../../../journey/audience/ports/subscribers.ts';
import { asJson } from '../as-json.ts';
import type { Queryable } from '../pool.ts';
import { codeOf, keptReason } from '../reason-column.ts';

export function consentStore(db: Queryable): ConsentStore {
  // For none the database is asked too: a sign-up that needs no entry must take as long as one that does.
  const addAll = async (entries: readonly ConsentEntry[]): Promise<void> => {
    await db.query(
      `insert into consent_entries (subscriber_id, email, at, act, how, text_version, ip, user_agent, details)
       select s.id, s.email, e.at, e.act, e.how, e."textVersion", e.ip, e."userAgent", e.details
         from rows from (jsonb_to_recordset($1::jsonb) as (
                "subscriberId" bigint, at timestamptz, act text, how text, "textVersion" text, ip text, "userAgent" text,
                details jsonb)) with ordinality
              as e ("subscriberId", at, act, how, "textVersion", ip, "userAgent", details, place)
         join subscribers s on s.id = e."subscriberId"
        where s.id = any($2::bigint[])
        order by e.place`,
      [
        asJson(entries.map((entry) => ({ ...entry, how: keptReason(entry.how) }))),
        entries.map(({ subscriberId }) => subscriberId),
      ],
    );
  };

  return {
    add: (entry) => addAll([entry]),
    addAll,

    async byListOnly(subscriberIds) {
      if (subscriberIds.length === 0) return new Set();
      const { rows } = await db.query<{ id: number }>(
        `select subscriber_id as id from consent_entries where subscriber_id = any($1::bigint[])
            -- What was typed for a known address, by whomever, is nothing that they did.
            and not details ? 'said'
          group by 1 having bool_and(${codeOf('how')} in ('consent.import', 'consent.import-how'))`,
        [subscriberIds],
      );
      return new Set(rows.map(({ id }) => id));
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
          how: readReason(row.how),
          textVersion: row.text_version,
          ip: row.ip,
          userAgent: row.user_agent,
          details: row.details,
        }),
      );
    },
  };
}
