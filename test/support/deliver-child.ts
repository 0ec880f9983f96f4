/**
 * A worker process for tests that kill it: delivers one issue until nothing is left to claim.
 * node --import tsx test/support/deliver-child.ts DATABASE_URL SMTP_URL ISSUE_ID
 */
import { silentLog } from '../../src/adapters/log.ts';
import { makeDatabase } from '../../src/adapters/postgres/database.ts';
import { makePool } from '../../src/adapters/postgres/pool.ts';
import { smtpMailSender } from '../../src/adapters/smtp/mail-sender.ts';
import { deliverIssues } from '../../src/journey/delivery/deliver-batch.ts';
import { testLinks, testProgramme, testSecrets } from './programme.ts';
import { testWriter } from './writer.ts';

const [databaseUrl, smtpUrl, issueId] = process.argv.slice(2) as [string, string, string];
const programme = testProgramme();
const pool = makePool(databaseUrl, silentLog);
const { deliveries, issues, pace } = makeDatabase(pool, { programme, links: testLinks }).stores;
const sender = smtpMailSender({ url: smtpUrl, production: false, from: programme.brand.from });
const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());

const deps = {
  deliveries,
  issues,
  pace,
  writer: testWriter(),
  sender,
  programme,
  secrets: testSecrets,
  random: Math.random,
  log: silentLog,
};
const input = { issueIds: new Set([Number(issueId)]), worker: `child ${process.pid}`, signal: stop.signal };
await deliverIssues(deps, input, () => new Date());
await sender.close();
await pool.end();
