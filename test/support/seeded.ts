import type pg from 'pg';

/** One database with everything that pages count: who stands where, two issues and a trial, what came of them, what sales said. */
export async function seedEverything(pool: pg.Pool): Promise<{ issueIds: number[]; trialId: number }> {
  // 90 readers: 1-60 confirmed and mailed, 61-70 not confirmed, 71-80 left, 81-84 unreachable, 85-90 confirmed after the issues.
  await pool.query(`
    insert into subscribers (email, status, language, time_zone, interests, name, job_title, created_at, confirmed_at, unsubscribed_at,
                             mails_sent)
    select 'r' || n || '@reader.example',
           case when n between 61 and 70 then 'pending' when n between 71 and 80 then 'unsubscribed'
                when n between 81 and 84 then 'suppressed' else 'active' end,
           case when n % 3 = 0 then 'nl' else 'en' end, 'Europe/Amsterdam', '{payroll}', 'Reader ' || n,
           case when n % 2 = 0 then 'Head of Finance' end,
           case when n >= 85 then '2026-11-19'::timestamptz else '2026-11-01'::timestamptz end + n * interval '1 minute',
           case when n between 61 and 70 then null when n >= 85 then '2026-11-19 12:00'::timestamptz
                else '2026-11-01 12:00'::timestamptz end,
           case when n between 71 and 80 then '2026-11-12 10:00'::timestamptz end,
           case when n <= 60 or n between 71 and 84 then 2 else 0 end
      from generate_series(1, 90) n order by n`);
  await pool.query(`
    insert into articles (feed_url, url, title, summary, language, interests, published_at, first_seen_at)
    select 'https://feeds.tessel.example/en/payroll.xml', 'https://blog.example/' || n, 'Article ' || n, 'On payroll.', 'en',
           '{payroll}', '2026-11-01'::timestamptz + n * interval '1 hour', '2026-11-02'
      from generate_series(1, 6) n order by n`);
  const issue = async (slot: string, day: string, toOne: boolean) => {
    const { rows } = await pool.query<{ id: number }>(
      `insert into issues (digest_id, slot, status, planned_at, first_due_at, last_due_at, finished_at, to_one)
       values ('news', $1, 'done', $2, $2, $2, $2, $3) returning id`,
      [slot, day, toOne],
    );
    const { id } = rows[0]!;
    await pool.query('insert into issue_articles (issue_id, article_id) select $1, id from articles', [id]);
    await pool.query(
      `insert into issue_links (issue_id, number, role, target_id, language, url, label)
       select $1, id, 'article', id::text, 'en', url, title from articles`,
      [id],
    );
    return id;
  };
  const issueIds = [
    await issue('2026-11-10', '2026-11-10T09:00:00Z', false),
    await issue('2026-11-17', '2026-11-17T09:00:00Z', false),
  ];
  const trialId = await issue('now-2026-11-18', '2026-11-18T09:00:00Z', true);
  // The first issue went to 1-60 and to those who left after it, the second to 1-60, the trial to reader 1.
  const send = (issueId: number, day: string, who: string) =>
    pool.query(
      `insert into deliveries (issue_id, subscriber_id, status, due_at, sent_at, picks)
       select $1, id, 'sent', $2, $2, (select jsonb_agg(jsonb_build_object('articleId', a.id,
                'place', case when a.id = 1 + s.id % 2 then 'main' else 'other' end, 'interest', 'payroll', 'score', 1, 'reason', 'test')
                order by a.id <> 1 + s.id % 2, a.id) from articles a where a.id <= 5)
         from subscribers s where ${who} order by id`,
      [issueId, day],
    );
  await send(issueIds[0]!, '2026-11-10T09:00:00Z', 'id <= 60 or id between 71 and 80');
  await send(issueIds[1]!, '2026-11-17T09:00:00Z', 'id <= 60');
  await send(trialId, '2026-11-18T09:00:00Z', 'id = 1');
  // Opens, clicks and forms: ids 1-40 open both issues, 1-24 click the first, 1-18 the second; reader 1 does all of it in the trial.
  const act = (kind: string, upTo: number, day: string, issueId: number, hitClass = 'human') =>
    pool.query(
      `insert into events (subscriber_id, delivery_id, kind, link_number, at, class, details)
       select d.subscriber_id, d.id, $1, case $1 when 'click' then 1 + d.subscriber_id % 3 end, $2::timestamptz, $5,
              case $1 when 'form' then '{"form": "call-back"}'::jsonb else '{}' end
         from deliveries d where d.issue_id = $3 and d.subscriber_id <= $4`,
      [kind, day, issueId, upTo, hitClass],
    );
  for (const [at, issueId] of [
    ['2026-11-10', issueIds[0]!],
    ['2026-11-17', issueIds[1]!],
    ['2026-11-18', trialId],
  ] as const) {
    await act('open', 40, `${at}T10:00:00Z`, issueId);
    await act('click', issueId === issueIds[0] ? 24 : 18, `${at}T10:05:00Z`, issueId);
    await act('click', 7, `${at}T09:01:00Z`, issueId, 'machine');
    await act('form', issueId === issueIds[0] ? 3 : 1, `${at}T10:10:00Z`, issueId);
  }
  // A download of somebody who clicked, and one of somebody who did not.
  await pool.query(
    `insert into events (subscriber_id, kind, at, class, details)
     select id, 'download', '2026-11-18', 'human', '{"name": "guide"}' from subscribers where id in (10, 55)`,
  );
  await pool.query(
    `insert into events (subscriber_id, delivery_id, kind, at, class)
     select d.subscriber_id, case when d.subscriber_id < 79 then d.id end, 'unsubscribe', '2026-11-12 10:00', 'human'
       from deliveries d where d.issue_id = $1 and d.subscriber_id between 71 and 80`,
    [issueIds[0]],
  );
  // Eight became SQLs: three won (of whom one has left since), two lost, one rejected and crossed again, two wait.
  const qualify = async (lead: number, at: string, closedAt: string | null, answer: string | null) => {
    const { rows } = await pool.query(
      `insert into qualifications (subscriber_id, at, score, rule, by_post, closed_at, handed_to)
       values ($1, $2, 12, 'click-article', false, $3, 'sam@tessel.example') returning id`,
      [lead, at, closedAt],
    );
    if (answer)
      await pool.query(
        `insert into outcomes (qualification_id, at, staff_email, status, is_duplicate, has_running_deal)
         values ($1, $2, 'sam@tessel.example', $3, false, false)`,
        [rows[0].id, closedAt ?? at, answer],
      );
    const stage = closedAt === null ? 'sql' : answer === 'won' ? 'customer' : 'mql';
    await pool.query('update subscribers set stage = $2, is_customer = is_customer or $3 where id = $1', [
      lead,
      stage,
      answer === 'won',
    ]);
  };
  for (const lead of [1, 2, 75]) await qualify(lead, '2026-11-11T09:00:00Z', '2026-11-13T09:00:00Z', 'won');
  for (const lead of [3, 4]) await qualify(lead, '2026-11-11T09:00:00Z', '2026-11-13T09:00:00Z', 'lost');
  await qualify(5, '2026-11-11T09:00:00Z', '2026-11-13T09:00:00Z', 'rejected');
  for (const lead of [5, 6, 7]) await qualify(lead, '2026-11-18T09:00:00Z', null, null);
  return { issueIds, trialId };
}
