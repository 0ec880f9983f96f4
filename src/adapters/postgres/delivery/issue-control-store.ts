import type {
  FailureCount,
  IssueControlStore,
  IssueProgress,
} from '../../../journey/returns/ports/returns.ts';
import type { Queryable } from '../pool.ts';
import { groupOfSkips, keptReason, reasonJson } from '../reason-column.ts';
import { transactional } from '../transaction.ts';
import { WORKER_STOPPED, withPlaces } from './delivery-rows.ts';
import { countsByStatus } from './delivery-status.ts';

/** Pausing, resuming and cancelling issues under way, and how far they are. */
export function issueControlStore(db: Queryable): IssueControlStore {
  return {
    pause: (issueId, reason, at) =>
      transactional(db, async (tx) => {
        const { rowCount } = await tx.query(
          `update issues set status = 'paused', paused_at = $2, pause_reason = $3, pauses = pauses + 1
            where id = $1 and status = 'open'`,
          [issueId, at, keptReason(reason)],
        );
        if (rowCount !== 1) return false;
        await tx.query(HAND_BACK, [issueId]);
        return true;
      }),

    async resume(issueId) {
      const { rowCount } = await db.query(
        `update issues i
            set status = 'open', paused_at = null, pause_reason = null,
                done_before = (select count(*) from deliveries d
                                where d.issue_id = i.id and d.status in ('sent', 'failed', 'uncertain')),
                failed_before = ${FAILED}, uncertain_before = ${UNCERTAIN}
          where i.id = $1 and i.status = 'paused'`,
        [issueId],
      );
      return rowCount === 1;
    },

    cancel: (issueId, reason, at) =>
      transactional(db, async (tx) => {
        const { rowCount } = await tx.query(
          `update issues set status = 'cancelled', finished_at = $2, pause_reason = $3
            where id = $1 and status in ('open', 'paused')`,
          [issueId, at, keptReason(reason)],
        );
        if (rowCount !== 1) return null;
        const left = await tx.query(
          `update deliveries set status = 'cancelled', reason = $2, batch_id = null, picks = null
            where issue_id = $1 and status in ('planned', 'claimed') and not is_on_wire`,
          [issueId, keptReason(reason)],
        );
        return left.rowCount ?? 0;
      }),

    async failing(minimum) {
      const { rows } = await db.query(
        `select i.id as "issueId", i.digest_id as "digestId", i.pauses, f.failed, f.uncertain, f.unanswered,
                (select count(*)::int from deliveries d
                  where d.issue_id = i.id and d.status in ('sent', 'failed', 'uncertain')) - i.done_before as done,
                coalesce((select jsonb_agg(jsonb_build_object('reason', r.reason, 'count', r.n) order by r.n desc)
                            from (select reason, count(*)::int as n from (
                                    select coalesce(d.fault, 'unclear') as reason from deliveries d
                                     where d.issue_id = i.id and d.status = 'failed'
                                    union all
                                    select r.reason from returned_mails r
                                     where r.issue_id = i.id and r.kind in ('hard-bounce', 'soft-bounce', 'sender-fault')) x
                                   group by reason order by n desc limit 5) r), '[]') as reasons
           from issues i cross join lateral (
                  select ${FAILED} - i.failed_before as failed,
                         u.uncertain - i.uncertain_before as uncertain,
                         -- Which of them were there before is not kept: of new ones there are no more than these.
                         least(u.unanswered, u.uncertain - i.uncertain_before) as unanswered
                    from (select ${UNCERTAIN} as uncertain, ${UNANSWERED} as unanswered) u) f
          where i.status = 'open' and greatest(f.failed, f.uncertain) >= $1`,
        [minimum],
      );
      return rows as FailureCount[];
    },

    async handBackHeld() {
      const { rowCount } = await db.query(
        `update deliveries d
            set status = case i.status when 'paused' then 'planned' else 'cancelled' end,
                reason = case i.status when 'paused' then d.reason else i.pause_reason end,
                batch_id = null, picks = null
           from issues i
          where i.id = d.issue_id and i.status in ('paused', 'cancelled')
            and d.id in (select id from deliveries where status = 'claimed' and not is_on_wire and batch_id is not null limit 10000)
            and d.status = 'claimed' and not d.is_on_wire`,
      );
      return rowCount ?? 0;
    },

    resolveUncertain: (issueId, how, at) =>
      transactional(db, async (tx) => {
        if (how === 'leave') {
          const { rowCount } = await tx.query(
            `update deliveries set resolved_at = $2
              where status = 'uncertain' and resolved_at is null and issue_id = $1`,
            [issueId, at],
          );
          return rowCount ?? 0;
        }
        const { rows } = await tx.query(
          `update deliveries
              set status = 'planned', due_at = $2, batch_id = null, picks = null,
                  reason = '${keptReason({ code: 'fail.sent-again' })}'
            where status = 'uncertain' and resolved_at is null and issue_id = $1
            returning 1`,
          [issueId, at],
        );
        // An issue that was closed meanwhile opens again for them; the schedule closes it when they are done. What was counted
        // of them before it was resumed will be counted anew.
        await tx.query(
          `update issues
              set status = case status when 'done' then 'open' else status end,
                  finished_at = case status when 'done' then null else finished_at end,
                  done_before = greatest(0, done_before - $2::int),
                  uncertain_before = greatest(0, uncertain_before - $2::int)
            where id = $1 and $2::int > 0`,
          [issueId, rows.length],
        );
        return rows.length;
      }),

    async progress(issueId, now) {
      const { rows } = await db.query(PROGRESS, [issueId, now]);
      return (rows[0] as IssueProgress | undefined) ?? null;
    },
  };
}

/** Refused, or taken and come back. A mail that came back twice counts once. */
const FAILED = `((select count(*)::int from deliveries d where d.issue_id = i.id and d.status = 'failed')
  + (select count(distinct r.delivery_id)::int from returned_mails r
      where r.issue_id = i.id and r.kind in ('hard-bounce', 'soft-bounce', 'sender-fault')))`;

const UNCERTAIN = `(select count(*)::int from deliveries d where d.issue_id = i.id and d.status = 'uncertain')`;

/** Of these the mail server knows, not us: a worker that was killed has said nothing of its server. */
const UNANSWERED = `(select count(*)::int from deliveries d
  where d.issue_id = i.id and d.status = 'uncertain' and d.fault is distinct from '${WORKER_STOPPED}')`;

const HAND_BACK = withPlaces(`update deliveries d set status = 'planned', batch_id = null, picks = null
   from batches b
  where b.id = d.batch_id and d.issue_id = $1 and d.status = 'claimed' and not d.is_on_wire
  returning b.claimed_at`);

const PROGRESS = `
  select i.id, i.digest_id as "digestId", i.slot, i.status, ${reasonJson('i.pause_reason')} as "pauseReason",
         coalesce((select jsonb_object_agg(status, n)
                     from (${countsByStatus('i.id')}) d), '{}')
           as deliveries,
         coalesce((select jsonb_agg(jsonb_build_object('reason', f.reason, 'count', f.n, 'example', ${reasonJson('f.example')})
                                    order by f.n desc, f.reason)
                     from (select coalesce(fault, 'unclear') as reason, count(*)::int as n, min(reason) as example
                             from deliveries where issue_id = i.id and status = 'failed' group by 1) f), '[]')
           as "failedBy",
         coalesce((select jsonb_agg(jsonb_build_object('kind', r.kind, 'reason', r.reason, 'count', r.n)
                                    order by r.n desc, r.reason)
                     from (select kind, reason, count(distinct delivery_id)::int as n from returned_mails
                            where issue_id = i.id and kind in ('hard-bounce', 'soft-bounce', 'sender-fault', 'complaint')
                            group by kind, reason) r), '[]')
           as "cameBackBy",
         coalesce((select jsonb_agg(jsonb_build_object('reason', ${reasonJson('l.reason')}, 'count', l.n) order by l.n desc, l.reason)
                     from (select min(coalesce(reason, status)) as reason, count(*)::int as n from deliveries
                            where issue_id = i.id and status in ('skipped', 'cancelled')
                            group by ${groupOfSkips('reason')}, status order by n desc, 1 limit 10) l), '[]')
           as "leftOutBy",
         round((select count(*) from deliveries where issue_id = i.id and status = 'sent'
                   and sent_at > $2::timestamptz - interval '5 minutes')
               / greatest(least(5, extract(epoch from $2::timestamptz -
                   (select min(sent_at) from deliveries where issue_id = i.id and status = 'sent'
                       and sent_at > $2::timestamptz - interval '5 minutes')) / 60), 1.0 / 60), 1)::float as "perMinute",
         (select min(due_at) from deliveries where issue_id = i.id and status = 'planned') as "nextDueAt",
         (select max(due_at) from deliveries where issue_id = i.id and status = 'planned') as "lastDueAt"
    from issues i
   where i.id = $1`;
