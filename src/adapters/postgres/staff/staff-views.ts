import type { IssueRow, StaffViews, UncertainMail } from '../../../journey/staff/ports/staff-views.ts';
import { countsByStatus } from '../delivery/delivery-status.ts';
import type { Queryable } from '../pool.ts';
import { reasonJson } from '../reason-column.ts';

/** The reading side of the staff pages: counts and lists, straight from the tables. */
export function staffViews(db: Queryable): StaffViews {
  return {
    async issues(limit) {
      const { rows } = await db.query(ISSUES, [limit]);
      return rows as IssueRow[];
    },

    async uncertain(limit) {
      const { rows } = await db.query(UNCERTAIN, [limit]);
      return rows as UncertainMail[];
    },
  };
}

const ISSUES = `
  select i.id, i.digest_id as "digestId", i.slot, i.status, ${reasonJson('i.pause_reason')} as "pauseReason",
         i.planned_at as "plannedAt",
         coalesce((select jsonb_object_agg(status, n)
                     from (${countsByStatus('i.id')}) d), '{}')
           as deliveries,
         (select count(distinct e.delivery_id)::int from events e join deliveries d on d.id = e.delivery_id
           where d.issue_id = i.id and e.kind = 'open' and e.class <> 'machine') as opened,
         (select count(distinct e.delivery_id)::int from events e join deliveries d on d.id = e.delivery_id
           where d.issue_id = i.id and e.kind = 'click' and e.class = 'human') as clicked,
         (select count(distinct e.delivery_id)::int from events e join deliveries d on d.id = e.delivery_id
           where d.issue_id = i.id and e.kind = 'unsubscribe') as unsubscribed
    from issues i
   order by i.id desc
   limit $1`;

const UNCERTAIN = `
  (select 'issue' as kind, d.id, d.issue_id as "issueId", s.email as to, s.id as "subscriberId", b.claimed_at as since, ${reasonJson('d.reason')} as reason
     from deliveries d join subscribers s on s.id = d.subscriber_id left join batches b on b.id = d.batch_id
    where d.status = 'uncertain' and d.resolved_at is null)
  union all
  (select kind, id, null::bigint, to_address, subscriber_id, created_at, ${reasonJson('reason')} from outbox
    where status = 'uncertain' and resolved_at is null)
  order by since desc nulls last
  limit $1`;
