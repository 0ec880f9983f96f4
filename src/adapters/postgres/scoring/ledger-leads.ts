import type { ScoredLead } from '../../../domain/scoring/score.ts';
import type { LeadChange } from '../../../journey/scoring/ports/ledger.ts';
import type { Queryable } from '../pool.ts';

// The leads' rows, as the ledger holds, reads and replaces them.

/**
 * Holds the leads' rows, in id order so that parallel calls never wait in a circle, and reads them. The round and the
 * open qualification are read by a second statement: the first one's snapshot may be older than the wait for the rows.
 */
export async function lockLeads(db: Queryable, ids: readonly number[]): Promise<Map<number, ScoredLead>> {
  const { rows } = await db.query(
    `select id, status, stage, is_customer, score, mails_sent, scored_until, order_matters_until
       from subscribers where id = any($1::bigint[]) order by id for no key update`,
    [ids],
  );
  const qualifications = await db.query(
    `select subscriber_id, bool_or(closed_at is null) as is_open,
            -- One whose alert was withdrawn never was with sales: the round goes on.
            coalesce(max(id) filter (where closed_at is not null
                                       and exists (select from outcomes o where o.qualification_id = q.id)), 0) as round
       from qualifications q where subscriber_id = any($1::bigint[]) group by subscriber_id`,
    [ids],
  );
  const rounds = new Map(qualifications.rows.map((row) => [Number(row.subscriber_id), row]));
  return new Map(
    rows.map((row) => {
      const id = Number(row.id);
      const qualification = rounds.get(id);
      const lead: ScoredLead = {
        id,
        status: row.status,
        stage: row.stage,
        isCustomer: row.is_customer,
        score: row.score,
        mailsSent: row.mails_sent,
        hasOpenQualification: qualification?.is_open ?? false,
        round: Number(qualification?.round ?? 0),
        scoredUntil: row.scored_until,
        orderMattersUntil: row.order_matters_until,
      };
      return [id, lead];
    }),
  );
}

/** What each rule gave each lead since sales sent it back last. */
export async function roundPoints(
  db: Queryable,
  ids: readonly number[],
): Promise<Map<number, Map<string, number>>> {
  const { rows } = await db.query(
    `select e.subscriber_id, coalesce(r.rule, e.rule) as rule, sum(e.points)::int as points
       from score_entries e
       left join score_entries r on r.id = e.reverses
      where e.subscriber_id = any($1::bigint[])
        and e.at >= coalesce((select max(at) from score_entries b
                               where b.subscriber_id = e.subscriber_id and b.rule = 'returned'), '-infinity')
      group by 1, 2`,
    [ids],
  );
  const points = new Map<number, Map<string, number>>();
  for (const row of rows)
    points.set(
      row.subscriber_id,
      (points.get(row.subscriber_id) ?? new Map<string, number>()).set(row.rule, row.points),
    );
  return points;
}

/** Writes the leads back. Their rows are held, so what was read is what is replaced. */
export async function updateLeads(db: Queryable, changes: readonly LeadChange[]): Promise<void> {
  await countMails(
    db,
    changes.filter(gotOneMail).map(({ lead }) => lead.id),
  );
  await replaceLeads(
    db,
    changes.filter((change) => !gotOneMail(change)),
  );
}

/** One more mail, which was worth nothing: the first one, or one to a lead that sales has. All of an issue's may be such. */
function gotOneMail({ before, lead, actedAt }: LeadChange): boolean {
  return (
    lead.mailsSent === before.mailsSent + 1 &&
    actedAt === null &&
    lead.score === before.score &&
    lead.stage === before.stage &&
    lead.scoredUntil === before.scoredUntil &&
    lead.orderMattersUntil === before.orderMattersUntil
  );
}

async function countMails(db: Queryable, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  await db.query('update subscribers set mails_sent = mails_sent + 1 where id = any($1::bigint[])', [ids]);
}

async function replaceLeads(db: Queryable, changes: readonly LeadChange[]): Promise<void> {
  if (changes.length === 0) return;
  await db.query(
    `update subscribers s
        set score = c.score,
            mails_sent = c.mails_sent,
            stage = case when c.stage = 'sql' and s.stage in ('mql', 'customer') then 'sql' else s.stage end,
            last_act_at = greatest(s.last_act_at, c.acted_at),
            scored_until = c.scored_until,
            order_matters_until = c.order_matters_until
       from unnest($1::bigint[], $2::integer[], $3::integer[], $4::text[], $5::timestamptz[], $6::timestamptz[],
                   $7::timestamptz[])
            as c (id, score, mails_sent, stage, acted_at, scored_until, order_matters_until)
      -- The ids once more: else Postgres may read all readers to find these.
      where s.id = c.id and s.id = any($1::bigint[])`,
    [
      changes.map(({ lead }) => lead.id),
      changes.map(({ lead }) => lead.score),
      changes.map(({ lead }) => lead.mailsSent),
      changes.map(({ lead }) => lead.stage),
      changes.map(({ actedAt }) => actedAt),
      changes.map(({ lead }) => lead.scoredUntil ?? null),
      changes.map(({ lead }) => lead.orderMattersUntil ?? null),
    ],
  );
}
