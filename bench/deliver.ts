import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type pg from 'pg';
import { bullQueue } from '../src/adapters/bull/queue.ts';
import { silentLog } from '../src/adapters/log.ts';
import { startEmbedded } from '../src/adapters/postgres/embedded/embedded.ts';
import { migrate } from '../src/adapters/postgres/migrate.ts';
import { makePool } from '../src/adapters/postgres/pool.ts';
import { makeDatabase } from '../src/database.ts';
import { sendNow } from '../src/journey/delivery/plan-issue.ts';
import { testLinks } from '../test/support/programme.ts';
import { startRedis } from '../test/support/redis.ts';
import { articlesForBaseline, fill, htmlOf, PICKS } from './deliver/content.ts';
import { benchMails, benchProgramme, benchWriter, type Signing } from './deliver/setting.ts';
import { type Bench, type BenchReport, type Measured, median } from './report.ts';

const READERS = Number(process.env.BENCH_READERS ?? 10_000);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
/** The baseline needs some 8 ms a mail; so many tell enough. */
const BASELINE_MAILS = Math.min(READERS, 2_000);
const CONNECTIONS = 20;

interface Result {
  perSecond: number;
  memoryMb: number;
  /** The most resident memory in each tenth of the run, of the largest worker: flat, or growing with the readers. */
  tenths?: number[];
  /** Of the sending processes, per mail: what else the machine does meanwhile does not count. */
  cpuMs: number;
}

/** Deliveries of an issue from the claim to the ledger, into a sink, beside nodemailer's pool and Postfix's own source. */
export const bench: Bench = async (tell) => {
  const folder = mkdtempSync(join(tmpdir(), 'simmer-bench-'));
  const embedded = await startEmbedded(folder, silentLog);
  const redis = await startRedis();
  const programme = benchProgramme();
  try {
    await migrate(embedded.url, silentLog);
    const pool = makePool(embedded.url, silentLog);
    await fill(pool, READERS);
    const { bytes, htmlKb, links } = await sizeOf();
    const runs: Record<string, (port: number) => Promise<Result>> = {
      'nodemailer pool (baseline, no database)': (port) => baseline(port),
      'Simmer, one worker': (port) => workers(pool, embedded.url, port, 1, 'none', null),
      'Simmer, two workers (Bull)': (port) => workers(pool, embedded.url, port, 2, 'none', redis.url),
      'Simmer, one worker, DKIM Ed25519': (port) => workers(pool, embedded.url, port, 1, 'ed25519', null),
      'Simmer, two workers, DKIM Ed25519': (port) =>
        workers(pool, embedded.url, port, 2, 'ed25519', redis.url),
      'Simmer, one worker, DKIM RSA-2048': (port) => workers(pool, embedded.url, port, 1, 'rsa', null),
      'Simmer, two workers, DKIM RSA-2048': (port) => workers(pool, embedded.url, port, 2, 'rsa', redis.url),
    };
    if (onPath('smtp-source') && onPath('smtp-sink'))
      runs['limit: smtp-source into smtp-sink'] = (port) => limit(port, bytes);
    const only = process.env.BENCH_ONLY;
    const found = new Map<string, Result[]>();
    for (let round = 1; round <= ROUNDS; round += 1) {
      for (const [what, run] of Object.entries(runs)) {
        if (only && (only in runs ? what !== only : !what.includes(only))) continue;
        const sink = await startSink();
        const result = await run(sink.port);
        await sink.stop();
        tell(
          `round ${round}: ${what}: ${result.perSecond.toFixed(0)} mails/s, ${result.memoryMb.toFixed(0)} MB, ${result.cpuMs.toFixed(2)} ms of CPU a mail`,
        );
        found.set(what, [...(found.get(what) ?? []), result]);
      }
    }
    await pool.end();
    return report(found, { bytes, htmlKb, links });
  } finally {
    await redis.stop();
    await embedded.stop();
    rmSync(folder, { recursive: true, force: true });
  }

  async function sizeOf() {
    const mails = await benchMails(programme);
    const html = htmlOf(programme, (data) => mails.render('issue', 'en', data).html, testLinks);
    const writer = await benchWriter(programme, 'none');
    const { articles, issueLinks } = articlesForBaseline(programme);
    const write = writer.prepare({ issueId: 1, digestId: programme.digests[0]!.id, articles, issueLinks });
    const picks = articles.slice(0, PICKS).map(({ id: articleId }, at) => ({
      articleId,
      place: at === 0 ? ('main' as const) : ('other' as const),
      interest: 'payroll',
      score: 1,
      reason: '',
    }));
    const mail = await write({
      deliveryId: 12345,
      subscriber: { name: 'Reader 1', language: 'en', timeZone: 'Europe/Amsterdam' },
      picks,
      now: new Date(),
      language: 'en',
      address: 'r@reader.example',
      messageId: '<1@x>',
    });
    return {
      bytes: mail.end - mail.start,
      htmlKb: Buffer.byteLength(html) / 1000,
      links: html.split(/href="[^"]*\/d[\w-]{20,}/).length - 1,
    };
  }

  async function workers(
    pool: pg.Pool,
    databaseUrl: string,
    port: number,
    count: number,
    signing: Signing,
    redisUrl: string | null,
  ): Promise<Result> {
    const warmUpId = await openIssue(pool);
    const children = Array.from({ length: count }, () =>
      start('worker.ts', [
        databaseUrl,
        `smtp://127.0.0.1:${port}?connections=${CONNECTIONS / count}`,
        String(warmUpId),
        signing,
        ...(redisUrl ? [redisUrl] : []),
      ]),
    );
    await Promise.all(children.map(({ line }) => line('ready')));
    const issueId = await openIssue(pool);
    for (const { child } of children) child.stdin!.write(`${issueId}\n`);
    if (redisUrl) {
      const queue = bullQueue(redisUrl, silentLog);
      for (let batch = 0; batch < READERS / 500; batch += 1)
        await queue.add({ name: 'deliver-issue', issueId });
      for (let left = READERS; left > 0; ) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        // As the schedule does: what is left, for whatever reason, is handed on again.
        await queue.add({ name: 'deliver-issue', issueId }, { key: 'again' });
        const { rows } = await pool.query(
          `select count(*)::int as n from deliveries where issue_id = $1 and status in ('planned', 'claimed')`,
          [issueId],
        );
        left = rows[0].n;
      }
      await new Promise((resolve) => setTimeout(resolve, 500));
      await queue.close();
      for (const { child } of children) child.stdin!.write('end\n');
    }
    const ends = (await Promise.all(children.map(({ line }) => line('{')))).map((text) => JSON.parse(text));
    const sent = ends.reduce((sum, one) => sum + one.sent, 0);
    if (sent !== READERS) throw new Error(`${sent} of ${READERS} mails were sent`);
    const first = Math.min(...ends.filter((one) => one.first > 0).map((one) => one.first));
    const last = Math.max(...ends.map((one) => one.last));
    return {
      perSecond: sent / ((last - first) / 1000),
      memoryMb: Math.max(...ends.map((one) => one.memoryMb)),
      tenths: Array.from({ length: 10 }, (_, part) => Math.max(...ends.map((one) => one.tenths[part]))),
      cpuMs: ends.reduce((sum, one) => sum + one.cpuMs, 0) / sent,
    };
  }

  async function openIssue(pool: pg.Pool): Promise<number> {
    await pool.query('truncate issues, deliveries, batches, events, score_entries restart identity cascade');
    await pool.query('update subscribers set mails_sent = 0, score = 0');
    await pool.query('vacuum analyze');
    const database = makeDatabase(pool, { programme, links: testLinks });
    const { issueId } = await sendNow(
      { programme, database, links: testLinks, log: silentLog } as never,
      programme.digests[0]!,
      { by: 'bench' },
      new Date(),
    );
    await pool.query('checkpoint');
    return issueId;
  }
};

function report(
  found: Map<string, Result[]>,
  { bytes, htmlKb, links }: { bytes: number; htmlKb: number; links: number },
): BenchReport {
  const value = (what: string) => median((found.get(what) ?? []).map(({ perSecond }) => perSecond));
  const base = value('nodemailer pool (baseline, no database)');
  const top = found.has('limit: smtp-source into smtp-sink')
    ? value('limit: smtp-source into smtp-sink')
    : null;
  const measured: Measured[] = [...found.keys()].map((what) => ({
    what:
      top === null || what.startsWith('limit')
        ? what
        : `${what} (${Math.round((value(what) / top) * 100)} % of the limit)`,
    value: value(what),
    unit: 'mails/s',
    timesBaseline: what.startsWith('nodemailer') || Number.isNaN(base) ? null : value(what) / base,
    aim: null,
  }));
  for (const [what, results] of found) {
    if (what.startsWith('limit')) continue;
    measured.push({
      what: `CPU of the senders, ${what}`,
      value: median(results.map(({ cpuMs }) => cpuMs)),
      unit: 'ms a mail',
      timesBaseline: null,
      aim: null,
    });
    if (what.startsWith('Simmer'))
      measured.push({
        what: `memory, ${what}`,
        value: Math.max(...results.map(({ memoryMb }) => memoryMb)),
        unit: 'MB',
        timesBaseline: null,
        aim: 200,
      });
  }
  return {
    name: 'deliver',
    about: `${READERS} readers, ${htmlKb.toFixed(0)} kB of HTML, ${links} tracked links, ${(bytes / 1000).toFixed(1)} kB on the wire, into a sink on this machine; medians of ${ROUNDS}`,
    measured,
    notes: [
      'Simmer claims, chooses, writes, sends, settles and counts in the ledger; the baseline writes to no database.',
      'Both have sent some mails before the clock starts, as processes have that run for weeks.',
      'Aims: 6 times the baseline; of the limit 90 % without DKIM, 80 % with Ed25519, 45 % with RSA-2048; under 200 MB a worker.',
      ...[...found].flatMap(([what, results]) => {
        const last = results.at(-1)?.tenths;
        return last ? [`Memory in MB through the last run of ${what}: ${last.join(' ')}`] : [];
      }),
      ...(top === null
        ? ['smtp-source and smtp-sink (Debian: postfix) are not here, so there is no limit to compare with.']
        : []),
    ],
  };
}

function start(file: string, args: string[]) {
  const child = spawn(
    process.execPath,
    [
      // As compose.yaml starts workers.
      ...(file === 'worker.ts' ? ['--max-old-space-size=512'] : []),
      ...(process.env.BENCH_NODE?.split(' ') ?? []),
      '--import',
      'tsx',
      join(import.meta.dirname, 'deliver', file),
      ...args,
    ],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  return { child, line: lineOf(child) };
}

/** Waits for a line of the child's output that begins so. */
function lineOf(child: ChildProcess) {
  let text = '';
  child.stdout!.on('data', (chunk) => {
    text += chunk;
  });
  return async (beginning: string): Promise<string> => {
    for (;;) {
      const line = text
        .split('\n')
        .slice(0, -1)
        .find((one) => one.startsWith(beginning));
      if (line !== undefined) return line;
      if (child.exitCode !== null) throw new Error(`a process of the bench ended with ${child.exitCode}`);
      await Promise.race([once(child.stdout!, 'data'), once(child, 'exit')]);
    }
  };
}

/** Postfix's sink where it is, so that all runs and the limit have the same one; else our own. */
async function startSink(): Promise<{ port: number; stop: () => Promise<void> }> {
  if (onPath('smtp-sink') && process.env.BENCH_SINK !== 'own') {
    const port = await freePort();
    const child = spawn(
      'smtp-sink',
      [...(process.getuid?.() === 0 ? ['-u', 'nobody'] : []), `127.0.0.1:${port}`, '500'],
      { stdio: 'ignore' },
    );
    await new Promise((resolve) => setTimeout(resolve, 300));
    return { port, stop: () => ended(child) };
  }
  const child = spawn(process.execPath, [join(import.meta.dirname, 'deliver', 'sink.mjs')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const port = Number((await lineOf(child)('listening')).split(' ')[1]);
  return { port, stop: () => ended(child) };
}

async function freePort(): Promise<number> {
  const { createServer } = await import('node:net');
  return new Promise((found) => {
    const probe = createServer();
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => found(port));
    });
  });
}

async function ended(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  // The wrapper some systems put around it would leave it behind.
  child.kill('SIGTERM');
  await gone;
}

async function baseline(port: number): Promise<Result> {
  const { line } = start('baseline.ts', [String(port), String(BASELINE_MAILS)]);
  const { seconds, memoryMb, cpuMs } = JSON.parse(await line('{'));
  return { perSecond: BASELINE_MAILS / seconds, memoryMb, cpuMs: cpuMs / BASELINE_MAILS };
}

async function limit(port: number, bytes: number): Promise<Result> {
  const start = process.hrtime.bigint();
  const child = spawn(
    'smtp-source',
    ['-m', String(READERS), '-s', String(CONNECTIONS), '-l', String(bytes), '-d', `127.0.0.1:${port}`],
    { stdio: 'ignore' },
  );
  await once(child, 'exit');
  return { perSecond: READERS / (Number(process.hrtime.bigint() - start) / 1e9), memoryMb: 0, cpuMs: 0 };
}

function onPath(program: string): boolean {
  return [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin'].some((folder) =>
    existsSync(join(folder, program)),
  );
}
