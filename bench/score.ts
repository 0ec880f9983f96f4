import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { silentLog } from '../src/adapters/log.ts';
import { startEmbedded } from '../src/adapters/postgres/embedded/embedded.ts';
import { migrate } from '../src/adapters/postgres/migrate.ts';
import { makePool } from '../src/adapters/postgres/pool.ts';
import { pastEvents } from '../src/adapters/postgres/scoring/history-store.ts';
import { makeDatabase } from '../src/database.ts';
import { whatIf } from '../src/journey/scoring/what-if.ts';
import { testLinks as links, testProgramme } from '../test/support/programme.ts';
import { type Bench, median } from './report.ts';

const LEADS = Number(process.env.BENCH_LEADS ?? 20_000);
const MAILS = 12;
const ROUNDS = 3;

/** What-if over a made-up history, against reading the same rows and doing nothing with them. */
export const bench: Bench = async (tell) => {
  const folder = mkdtempSync(join(tmpdir(), 'simmer-bench-'));
  const embedded = await startEmbedded(folder, silentLog, { throwAway: true });
  const pool = makePool(embedded.url, silentLog, 4);
  try {
    await migrate(embedded.url, silentLog);
    tell(`making up ${LEADS} leads with ${MAILS} mails each`);
    await pool.query(MADE_UP, [LEADS, MAILS]);
    await pool.query('vacuum analyze');
    const programme = testProgramme();
    const { history, rules } = makeDatabase(pool, { programme, links }).stores;
    const { events } = await history.size();
    const measured: Record<'rows' | 'leads' | 'whatIf', number[]> = { rows: [], leads: [], whatIf: [] };
    let peak = 0;
    for (let round = 0; round < ROUNDS; round++) {
      tell(`round ${round + 1} of ${ROUNDS}: ${events} events`);
      measured.rows.push(await perSecond(events, () => readRows(pool)));
      measured.leads.push(
        await perSecond(events, async () => {
          for await (const _ of history.read(false));
        }),
      );
      measured.whatIf.push(
        await perSecond(events, async () => {
          await whatIf(
            { history, rules, programme, links },
            { change: { threshold: 10, points: { 'click-article': 2 } } },
            () => {
              peak = Math.max(peak, process.memoryUsage().heapUsed);
            },
          );
        }),
      );
    }
    const baseline = median(measured.rows);
    const line = (what: string, values: number[], aim: number | null = null) => ({
      what,
      value: median(values),
      unit: 'events/s',
      timesBaseline: values === measured.rows ? null : median(values) / baseline,
      aim,
    });
    return {
      name: 'score',
      about: `What-if over ${events} events of ${LEADS} leads; medians of ${ROUNDS} rounds.`,
      measured: [
        line('the rows alone, through the same cursor', measured.rows),
        line('read and grouped by lead', measured.leads),
        line('re-scored by other rules and compared', measured.whatIf, 200_000),
      ],
      notes: [`The heap was ${Math.round(peak / 1e6)} MB at most, whatever the length of history.`],
    };
  } finally {
    await pool.end();
    await embedded.stop();
    rmSync(folder, { recursive: true, force: true });
  }
};

/** Every row that a replay reads, and nothing done with it. */
async function readRows(pool: pg.Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin read only');
    await client.query(`set local enable_sort = off; set local work_mem = '64MB'; set local jit = off`);
    await client.query(`declare rows no scroll cursor for ${pastEvents('')}`);
    for (;;) {
      const { rows } = await client.query({ text: 'fetch 500 from rows', rowMode: 'array' });
      if (rows.length === 0) break;
    }
    await client.query('commit');
  } finally {
    client.release();
  }
}

async function perSecond(events: number, work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return events / ((performance.now() - started) / 1000);
}

/**
 * Leads who got `MAILS` mails every two weeks, opened two of three, and clicked a link in about one of two; every seventh
 * click is a machine's.
 */
const MADE_UP = `
  with leads as (
    insert into subscribers (email, status, language, time_zone, created_at, interests)
    select 'lead-' || n || '@company-' || n % 500 || '.example', 'active', 'en', 'Europe/Amsterdam',
           timestamptz '2026-01-01', '{payroll}'
      from generate_series(1, $1::int) n
    returning id
  ), issues as (
    insert into issues (digest_id, slot, planned_at, first_due_at, last_due_at)
    select 'news', 'bench-' || m, t, t, t
      from generate_series(1, $2::int) m, lateral (select timestamptz '2026-01-06' + m * interval '14 days' as t) a
    returning id, planned_at
  ), links as (
    insert into issue_links (issue_id, number, role, target_id, language, url, label)
    select i.id, l.number, l.role, l.target, 'en', 'https://tessel.example/' || l.target, l.target
      from issues i, (values (0, 'article', '1'), (1, 'article', '2'), (2, 'call-to-action', 'brochure'),
                             (3, 'call-to-action', 'reference-story'), (4, 'footer', 'software'),
                             (5, 'footer', 'press')) as l (number, role, target)
  ), sent as (
    insert into deliveries (issue_id, subscriber_id, status, due_at, sent_at)
    select i.id, l.id, 'sent', i.planned_at, i.planned_at from leads l, issues i
    returning id, subscriber_id, issue_id, sent_at
  )
  insert into events (subscriber_id, delivery_id, kind, link_number, at, class, details)
  select d.subscriber_id, d.id, e.kind, e.link, d.sent_at + e.after * interval '1 minute',
         case when e.kind = 'click' and d.id % 7 = 0 then 'machine' when e.kind = 'open' and d.id % 3 = 0 then 'proxied'
              else 'human' end,
         case when e.kind = 'mail-sent'
              then jsonb_build_object('stage', 'mql', 'number', row_number() over (partition by d.subscriber_id, e.kind order by d.id))
              else '{}' end
    from sent d
   cross join lateral (values ('mail-sent', null::int, 0), ('open', null, 30 + d.id % 500),
                              ('open', null, 3000), ('click', (d.id % 6)::int, 40 + d.id % 500),
                              ('click', (d.id % 5)::int, 45 + d.id % 500)) as e (kind, link, after)
   where e.kind = 'mail-sent' or (e.kind = 'open' and d.id % 3 <> 1) or (e.kind = 'click' and d.id % 2 = 0)`;
