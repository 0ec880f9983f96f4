import { afterEach, beforeEach, expect, it } from 'vitest';
import { silentLog } from '../../src/adapters/log.ts';
import { smtpMailSender } from '../../src/adapters/smtp/mail-sender.ts';
import { makeHandlers } from '../../src/jobs/handlers.ts';
import { watchUncertain } from '../../src/journey/delivery/control-issue.ts';
import { plainRenderer } from '../support/content.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { issueForReaders, statuses } from '../support/issues.ts';
import { testLinks, testProgramme, testPublicUrl, testSecrets } from '../support/programme.ts';
import { testSay } from '../support/say.ts';
import { type Behaviour, startSmtpServer, type TestSmtpServer } from '../support/smtp-server.ts';
import { testWriter } from '../support/writer.ts';

const READERS = 1_500;
const CONNECTIONS = 10;
const CLOSES: Behaviour = { close: 'after-dot', keep: true };

let db: TestDatabase;
let server: TestSmtpServer;
beforeEach(async () => {
  db = await testDatabase();
  server = await startSmtpServer();
});
afterEach(async () => {
  await server.close();
  await db.close();
});

/** Delivers an issue as a worker does, with the rules a programme has that says nothing about them. */
async function deliver(): Promise<number> {
  const programme = testProgramme();
  const issueId = await issueForReaders(db, READERS, new Date());
  // Each reader at a domain of its own: what slows one domain down slows none of the others.
  await db.pool.query(`update subscribers set email = replace(email, '@', '@r' || id || '.')`);
  const sender = smtpMailSender({
    url: `${server.url}?connections=${CONNECTIONS}`,
    production: false,
    from: programme.brand.from,
  });
  const brake = {
    database: db.database,
    programme,
    say: (_language: string, key: string) => key,
    publicUrl: testPublicUrl,
    log: silentLog,
  };
  const handle = makeHandlers({
    say: testSay,
    programme,
    database: db.database,
    links: testLinks,
    log: silentLog,
    feedReader: { read: async () => ({ status: 'unchanged' }) },
    imageChecker: { check: async (url) => ({ url, width: 800, height: 600, fault: null }) },
    mails: plainRenderer,
    writer: testWriter(),
    sender,
    webhookSender: { post: async () => ({ statusCode: 204, error: null, tookMs: 1 }) },
    secrets: testSecrets,
    worker: 'test',
    signal: new AbortController().signal,
    now: () => new Date(),
    random: () => 0,
    watchUncertain: async (issue, inARow) => {
      await watchUncertain(brake, { issueId: issue, inARow }, new Date());
    },
  });
  await handle({ name: 'deliver-issue', issueId });
  await sender.close();
  return issueId;
}

const statusOfIssue = async () => (await db.pool.query('select status from issues')).rows[0].status;

it('a server that closes after each mail stops the issue after a few rounds, not after a thousand mails', async () => {
  server.behaveToAll(CLOSES);
  const issueId = await deliver();
  const { uncertain = 0, planned = 0, ...rest } = await statuses(db, issueId);
  expect(rest).toEqual({});
  expect(await statusOfIssue()).toBe('paused');
  // Three rounds of what is on the wire, and what was on its way when the third was told.
  expect(uncertain).toBeGreaterThanOrEqual(3);
  expect(uncertain).toBeLessThanOrEqual(5 * 2 * CONNECTIONS);
  expect(uncertain + planned).toBe(READERS);
  const mails = await db.pool.query(`select count(*)::int as n from outbox where kind = 'notice'`);
  expect(mails.rows[0].n).toBe(1);
}, 60_000);

it('one that closes after every fourth stops it too, by the share', async () => {
  let mails = 0;
  server.behaveToAll(() => (++mails % 4 === 0 ? CLOSES : null));
  const issueId = await deliver();
  expect(await statusOfIssue()).toBe('paused');
  const { uncertain = 0, sent = 0 } = await statuses(db, issueId);
  expect(uncertain).toBeLessThanOrEqual(30 + 2 * CONNECTIONS);
  expect(sent).toBeGreaterThan(0);
}, 60_000);

it('one that breaks off once, with all connections, stops nothing', async () => {
  let mails = 0;
  server.behaveToAll(() => (++mails > 300 && mails <= 300 + CONNECTIONS ? CLOSES : null));
  const issueId = await deliver();
  expect(await statusOfIssue()).toBe('open');
  const { uncertain = 0, sent = 0, planned = 0 } = await statuses(db, issueId);
  expect(uncertain).toBeGreaterThan(0);
  expect(sent + uncertain + planned).toBe(READERS);
  expect(sent).toBeGreaterThan(READERS - 4 * CONNECTIONS);
}, 60_000);
