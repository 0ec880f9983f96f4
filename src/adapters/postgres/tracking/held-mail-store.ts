import { cut } from '../../../domain/text.ts';
import type { Browser } from '../../../domain/tracking/mail-hit.ts';
import { type KeepAddress, shortenAddress } from '../../../domain/tracking/network.ts';
import type { Press } from '../../../domain/tracking/person-signs.ts';
import { readSigns } from '../../../domain/tracking/written-hit.ts';
import type { HeldMail, HeldMailStore, MailOfBrowser } from '../../../journey/tracking/ports/hits.ts';
import type { Queryable } from '../pool.ts';
import { LONGEST_AGENT } from '../scoring/ledger-events.ts';

// What is known of mails that are judged.

/** `keepAddress`: what is kept of a network address, with events as well. */
export function heldMailStore(db: Queryable, keepAddress: KeepAddress = shortenAddress): HeldMailStore {
  /** As it is kept with events. */
  const kept = ({ network, agent }: Browser): Browser => ({
    network: keepAddress(network),
    agent: agent === null ? null : cut(agent, LONGEST_AGENT),
  });
  return {
    hold: (deliveryIds, span, reachMs) => holdMails(db, deliveryIds, span, reachMs),
    ofBrowser: (subscriberId, browser, since) => mailsOfBrowser(db, subscriberId, kept(browser), since),
    notePress: (subscriberId, browser, at) => notePress(db, subscriberId, kept(browser), at),
  };
}

/** A mail that is hit more often than this within the judge's reach is judged by its newest hits. */
const MOST_HITS = 120;

/**
 * Holds the leads of these deliveries, in id order, and reads their mails' hits around a span of time. The hits are read
 * by a second statement: the first one's snapshot may be older than the wait for the leads.
 */
async function holdMails(
  db: Queryable,
  deliveryIds: readonly number[],
  { from, to }: { from: Date; to: Date },
  reachMs: number,
): Promise<HeldMail[]> {
  const { rows: mails } = await db.query(
    `select d.id, d.sent_at, d.is_on_wire, m.gateway,
            array(select l.number from issue_links l
                   where l.issue_id = d.issue_id and l.role = 'footer' and l.language = s.language) as footer
       from subscribers s
       join deliveries d on d.subscriber_id = s.id
       left join mail_domains m on m.domain = split_part(s.email, '@', 2)
      where d.id = any($1::bigint[])
      order by s.id
        for no key update of s`,
    [deliveryIds],
  );
  const { rows: hits } = await db.query(
    `select e.* from unnest($1::bigint[]) as d (id)
      cross join lateral (
        select id, delivery_id, kind, link_number, at, class, class_reasons, arrived_class, signs, method, ip,
               user_agent, decided_by,
               kind = 'click' and exists (select from events v
                                           where v.subscriber_id = c.subscriber_id and v.kind = 'visit'
                                             and v.at between c.at and c.at + interval '1 hour'
                                             and v.details ->> 'click' = c.key::text) as is_visited
          from events c
         where delivery_id = d.id and kind in ('open', 'click') and at between $2 and $3
         order by at desc
         limit ${MOST_HITS}) e
      order by e.at, e.id`,
    [deliveryIds, new Date(from.getTime() - reachMs), new Date(to.getTime() + reachMs)],
  );
  const presses = await readPresses(db, deliveryIds, from, to);
  const held = new Map<number, HeldMail>(
    mails.map((row) => [
      row.id,
      {
        deliveryId: row.id,
        facts: {
          sentAt: row.sent_at,
          isOnTheWire: row.is_on_wire,
          gateway: row.gateway,
          footer: row.footer,
          presses: presses.get(row.id)?.presses ?? [],
        },
        hits: [],
        isWhole: true,
        isWithSales: presses.get(row.id)?.isWithSales ?? false,
      },
    ]),
  );
  for (const row of hits) {
    const mail = held.get(row.delivery_id);
    if (!mail) continue;
    mail.isWhole = mail.hits.length + 1 < MOST_HITS;
    mail.hits.push({
      eventId: row.id,
      kind: row.kind,
      linkNumber: row.link_number,
      at: row.at,
      class: row.arrived_class ?? row.class,
      takenFor: row.class,
      isMarked: row.class === 'human' && row.class_reasons.length > 0,
      isVisited: row.is_visited,
      decided: row.decided_by === null ? null : row.class === 'machine' ? 'machine' : 'human',
      method: row.method,
      signs: readSigns(row.signs),
      network: row.ip,
      agent: row.user_agent,
    });
  }
  return [...held.values()];
}

/** Buttons pressed so long before a mail's hits tell whose browsers are whose; those after them prove what was done before. */
const PRESSES = { before: '90 days', after: '1 day' };

/**
 * The buttons that the readers of these deliveries pressed, and whether sales has them. By a second statement as well: what
 * was committed during the wait for the leads belongs to it.
 */
async function readPresses(
  db: Queryable,
  deliveryIds: readonly number[],
  from: Date,
  to: Date,
): Promise<Map<number, { presses: Press[]; isWithSales: boolean }>> {
  const { rows } = await db.query<{
    id: number;
    presses: { at: string; network: string | null; agent: string | null }[] | null;
    isWithSales: boolean;
  }>(
    `select d.id,
            (select jsonb_agg(jsonb_build_object('at', p.at, 'network', p.network, 'agent', p.agent))
               from (select at, ip as network, user_agent as agent from events
                      where subscriber_id = d.subscriber_id and method = 'POST' and kind <> 'visit'
                     union all
                     select unnest(array[first_at, last_at]), network, user_agent from pressed_buttons
                      where subscriber_id = d.subscriber_id) p
              where p.at between $2::timestamptz - interval '${PRESSES.before}'
                             and $3::timestamptz + interval '${PRESSES.after}') as presses,
            exists (select from qualifications q left join outbox o on o.id = q.alert_id
                     where q.subscriber_id = d.subscriber_id and q.closed_at is null
                       and (q.claimed_at is not null or o.status in ('sending', 'sent', 'uncertain'))) as "isWithSales"
       from deliveries d where d.id = any($1::bigint[])`,
    [deliveryIds, from, to],
  );
  return new Map(
    rows.map(({ id, presses, isWithSales }) => [
      id,
      { presses: (presses ?? []).map((press) => ({ ...press, at: new Date(press.at) })), isWithSales },
    ]),
  );
}

/** One row for each browser of a reader: the first time and the last. */
async function notePress(
  db: Queryable,
  subscriberId: number,
  { network, agent }: Browser,
  at: Date,
): Promise<void> {
  if (network === null || agent === null) return;
  await db.query(
    `insert into pressed_buttons (subscriber_id, network, user_agent, first_at, last_at) values ($1, $2, $3, $4, $4)
     on conflict (subscriber_id, network, user_agent) do update set last_at = greatest(pressed_buttons.last_at, excluded.last_at)`,
    [subscriberId, network, agent, at],
  );
}

/** The mails of a reader in which this browser followed links or loaded images since then. */
async function mailsOfBrowser(
  db: Queryable,
  subscriberId: number,
  { network, agent }: Browser,
  since: Date,
): Promise<MailOfBrowser[]> {
  const { rows } = await db.query<MailOfBrowser>(
    `select delivery_id as "deliveryId", min(at) as "from", max(at) as "to" from events
      where subscriber_id = $1 and at >= $4 and kind in ('open', 'click') and delivery_id is not null
        and ip = $2 and user_agent is not distinct from $3
      group by delivery_id order by delivery_id`,
    [subscriberId, network, agent, since],
  );
  return rows;
}
