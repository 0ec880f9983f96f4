/**
 * One worker of the bench. Arguments: DATABASE_URL SMTP_URL ISSUE_ID SIGNING [REDIS_URL]. Sends a few batches of that issue,
 * as a worker that has been running for a while is to be measured, and says "ready". A line on its standard input names the
 * issue that counts; it ends by telling its times and memory as JSON.
 */
import { once } from 'node:events';
import { bullQueue } from '../../src/adapters/bull/queue.ts';
import { silentLog } from '../../src/adapters/log.ts';
import { makePool } from '../../src/adapters/postgres/pool.ts';
import { smtpMailSender } from '../../src/adapters/smtp/mail-sender.ts';
import { makeDatabase } from '../../src/database.ts';
import { deliverIssues } from '../../src/journey/delivery/deliver/deliver-issues.ts';
import { testLinks, testSecrets } from '../../test/support/programme.ts';
import { benchProgramme, benchWriter, type Signing } from './setting.ts';

const [databaseUrl, smtpUrl, issue, signing, redisUrl] = process.argv.slice(2) as [
  string,
  string,
  string,
  Signing,
  string?,
];
const WARM_UP_BATCHES = 6;
const programme = benchProgramme();
const pool = makePool(databaseUrl, silentLog);
const { deliveries, issues, ledger, pace } = makeDatabase(pool, { programme, links: testLinks }).stores;
const sender = smtpMailSender({ url: smtpUrl, production: false, from: programme.brand.from });
const writer = await benchWriter(programme, signing);
const deps = {
  deliveries,
  issues,
  ledger,
  pace,
  writer,
  sender,
  programme,
  secrets: testSecrets,
  random: Math.random,
  log: silentLog,
};
const worker = `bench ${process.pid}`;
let sent = 0;
let cpuBefore = process.cpuUsage();
let first = 0;
let last = 0;

/** The resident size through the run: the most in each tenth of it, so that growth with the number of readers would show. */
const sizes: number[] = [];
const watching = setInterval(() => sizes.push(process.memoryUsage.rss() / 1024 / 1024), 100);

function tenths(): number[] {
  return Array.from({ length: 10 }, (_, part) => {
    const from = Math.floor((part * sizes.length) / 10);
    return Math.round(Math.max(0, ...sizes.slice(from, Math.floor(((part + 1) * sizes.length) / 10))));
  });
}

async function run(issueIds: Set<number>) {
  first ||= Date.now();
  const report = await deliverIssues(deps, { issueIds, worker }, () => new Date());
  sent += report.sent;
  if (report.sent > 0) last = Date.now();
}

const warmUp = { issueIds: new Set([Number(issue)]), worker, mostBatches: WARM_UP_BATCHES };
await deliverIssues(deps, warmUp, () => new Date());
// What starting took, compiling the templates above all, is given back by then.
await new Promise((resolve) => setTimeout(resolve, 1_500));
sizes.length = 0;
const readyMb = process.memoryUsage().rss / 1024 / 1024;
process.stdout.write('ready\n');
const issueId = Number(String((await once(process.stdin, 'data'))[0]));
cpuBefore = process.cpuUsage();
if (redisUrl === undefined) await run(new Set([issueId]));
else {
  const queue = bullQueue(redisUrl, silentLog);
  const wanted = new Set<number>();
  let isRunning = false;
  queue.work(async (job) => {
    if (job.name !== 'deliver-issue') return;
    wanted.add(job.issueId);
    if (isRunning) return;
    isRunning = true;
    await run(wanted).finally(() => {
      isRunning = false;
    });
  }, 8);
  await once(process.stdin, 'data');
  await queue.close();
}
clearInterval(watching);
const cpu = process.cpuUsage(cpuBefore);
process.stdout.write(
  `${JSON.stringify({ sent, first, last, memoryMb: Math.max(...sizes), readyMb, tenths: tenths(), cpuMs: (cpu.user + cpu.system) / 1000 })}\n`,
);
await sender.close();
await pool.end();
process.exit();
