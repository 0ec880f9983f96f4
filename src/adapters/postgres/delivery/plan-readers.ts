import { reasonJson, sqlReason } from '../reason-column.ts';

/**
 * Why a reader `s` gets no mail of an issue although one is due: null, or the reason as it is kept. The names are SQL
 * expressions. A pause is over when the mail would be due after it. A monthly reader gets the first issue of the month
 * that has enough articles: one that was skipped does not count.
 */
export function skipReason(names: {
  dueAt: string;
  issueId: string;
  digestId: string;
  month: string;
  inProgress: string;
}): string {
  const { dueAt, issueId, digestId, month, inProgress } = names;
  const until = `to_char(s.paused_until at time zone 'UTC', 'YYYY-MM-DD')`;
  return `case
    when ${inProgress}::text is not null
         and (select o.status = 'in-progress'
                from qualifications q join outcomes o on o.qualification_id = q.id
               where q.subscriber_id = s.id and q.closed_at is null
               order by o.id desc limit 1) then ${inProgress}
    when s.paused_until > ${dueAt}
      then case when s.pause_reason is null
                then ${sqlReason('skip.paused-by-reader', { until })}
                else ${sqlReason('skip.paused', { until, why: reasonJson('s.pause_reason') })} end
    when s.frequency = 'monthly'
         and exists (select from deliveries d join issues i on i.id = d.issue_id
                      where d.subscriber_id = s.id and i.id <> ${issueId} and i.digest_id = ${digestId}
                        and substring(i.slot from '\\d{4}-\\d\\d') = ${month}
                        and d.status in ('planned', 'claimed', 'sent', 'uncertain'))
      then ${sqlReason('skip.monthly', { month: `${month}::text` })}
  end`;
}

/**
 * Who takes part: whoever was a reader when it was due, late if need be; who confirmed after that waits for the next
 * issue.
 */
export const PLAN_READERS = `
  insert into deliveries (issue_id, subscriber_id, due_at, status, reason)
  select $1, id, due_at, case when skip is null then 'planned' else 'skipped' end, skip
    from (
      select s.id, z.due_at,
             ${skipReason({ dueAt: 'z.due_at', issueId: 'this.id', digestId: 'this.digest_id', month: '$6', inProgress: '$7' })} as skip
        from issues this
        cross join subscribers s
        join unnest($2::text[], $3::timestamptz[]) as z(time_zone, due_at) on z.time_zone = s.time_zone
       where this.id = $1 and this.status = 'open' and s.status = 'active'
         and ($5::timestamptz is null or s.confirmed_at >= $5)
         and ($4::timestamptz is null
              or (z.due_at >= $4 and (s.confirmed_at is null or s.confirmed_at <= z.due_at)))
         and not exists (select from deliveries d where d.issue_id = $1 and d.subscriber_id = s.id)
       order by s.id
    ) as reader
  on conflict (issue_id, subscriber_id) do nothing`;
