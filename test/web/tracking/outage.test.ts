import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { silentLog } from '../../../src/adapters/log.ts';
import { type Embedded, startEmbedded } from '../../../src/adapters/postgres/embedded/embedded.ts';
import { runningServer } from '../../../src/adapters/postgres/embedded/embedded-server.ts';
import { migrate } from '../../../src/adapters/postgres/migrate.ts';
import { makePool } from '../../../src/adapters/postgres/pool.ts';
import { freePort } from '../../../src/start/listen.ts';
import { addDelivery, addIssue, addLead, LINKS } from '../../support/leads.ts';
import { ownClock } from '../../support/own-time.ts';
import { testLinks, testPublicUrl } from '../../support/programme.ts';

/** A minute of 500 clicks/s: OUTAGE_SECONDS=60 OUTAGE_CLICKS=500 npx vitest run test/web/tracking/outage.test.ts */
const SECONDS = Number(process.env.OUTAGE_SECONDS ?? 4);
const CLICKS_PER_SECOND = Number(process.env.OUTAGE_CLICKS ?? 150);
const SCRIPT = join(import.meta.dirname, '../../support/tracking-child.ts');
/** A reader follows some links, not hundreds. */
const LEADS = Math.max(200, Math.ceil((SECONDS * CLICKS_PER_SECOND) / 20));

let folder: string;
let postgres: Embedded;
let pool: pg.Pool;
let port: number;
let urls: string[];
let web: ChildProcess;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'simmer-outage-'));
  postgres = await startEmbedded(folder, silentLog, { throwAway: true });
  await migrate(postgres.url, silentLog);
  pool = makePool(postgres.url, silentLog);
  const issueId = await addIssue(pool);
  urls = [];
  for (let n = 0; n < LEADS; n++) {
    const delivery = await addDelivery(pool, issueId, await addLead(pool));
    urls.push(...LINKS.map(([number]) => testLinks.click(issueId, delivery, number)));
  }
  port = await freePort();
  web = await startWeb();
}, 120_000);
afterAll(async () => {
  web?.kill('SIGKILL');
  await pool?.end();
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function startWeb(): Promise<ChildProcess> {
  const args = ['--import', 'tsx', SCRIPT, postgres.url, folder, String(port)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout!, 'data');
  return child;
}

interface Answer {
  /** Names the click: its agent. */
  agent: string;
  status: number | null;
  location: string | undefined;
  ms: number;
}

let clicks = 0;
const clock = ownClock();
const agent = new Agent({ keepAlive: true, maxSockets: 64 });

function click(): Promise<Answer> {
  const n = clicks++;
  const name = `Mozilla/5.0 Firefox/145 click-${n}`;
  const url = `http://127.0.0.1:${port}${urls[(n * 13) % urls.length]!.slice(testPublicUrl.length)}`;
  const begun = clock.now();
  return new Promise((resolve) => {
    const done = (status: number | null, location?: string) =>
      resolve({ agent: name, status, location, ms: clock.now() - begun });
    get(url, { agent, headers: { 'user-agent': name } }, (response) => {
      response.resume();
      response.on('end', () => done(response.statusCode ?? null, response.headers.location));
    }).on('error', () => done(null));
  });
}

/** Clicks at the given rate while `meanwhile` goes on, and for as long as it does. */
async function clicking(meanwhile: () => Promise<unknown>): Promise<Answer[]> {
  const answers: Promise<Answer>[] = [];
  let isOver = false;
  const work = meanwhile().finally(() => {
    isOver = true;
  });
  const begun = performance.now();
  const first = clicks;
  while (!isOver) {
    const wanted = ((performance.now() - begun) / 1000) * CLICKS_PER_SECOND;
    while (clicks - first < wanted) answers.push(click());
    await sleep(5);
  }
  await work;
  return Promise.all(answers);
}

async function counted(): Promise<Map<string, number>> {
  const { rows } = await pool.query<{ user_agent: string; n: number }>(
    'select user_agent, count(*)::int as n from events group by 1',
  );
  return new Map(rows.map((row) => [row.user_agent, row.n]));
}

/** Until everything that waits is in the events. */
async function settled() {
  const waiting = async () => {
    const { rows } = await pool.query('select count(*)::int as n from arrived_events');
    return rows[0].n as number;
  };
  await expect
    .poll(() => readdirSync(join(folder, 'spool')).filter((name) => name.endsWith('.ready')), {
      timeout: 30_000,
    })
    .toEqual([]);
  await expect.poll(() => readdirSync(join(folder, 'spool')), { timeout: 90_000 }).toEqual([]);
  // A minute of clicks on a busy machine takes a while to be scored; readers have long been answered.
  await expect.poll(waiting, { timeout: 60_000 + clicks * 10, interval: 500 }).toBe(0);
}

const slowest = (answers: Answer[]) => Math.max(...answers.map(({ ms }) => ms));
const landed = ({ status, location }: Answer) =>
  status === 302 && /tessel|blog\.example|call-back/.test(location ?? '');

it('Postgres stopped under clicks: every click lands, none is lost, none counts twice', async () => {
  const answers = await clicking(async () => {
    await sleep(700);
    await postgres.stop();
    await sleep(SECONDS * 1000);
    postgres = await startEmbedded(folder, silentLog, { throwAway: true });
    await sleep(1500);
  });
  expect(answers.filter((answer) => !landed(answer))).toEqual([]);
  expect(slowest(answers)).toBeLessThan(3_000);
  await settled();
  const events = await counted();
  expect(answers.filter((answer) => events.get(answer.agent) !== 1)).toEqual([]);
  console.log(
    `${answers.length} clicks at ${CLICKS_PER_SECOND}/s, Postgres away for ${SECONDS} s: all landed, all counted once; slowest ${Math.round(slowest(answers))} ms`,
  );
}, 900_000);

it('Postgres hanging: readers do not', async () => {
  const { pid } = runningServer(join(postgres.data, 'cluster'))!;
  const children = () =>
    execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' })
      .split(/\s+/)
      .filter(Boolean)
      .map(Number);
  const signal = (name: 'SIGSTOP' | 'SIGCONT') => {
    for (const one of [pid, ...children()]) process.kill(one, name);
  };
  const answers = await clicking(async () => {
    await sleep(300);
    signal('SIGSTOP');
    await sleep(3_000);
    signal('SIGCONT');
    await sleep(1_000);
  });
  expect(answers.filter((answer) => !landed(answer))).toEqual([]);
  expect(slowest(answers)).toBeLessThan(2_500);
  await settled();
  const events = await counted();
  expect(answers.filter((answer) => events.get(answer.agent) !== 1)).toEqual([]);
}, 120_000);

it('kill -9 of the web process, with and without Postgres: what was answered is there, once; a cold start lands clicks', async () => {
  const answers: Answer[] = [];
  const killed = async () => {
    answers.push(
      ...(await clicking(async () => {
        await sleep(500);
        web.kill('SIGKILL');
        await once(web, 'exit');
      })),
    );
    web = await startWeb();
  };
  await killed();
  await postgres.stop();
  await killed();
  const cold = await clicking(() => sleep(500));
  expect(cold.filter((answer) => !landed(answer))).toEqual([]);
  web.kill('SIGKILL');
  await once(web, 'exit');
  postgres = await startEmbedded(folder, silentLog, { throwAway: true });
  // What dead processes left is taken over once it is surely theirs no more.
  age(join(folder, 'spool'));
  web = await startWeb();
  await settled();
  const events = await counted();
  const answered = [...answers, ...cold].filter(({ status }) => status !== null);
  expect(answered.length).toBeGreaterThan(100);
  expect(answered.filter((answer) => events.get(answer.agent) !== 1)).toEqual([]);
  expect([...events.values()].filter((n) => n !== 1)).toEqual([]);
}, 240_000);

/** Makes the segments older than any writer keeps one: their names say when they were begun. */
function age(spool: string): void {
  for (const name of readdirSync(spool)) {
    const [begun = '', ...rest] = name.split('-');
    execFileSync('mv', [join(spool, name), join(spool, [Number(begun) - 120_000, ...rest].join('-'))]);
  }
}
