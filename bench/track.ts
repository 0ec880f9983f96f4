import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { silentLog } from '../src/adapters/log.ts';
import { startEmbedded } from '../src/adapters/postgres/embedded/embedded.ts';
import { migrate } from '../src/adapters/postgres/migrate.ts';
import { makePool } from '../src/adapters/postgres/pool.ts';
import { addIssue, LINKS } from '../test/support/leads.ts';
import { testLinks, testPublicUrl } from '../test/support/programme.ts';
import { type Bench, type Measured, median } from './report.ts';
import type { Mode } from './track/server.ts';

const ROUNDS = Number(process.env.TRACK_ROUNDS ?? 5);
const SECONDS = Number(process.env.TRACK_SECONDS ?? 4);
const CONNECTIONS = 64;
const LEADS = 5_000;
const MODES: readonly Mode[] = ['none', 'single', 'durable', 'scored'];
const WORDS: Record<Mode, string> = {
  none: 'nothing is stored (baseline)',
  single: 'one INSERT per request',
  durable: 'durable in Postgres (group commit)',
  scored: 'durable, and scored at the same time',
};

interface Load {
  answered: number;
  failed: number;
  perSecond: number;
  p50: number;
  p99: number;
}
interface Round extends Load {
  /** Events per second until all were scored, the backlog included. */
  scoredPerSecond: number | null;
  backlog: number;
}

/** Redirects per second, durable, against the same server without storage and with one INSERT per request. */
export const bench: Bench = async (tell) => {
  const folder = mkdtempSync(join(tmpdir(), 'simmer-bench-'));
  const postgres = await startEmbedded(folder, silentLog);
  const pool = makePool(postgres.url, silentLog);
  try {
    await migrate(postgres.url, silentLog);
    tell(`${LEADS} readers with a mail each`);
    const paths = await readers(pool);
    const rounds = new Map<Mode, Round[]>(MODES.map((mode) => [mode, []]));
    for (let round = 1; round <= ROUNDS; round++) {
      for (const mode of MODES) {
        const measured = await run(mode, postgres.url, folder, pool, paths);
        tell(
          `round ${round}, ${mode}: ${Math.round(measured.perSecond)}/s, p99 ${measured.p99.toFixed(1)} ms`,
        );
        if (measured.failed > 0) throw new Error(`${measured.failed} redirects failed (${mode})`);
        rounds.get(mode)!.push(measured);
      }
    }
    return report(rounds);
  } finally {
    await pool.end();
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
};

function report(rounds: ReadonlyMap<Mode, Round[]>) {
  const of = (mode: Mode, value: (round: Round) => number) => median(rounds.get(mode)!.map(value));
  const base = of('none', ({ perSecond }) => perSecond);
  const baseP99 = of('none', ({ p99 }) => p99);
  const measured = MODES.flatMap((mode): Measured[] => {
    const perSecond = of(mode, (round) => round.perSecond);
    const p99 = of(mode, (round) => round.p99);
    const isBase = mode === 'none';
    const line = (what: string, value: number, unit: string, times: number | null, aim: number | null) => ({
      what: `${WORDS[mode]}: ${what}`,
      value,
      unit,
      timesBaseline: times,
      aim,
    });
    return [
      line(
        'redirects',
        perSecond,
        '/s',
        isBase ? null : perSecond / base,
        mode === 'durable' ? 0.85 * base : null,
      ),
      line(
        'p50',
        of(mode, (round) => round.p50),
        'ms',
        null,
        null,
      ),
      line('p99', p99, 'ms', isBase ? null : p99 / baseP99, mode === 'durable' ? 2 * baseP99 : null),
    ];
  });
  const scored = of('scored', ({ scoredPerSecond }) => scoredPerSecond ?? 0);
  measured.push({
    what: 'scored, the backlog included',
    value: scored,
    unit: '/s',
    timesBaseline: scored / base,
    aim: null,
  });
  return {
    name: 'track',
    about: `Redirects by one process, ${CONNECTIONS} connections, loader and PostgreSQL (fsync on) on the same machine; medians of ${ROUNDS} rounds of ${SECONDS} s.`,
    measured,
    notes: [
      'A redirect is answered when its click is durable. Scoring follows in transactions of many; the last line counts clicks until the last one was scored.',
    ],
  };
}

async function readers(pool: pg.Pool): Promise<string[]> {
  const issueId = await addIssue(pool);
  await pool.query(
    `insert into subscribers (email, status, language, time_zone, created_at, interests, mails_sent)
     select 'reader-' || n || '@bench.example', 'active', 'en', 'Europe/Amsterdam', now(), '{payroll}', 1
       from generate_series(1, $1) n`,
    [LEADS],
  );
  const { rows } = await pool.query<{ id: number }>(
    `insert into deliveries (issue_id, subscriber_id, status, due_at, sent_at)
     select $1, id, 'sent', now(), now() - interval '1 day' from subscribers returning id`,
    [issueId],
  );
  // Each reader's first click, then each one's second, as they come in after an issue.
  return [0, 1, 2, 5].flatMap((link) =>
    rows.map(({ id }) => testLinks.click(issueId, id, LINKS[link]![0]).slice(testPublicUrl.length)),
  );
}

async function run(mode: Mode, url: string, folder: string, pool: pg.Pool, paths: string[]): Promise<Round> {
  await clear(pool);
  const args = ['--import', 'tsx', join(import.meta.dirname, 'track/server.ts'), mode, url, folder];
  const server = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const [said] = await once(server.stdout, 'data');
    const port = Number(String(said));
    await load(port, 1, paths.slice(-2_000));
    await clear(pool);
    const begun = performance.now();
    const loaded = await load(port, SECONDS, paths);
    const backlog = await waiting(pool);
    if (mode !== 'scored') return { ...loaded, scoredPerSecond: null, backlog };
    while ((await waiting(pool)) > 0) await sleep(20);
    const took = (performance.now() - begun) / 1000;
    return { ...loaded, scoredPerSecond: loaded.answered / took, backlog };
  } finally {
    server.kill('SIGTERM');
    await once(server, 'exit');
  }
}

async function waiting(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ n: number }>('select count(*)::int as n from arrived_events');
  return rows[0]!.n;
}

async function clear(pool: pg.Pool): Promise<void> {
  while ((await waiting(pool)) > 0) {
    await pool.query('truncate arrived_events');
  }
  await pool.query('truncate events, score_entries, qualifications, outbox cascade');
  await pool.query(`update subscribers set score = 0, stage = 'mql'`);
  await pool.query('vacuum analyze subscribers');
}

async function load(port: number, seconds: number, paths: string[]): Promise<Load> {
  const args = [
    '--import',
    'tsx',
    join(import.meta.dirname, 'track/load.ts'),
    String(port),
    String(CONNECTIONS),
    String(seconds),
  ];
  const loader: ChildProcess = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  loader.stdin!.end(paths.join('\n'));
  let said = '';
  loader.stdout!.on('data', (chunk) => {
    said += chunk;
  });
  await once(loader, 'close');
  return JSON.parse(said) as Load;
}
