import { NOT_BY_LEAD } from '../../../domain/scoring/qualify.ts';
import type { AnsweredLead, DeskLead, DeskStore, DoubtfulLead } from '../../../journey/sales/ports/desk.ts';
import type { Queryable } from '../pool.ts';
import { reasonJson } from '../reason-column.ts';
import { IN_DOUBT } from '../scoring/ledger-acts.ts';

export function deskStore(db: Queryable): DeskStore {
  return {
    async waiting(now, limit) {
      const { rows } = await db.query<DeskLead>(WAITING, [now, limit, NOT_BY_LEAD]);
      return rows;
    },

    async inDoubt({ threshold, customerThreshold, mailsBeforeSql }, limit) {
      const { rows } = await db.query<DoubtfulLead>(IN_DOUBT_LEADS, [
        threshold,
        customerThreshold,
        mailsBeforeSql,
        limit,
      ]);
      return rows;
    },

    async answered(staffEmail, limit) {
      const { rows } = await db.query<AnsweredLead>(
        `select s.id as "leadId", s.name, s.email, o.status, o.at
           from outcomes o join qualifications q on q.id = o.qualification_id join subscribers s on s.id = q.subscriber_id
          where o.staff_email = $1 order by o.id desc limit $2`,
        [staffEmail, limit],
      );
      return rows;
    },
  };
}

const IN_DOUBT_LEADS = `
  select s.id as "leadId", s.name, s.email, s.company, s.job_title as "jobTitle", s.score, count(*)::int as hits,
         max(e.at) as at
    from events e
    join subscribers s on s.id = e.subscriber_id
   where e.class = 'doubtful' and e.kind <> 'visit'
     and s.stage <> 'sql' and s.status = 'active' and s.mails_sent > $3::int
     and s.score >= case when s.is_customer then $2::int else $1::int end
     and e.at > coalesce((select max(b.at) from score_entries b where b.subscriber_id = s.id and b.rule = 'returned'),
                         '-infinity')
   group by s.id
   order by at desc
   limit $4`;

// What somebody is still to hear of is not shown before the alert: it may turn out to be a scanner's, and sales may have
// asked for quiet.
const WAITING = `
  with open as materialized (
    select q.*, s.email, s.name, s.company, s.job_title, s.phone, s.stage, s.score as score_now, s.fit, s.priority, s.is_customer
      from qualifications q
      join subscribers s on s.id = q.subscriber_id
      left join outbox a on a.id = q.alert_id
     where q.closed_at is null and (q.held_until is null or q.held_until <= $1)
       and (a.id is null or a.status not in ('planned', 'dropped'))
     order by q.by_post desc, s.priority desc, q.at
     limit $2)
  select o.id as "qualificationId", o.subscriber_id as "leadId", o.email, o.name, o.company, o.job_title as "jobTitle",
         o.phone, o.stage, o.score_now as score, o.fit, o.is_customer as "isCustomer", o.at as "qualifiedAt",
         o.by_post as "byPost", o.handed_to as "handedTo", o.claimed_by as "claimedBy", o.claimed_at as "claimedAt",
         (select count(*)::int from events v
           where v.subscriber_id = o.subscriber_id and ${IN_DOUBT} and v.kind <> 'visit'
             and v.at > coalesce((select max(b.at) from score_entries b
                                   where b.subscriber_id = o.subscriber_id and b.rule = 'returned'), '-infinity'))
           as "hitsInDoubt",
         (select jsonb_build_object('status', c.status, 'note', c.note, 'at', c.at, 'staffEmail', c.staff_email)
            from outcomes c where c.qualification_id = o.id order by c.id desc limit 1) as outcome,
         (select jsonb_build_object('cause', ${reasonJson('e.cause')}, 'at', e.at) from score_entries e
           where e.subscriber_id = o.subscriber_id and e.points > 0 and e.rule <> all($3)
             and not exists (select from score_entries r where r.reverses = e.id)
           order by e.id desc limit 1) as "lastAct",
         (select e.details - array['stage', 'round', 'number'] from events e
           where e.subscriber_id = o.subscriber_id and e.kind = 'form' and e.at >= o.at - interval '1 day'
           order by e.at desc limit 1) as wish,
         (select jsonb_build_object('name', e.details ->> 'name', 'note', e.details ->> 'note', 'at', e.at, 'by', e.details ->> 'by')
            from events e where e.subscriber_id = o.subscriber_id and e.kind = 'touchpoint'
           order by e.at desc limit 1) as "lastTouch"
    from open o
   order by o.by_post desc, o.priority desc, o.at`;
