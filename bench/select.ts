import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { silentLog } from '../src/adapters/log.ts';
import { startEmbedded } from '../src/adapters/postgres/embedded/embedded.ts';
import { migrate } from '../src/adapters/postgres/migrate.ts';
import { makePool } from '../src/adapters/postgres/pool.ts';
import { makeDatabase } from '../src/database.ts';
import type { Article } from '../src/domain/content/article.ts';
import {
  type ChoosingReader,
  type IssueToChoose,
  prepareChoosing,
} from '../src/domain/content/choosing/select.ts';
import { choosePlainly } from '../test/support/choose-plainly.ts';
import { testLinks, testProgramme } from '../test/support/programme.ts';
import { type Bench, cpuSeconds, median, seconds } from './report.ts';

const READERS = Number(process.env.BENCH_READERS ?? 100_000);
const ARTICLES = 500;
const INTERESTS = 30;
const PAST_ISSUES = 26;
/** An article is fresh for so many issues: the past ones whose mails can hold some of today's. */
const OVERLAPPING_ISSUES = 4;
const PICKS = 5;
const ROUNDS = 5;
const NOW = new Date('2026-11-24T08:00:00Z');
const DAY_MS = 86_400_000;
const interest = (number: number) => `interest-${String(number).padStart(2, '0')}`;

/** A generator of the same numbers every time (mulberry32). */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

export function articlesOf(first: number, count: number, seed: number): Article[] {
  const random = numbers(seed);
  return Array.from({ length: count }, (_, at) => ({
    id: first + at,
    feedUrl: `https://feed-${random(20)}.example/rss`,
    url: `https://blog.example/${first + at}`,
    title: `Article ${first + at} on ${interest(random(INTERESTS))}`,
    summary: '',
    imageUrl: null,
    language: 'en',
    interests: [...new Set(Array.from({ length: 1 + random(4) }, () => interest(random(INTERESTS))))],
    publishedAt: new Date(NOW.getTime() - (ARTICLES - at) * ((28 * DAY_MS) / ARTICLES)),
    firstSeenAt: NOW,
    priority: 1 + random(2),
  }));
}

/** `interests`: how many each follows; null: two to eight. */
export function readersOf(
  count: number,
  follows: number | null,
): { reader: ChoosingReader; had: number[] }[] {
  const random = numbers(7);
  return Array.from({ length: count }, (_, at) => {
    const wanted = follows ?? 2 + random(7);
    const interests =
      wanted === INTERESTS
        ? Array.from({ length: INTERESTS }, (_, number) => interest(number))
        : [...new Set(Array.from({ length: wanted }, () => interest(random(INTERESTS))))];
    const weights = Object.fromEntries(interests.map((id) => [id, random(40) / 10]));
    return {
      reader: {
        id: at + 1,
        interests,
        language: 'en',
        affinities: { at: NOW.getTime() - random(60) * DAY_MS, weights },
        leanings: at % 10 === 0 ? { [`interest:${interests[0]}`]: 1 } : {},
        pausedUntil: null,
        pauseReason: null,
      },
      had: Array.from({ length: OVERLAPPING_ISSUES * PICKS }, () => 1 + random(ARTICLES)),
    };
  });
}

export function issueOf(articles: Article[], variety = true): IssueToChoose {
  const choosing = { controlShare: 0.1, learningHalfLifeMs: 60 * DAY_MS, freshnessHalfLifeMs: 7 * DAY_MS };
  return { articles, now: NOW, layout: { main: 1, others: PICKS - 1 }, minimum: PICKS, choosing, variety };
}

/** Readers a second, and from Postgres to picks. */
export const bench: Bench = async (tell) => {
  const articles = articlesOf(1, ARTICLES, 1);
  const alone = await chooseAlone(articles, tell);
  const fromPostgres = await loadChooseInsert(articles, tell);
  return {
    name: 'select',
    about: `Choosing ${PICKS} of ${ARTICLES} articles for ${READERS.toLocaleString('en')} readers with ${INTERESTS} interests and ${PAST_ISSUES} past issues each`,
    measured: [...alone, ...fromPostgres.measured],
    notes: fromPostgres.notes,
  };
};

async function chooseAlone(articles: Article[], tell: (what: string) => void) {
  const some = readersOf(20_000, null);
  const all = readersOf(5_000, INTERESTS);
  const few = some.slice(0, 500);
  const cases = [
    { what: 'plain objects, sets, sorting', plain: true, readers: few, variety: false },
    { what: 'choosing', plain: false, readers: some, variety: false },
    { what: 'choosing, all 30 interests', plain: false, readers: all, variety: false },
    { what: 'plain objects, with variety', plain: true, readers: few, variety: true },
    { what: 'choosing with variety', plain: false, readers: some, variety: true },
    { what: 'choosing with variety, all 30 interests', plain: false, readers: all, variety: true },
  ];
  const rates = cases.map((): number[] => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [at, { readers, variety, plain }] of cases.entries()) {
      const issue = issueOf(articles, variety);
      const took = cpuSeconds(() => {
        if (plain) for (const { reader, had } of readers) choosePlainly(issue, reader, new Set(had));
        else {
          const choose = prepareChoosing(issue);
          for (const { reader, had } of readers) choose(reader, had);
        }
      });
      rates[at]!.push(readers.length / took);
    }
    tell(`choosing alone: round ${round + 1} of ${ROUNDS}`);
  }
  const rate = cases.map((_, at) => median(rates[at]!));
  return cases.map(({ what, plain, variety }, at) => ({
    what,
    value: rate[at]!,
    unit: 'readers/s',
    timesBaseline: plain ? null : rate[at]! / rate[variety ? 3 : 0]!,
    aim: !plain && variety ? 25_000 : null,
  }));
}

async function loadChooseInsert(articles: Article[], tell: (what: string) => void) {
  const folder = mkdtempSync(join(tmpdir(), 'simmer-bench-'));
  const embedded = await startEmbedded(folder, silentLog, { throwAway: true });
  try {
    await migrate(embedded.url, silentLog);
    const pool = makePool(embedded.url, silentLog, 1);
    try {
      return await measure(pool, articles, tell);
    } finally {
      await pool.end();
    }
  } finally {
    await embedded.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Seconds of one core that the work took here and in Postgres, which take turns: on a busy machine that tells more than
 * the clock. Where /proc does not tell what the server took, the clock's seconds.
 */
async function coreSeconds(
  pool: pg.Pool,
  work: () => Promise<void>,
): Promise<{ core: number; clock: number; here: number }> {
  const { rows } = await pool.query<{ pid: number }>('select pg_backend_pid() as pid');
  const server = () => {
    try {
      const fields = readFileSync(`/proc/${rows[0]!.pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
      // User and system time in ticks, of which Linux has 100 a second.
      return (Number(fields[11]) + Number(fields[12])) / 100;
    } catch {
      return null;
    }
  };
  const before = server();
  const cpu = process.cpuUsage();
  const clock = await seconds(work);
  const { user, system } = process.cpuUsage(cpu);
  const after = server();
  const here = (user + system) / 1e6;
  return { clock, here, core: before === null || after === null ? clock : after - before + here };
}

async function measure(pool: pg.Pool, articles: Article[], tell: (what: string) => void) {
  const { stores } = makeDatabase(pool, { programme: testProgramme(), links: testLinks });
  await fill(pool, articles, tell);
  const issue = await stores.issues.open({
    digestId: 'news',
    slot: '2026-11-24',
    plannedAt: NOW,
    firstDueAt: NOW,
    lastDueAt: NOW,
    articleIds: articles.map(({ id }) => id),
    links: [],
  });
  tell('planning');
  const planning = await coreSeconds(pool, async () => {
    await stores.issues.planReaders({
      issueId: issue.id,
      dueByZone: [{ timeZone: 'Europe/Amsterdam', dueAt: NOW }],
      notBefore: null,
      confirmedSince: null,
      month: '2026-11',
      inProgressReason: { code: 'skip.in-progress' },
    });
  });
  await pool.query('update issues set readers_planned_at = $1 where id = $2', [NOW, issue.id]);
  const idle = await seconds(async () => {
    for (let tick = 0; tick < 100; tick++)
      await stores.issues.timeZonesToPlan(issue.id, new Date(NOW.getTime() - 60_000));
  });
  await pool.query('vacuum analyze deliveries');

  const prepared = prepareChoosing(issueOf(articles));
  let skipped = 0;
  const memory: number[] = [];
  /** What looking at the memory took: a full collection each time, which no worker does. */
  let looking = 0;
  tell('load + choose + write');
  const choosing = await coreSeconds(pool, async () => {
    for (let batch = 0; ; batch++) {
      const found = await stores.deliveries.claim(issue.id, 'bench', NOW, 60_000, 500, (delivery) => {
        const chosen = prepared(delivery.subscriber, delivery.hadArticleIds);
        if ('skip' in chosen) skipped += 1;
        return chosen;
      });
      if (!found) break;
      if (batch % 10 !== 9) continue;
      looking += cpuSeconds(() => {
        globalThis.gc?.();
        memory.push(process.memoryUsage().heapUsed / 1e6);
      });
    }
  });
  const early = median(memory.slice(0, Math.ceil(memory.length / 4)));
  const late = median(memory.slice(-Math.ceil(memory.length / 4)));
  return {
    measured: [
      {
        what: 'from Postgres to picks: load + choose + write',
        value: READERS / (choosing.core - looking),
        unit: 'readers/s',
        timesBaseline: null,
        aim: 15_000,
      },
      {
        what: 'planning all readers, one statement',
        value: READERS / planning.core,
        unit: 'readers/s',
        timesBaseline: null,
        aim: 15_000,
      },
      {
        what: 'a planning tick with nothing new',
        value: (idle / 100) * 1000,
        unit: 'ms',
        timesBaseline: null,
        aim: null,
      },
      {
        what: 'heap, first quarter of the readers',
        value: early,
        unit: 'MB',
        timesBaseline: null,
        aim: null,
      },
      {
        what: 'heap, last quarter of the readers',
        value: late,
        unit: 'MB',
        timesBaseline: late / early,
        aim: null,
      },
    ],
    notes: [
      'Readers a second are of one core: what else the machine did meanwhile is left out.',
      `By the clock: planning ${Math.round(READERS / planning.clock)}, load + choose + write ${Math.round(READERS / choosing.clock)} readers/s; ${skipped} readers had too few articles left.`,
      `Of the time for load + choose + write ${Math.round(((choosing.here - looking) / (choosing.core - looking)) * 100)} % is Simmer's, the rest PostgreSQL's.`,
    ],
  };
}

/** Readers with their past, as the road would have left them. */
export async function fill(pool: pg.Pool, articles: Article[], tell: (what: string) => void): Promise<void> {
  tell(`filling the database: ${READERS} readers`);
  await pool.query('set synchronous_commit = off');
  await pool.query(
    `insert into subscribers (email, status, language, time_zone, interests, created_at, confirmed_at, affinities)
     select 'reader-' || n || '@reader.example', 'active', 'en', 'Europe/Amsterdam',
            array(select distinct 'interest-' || lpad(((n * 7 + k * k * 11) % ${INTERESTS})::text, 2, '0') from generate_series(1, 2 + n % 7) k),
            '2025-01-01', '2025-01-01',
            jsonb_build_object('at', 1795000000000, 'weights', jsonb_build_object('interest-' || lpad((n % ${INTERESTS})::text, 2, '0'), 2.5, 'interest-' || lpad((n * 7 % ${INTERESTS})::text, 2, '0'), 1.25))
       from generate_series(1, $1::int) n`,
    [READERS],
  );
  const perIssue = ARTICLES / OVERLAPPING_ISSUES;
  const older = (PAST_ISSUES - OVERLAPPING_ISSUES) * perIssue;
  await pool.query(
    `insert into articles (id, feed_url, url, title, summary, language, interests, published_at, first_seen_at)
     overriding system value
     select id, url, url, 'Article', '', 'en', '{}', now(), now() from unnest($1::bigint[], $2::text[]) as a(id, url)`,
    [
      [...articles.map(({ id }) => id), ...Array.from({ length: older }, (_, at) => 100_000 + at)],
      [
        ...articles.map(({ url }) => url),
        ...Array.from({ length: older }, (_, at) => `https://old.example/${at}`),
      ],
    ],
  );
  // Each issue had the newest 500 of its time: of today's, the last four had some.
  for (let number = 0; number < PAST_ISSUES; number++) {
    const { rows } = await pool.query<{ id: number }>(
      `insert into issues (digest_id, slot, status, planned_at, first_due_at, last_due_at)
       values ('news', 'past-' || $1, 'done', $2, $2, $2) returning id`,
      [number, NOW],
    );
    const newest = number - (PAST_ISSUES - OVERLAPPING_ISSUES);
    const from = newest < 0 ? 100_000 + number * perIssue : 1 + newest * perIssue;
    await pool.query(
      'insert into issue_articles (issue_id, article_id) select $1, id from generate_series($2::int, $2::int + $3::int - 1) id',
      [rows[0]!.id, from, perIssue],
    );
    await pool.query(
      `insert into deliveries (issue_id, subscriber_id, status, due_at, sent_at, picks)
       select $1, s.id, 'sent', $2, $2,
              (select jsonb_agg(jsonb_build_object('articleId', $3::int + (s.id * 13 + k * 29) % $4::int,
                                                   'place', 'other', 'interest', 'interest-01', 'score', 0.5,
                                                   'reason', 'match for interest-01, published 3 days ago', 'because', 'chosen'))
                 from generate_series(1, ${PICKS}) k)
         from subscribers s`,
      [rows[0]!.id, NOW, from, perIssue],
    );
    tell(`filling the database: past issue ${number + 1} of ${PAST_ISSUES}`);
  }
  await pool.query('vacuum analyze');
}
