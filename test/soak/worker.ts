/**
 * A worker of the soak: Bull hands it reminders, and it looks for due mails itself too. PLACE: "here", or "elsewhere" for one that
 * others know only by what it says, as if on another machine. FASTER: so many times as fast as in earnest others find it dead.
 * DATABASE_URL SMTP_URL REDIS_URL NAME PLACE FASTER
 */
import { bullQueue } from '../../src/adapters/bull/queue.ts';
import { silentLog } from '../../src/adapters/log.ts';
import { makePool } from '../../src/adapters/postgres/pool.ts';
import { ownIdentity } from '../../src/adapters/process/identity.ts';
import { smtpMailSender } from '../../src/adapters/smtp/mail-sender.ts';
import { makeDatabase } from '../../src/database.ts';
import { RHYTHM } from '../../src/jobs/presence.ts';
import { deliverIssues } from '../../src/journey/delivery/deliver/deliver-issues.ts';
import { emptyHands } from '../../src/journey/worker-ports.ts';
import { present } from '../support/present.ts';
import { testLinks, testProgramme, testSecrets } from '../support/programme.ts';
import { testWriter } from '../support/writer.ts';

const [databaseUrl, smtpUrl, redisUrl, name, place, faster] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
  'here' | 'elsewhere',
  string,
];
const programme = testProgramme();
const pool = makePool(databaseUrl, silentLog);
const database = makeDatabase(pool, { programme, links: testLinks });
const { deliveries, issues, ledger, pace } = database.stores;
const inHand = emptyHands();
const identity = { ...ownIdentity(), ...(place === 'elsewhere' ? { boot: null, process: null } : {}), name };
const presencePool = makePool(databaseUrl, silentLog, 1, undefined, RHYTHM.beatMs);
const presence = await present({ pool: presencePool, database }, Number(faster), inHand, identity);
const sender = smtpMailSender({
  url: smtpUrl,
  production: false,
  from: programme.brand.from,
  limits: { connectMs: 5_000, greetingMs: 10_000, silenceMs: 20_000 },
});
const deps = {
  deliveries,
  issues,
  ledger,
  pace,
  writer: testWriter(),
  sender,
  programme,
  secrets: testSecrets,
  random: Math.random,
  hold: presence.hold,
  inHand: inHand.batches,
  log: silentLog,
};
const halt = new AbortController();
process.once('SIGTERM', () => halt.abort());

const queue = bullQueue(redisUrl, silentLog);
const wanted = new Set<number>();
let isRunning = false;
queue.work(async (job) => {
  if (job.name !== 'deliver-issue' || halt.signal.aborted) return;
  wanted.add(job.issueId);
  if (isRunning) return;
  isRunning = true;
  try {
    await deliverIssues(deps, { issueIds: wanted, worker: name, signal: halt.signal }, () => new Date());
  } finally {
    wanted.clear();
    isRunning = false;
  }
}, 8);

process.stdout.write('ready\n');
while (!halt.signal.aborted) {
  await new Promise((resolve) => setTimeout(resolve, 200));
  const due = await issues.withDueDeliveries(new Date()).catch(() => []);
  for (const { issueId } of due)
    await queue.add({ name: 'deliver-issue', issueId }, { key: `deliver-issue ${issueId} 0` });
}
await queue.close();
await sender.close();
await presence.stop();
await Promise.all([presencePool, pool].map((one) => one.end().catch(() => {})));
process.exit();
