import type { GroupResult } from '../../../domain/content/choosing/lift.ts';
import { cut } from '../../../domain/text.ts';
import type { ChoosingStore, PickedArticle } from '../../../journey/content/ports/choosing.ts';
import { asJson } from '../as-json.ts';
import { TO_ONE_PERSON } from '../delivery/counted-mails.ts';
import type { Queryable } from '../pool.ts';

/** Clicks older than so many half-lives count for less than a hundredth and are left alone. */
const HALF_LIVES = 7;

export function choosingStore(db: Queryable): ChoosingStore {
  return {
    async articleBehind(deliveryId, linkNumber) {
      const { rows } = await db.query<PickedArticle>(
        `select d.subscriber_id as "subscriberId", a.id as "articleId", a.title, pick ->> 'interest' as interest,
                a.feed_url as "feedUrl"
           from deliveries d
           join issue_links l on l.issue_id = d.issue_id and l.number = $2 and l.role = 'article'
           join articles a on a.id = l.target_id::bigint
           cross join lateral jsonb_array_elements(d.picks) as pick
          where d.id = $1 and (pick ->> 'articleId')::bigint = a.id`,
        [deliveryId, linkNumber],
      );
      return rows[0] ?? null;
    },

    async noteWish({ subscriberId, deliveryId, linkNumber, wish, at, method, userAgent, details }) {
      await db.query(
        `insert into events (subscriber_id, delivery_id, kind, link_number, at, class, method, user_agent, details)
         values ($1, $2, $3, $4, $5, 'human', $6, $7, $8)`,
        [
          subscriberId,
          deliveryId,
          `wants-${wish}`,
          linkNumber,
          at,
          method,
          userAgent && cut(userAgent, 500),
          asJson(details),
        ],
      );
    },

    async learnFromClicks(now, halfLifeMs, everyMs) {
      const { rowCount } = await db.query(LEARN, [
        now,
        new Date(now.getTime() - everyMs),
        halfLifeMs / 1000,
        new Date(now.getTime() - HALF_LIVES * halfLifeMs),
      ]);
      return rowCount ?? 0;
    },

    async groupResults(since) {
      const { rows } = await db.query(GROUPS, [since]);
      const group = (isControl: boolean): GroupResult => {
        const row = rows.find((one) => one.is_control === isControl);
        return {
          readers: row?.readers ?? 0,
          clicked: row?.clicked ?? 0,
          qualified: row?.qualified ?? 0,
        };
      };
      const inBoth = rows.find((one) => one.is_control === null)?.readers ?? 0;
      return { personal: group(false), control: group(true), inBoth };
    },
  };
}

/**
 * Works out the readers' affinities from their events, never from what was there before: a click that turns out to be
 * a machine's leaves no trace. What is written is decayed up to the last click, so that it stays the same until there
 * is another one, and readers who did not click are not written at all.
 */
const LEARN = `
  with last_run as (
    select seen_events, seen_changes from learning where ran_at <= $2 for update
  ), this_run as (
    update learning
       set ran_at = $1,
           seen_events = next_events, next_events = coalesce((select max(id) from events), 0),
           seen_changes = next_changes, next_changes = coalesce((select max(id) from event_class_changes), 0)
     where exists (select from last_run)
  ), readers as (
    select e.subscriber_id from last_run r join events e on e.id > r.seen_events where e.kind = 'click'
     union
    select e.subscriber_id
      from last_run r join event_class_changes c on c.id > r.seen_changes join events e on e.id = c.event_id
  ), clicks as (
    select e.subscriber_id, e.delivery_id, e.link_number, min(e.at) as at
      from readers join events e using (subscriber_id)
     where e.kind = 'click' and e.class = 'human' and e.at between $4 and $1
     group by 1, 2, 3
  ), articles_read as (
    select c.subscriber_id, c.at, a.interests, max(c.at) over (partition by c.subscriber_id) as last_at
      from clicks c
      join deliveries d on d.id = c.delivery_id
      join issue_links l on l.issue_id = d.issue_id and l.number = c.link_number and l.role = 'article'
      join articles a on a.id = l.target_id::bigint
  ), weights as (
    select subscriber_id, last_at, interest,
           round(sum(0.5 ^ (extract(epoch from last_at - at) / $3))::numeric, 4) as weight
      from articles_read cross join unnest(interests) as interest
     group by subscriber_id, last_at, interest
  ), learnt as (
    select subscriber_id,
           jsonb_build_object('at', floor(extract(epoch from last_at) * 1000)::bigint,
                              'weights', jsonb_object_agg(interest, weight)) as affinities
      from weights group by subscriber_id, last_at
  )
  update subscribers s
     set affinities = coalesce(l.affinities, '{}')
    from readers r left join learnt l using (subscriber_id)
   where s.id = r.subscriber_id and s.affinities is distinct from coalesce(l.affinities, '{}')`;

const GROUPS = `
  with mails as (
    select d.subscriber_id, min(d.sent_at) as first_at, array_agg(d.id) as delivery_ids,
           case when bool_and(d.is_control) then true when not bool_or(d.is_control) then false end as is_control
      from deliveries d
     where d.status = 'sent' and d.sent_at >= $1 and d.id not in ${TO_ONE_PERSON}
       and d.issue_id in (select issue_id from deliveries where is_control)
     group by d.subscriber_id
  )
  select is_control, count(*)::int as readers,
         count(*) filter (where exists (
           select from events e
             join deliveries d on d.id = e.delivery_id
             join issue_links l on l.issue_id = d.issue_id and l.number = e.link_number and l.role = 'article'
            where e.delivery_id = any(m.delivery_ids) and e.kind = 'click' and e.class = 'human'))::int as clicked,
         count(*) filter (where exists (
           select from qualifications q where q.subscriber_id = m.subscriber_id and q.at >= m.first_at))::int as qualified
    from mails m
   group by is_control`;
