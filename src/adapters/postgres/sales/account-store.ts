import type {
  AccountMember,
  AccountQualification,
  AccountStore,
} from '../../../journey/sales/ports/accounts.ts';
import type { Queryable } from '../pool.ts';

/** What sales last said about a lead; quiet is what it asked for then. */
const QUIET_UNTIL = `(select o.not_before from outcomes o join qualifications q on q.id = o.qualification_id
                       where q.subscriber_id = s.id order by o.id desc limit 1)`;

/** The same rule as domain/sales/account.ts, for all accounts at once. `$1` is today at the sales desk. */
const WARMTH = `
  select s.email_domain as domain, sum(s.score)::int as warmth, count(*)::int as warm
    from subscribers s
   where s.status = 'active' and s.score > 0 and coalesce(${QUIET_UNTIL} <= $1::date, true)
   group by s.email_domain`;

const QUALIFICATION = `
  select q.id, q.domain, q.at, q.warmth, q.alert_id as "alertId", o.sent_at as "alertSentAt",
         q.closed_at as "closedAt", q.base
    from account_qualifications q left join outbox o on o.id = q.alert_id`;

export function accountStore(db: Queryable): AccountStore {
  return {
    async members(domain) {
      const { rows } = await db.query<AccountMember>(
        `select s.id, s.email, s.name, s.company, s.job_title as "jobTitle", s.phone, s.status, s.stage, s.score,
                s.last_act_at as "lastActAt", coalesce(q.claimed_by, q.handed_to) as "withSales",
                ${QUIET_UNTIL}::text as "notBefore"
           from subscribers s
           left join qualifications q on q.subscriber_id = s.id and q.closed_at is null
          where s.email_domain = $1
          order by s.score desc, s.last_act_at desc nulls last, s.id`,
        [domain],
      );
      return rows;
    },

    async qualifications(domain) {
      const { rows } = await db.query<AccountQualification>(
        `${QUALIFICATION} where q.domain = $1 order by q.id`,
        [domain],
      );
      return rows;
    },

    async warmDomains(threshold, exceptDomains, day) {
      const { rows } = await db.query<{ domain: string }>(
        `select w.domain
           from (${WARMTH} having count(*) >= 2 and sum(s.score) >= $2) w
           left join lateral (select id, closed_at, base from account_qualifications q
                               where q.domain = w.domain order by q.id desc limit 1) last on true
          where w.domain <> all($3::text[])
            and (last.id is null or (last.closed_at is not null and w.warmth - coalesce(last.base, 0) >= $2))
          order by w.domain`,
        [day, threshold, exceptDomains],
      );
      return rows.map(({ domain }) => domain);
    },

    async lowerBases(day) {
      const { rowCount } = await db.query(
        `update account_qualifications q set base = coalesce(w.warmth, 0)
           from (select distinct on (domain) id, domain from account_qualifications order by domain, id desc) last
           left join (${WARMTH}) w using (domain)
          where q.id = last.id and q.closed_at is not null and q.base > coalesce(w.warmth, 0)`,
        [day],
      );
      return rowCount ?? 0;
    },

    async open(domain, warmth, at) {
      const { rows } = await db.query<{ id: number }>(
        `insert into account_qualifications (domain, at, warmth) values ($1, $2, $3)
         on conflict (domain) where closed_at is null do nothing
         returning id`,
        [domain, at, warmth],
      );
      return rows[0]?.id ?? null;
    },

    async setAlert(id, alertId) {
      await db.query('update account_qualifications set alert_id = $2 where id = $1 and alert_id is null', [
        id,
        alertId,
      ]);
    },

    async findByAlert(outboxId) {
      const { rows } = await db.query<AccountQualification>(`${QUALIFICATION} where q.alert_id = $1`, [
        outboxId,
      ]);
      return rows[0] ?? null;
    },

    async close(domain, base, at) {
      const { rowCount } = await db.query(
        `update account_qualifications set closed_at = $3, base = $2 where domain = $1 and closed_at is null`,
        [domain, base, at],
      );
      return rowCount === 1;
    },

    async mayLook(now, everyMs) {
      const { rowCount } = await db.query(
        `insert into looks (name, at) values ('accounts', $1)
         on conflict (name) do update set at = $1 where looks.at <= $2`,
        [now, new Date(now.getTime() - everyMs)],
      );
      return rowCount === 1;
    },
  };
}
