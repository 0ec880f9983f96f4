import type pg from 'pg';
import type { LeadEvent } from '../../src/domain/scoring/lead-event.ts';
import type { Hit, Verdict } from '../../src/domain/tracking/hit.ts';
import type { MailRenderer } from '../../src/journey/delivery/ports/deliveries.ts';

export const aHit: Hit = { method: 'GET', ip: '192.0.2.7', userAgent: 'Firefox', purpose: null };
export const byHuman: Verdict = { class: 'human', reasons: [] };

interface LeadFields {
  email: string;
  status: string;
  stage: string;
  isCustomer: boolean;
  /** Given to the lead as one entry of the ledger, so that the sum holds. */
  score: number;
  mailsSent: number;
}

/** A lead as the road would have left it. */
export async function addLead(pool: pg.Pool, fields: Partial<LeadFields> = {}): Promise<number> {
  const lead = { status: 'active', stage: 'mql', isCustomer: false, score: 0, mailsSent: 0, ...fields };
  const email = fields.email ?? `lead-${Math.random().toString(36).slice(2)}@lead.example`;
  const { rows } = await pool.query(
    `insert into subscribers (email, status, stage, is_customer, score, mails_sent, language, time_zone, created_at,
                              interests)
     values ($1, $2, $3, $4, $5, $6, 'en', 'Europe/Amsterdam', now(), '{payroll}') returning id`,
    [email, lead.status, lead.stage, lead.isCustomer, lead.score, lead.mailsSent],
  );
  const id = Number(rows[0].id);
  if (lead.score !== 0)
    await pool.query(
      `insert into score_entries (subscriber_id, at, points, rule, rule_version, once_key, cause)
       values ($1, now(), $2, 'earlier', '1', 'earlier', 'earned earlier')`,
      [id, lead.score],
    );
  return id;
}

/** The link table that `addIssue` writes: number → role, target, address. */
export const LINKS = [
  [0, 'article', '1', 'https://blog.example/one?a=1&b=2#c', 'Article one'],
  [1, 'article', '2', 'https://blog.example/two', 'Article two'],
  [2, 'call-to-action', 'brochure', 'https://tessel.example/brochure', 'Read the brochure'],
  [3, 'call-to-action', 'reference-story', 'https://tessel.example/story', 'Read a story'],
  [4, 'call-to-action', 'call-back', 'simmer:call-back', 'Have us call you back'],
  [5, 'footer', 'software', 'https://tessel.example/software', 'software'],
  [6, 'footer', 'press', 'https://tessel.example/press', 'press'],
  [7, 'article', '3', 'https://tessel.example/price-list', 'The price list'],
] as const;

/** An issue with the links above. */
export const addIssue = (pool: pg.Pool): Promise<number> => addIssueWith(pool, LINKS);

/** An issue whose links are footer links to these addresses, numbered from 0. */
export const addIssueLinking = (pool: pg.Pool, addresses: readonly string[]): Promise<number> =>
  addIssueWith(
    pool,
    addresses.map((url, number) => [number, 'footer', `link-${number}`, url, 'A link']),
  );

async function addIssueWith(
  pool: pg.Pool,
  links: readonly (readonly [number, string, string, string, string])[],
): Promise<number> {
  const { rows } = await pool.query(
    `insert into issues (digest_id, slot, planned_at, first_due_at, last_due_at)
     values ('news', $1, now(), now(), now()) returning id`,
    [`now-${Math.random()}`],
  );
  const id = Number(rows[0].id);
  for (const [number, role, target, url, label] of links)
    await pool.query(
      `insert into issue_links (issue_id, number, role, target_id, language, url, label)
       values ($1, $2, $3, $4, 'en', $5, $6)`,
      [id, number, role, target, url, label],
    );
  return id;
}

/** A mail of the issue that was sent to the lead an hour ago: no scanner is at work on it any more. */
export async function addDelivery(pool: pg.Pool, issueId: number, subscriberId: number): Promise<number> {
  const { rows } = await pool.query(
    `insert into deliveries (issue_id, subscriber_id, status, due_at, sent_at)
     values ($1, $2, 'sent', now() - interval '1 hour', now() - interval '1 hour') returning id`,
    [issueId, subscriberId],
  );
  return Number(rows[0].id);
}

/** What the tables say about a lead; `sum` is that of its ledger. */
export async function stateOf(pool: pg.Pool, subscriberId: number) {
  const { rows } = await pool.query(
    `select s.score, s.stage, s.is_customer as "isCustomer", s.mails_sent as "mailsSent",
            (select coalesce(sum(points), 0)::int from score_entries e where e.subscriber_id = s.id) as sum,
            (select count(*)::int from events e where e.subscriber_id = s.id) as events,
            (select count(*)::int from qualifications q where q.subscriber_id = s.id) as qualifications,
            (select count(*)::int from outbox o where o.subscriber_id = s.id and o.kind = 'sales-alert') as alerts
       from subscribers s where s.id = $1`,
    [subscriberId],
  );
  return rows[0] as {
    score: number;
    stage: string;
    isCustomer: boolean;
    mailsSent: number;
    sum: number;
    events: number;
    qualifications: number;
    alerts: number;
  };
}

/** Writes mails to sales with the lead's address in the subject, so that a test can tell whose they are. */
export const namingRenderer: MailRenderer = {
  render: (kind, _language, data) => {
    const { lead } = data as { lead?: { email: string } };
    return { subject: `${kind} ${lead?.email ?? ''}`, html: `<p>${kind}</p>`, text: kind };
  },
};

/** A lead's clicks on the first four links of one mail, worth 3 + 3 + 5 + 5. */
export function fourClicks(deliveryId: number, at: Date): LeadEvent[] {
  return [0, 1, 2, 3].map((linkNumber) => ({
    kind: 'click',
    at,
    deliveryId,
    linkNumber,
    hit: aHit,
    verdict: byHuman,
  }));
}
