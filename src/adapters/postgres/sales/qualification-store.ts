import type { QualificationStore } from '../../../journey/sales/ports/qualifications.ts';
import type { Queryable } from '../pool.ts';

/** Qualifications as they are opened, and their alerts as long as they wait. */
export function qualificationStore(db: Queryable): QualificationStore {
  return {
    async open({ subscriberId, at, score, rule, byPost, handedTo, heldUntil }) {
      const { rows } = await db.query<{ id: number }>(
        `insert into qualifications (subscriber_id, at, score, rule, by_post, handed_to, held_until)
         values ($1, $2, $3, $4, $5, $6, $7) returning id`,
        [subscriberId, at, score, rule, byPost, handedTo, heldUntil],
      );
      return rows[0]!.id;
    },

    async setAlert(id, alertId) {
      await db.query('update qualifications set alert_id = $2 where id = $1 and alert_id is null', [
        id,
        alertId,
      ]);
    },

    async lastSentWithin(moments, ms) {
      const { rows } = await db.query<{ id: number; sentAt: Date }>(
        `select c.id, max(d.sent_at) as "sentAt"
           from unnest($1::bigint[], $2::timestamptz[]) as c (id, at)
           join deliveries d on d.subscriber_id = c.id and d.sent_at between c.at - $3 * interval '1 millisecond' and c.at
          group by c.id`,
        [moments.map(({ subscriberId }) => subscriberId), moments.map(({ at }) => at), ms],
      );
      return new Map(rows.map(({ id, sentAt }) => [id, sentAt]));
    },

    async quietUntil(ids) {
      const { rows } = await db.query<{ subscriber_id: number; not_before: string | null }>(
        `select distinct on (q.subscriber_id) q.subscriber_id, o.not_before::text as not_before
           from outcomes o join qualifications q on q.id = o.qualification_id
          where q.subscriber_id = any($1::bigint[])
          order by q.subscriber_id, o.id desc`,
        [ids],
      );
      return new Map(
        rows.flatMap(({ subscriber_id, not_before }) => (not_before ? [[subscriber_id, not_before]] : [])),
      );
    },

    async nextTurn(list) {
      const { rows } = await db.query<{ turns: number }>(
        `insert into hand_out_turns (list, turns) values ($1, 1)
         on conflict (list) do update set turns = hand_out_turns.turns + 1
         returning turns`,
        [list.join(' ')],
      );
      return rows[0]!.turns - 1;
    },

    async expediteAlerts(acts) {
      if (acts.length === 0) return;
      await db.query(
        `with hastened as (
           update qualifications q set by_post = true, held_until = null
             from unnest($1::bigint[], $2::timestamptz[]) as a (subscriber_id, at)
            where q.subscriber_id = a.subscriber_id and q.closed_at is null and not q.by_post
            returning q.alert_id, a.at)
         update outbox o set due_at = least(o.due_at, h.at)
           from hastened h where o.id = h.alert_id and o.status = 'planned'`,
        [acts.map(({ subscriberId }) => subscriberId), acts.map(({ at }) => at)],
      );
    },

    async postponeAlerts(hits, holdMs) {
      if (hits.length === 0) return;
      await db.query(
        `update outbox o set due_at = greatest(o.due_at, h.at + $3 * interval '1 millisecond')
           from (select subscriber_id, max(at) as at from unnest($1::bigint[], $2::timestamptz[]) as h (subscriber_id, at)
                  group by subscriber_id) h
           join qualifications q on q.subscriber_id = h.subscriber_id and q.closed_at is null and not q.by_post
          where o.id = q.alert_id and o.status = 'planned'`,
        [hits.map(({ subscriberId }) => subscriberId), hits.map(({ at }) => at), holdMs],
      );
    },
  };
}
