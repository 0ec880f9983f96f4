import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../src/adapters/log.ts';
import { type HandlerDeps, makeHandlers } from '../../src/jobs/handlers.ts';
import { sendNow } from '../../src/journey/delivery/plan-issue.ts';
import { addArticles, addReaders, keepingSender, plainRenderer } from '../support/content.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { testLinks, testProgramme, testSecrets } from '../support/programme.ts';
import { testSay } from '../support/say.ts';
import { testWriter } from '../support/writer.ts';

const NOW = new Date('2026-11-24T08:30:00Z');
let db: TestDatabase;
let now: Date;
let stop: AbortController;

beforeEach(async () => {
  db = await testDatabase();
  now = NOW;
  stop = new AbortController();
});
afterEach(() => db.close());

function withSender(sender: HandlerDeps['sender'], more: Partial<HandlerDeps> = {}): HandlerDeps {
  return {
    programme: testProgramme(),
    database: db.database,
    links: testLinks,
    say: testSay,
    log: silentLog,
    feedReader: { read: async () => ({ status: 'unchanged' }) },
    imageChecker: { check: async (url) => ({ url, width: 800, height: 600, fault: null }) },
    mails: plainRenderer,
    writer: testWriter(),
    sender,
    webhookSender: { post: async () => ({ statusCode: 204, error: null, tookMs: 1 }) },
    secrets: testSecrets,
    worker: 'test',
    signal: stop.signal,
    now: () => now,
    random: () => 0,
    ...more,
  };
}

async function openIssue(deps: HandlerDeps, readers: number): Promise<number> {
  await addArticles(db.pool, 6, NOW);
  await addReaders(db.pool, readers);
  const digest = deps.programme.digests[0];
  if (digest === undefined) throw new Error('the test programme has a digest');
  return (await sendNow(deps, digest, { by: 'mara@nordwerk.example' }, NOW)).issueId;
}

async function statuses(): Promise<Record<string, number>> {
  const { rows } = await db.pool.query('select status, count(*) as n from deliveries group by status');
  return Object.fromEntries(rows.map(({ status, n }) => [status, n]));
}

describe('a reminder to deliver an issue', () => {
  it('delivers all that is due, over several batches, each reader once', async () => {
    const sender = keepingSender();
    const deps = withSender(sender);
    const issueId = await openIssue(deps, 620);
    await makeHandlers(deps)({ name: 'deliver-issue', issueId });
    expect(await statuses()).toEqual({ sent: 620 });
    expect(new Set(sender.wired.map(({ to }) => to)).size).toBe(620);
    expect(sender.wired).toHaveLength(620);
  });

  it('joins the run under way in this process', async () => {
    let now = 0;
    let most = 0;
    const sender = keepingSender(async () => {
      most = Math.max(most, ++now);
      await new Promise((next) => setTimeout(next, 2));
      now--;
      return { status: 'sent', reply: '250' };
    });
    const deps = withSender(sender);
    const issueId = await openIssue(deps, 60);
    const handle = makeHandlers(deps);
    await Promise.all([1, 2, 3].map(() => handle({ name: 'deliver-issue', issueId })));
    expect(await statuses()).toEqual({ sent: 60 });
    expect(most).toBeLessThanOrEqual(2 * sender.connections);
  });

  it('waits a minute when the mail server cannot be reached', async () => {
    const sender = keepingSender(() => ({ status: 'retry', reply: 'ECONNREFUSED', unreachable: true }));
    const deps = withSender(sender);
    const issueId = await openIssue(deps, 60);
    const handle = makeHandlers(deps);
    await handle({ name: 'deliver-issue', issueId });
    const tried = sender.wired.length;
    expect(tried).toBeLessThan(30);
    await handle({ name: 'deliver-issue', issueId });
    expect(sender.wired).toHaveLength(tried);
    now = new Date(NOW.getTime() + 61_000);
    await handle({ name: 'deliver-issue', issueId });
    expect(sender.wired.length).toBeGreaterThan(tried);
    expect((await statuses()).uncertain).toBeUndefined();
  });

  it('begins nothing when the process is to stop', async () => {
    const sender = keepingSender();
    const deps = withSender(sender);
    const issueId = await openIssue(deps, 3);
    stop.abort();
    await makeHandlers(deps)({ name: 'deliver-issue', issueId });
    expect(await statuses()).toEqual({ planned: 3 });
  });
});

describe('the other reminders', () => {
  it('send one-off mails that are due', async () => {
    const sender = keepingSender();
    await db.database.stores.outbox.add({
      kind: 'sign-in',
      dedupeKey: 'x',
      to: 'sam@tessel.example',
      language: 'nl',
      data: { url: 'http://simmer.test/staff/sign-in/x', minutes: 15 },
      subscriberId: null,
      dueAt: NOW,
      at: NOW,
    });
    await makeHandlers(withSender(sender))({ name: 'send-outbox' });
    expect(sender.sent.map(({ to, subject }) => [to.address, subject])).toEqual([
      ['sam@tessel.example', 'sign-in in nl'],
    ]);
  });

  it('read a feed', async () => {
    const read: string[] = [];
    const feedReader: HandlerDeps['feedReader'] = {
      read: async ({ url }) => {
        read.push(url);
        return { status: 'unchanged' };
      },
    };
    const deps = withSender(keepingSender(), { feedReader });
    const url = deps.programme.feeds[0]?.url ?? '';
    await makeHandlers(deps)({ name: 'collect-feed', url });
    expect(read).toEqual([url]);
  });
});
