/**
 * A worker process for tests that kill or stop it: delivers one issue until nothing is left to claim. FASTER: so many times as
 * fast as in earnest it says that it is there, and finds others dead.
 * node --import tsx test/support/deliver-child.ts DATABASE_URL SMTP_URL ISSUE_ID [FASTER]
 */
import { silentLog } from '../../src/adapters/log.ts';
import { makePool } from '../../src/adapters/postgres/pool.ts';
import { smtpMailSender } from '../../src/adapters/smtp/mail-sender.ts';
import { makeDatabase } from '../../src/database.ts';
import { deliverIssues } from '../../src/journey/delivery/deliver/deliver-issues.ts';
import { emptyHands } from '../../src/journey/worker-ports.ts';
import { present } from './present.ts';
import { testLinks, testProgramme, testSecrets } from './programme.ts';
import { testWriter } from './writer.ts';

const [databaseUrl, smtpUrl, issueId, faster = '1'] = process.argv.slice(2) as [
  string,
  string,
  string,
  string?,
];
const programme = testProgramme();
const pool = makePool(databaseUrl, silentLog);
const database = makeDatabase(pool, { programme, links: testLinks });
const { deliveries, issues, ledger, pace } = database.stores;
const inHand = emptyHands();
const presence = await present({ pool, database }, Number(faster), inHand);
const sender = smtpMailSender({ url: smtpUrl, production: false, from: programme.brand.from });
const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());

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
const input = { issueIds: new Set([Number(issueId)]), worker: presence.name, signal: stop.signal };
await deliverIssues(deps, input, () => new Date());
await sender.close();
await presence.stop();
await pool.end();
