import { mailboxOf } from '../../../domain/audience/mailbox.ts';
import { type ArticlePick, reasonOfPick } from '../../../domain/content/choosing/pick.ts';
import type { DeliveryFacts, LeadFacts, ProfileStore } from '../../../journey/sales/ports/profiles.ts';
import { consentStore } from '../audience/consent-store.ts';
import { mailAllowanceStore } from '../audience/mail-allowance-store.ts';
import { readSubscriber, subscriberColumns } from '../audience/subscriber-store.ts';
import { shownStatus } from '../delivery/delivery-status.ts';
import type { Queryable } from '../pool.ts';
import { readReasons, reasonJson } from '../reason-column.ts';

const MOST_EVENTS = 300;

/** Everything about one lead, table by table: a profile is looked at by one person at a time, so clarity wins. */
export function profileStore(db: Queryable): ProfileStore {
  const facts = async (where: string, value: unknown): Promise<LeadFacts | null> => {
    const { rows } = await db.query(`select ${subscriberColumns()} from subscribers where ${where}`, [value]);
    if (!rows[0]) return null;
    const subscriber = readSubscriber(rows[0]);
    const id = subscriber.id;
    return {
      subscriber,
      consent: await consentStore(db).list(id),
      mailCounts: await mailAllowanceStore(db).find(mailboxOf(subscriber.email)),
      ledger: (await db.query<LeadFacts['ledger'][number]>(LEDGER, [id])).rows,
      deliveries: (await db.query(DELIVERIES, [id])).rows.map(({ picks, ...row }) => ({
        ...row,
        picks: picks.map(({ title, url, pick }: { title: string; url: string; pick: ArticlePick }) => {
          const { place, interest } = pick;
          return { title, url, place, interest, reason: reasonOfPick(pick) };
        }),
      })) as DeliveryFacts[],
      qualifications: (await db.query(QUALIFICATIONS, [id])).rows.map(({ outcomes, ...row }) => ({
        ...row,
        // Times inside jsonb come as texts, and with the database's own zone.
        outcomes: outcomes.map((outcome: { at: string }) => ({ ...outcome, at: new Date(outcome.at) })),
        alert: row.alert && {
          ...row.alert,
          dueAt: new Date(row.alert.dueAt),
          sentAt: row.alert.sentAt && new Date(row.alert.sentAt),
        },
      })) as LeadFacts['qualifications'],
      events: (await db.query(EVENTS, [id, MOST_EVENTS])).rows.map((row) => ({
        ...row,
        classReasons: readReasons(row.classReasons),
      })) as LeadFacts['events'],
      lastClicks: (await db.query<LeadFacts['lastClicks'][number]>(LAST_CLICKS, [id])).rows,
    };
  };
  return {
    find: (subscriberId) => facts('id = $1', subscriberId),
    findByEmail: (email) => facts('email = $1', email),
  };
}

const LEDGER = `
  select points, rule, at, ${reasonJson('cause')} as cause, rule_version as "ruleVersion", delivery_id as "deliveryId",
         event_id as "eventId"
    from score_entries where subscriber_id = $1 order by id`;

const DELIVERIES = `
  select d.id, d.issue_id as "issueId", i.digest_id as "digestId", ${shownStatus('d')} as status, d.due_at as "dueAt",
         d.sent_at as "sentAt", ${reasonJson('d.reason')} as reason,
         coalesce((select jsonb_agg(jsonb_build_object('title', a.title, 'url', a.url, 'pick', p.pick)
                                    order by p.place)
                     from jsonb_array_elements(d.picks) with ordinality as p (pick, place)
                     join articles a on a.id = (p.pick->>'articleId')::bigint), '[]') as picks
    from deliveries d join issues i on i.id = d.issue_id
   where d.subscriber_id = $1
   order by d.id`;

const QUALIFICATIONS = `
  select q.id, q.at, q.score, q.rule, q.by_post as "byPost", q.closed_at as "closedAt",
         q.handed_to as "handedTo", q.held_until as "heldUntil", q.claimed_by as "claimedBy",
         q.claimed_at as "claimedAt", q.reminded_at as "remindedAt", q.escalated_at as "escalatedAt",
         (select jsonb_build_object('status', o.status, 'dueAt', o.due_at, 'sentAt', o.sent_at, 'reason', ${reasonJson('o.reason')})
            from outbox o where o.id = q.alert_id) as alert,
         coalesce((select jsonb_agg(jsonb_build_object('qualificationId', o.qualification_id, 'at', o.at,
                                                       'staffEmail', o.staff_email, 'status', o.status,
                                                       'isDuplicate', o.is_duplicate,
                                                       'hasRunningDeal', o.has_running_deal, 'note', o.note,
                                                       'notBefore', o.not_before)
                                    order by o.id)
                     from outcomes o where o.qualification_id = q.id), '[]') as outcomes
    from qualifications q
   where q.subscriber_id = $1
   order by q.id`;

const EVENTS = `
  select e.id, e.kind, e.at, e.class, e.class_reasons as "classReasons", e.arrived_class as "arrivedAs",
         e.decided_by as "decidedBy", e.delivery_id as "deliveryId",
         case when l.number is not null
              then jsonb_build_object('role', l.role, 'label', l.label, 'url', l.url) end as link,
         e.user_agent as "userAgent", e.details
    from events e
    left join deliveries d on d.id = e.delivery_id
    left join issue_links l on l.issue_id = d.issue_id and l.number = e.link_number
   where e.subscriber_id = $1
   order by e.at desc, e.id desc
   limit $2`;

const LAST_CLICKS = `
  select distinct on (l.role, case l.role when 'article' then '' else l.target_id end)
         l.role, l.target_id as "targetId", l.label, l.url, e.at
    from events e
    join deliveries d on d.id = e.delivery_id
    join issue_links l on l.issue_id = d.issue_id and l.number = e.link_number
   where e.subscriber_id = $1 and e.kind = 'click' and e.class in ('human', 'doubtful') and l.role in ('article', 'call-to-action')
   order by l.role, case l.role when 'article' then '' else l.target_id end, e.at desc, e.id desc`;
