import { readReason } from '../../../domain/reason.ts';
import { NO_ACT_RULES } from '../../../domain/scoring/qualify.ts';
import { DECIDED_RULE, FADED_RULE, FLOOR_RULE } from '../../../domain/scoring/score-rules.ts';
import type {
  Outcome,
  Qualification,
  SalesStore,
  UnclaimedQualification,
} from '../../../journey/sales/ports/qualifications.ts';
import type { Queryable } from '../pool.ts';
import { keptReason } from '../reason-column.ts';
import { actedSinceReturn, doubtsSinceReturn, IN_DOUBT, onlyInDoubt } from '../scoring/ledger-acts.ts';

const QUALIFICATION = `select id, subscriber_id as "subscriberId", at, score, rule, by_post as "byPost",
  alert_id as "alertId", closed_at as "closedAt", handed_to as "handedTo", held_until as "heldUntil",
  claimed_by as "claimedBy", claimed_at as "claimedAt" from qualifications`;

/** Entries and events of before this belong to an earlier round of warming. */
const ROUND_BEGAN = `coalesce((select max(closed_at) from qualifications where subscriber_id = $1), '-infinity')`;

export function salesStore(db: Queryable): SalesStore {
  const one = async (where: string, id: number): Promise<Qualification | null> => {
    const { rows } = await db.query<Qualification>(`${QUALIFICATION} ${where}`, [id]);
    return rows[0] ?? null;
  };

  return {
    findQualification: (id) => one('where id = $1', id),
    findByAlert: (outboxId) => one('where alert_id = $1', outboxId),
    openQualification: (subscriberId) => one('where subscriber_id = $1 and closed_at is null', subscriberId),

    async latestOutcome(qualificationId) {
      const { rows } = await db.query<Outcome>(
        `select qualification_id as "qualificationId", at, staff_email as "staffEmail", status,
                is_duplicate as "isDuplicate", has_running_deal as "hasRunningDeal", note,
                not_before::text as "notBefore"
           from outcomes where qualification_id = $1 order by id desc limit 1`,
        [qualificationId],
      );
      return rows[0] ?? null;
    },

    async addOutcome(outcome) {
      const { rows } = await db.query<{ id: number }>(
        `insert into outcomes
           (qualification_id, at, staff_email, status, is_duplicate, has_running_deal, note, not_before)
         values ($1, $2, $3, $4, $5, $6, $7, $8) returning id`,
        [
          outcome.qualificationId,
          outcome.at,
          outcome.staffEmail,
          outcome.status,
          outcome.isDuplicate,
          outcome.hasRunningDeal,
          outcome.note,
          outcome.notBefore,
        ],
      );
      return rows[0]!.id;
    },

    async closeQualification(id, at) {
      const { rowCount } = await db.query(
        'update qualifications set closed_at = $2 where id = $1 and closed_at is null',
        [id, at],
      );
      return rowCount === 1;
    },

    async setStage(subscriberId, stage, isCustomer) {
      const { rowCount } = await db.query(
        `update subscribers set stage = $2, is_customer = $3 where id = $1 and stage = 'sql'`,
        [subscriberId, stage, isCustomer],
      );
      return rowCount === 1;
    },

    async recentEntries(subscriberId, limit) {
      const { rows } = await db.query<{ at: Date; points: number; rule: string; cause: string }>(
        `select e.at, e.rule, e.cause,
                -- With what a change of rules made of it: its cause, up to "#", is the same.
                (select sum(c.points)::int from score_entries c
                  where c.subscriber_id = e.subscriber_id and split_part(c.once_key, '#', 1) = e.once_key) as points
           from score_entries e
          where e.subscriber_id = $1 and position('#' in e.once_key) = 0 and e.rule <> all($3)
            and not exists (select from score_entries r where r.reverses = e.id)
          order by e.at desc, e.id desc limit $2`,
        [subscriberId, limit, [FLOOR_RULE, FADED_RULE, DECIDED_RULE]],
      );
      return rows.map((row) => ({ ...row, cause: readReason(row.cause) }));
    },

    async hasActed(subscriberId) {
      return (await actedSinceReturn(db, [subscriberId], NO_ACT_RULES)).has(subscriberId);
    },

    async hasActBy(subscriberId, rules) {
      const { rowCount } = await db.query(
        `select from score_entries e
          where e.subscriber_id = $1 and e.rule = any($2)
            -- A change of rules that gives more for something of before is no new act.
            and position('#' in e.once_key) = 0
            and e.at > coalesce((select max(at) from score_entries where subscriber_id = $1 and rule = 'returned'), '-infinity')
            and not exists (select from score_entries r where r.reverses = e.id)
            and not exists (select from events v where v.id = e.event_id and ${onlyInDoubt('v')})
          limit 1`,
        [subscriberId, rules],
      );
      return rowCount === 1;
    },

    async doubts(subscriberId) {
      const causes = (await doubtsSinceReturn(db, [subscriberId])).get(subscriberId);
      const { rows } = await db.query<{ hits: number }>(
        `select count(*)::int as hits from events
          where subscriber_id = $1 and ${IN_DOUBT} and kind <> 'visit' and at > ${ROUND_BEGAN}`,
        [subscriberId],
      );
      const points = [...(causes?.values() ?? [])].reduce((sum, one) => sum + Math.max(0, one), 0);
      return { hits: rows[0]!.hits, points };
    },

    async recentReads(subscriberId, limit) {
      const { rows } = await db.query<{ title: string; url: string; at: Date }>(
        `select title, url, at
           from (select distinct on (l.url) l.label as title, l.url, e.at
                   from events e
                   join deliveries d on d.id = e.delivery_id
                   join issue_links l on l.issue_id = d.issue_id and l.number = e.link_number
                  where e.subscriber_id = $1 and e.kind = 'click' and e.class in ('human', 'doubtful') and l.role = 'article'
                    and e.at > ${ROUND_BEGAN}
                  order by l.url, e.at desc) read
          order by at desc
          limit $2`,
        [subscriberId, limit],
      );
      return rows;
    },

    async callWish(subscriberId) {
      const { rows } = await db.query<{ details: Record<string, unknown> }>(
        `select details from events
          where subscriber_id = $1 and kind = 'form' and details ->> 'form' in ('call-back', 'contact', 'order') and at > ${ROUND_BEGAN}
          order by at desc, id desc
          limit 1`,
        [subscriberId],
      );
      return rows[0]?.details ?? null;
    },

    async claim(qualificationId, staffEmail, at) {
      const { rowCount } = await db.query(
        `update qualifications set claimed_by = $2, claimed_at = $3
          where id = $1 and closed_at is null and claimed_by is null`,
        [qualificationId, staffEmail, at],
      );
      return rowCount === 1;
    },

    async unclaimed(limit) {
      const { rows } = await db.query<UnclaimedQualification>(
        `select q.id, q.subscriber_id as "subscriberId", coalesce(q.handed_to, a.to_address) as "handedTo",
                greatest(coalesce(a.sent_at, a.handed_over_at, a.due_at), r.at) as "alertedAt",
                case when q.reminded_at is not null then greatest(q.reminded_at, r.at) end as "remindedAt"
           from qualifications q join outbox a on a.id = q.alert_id
                -- After a restore the time counts anew: what sales did since the backup is not known.
                cross join (select max(at) as at from restores) r
          where q.closed_at is null and q.claimed_at is null and q.escalated_at is null
            and a.status in ('sent', 'uncertain', 'failed')
            and not exists (select from outcomes o where o.qualification_id = q.id)
          order by q.id
          limit $1`,
        [limit],
      );
      return rows;
    },

    async noteNudge(qualificationId, nudge, at) {
      const column = nudge === 'reminder' ? 'reminded_at' : 'escalated_at';
      const { rowCount } = await db.query(
        `update qualifications q set ${column} = $2
          where id = $1 and ${column} is null and closed_at is null and claimed_at is null
            and not exists (select from outcomes o where o.qualification_id = q.id)`,
        [qualificationId, at],
      );
      return rowCount === 1;
    },

    async skipPlanned(subscriberId, reason) {
      const { rowCount } = await db.query(
        `update deliveries set status = 'skipped', reason = $2 where subscriber_id = $1 and status = 'planned'`,
        [subscriberId, keptReason(reason)],
      );
      return rowCount ?? 0;
    },
  };
}
