import type { MailDomainStore } from '../../../journey/tracking/ports/hits.ts';
import type { Queryable } from '../pool.ts';

/** Who receives the mail of which domain, as the worker found it. */
export function mailDomainStore(db: Queryable): MailDomainStore {
  return {
    async due(now, limit) {
      const { rows } = await db.query<{ domain: string }>(
        `(select distinct split_part(s.email, '@', 2) as domain
            from subscribers s
           where s.status = 'active'
             and not exists (select from mail_domains m where m.domain = split_part(s.email, '@', 2))
           limit $2)
         union all
         (select domain from mail_domains where look_up_at <= $1 order by look_up_at limit $2)
         limit $2`,
        [now, limit],
      );
      return rows.map(({ domain }) => domain);
    },

    async save(domain, { mx, gateway }, now, lookUpAt) {
      await db.query(
        `insert into mail_domains (domain, mx, gateway, looked_up_at, look_up_at) values ($1, $2, $3, $4, $5)
         on conflict (domain) do update
           set mx = excluded.mx, gateway = excluded.gateway,
               looked_up_at = excluded.looked_up_at, look_up_at = excluded.look_up_at`,
        [domain, mx, gateway, now, lookUpAt],
      );
    },
  };
}
