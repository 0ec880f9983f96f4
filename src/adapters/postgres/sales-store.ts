import type { Outcome, Qualification, SalesStore } from '../../journey/sales/ports.ts';
import type { Queryable } from './pool.ts';

const QUALIFICATION = `select id, subscriber_id as "subscriberId", at, score, rule, by_post as "byPost",
  alert_id as "alertId", closed_at as "closedAt" from qualifications`;

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
                is_duplicate as "isDuplicate", has_running_deal as "hasRunningDeal", note
           from outcomes where qualification_id = $1 order by id desc limit 1`,
        [qualificationId],
      );
      return rows[0] ?? null;
    },

    async addOutcome(outcome) {
      await db.query(
        `insert into outcomes (qualification_id, at, staff_email, status, is_duplicate, has_running_deal, note)
         values ($1, $2, $3, $4, $5, $6, $7)`,
        [
          outcome.qualificationId,
          outcome.at,
          outcome.staffEmail,
          outcome.status,
          outcome.isDuplicate,
          outcome.hasRunningDeal,
          outcome.note,
        ],
      );
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
        `select at, points, rule, cause from score_entries where subscriber_id = $1 order by id desc limit $2`,
        [subscriberId, limit],
      );
      return rows;
    },
  };
}
