import { readReason } from '../../../domain/reason.ts';
import type { QualificationEnd } from '../../../domain/scoring/compare-crossings.ts';
import type { LeadProfile } from '../../../domain/scoring/fit.ts';
import { causeOfKey } from '../../../domain/scoring/ledger-balance.ts';
import type { KeptRules } from '../../../domain/scoring/rule-change.ts';
import { BALANCING_RULES } from '../../../domain/scoring/score-rules.ts';
import type { HeldHistory, Rescoring, RuleStore } from '../../../journey/scoring/ports/rules.ts';
import { asJson } from '../as-json.ts';
import type { Queryable } from '../pool.ts';
import { keptReason } from '../reason-column.ts';
import { mailsOfLead, pastEvents, readLinks, readPastEvents } from './history-store.ts';
import { readLedgerHistories } from './ledger-past.ts';
import { ruleOutcomeStats } from './rule-sways.ts';

const RESCORING = `select id, at, by, version, previous_version as "previousVersion", change,
  finished_at as "finishedAt", undone_at as "undoneAt" from rescorings`;

export function ruleStore(db: Queryable): RuleStore {
  return {
    async keepVersion(version, rules, at, by) {
      const { rowCount } = await db.query(
        `insert into rule_versions (version, rules, adopted_at, adopted_by) values ($1, $2, $3, $4)
         on conflict (version) do nothing`,
        [version, asJson(rules), at, by],
      );
      return rowCount === 1;
    },

    async findVersion(version) {
      const { rows } = await db.query<{
        version: string;
        rules: KeptRules;
        adoptedAt: Date;
        adoptedBy: string;
      }>(
        `select version, rules, adopted_at as "adoptedAt", adopted_by as "adoptedBy" from rule_versions where version = $1`,
        [version],
      );
      return rows[0] ?? null;
    },

    async versions() {
      const { rows } = await db.query<{ version: string; adoptedAt: Date; adoptedBy: string }>(
        `select version, adopted_at as "adoptedAt", adopted_by as "adoptedBy" from rule_versions order by adopted_at, version`,
      );
      return rows;
    },

    async latestScored() {
      const { rows } = await db.query<{ version: string }>(
        'select rule_version as version from score_entries order by id desc limit 1',
      );
      return rows[0]?.version ?? null;
    },

    async inForce() {
      const { rows } = await db.query<Rescoring>(
        `${RESCORING} where undone_at is null order by id desc limit 1`,
      );
      return rows[0] ?? null;
    },

    async beginRescoring({ at, by, version, previousVersion, change }) {
      const { rows } = await db.query<{ id: number }>(
        `insert into rescorings (at, by, version, previous_version, change) values ($1, $2, $3, $4, $5) returning id`,
        [at, by, version, previousVersion, asJson(change)],
      );
      return rows[0]!.id;
    },

    async finishRescoring(id, at) {
      await db.query('update rescorings set finished_at = $2 where id = $1 and finished_at is null', [
        id,
        at,
      ]);
    },

    async markUndone(id, at) {
      const { rowCount } = await db.query(
        'update rescorings set undone_at = $2 where id = $1 and undone_at is null',
        [id, at],
      );
      return rowCount === 1;
    },

    async leadsAfter(id, limit) {
      const { rows } = await db.query<{ id: number }>(
        `select s.id from subscribers s
          where s.id > $1 and (exists (select from events e where e.subscriber_id = s.id)
                               or exists (select from score_entries x where x.subscriber_id = s.id))
          order by s.id limit $2`,
        [id, limit],
      );
      return rows.map((row) => row.id);
    },

    holdHistories: (ids, withInterests) => holdHistories(db, ids, withInterests),

    async writeRescored(entries, rescoringId, version) {
      if (entries.length === 0) return;
      await db.query(
        `with written as (
           insert into score_entries
             (subscriber_id, at, points, rule, rule_version, once_key, cause, event_id, delivery_id, rescoring_id)
           select e.subscriber_id, e.at, e.points, e.rule, $2, e.once_key, e.cause, e.event_id, e.delivery_id, $3
             from jsonb_to_recordset($1::jsonb) as e (
               subscriber_id bigint, at timestamptz, points integer, rule text, once_key text, cause text,
               event_id bigint, delivery_id bigint, n bigint)
            order by e.n
           returning subscriber_id, at, points, rule
         ), sums as (
           select subscriber_id, sum(points)::int as points, max(at) as at,
                  max(at) filter (where rule = any($4)) as balanced_at
             from written group by subscriber_id
         )
         update subscribers s
            set score = s.score + c.points,
                scored_until = greatest(s.scored_until, c.at),
                order_matters_until = case when c.balanced_at is null then s.order_matters_until
                                           else greatest(s.order_matters_until, s.scored_until, c.at) end
           from sums c where s.id = c.subscriber_id`,
        [
          asJson(
            entries.map((entry, n) => ({
              n,
              subscriber_id: entry.subscriberId,
              at: entry.at,
              points: entry.points,
              rule: entry.rule,
              once_key: entry.dedupeKey,
              cause: keptReason(entry.cause),
              event_id: entry.eventId,
              delivery_id: entry.deliveryId,
            })),
          ),
          version,
          rescoringId,
          Object.keys(BALANCING_RULES),
        ],
      );
    },

    sways: (since) => ruleOutcomeStats(db, since),

    async answers(since) {
      const { rows } = await db.query<{ status: QualificationEnd }>(
        `select o.status
           from qualifications q
           join lateral (select status from outcomes where qualification_id = q.id order by id desc limit 1) o on true
          where $1::timestamptz is null or q.at >= $1`,
        [since],
      );
      return rows.map(({ status }) => status);
    },

    async leadsToFade(afterId, since, limit) {
      const { rows } = await db.query<{ id: number }>(
        `select distinct subscriber_id as id from score_entries
          where subscriber_id > $1 and at >= $2 and points > 0 and rule <> all($4)
          order by 1 limit $3`,
        [afterId, since, limit, Object.keys(BALANCING_RULES)],
      );
      return rows.map(({ id }) => id);
    },

    async noteFaded(day, at) {
      await db.query(
        `insert into fade_days (day, finished_at) values ($1::date, $2) on conflict (day) do nothing`,
        [day.toISOString().slice(0, 10), at],
      );
    },

    async holdLedgers(ids) {
      const { rows } = await db.query<{ id: number }>(
        'select id from subscribers where id = any($1::bigint[]) order by id for no key update',
        [ids],
      );
      const pasts = await readLedgerHistories(
        db,
        rows.map(({ id }) => id),
      );
      return [...pasts].map(([id, { lines }]) => ({ id, lines }));
    },

    async judgeAnew(measure, { weights, threshold, customerThreshold, floor }) {
      await db.query(
        `update priority_formula set engagement = $1, fit = $2, completeness = $3, threshold = $4,
                customer_threshold = $5, floor = $6`,
        [weights.engagement, weights.fit, weights.completeness, threshold, customerThreshold, floor],
      );
      await db.query(
        'update subscribers set judged_by = null where judged_by is not null and judged_by <> $1',
        [measure],
      );
    },

    async leadsToJudge(limit) {
      const { rows } = await db.query<LeadProfile & { id: number }>(
        `select id, email, name, company, job_title as "jobTitle", phone, time_zone as "timeZone", interests,
                company_size as "companySize", industry, country
           from subscribers where judged_by is null order by id limit $1`,
        [limit],
      );
      return rows;
    },

    async writeJudged(persona, judged) {
      await db.query(
        `update subscribers s set fit = j.fit, completeness = j.completeness, judged_by = $1
           from jsonb_to_recordset($2::jsonb) as j (id bigint, fit smallint, completeness smallint)
          where s.id = j.id`,
        [persona, asJson(judged)],
      );
    },
  };
}

/** The leads are held first: what is read afterwards is all that was recorded by rules of before. */
async function holdHistories(
  db: Queryable,
  ids: readonly number[],
  withInterests: boolean,
): Promise<HeldHistory[]> {
  const { rows: leads } = await db.query<{
    id: number;
    score: number;
    is_customer: boolean;
    mails: string | null;
  }>(
    `select s.id, s.score, s.is_customer, ${mailsOfLead} as mails
       from subscribers s where s.id = any($1::bigint[]) order by s.id for no key update`,
    [ids],
  );
  const links = await readLinks(db, withInterests);
  const histories = new Map<
    number,
    HeldHistory & { events: PastEventOf[]; given: HeldHistory['given'][number][] }
  >(
    leads.map(({ id, score, is_customer }) => [
      id,
      { id, score, isCustomer: is_customer, events: [], given: [], standing: [], lines: [] },
    ]),
  );
  const { rows: events } = await db.query<{ subscriber_id: number; events: string }>(
    pastEvents('where e.subscriber_id = any($1::bigint[])'),
    [ids],
  );
  const mails = new Map(leads.map((lead) => [lead.id, lead.mails]));
  for (const row of events)
    histories
      .get(row.subscriber_id)
      ?.events.push(...readPastEvents(row.events, mails.get(row.subscriber_id) ?? null, links));
  const { rows: entries } = await db.query(
    `select e.subscriber_id, e.id, e.at, e.points, e.rule, e.cause, e.event_id, e.delivery_id, e.rescoring_id,
            coalesce(r.once_key, e.once_key) as key, e.reverses is not null as takes_back
       from score_entries e left join score_entries r on r.id = e.reverses
      where e.subscriber_id = any($1::bigint[])
      order by e.subscriber_id, e.at, e.id`,
    [ids],
  );
  for (const row of entries) {
    const history = histories.get(row.subscriber_id);
    if (!history) continue;
    const isCorrection = row.takes_back || row.key.includes('#');
    const { id, points, rule } = row;
    history.standing.push({
      id,
      points,
      rule,
      cause: readReason(row.cause),
      dedupeKey: row.key,
      eventId: row.event_id,
      deliveryId: row.delivery_id,
      isCorrection,
    });
    history.lines.push({ at: row.at.getTime(), points, rule, cause: causeOfKey(row.key), isCorrection });
    if (row.event_id === null && !isCorrection && row.rescoring_id === null && !(rule in BALANCING_RULES))
      history.given.push({ at: row.at.getTime(), points });
  }
  return [...histories.values()];
}

type PastEventOf = HeldHistory['events'][number];
