import type pg from 'pg';

const NOW = new Date('2026-11-21T09:00:00Z');
const ISSUES = 10;

/**
 * A history as an installation of some size has it: people of some years, an issue every two weeks, what they did with it,
 * and what sales answered. Everything follows from the numbers of the rows, so that every run has the same. Gives the
 * moment that counts as now.
 */
export async function fillHistory(
  pool: pg.Pool,
  { people, events }: { people: number; events: number },
  tell: (what: string) => void,
): Promise<Date> {
  const { rows } = await pool.query('select count(*)::int as n from subscribers');
  if (rows[0].n > 0) {
    tell('the history is there already');
    return NOW;
  }
  tell(`making up ${people} people with ${events} events`);
  for (const [what, sql, values] of statements(people, events)) {
    tell(`  ${what}`);
    await pool.query(sql, values);
  }
  tell('  vacuum');
  await pool.query('vacuum analyze');
  return NOW;
}

function statements(people: number, events: number): [what: string, sql: string, values: unknown[]][] {
  // One mail-sent per delivery that went out; the rest are opens and clicks.
  const reactions = Math.max(0, events - people * ISSUES * 0.97);
  const perDelivery = reactions / (people * ISSUES);
  return [
    ['people', PEOPLE_SQL, [people, NOW]],
    ['articles', ARTICLES_SQL, [NOW]],
    ['issues and their links', ISSUES_SQL, [NOW, ISSUES]],
    ['deliveries', DELIVERIES_SQL, []],
    [
      'mails sent',
      `insert into events (subscriber_id, delivery_id, kind, at, class, details) select subscriber_id, id, 'mail-sent', sent_at, 'human', '{"stage": "mql", "number": 3}' from deliveries where status = 'sent'`,
      [],
    ],
    [
      'opens',
      `insert into events (subscriber_id, delivery_id, kind, at, class, method, ip, user_agent)
       select subscriber_id, id, 'open', sent_at + (id % 4000) * interval '1 minute',
              case when id % 11 = 0 then 'machine' when id % 3 = 0 then 'proxied' else 'human' end, 'GET', '192.0.2.0', 'Mozilla/5.0'
         from deliveries where status = 'sent' and (id * 7919) % 1000 < $1`,
      [Math.round(perDelivery * 700)],
    ],
    [
      'clicks',
      `insert into events (subscriber_id, delivery_id, kind, link_number, at, class, method, ip, user_agent)
       select subscriber_id, id, 'click', 1 + (id * 31) % 40, sent_at + (id % 4000) * interval '1 minute' + interval '1 minute',
              case when id % 13 = 0 then 'machine' else 'human' end, 'GET', '192.0.2.0', 'Mozilla/5.0'
         from deliveries where status = 'sent' and (id * 104729) % 1000 < $1`,
      [Math.round(perDelivery * 300)],
    ],
    [
      'forms',
      `insert into events (subscriber_id, delivery_id, kind, at, class, details)
       select subscriber_id, delivery_id, 'form', at + interval '5 minutes', 'human', '{"form": "call-back", "round": 0}'
         from events where kind = 'click' and class = 'human' and id % 150 = 0`,
      [],
    ],
    [
      'points',
      `insert into score_entries (subscriber_id, at, points, rule, rule_version, once_key, cause, event_id, delivery_id)
       select subscriber_id, at, 3, 'click-article', '1', 'click:d' || delivery_id || ':' || link_number, 'clicked the article', id, delivery_id
         from events where kind = 'click' and class = 'human'`,
      [],
    ],
    [
      'scores',
      `update subscribers s set score = e.sum, last_act_at = e.last, fit = s.id % 100
         from (select subscriber_id, sum(points)::int as sum, max(at) as last from score_entries group by 1) e where e.subscriber_id = s.id`,
      [],
    ],
    [
      'qualifications',
      `insert into qualifications (subscriber_id, at, score, rule, by_post, handed_to, closed_at, claimed_by)
       select id, coalesce(last_act_at, $1::timestamptz - interval '10 days'), score, 'click-article', id % 9 = 0, 'sales@tessel.example',
              case when id % 10 < 8 then least(coalesce(last_act_at, $1) + interval '4 days', $1) end,
              case when id % 2 = 0 then 'sam@tessel.example' end
         from subscribers where status = 'active' and id % 25 = 0`,
      [NOW],
    ],
    [
      'answers',
      `insert into outcomes (qualification_id, at, staff_email, status, is_duplicate, has_running_deal, note)
       select id, closed_at, 'sam@tessel.example', (array['won', 'lost', 'rejected'])[1 + id % 3], false, false, 'Called'
         from qualifications where closed_at is not null`,
      [],
    ],
    [
      'stages',
      `update subscribers s set stage = case when q.closed_at is null then 'sql' else 'customer' end
         from qualifications q left join outcomes o on o.qualification_id = q.id
        where q.subscriber_id = s.id and (q.closed_at is null or o.status = 'won')`,
      [],
    ],
    [
      'consent',
      `insert into consent_entries (subscriber_id, email, at, act, how, text_version)
       select id, email, created_at, 'confirmed', '{"code":"consent.preference-page"}', '1' from subscribers where status = 'active'`,
      [],
    ],
    [
      'audit and suppressions',
      `with a as (insert into audit_entries (at, staff_email, act, subject)
         select $1::timestamptz - n * interval '1 hour', 'mara@tessel.example', 'cost-set', n::text from generate_series(1, 20000) n)
       insert into suppressions (email, at, cause, why) select 'gone' || n || '@x.example', $1, 'bounce', '550 5.1.1' from generate_series(1, 5000) n`,
      [NOW],
    ],
    [
      'feeds',
      `insert into feeds (url, next_check_at, last_checked_at, last_success_at, last_new_at)
       select 'https://feeds.tessel.example/en/' || i || '.xml', $1, $1, $1, $1 from unnest(array['payroll', 'invoicing', 'stock']) i`,
      [NOW],
    ],
    [
      'finished issues',
      `update issues set status = 'done', finished_at = last_due_at + interval '1 hour'`,
      [],
    ],
  ];
}

const PEOPLE_SQL = `
  insert into subscribers (email, status, name, company, job_title, phone, language, time_zone, interests, source, mails_sent,
                           created_at, confirmed_at, unsubscribed_at)
  select 'reader' || n || '@company' || (n % 9000) || '.example',
         case when n % 20 = 0 then 'pending' when n % 33 = 0 then 'unsubscribed' when n % 97 = 0 then 'suppressed' else 'active' end,
         (array['Anna', 'Ben', 'Carla', 'Daan', 'Emma', 'Finn', 'Greta', 'Hugo'])[1 + n % 8] || ' ' ||
         (array['Visser', 'Bakker', 'Keller', 'Jansen', 'Winter', 'Smit'])[1 + n % 6] || ' ' || n,
         'Company ' || (n % 9000), (array['Controller', 'Head of Finance', 'Clerk', 'IT Manager'])[1 + n % 4],
         case when n % 3 = 0 then '+31 20 555 ' || lpad((n % 10000)::text, 4, '0') end,
         (array['en', 'nl', 'de'])[1 + n % 3], 'Europe/Amsterdam',
         (array['{payroll}', '{payroll,stock}', '{invoicing}', '{stock,invoicing,payroll}'])[1 + n % 4]::text[],
         case n % 5 when 0 then '{"utm_source": "trade-fair"}' when 1 then '{"utm_source": "search", "utm_campaign": "payroll"}' else '{}' end::jsonb,
         10, $2::timestamptz - (n % 700) * interval '1 day' - n * interval '1 second',
         case when n % 20 <> 0 then $2::timestamptz - (n % 700) * interval '1 day' - n * interval '1 second' + interval '20 minutes' end,
         case when n % 33 = 0 and n % 20 <> 0 then $2::timestamptz - (n % 300) * interval '1 day' end
    from generate_series(1, $1::int) n`;

const ARTICLES_SQL = `
  insert into articles (feed_url, url, title, summary, language, interests, published_at, first_seen_at)
  select 'https://feeds.tessel.example/en/' || i || '.xml', 'https://blog.example/' || n, 'An article with a title of a usual length, ' || n,
         'A sentence or two of what it is about, as feeds bring them. And one more.', l, array[i],
         $1::timestamptz - (n / 6) * interval '1 day', $1::timestamptz - (n / 6) * interval '1 day'
    from generate_series(1, 1200) n
    cross join lateral (select (array['payroll', 'invoicing', 'stock'])[1 + n % 3] as i, (array['en', 'nl', 'de'])[1 + (n / 3) % 3] as l) x`;

const ISSUES_SQL = `
  with made as (
    insert into issues (digest_id, slot, planned_at, first_due_at, last_due_at)
    select 'news', to_char($1::timestamptz - (14 * ($2::int - n) + 4) * interval '1 day', 'YYYY-MM-DD'), at - interval '1 day', at, at + interval '1 day'
      from generate_series(1, $2::int) n
      cross join lateral (select $1::timestamptz - (14 * ($2::int - n) + 4) * interval '1 day' as at) x
    returning id, first_due_at),
  chosen as (
    insert into issue_articles (issue_id, article_id)
    select made.id, a.id from made join articles a on a.published_at between made.first_due_at - interval '28 days' and made.first_due_at
    returning issue_id, article_id)
  insert into issue_links (issue_id, number, role, target_id, language, url, label)
  select issue_id, number, 'article', article_id::text, language, url, title
    from (select c.issue_id, c.article_id, a.language, a.url, a.title, row_number() over (partition by c.issue_id order by c.article_id desc) as number
            from chosen c join articles a on a.id = c.article_id) l
  union all
  select made.id, 900 + t.n * 10 + c.n, 'call-to-action', c.id, t.language, c.url, c.label
    from made, (values (0, 'en'), (1, 'nl'), (2, 'de')) t(n, language),
         (values (0, 'brochure', 'https://tessel.example/brochure', 'Read the brochure'), (1, 'reference-story', 'https://tessel.example/story', 'Read a story'),
                 (2, 'call-back', 'simmer:call-back', 'Have us call you back')) c(n, id, url, label)`;

const DELIVERIES_SQL = `
  insert into deliveries (issue_id, subscriber_id, status, due_at, sent_at, reason, smtp_reply, picks)
  select i.id, s.id, case when s.id % 50 = 7 then 'skipped' when s.id % 100 = 13 then 'failed' else 'sent' end, i.first_due_at,
         case when s.id % 50 = 7 or s.id % 100 = 13 then null else i.first_due_at + (s.id % 600) * interval '1 second' end,
         case when s.id % 50 = 7 then (s.id % 4) || ' fresh articles for stock in "de", 5 needed (of 60 in this issue, 9 had before)' end,
         case when s.id % 100 = 13 then '550 5.1.1 no such user' else '250 2.0.0 Ok' end,
         case when s.id % 50 <> 7 then jsonb_build_array(
           jsonb_build_object('articleId', a.first - (s.id % 30), 'place', 'main', 'interest', 'payroll', 'score', 1, 'reason', 'best match for payroll'),
           jsonb_build_object('articleId', a.first - 31 - (s.id % 30), 'place', 'other', 'interest', 'payroll', 'score', 1, 'reason', 'match for payroll')) end
    from issues i
    cross join subscribers s
    cross join lateral (select max(article_id) as first from issue_articles where issue_id = i.id) a
   order by i.id, s.id`;
