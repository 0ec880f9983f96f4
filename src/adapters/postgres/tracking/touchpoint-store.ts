import type { LeadEvent } from '../../../domain/scoring/lead-event.ts';
import type { TouchpointStore } from '../../../journey/scoring/ports/ledger.ts';
import { asJson } from '../as-json.ts';
import type { Queryable } from '../pool.ts';

/** Enough for a visitor who looks around before pressing the button in the mail. */
const MOST_HELD = 100;

/** Whose browser a click led to the site, and what waits for an address to be proven. */
export function touchpointStore(db: Queryable): TouchpointStore {
  return {
    async findClick(key) {
      const { rows } = await db.query(
        `select d.subscriber_id as "subscriberId", c.class
           from (select delivery_id, class from events where key = $1::text::uuid
                 union all
                 select (h ->> 'deliveryId')::bigint, h -> 'verdict' ->> 'class'
                   from arrived_events a cross join lateral json_array_elements(a.hits::json) h
                  where a.hits like '%' || $1 || '%' and h ->> 'key' = $1::text) c
           join deliveries d on d.id = c.delivery_id
           -- Who refused to be measured is not followed on the site either.
           join subscribers s on s.id = d.subscriber_id and s.tracking
          limit 1`,
        [key],
      );
      return rows[0] ? { subscriberId: rows[0].subscriberId, class: rows[0].class } : null;
    },

    async isKnown(key) {
      const { rowCount } = await db.query('select from events where key = $1', [key]);
      return rowCount === 1;
    },

    async hold(leadEvent, now) {
      await db.query(
        `insert into held_touchpoints (subscriber_id, happening, held_at)
         select $1::bigint, $2::jsonb, $3::timestamptz
          where $1::bigint is not null
            and (select count(*) from held_touchpoints where subscriber_id = $1) < ${MOST_HELD}`,
        [leadEvent?.subscriberId ?? null, leadEvent && asJson(leadEvent), now],
      );
    },

    async release(subscriberId) {
      return takenOut('', subscriberId);
    },

    async readersWithDownloads(limit) {
      const { rows } = await db.query<{ id: number }>(
        `select distinct h.subscriber_id as id
           from held_touchpoints h join subscribers s on s.id = h.subscriber_id
          where h.happening ->> 'kind' = 'download' and s.status = 'active'
          limit $1`,
        [limit],
      );
      return rows.map(({ id }) => id);
    },

    releaseDownloads: (subscriberId) => takenOut(`and happening ->> 'kind' = 'download'`, subscriberId),
  };

  async function takenOut<Held extends LeadEvent>(which: string, subscriberId: number): Promise<Held[]> {
    const { rows } = await db.query<{ id: number; leadEvent: Held }>(
      `delete from held_touchpoints where subscriber_id = $1 ${which} returning id, happening as "leadEvent"`,
      [subscriberId],
    );
    return rows
      .sort((a, b) => a.id - b.id)
      .map(({ leadEvent }) => ({ ...leadEvent, at: new Date(leadEvent.at) }));
  }
}
