/**
 * A worker process for tests that kill it: delivers one issue until nothing is left to claim.
 * node --import tsx test/support/deliver-child.ts DATABASE_URL SMTP_URL ISSUE_ID
 */
import { silentLog } from '../../src/adapters/log.ts';
import { makeDatabase } from '../../src/adapters/postgres/database.ts';
import { makePool } from '../../src/adapters/postgres/pool.ts';
import { smtpMailSender } from '../../src/adapters/smtp/mail-sender.ts';
import { deliverBatch } from '../../src/journey/delivery/deliver-batch.ts';
import { plainRenderer } from './content.ts';
import { testLinks, testProgramme, testSecrets } from './programme.ts';

const [databaseUrl, smtpUrl, issueId] = process.argv.slice(2) as [string, string, string];
const programme = testProgramme();
const pool = makePool(databaseUrl, silentLog);
const { deliveries, issues } = makeDatabase(pool, { programme, links: testLinks }).stores;
const sender = smtpMailSender({ url: smtpUrl, production: false, from: programme.brand.from });
const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());

const deps = {
  deliveries,
  issues,
  mails: plainRenderer,
  sender,
  programme,
  links: testLinks,
  secrets: testSecrets,
  random: Math.random,
  log: silentLog,
};
const input = { issueId: Number(issueId), worker: `child ${process.pid}`, signal: stop.signal };
let report = await deliverBatch(deps, input, () => new Date());
while (report && !stop.signal.aborted) report = await deliverBatch(deps, input, () => new Date());
await sender.close();
await pool.end();
