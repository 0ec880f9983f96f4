import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { silentLog } from '../../src/adapters/log.ts';
import { startEmbedded } from '../../src/adapters/postgres/embedded/embedded.ts';
import { migrate } from '../../src/adapters/postgres/migrate.ts';
import { makePool } from '../../src/adapters/postgres/pool.ts';
import { staffViews } from '../../src/adapters/postgres/staff/staff-views.ts';
import { makeDatabase } from '../../src/database.ts';
import { addArticles, addReaders } from '../support/content.ts';
import { openIssue } from '../support/issues.ts';
import { testLinks, testProgramme } from '../support/programme.ts';
import { freePort, startRedis, type TestRedis } from '../support/redis.ts';

export interface SoakReport {
  readers: number;
  kills: Record<Kind, number>;
  /** Kept by the receiving server. */
  mails: number;
  /** Message-IDs that arrived more than once. */
  duplicates: number;
  /** Readers whose mail neither arrived nor is listed as uncertain, and rows that say sent without a mail. */
  lost: number;
  /** Rows with this status. */
  uncertain: number;
  /** Of those, the ones that "simmer issue status" lists. */
  listed: number;
  /** Of those, the ones that the receiving server had and left without an answer. */
  unanswered: number;
  /** Of the others, the most that can have been on the wire at all those kills. */
  mostUncertain: number;
  /** How long the dead had something in their hands, at the most: by the database's clock, and as it would be in earnest. */
  longestHeldSeconds: number;
  /** Mails that arrived and are neither sent nor uncertain in the books. */
  unknown: number;
  /** Readers whose number of mails in the ledger is not that of their sent rows. */
  miscounted: number;
  seconds: number;
}

/** What happens to them: killed, or (the last three, the receiving server) ill for some mails. */
const KINDS = [
  'worker',
  'server hangs',
  'database',
  'server closes after DATA',
  'stopped worker',
  'server answers 421',
  'redis',
  'server',
] as const;
type Kind = (typeof KINDS)[number];

/** The second one is on another machine, for all that the others know. */
const WORKERS = 3;
/** What the dead had in hand others have by then. */
export const MOST_HELD_SECONDS = 60;
const CONNECTIONS = 4;
/** Two on each connection: one whose answer is awaited, one behind it. */
const ON_THE_WIRE = 2 * CONNECTIONS;
const DOMAINS = 200;
/** A stop finishes what is on the wire; a busy machine takes its time. */
const STOP_MS = 40_000;

/**
 * Delivers an issue while workers, the database, Redis and the receiving server are killed at random (SIGKILL), and
 * counts at the receiving server, which is ill at times. What the dead had in hand others take over by themselves; only pauses
 * before another try are cut short, as if the time had passed.
 */
export async function soak({
  readers,
  kills,
  faster = 1,
  betweenMs = 0,
  answerMs = 15,
  tell = () => {},
  signal,
}: {
  readers: number;
  kills: number;
  /** So many times as fast as in earnest workers say that they are there, and find others dead. */
  faster?: number;
  /** At least so long from one kill to the next. */
  betweenMs?: number;
  /** The receiving server takes up to so long for a mail. */
  answerMs?: number;
  tell?: (what: string) => void;
  /** Ends it early, with everything that it started. */
  signal?: AbortSignal;
}): Promise<SoakReport> {
  const start = Date.now();
  const folder = mkdtempSync(join(tmpdir(), 'simmer-soak-'));
  const book = join(folder, 'mails');
  writeFileSync(book, '');
  const done = Object.fromEntries(KINDS.map((kind) => [kind, 0])) as SoakReport['kills'];
  const sinkPort = await freePort();
  const embedded = await startEmbedded(folder, silentLog);
  let redis: TestRedis = await startRedis();
  let sink = await startSink(sinkPort, book, answerMs, signal);
  const workers: ChildProcess[] = [];
  /** Workers that were asked to stop and did not in time: killed after all. */
  let stubborn = 0;
  const { url } = embedded;
  await migrate(url, silentLog);
  const pool = makePool(url, silentLog);
  const held = heldByDead(pool);
  let started = 0;
  const names: string[] = [];

  const startWorker = (at: number) => {
    started += 1;
    names[at] = `soak ${started}`;
    const smtp = `smtp://127.0.0.1:${sinkPort}?connections=${CONNECTIONS}`;
    const place = at === 1 ? 'elsewhere' : 'here';
    const args = [url, smtp, redis.url, names[at], place, String(faster)];
    return spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'worker.ts'), ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  };
  const replace = async (at: number, signal: 'SIGKILL' | 'SIGTERM') => {
    const old = workers[at]!;
    const gone = old.exitCode === null && old.signalCode === null ? once(old, 'exit') : null;
    old.kill(signal);
    await Promise.race([gone, sleep(STOP_MS)]);
    if (signal === 'SIGTERM' && old.kill('SIGKILL')) stubborn += 1;
    await untilDone(() => held.died(names[at]!));
    workers[at] = startWorker(at);
  };
  const ill = (how: 'hang' | 'close' | '421', mails: number) => async () => {
    sink.stdin!.write(`${how} ${mails}\n`);
  };
  const acts: Record<Kind, () => Promise<void>> = {
    worker: () => replace(Math.floor(Math.random() * WORKERS), 'SIGKILL'),
    'stopped worker': () => replace(Math.floor(Math.random() * WORKERS), 'SIGTERM'),
    async database() {
      const pid = Number(readFileSync(join(embedded.data, 'cluster/postmaster.pid'), 'utf8').split('\n')[0]);
      process.kill(pid, 'SIGKILL');
      // It is watched, and started again.
      await sleep(300);
      await untilDone(() => pool.query('select 1'));
    },
    async redis() {
      await redis.stop();
      await sleep(200);
      redis = await startRedis(redis.port);
    },
    'server hangs': ill('hang', 4),
    'server closes after DATA': ill('close', 8),
    'server answers 421': ill('421', 20),
    async server() {
      const gone = once(sink, 'exit', { signal });
      sink.kill('SIGKILL');
      await gone;
      await sleep(100);
      sink = await startSink(sinkPort, book, answerMs, signal);
    },
  };

  /** What otherwise takes minutes: tries and domains need not wait. */
  const passTime = async () => {
    signal?.throwIfAborted();
    await held.look();
    await pool.query(`update deliveries set due_at = now() where status = 'planned' and due_at > now()`);
    await pool.query('delete from slow_domains');
  };

  try {
    await addReaders(pool, readers);
    await pool.query(
      `update subscribers set email = replace(email, 'reader.example', 'r' || id % $1 || '.example')`,
      [DOMAINS],
    );
    await addArticles(pool, 12, new Date(Date.now() - 3_600_000));
    const issueId = await openIssue(
      { pool, database: makeDatabase(pool, { programme: testProgramme(), links: testLinks }) } as never,
      new Date(),
    );
    for (let at = 0; at < WORKERS; at += 1) workers.push(startWorker(at));
    const left = async () =>
      Number(
        (
          await untilDone(() =>
            pool.query(`select count(*) as n from deliveries where status in ('planned', 'claimed')`),
          )
        ).rows[0].n,
      );
    let last = 0;
    for (let kill = 0; kill < kills; kill += 1) {
      // The kills are spread over the whole delivery: the next one comes when its share of the mails is through.
      const goal = readers - Math.floor((readers * (kill + 1)) / (kills + 1));
      const patience = Date.now() + 120_000;
      while (((await left()) > goal || Date.now() < last + betweenMs) && Date.now() < patience) {
        await sleep(30);
        await untilDone(passTime);
      }
      last = Date.now();
      const kind = KINDS[kill < KINDS.length ? kill : Math.floor(Math.random() * KINDS.length)]!;
      await acts[kind]();
      done[kind] += 1;
      tell(`${kill + 1} of ${kills}: ${kind}, ${await left()} mails to go`);
    }
    const patience = Date.now() + 300_000;
    const uncounted = async () =>
      (await untilDone(() => pool.query('select from batches where counted_at is null limit 1'))).rowCount;
    while (((await left()) > 0 || (await uncounted())) && Date.now() < patience) {
      await sleep(100);
      await untilDone(passTime);
    }
    for (const at of workers.keys()) {
      // False: it is gone already.
      if (!workers[at]!.kill('SIGTERM')) continue;
      await Promise.race([once(workers[at]!, 'exit'), sleep(STOP_MS)]);
    }
    return {
      ...(await count(pool, book, issueId, readers)),
      kills: done,
      mostUncertain: mostUncertain(done, stubborn),
      longestHeldSeconds: held.longestSeconds() * faster,
      seconds: (Date.now() - start) / 1000,
    };
  } finally {
    for (const worker of workers) worker.kill('SIGKILL');
    sink.kill('SIGKILL');
    await redis.stop();
    await pool.end();
    await embedded.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A kill of a worker leaves what it had on the wire; of the sink or the database, what all of them had. */
function mostUncertain(kills: SoakReport['kills'], stubborn: number): number {
  return (kills.worker + stubborn + (kills.server + kills.database) * WORKERS) * ON_THE_WIRE;
}

/** How long mails stay in the hands of the dead, looked at again and again. */
function heldByDead(pool: pg.Pool) {
  const dead: string[] = [];
  const diedAt: Date[] = [];
  let longest = 0;
  return {
    async died(name: string) {
      const { rows } = await pool.query('select clock_timestamp() as at');
      dead.push(name);
      diedAt.push(rows[0].at);
    },
    async look() {
      const { rows } = await pool.query(
        `select coalesce(max(extract(epoch from clock_timestamp() - dead.at)), 0)::float8 as seconds
           from unnest($1::text[], $2::timestamptz[]) as dead(name, at) join batches b on b.worker = dead.name
          where exists (select from deliveries d where d.batch_id = b.id and d.status = 'claimed')`,
        [dead, diedAt],
      );
      longest = Math.max(longest, rows[0].seconds);
    },
    longestSeconds: () => longest,
  };
}

async function count(pool: pg.Pool, book: string, issueId: number, readers: number) {
  const arrived = new Map<string, number>();
  const unanswered = new Set<string>();
  for (const line of readFileSync(book, 'utf8').split('\n').filter(Boolean)) {
    const [id, , fate] = line.split(' ') as [string, string, 'answered' | 'kept' | 'dropped'];
    if (fate !== 'answered') unanswered.add(id);
    if (fate !== 'dropped') arrived.set(id, (arrived.get(id) ?? 0) + 1);
  }
  const { rows } = await pool.query('select status, message_id from deliveries where issue_id = $1', [
    issueId,
  ]);
  const { rows: wrong } = await pool.query(
    `select count(*)::int as n from subscribers s
      where s.mails_sent <> (select count(*) from deliveries d where d.subscriber_id = s.id and d.status = 'sent')`,
  );
  const isKnown = new Set(
    rows.filter(({ status }) => status === 'sent' || status === 'uncertain').map((row) => row.message_id),
  );
  const lostRows = rows.filter(({ status, message_id }) =>
    status === 'sent' ? !arrived.has(message_id) : status !== 'uncertain',
  );
  return {
    readers,
    mails: arrived.size,
    duplicates: [...arrived.values()].filter((times) => times > 1).length,
    lost: lostRows.length + (readers - rows.length),
    uncertain: rows.filter(({ status }) => status === 'uncertain').length,
    unanswered: rows.filter(({ status, message_id }) => status === 'uncertain' && unanswered.has(message_id))
      .length,
    listed: (await staffViews(pool).uncertain(readers)).filter((mail) => mail.issueId === issueId).length,
    unknown: [...arrived.keys()].filter((id) => !isKnown.has(id)).length,
    miscounted: wrong[0].n as number,
  };
}

async function startSink(
  port: number,
  book: string,
  answerMs: number,
  signal?: AbortSignal,
): Promise<ChildProcess> {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'sink.mjs'), String(port), book, String(answerMs)],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  // What is told to one that is killed right then is lost.
  child.stdin!.on('error', () => {});
  try {
    await once(child.stdout!, 'data', { signal });
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  return child;
}

/** Again and again while the database is away. */
async function untilDone<T>(act: () => Promise<T>): Promise<T> {
  const patience = Date.now() + 60_000;
  for (;;) {
    try {
      return await act();
    } catch (error) {
      if (Date.now() > patience || (error as Error).message.startsWith('stopped by')) throw error;
      await sleep(200);
    }
  }
}

if (
  process.argv[1] !== undefined &&
  existsSync(process.argv[1]) &&
  process.argv[1] === import.meta.filename
) {
  const [readers = 50_000, kills = 100] = process.argv.slice(2).map(Number);
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.once(name, () => stop.abort(new Error(`stopped by ${name}`)));
  const tell = (what: string) => process.stderr.write(`${what}\n`);
  // So that mails are under way until the last kill.
  const pace = { betweenMs: 4_000, answerMs: Math.ceil((10_000_000 * kills) / 100 / readers) };
  const report = await soak({ readers, kills, ...pace, tell, signal: stop.signal });
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  const isGood =
    report.duplicates + report.lost + report.unknown + report.miscounted === 0 &&
    report.uncertain - report.unanswered <= report.mostUncertain &&
    report.longestHeldSeconds < MOST_HELD_SECONDS &&
    report.listed === report.uncertain;
  process.stdout.write(isGood ? 'Nobody twice, nobody lost.\n' : 'NOT as it must be.\n');
  process.exit(isGood ? 0 : 1);
}
