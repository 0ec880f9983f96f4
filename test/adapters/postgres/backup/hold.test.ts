import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { silentLog } from '../../../../src/adapters/log.ts';
import type { Held } from '../../../../src/adapters/postgres/backup/hold.ts';
import { makePool } from '../../../../src/adapters/postgres/pool.ts';
import { makeDatabase } from '../../../../src/database.ts';
import { type ScheduleDeps, tick } from '../../../../src/jobs/schedule.ts';
import { resolveUncertain, resumeIssue } from '../../../../src/journey/delivery/control-issue.ts';
import { asking, backUp, MADE_AT, putBack, RESTORED_AT } from '../../../support/backup.ts';
import { addArticles, addReaders } from '../../../support/content.ts';
import { emptyDatabase, type TestDatabase, testDatabase } from '../../../support/database.ts';
import { openIssue } from '../../../support/issues.ts';
import { testLinks, testProgramme, testPublicUrl, testSecrets } from '../../../support/programme.ts';
import { rememberingQueue } from '../../../support/web.ts';

const later = (ms: number) => new Date(RESTORED_AT.getTime() + ms);
const HOUR = 3_600_000;
const folder = mkdtempSync(join(tmpdir(), 'simmer-hold-'));
let from: TestDatabase;
let to: Awaited<ReturnType<typeof emptyDatabase>>;
let pool: ReturnType<typeof makePool>;
let held: Held;
let issueId: number;

/** A lead that sales was alerted of right before the backup, and a mail of each kind of state. */
const UNFINISHED = `
  update deliveries set due_at = '2026-11-22T09:00:00Z' where id <= 3;
  update deliveries set status = 'claimed', batch_id = 1, is_on_wire = true, message_id = '<wire@x>' where id = 4;
  update deliveries set status = 'claimed', batch_id = 1 where id = 5;
  update deliveries set status = 'sent', sent_at = now() where id = 6;
  insert into batches (issue_id, worker, claimed_at, lease_until) values (1, 'gone', now(), now() + interval '9 years');
  insert into outbox (kind, dedupe_key, to_address, language, due_at, created_at, message_id, status, lease_until, sent_at, subscriber_id) values
    ('confirmation', 'a', 'a@x.example', 'en', '2026-11-20', '2026-11-20', '<a>', 'planned', null, null, null),
    ('sales-alert', 'b', 'b@x.example', 'en', '2026-11-20', '2026-11-20', '<b>', 'sending', now() + interval '9 years', null, null),
    ('sign-in', 'c', 'c@x.example', 'en', '2027-11-20', '2026-11-20', '<c>', 'planned', null, null, null),
    ('sales-alert', 'd', 'sales@x.example', 'en', '2026-11-20', '2026-11-20', '<d>', 'sent', null, '2026-11-20', 1);
  insert into qualifications (subscriber_id, at, score, rule, by_post, alert_id, handed_to)
    values (1, '2026-11-20', 12, 'open', false, (select id from outbox where dedupe_key = 'd'), 'sales@x.example');
  insert into webhooks (url, secret, types, created_at) values ('https://crm.example/', 's', '{lead.qualified}', now());
  insert into webhook_messages (webhook_id, message_id, dedupe_key, type, at, data, due_at)
    values (1, 'm', 'k', 'lead.qualified', now(), '{}', '2026-11-20');
  insert into people_imports (at, staff_email, file_name, status, columns) values (now(), 'm@x.example', 'fair.csv', 'running', '{email}')`;

beforeAll(async () => {
  from = await testDatabase();
  await addReaders(from.pool, 12);
  await addArticles(from.pool, 12, new Date(MADE_AT.getTime() - HOUR));
  issueId = await openIssue(from, MADE_AT);
  await from.pool.query(UNFINISHED);
  const path = join(folder, 'a.simmer');
  await backUp(from.url, path);
  to = await emptyDatabase();
  held = await putBack(to.url, path);
  pool = makePool(to.url, silentLog);
});
afterAll(async () => {
  await pool?.end();
  await to?.drop();
  await from?.close();
  rmSync(folder, { recursive: true, force: true });
});

const one = async (question: string) => (await pool.query(question)).rows;
const database = () => makeDatabase(pool, { programme: testProgramme(), links: testLinks });

it('says what it held back', () => {
  // Of twelve: three are due later, one was sent.
  expect(held).toEqual({ issues: [issueId], deliveries: 8, oneOff: 3, webhooks: 1, imports: 1 });
});

it('what may have been sent is uncertain, what is due later waits for its paused issue', async () => {
  expect(await one('select status, count(*)::int as n from deliveries group by 1 order by 1')).toEqual([
    { status: 'planned', n: 3 },
    { status: 'sent', n: 1 },
    { status: 'uncertain', n: 8 },
  ]);
  expect(await one('select status, pause_reason::jsonb from issues')).toEqual([
    { status: 'paused', pause_reason: { code: 'issue.restored', values: { at: MADE_AT.toISOString() } } },
  ]);
  expect(await one(`select dedupe_key as key, status from outbox order by 1`)).toEqual([
    { key: 'a', status: 'uncertain' },
    { key: 'b', status: 'uncertain' },
    { key: 'c', status: 'uncertain' },
    { key: 'd', status: 'sent' },
  ]);
  expect(
    await one(
      'select status, a.error from webhook_messages m join webhook_attempts a on a.webhook_message_id = m.id',
    ),
  ).toEqual([{ status: 'failed', error: expect.stringContaining('restored from a backup') }]);
  expect(await one('select status from people_imports')).toEqual([{ status: 'checked' }]);
  expect(await one('select made_at, at, file_name from restores')).toEqual([
    { made_at: MADE_AT, at: RESTORED_AT, file_name: 'a.simmer' },
  ]);
});

it('a program that runs on it sends nothing by itself, also of what it thinks of anew', async () => {
  // An alert that is only made now, of a click before the backup.
  await pool.query(
    `insert into outbox (kind, dedupe_key, to_address, language, due_at, created_at, message_id)
     values ('sales-alert', 'late', 's@x.example', 'en', '2026-11-20T03:02:00Z', '2026-11-20', '<late>')`,
  );
  const queue = rememberingQueue();
  const programme = testProgramme();
  for (const { url } of programme.feeds)
    await pool.query('insert into feeds (url, next_check_at, last_checked_at) values ($1, $2, $2)', [
      url,
      later(9 * HOUR),
    ]);
  const errors: unknown[] = [];
  const deps = (now: Date): ScheduleDeps => ({
    programme,
    database: database(),
    links: testLinks,
    log: { ...silentLog, error: (details) => errors.push(details) },
    queue,
    processHits: async () => ({ taken: 0, qualified: [] }),
    exchangers: { of: async () => [] },
    say: (_language, key) => key,
    secrets: testSecrets,
    publicUrl: testPublicUrl,
    returnPathDomain: null,
    now: () => now,
  });
  for (const hours of [0, 0.5, 1]) await tick(deps(later(hours * HOUR)));
  expect(errors).toEqual([]);
  expect(queue.jobs.filter(({ name }) => name === 'deliver-issue')).toEqual([]);
  expect(await database().stores.outbox.claimDue(later(HOUR), 60_000, 99)).toEqual([]);
  expect(await database().stores.webhooks.claimDue(later(HOUR), 60_000, 99)).toEqual([]);
  expect(await one(`select status from outbox where dedupe_key = 'late'`)).toEqual([{ status: 'uncertain' }]);
  // The lead was alerted of long ago; the time for a reminder counts from the restore.
  expect(await one(`select count(*)::int as n from outbox where kind = 'sales-reminder'`)).toEqual([
    { n: 0 },
  ]);
});

it('the slot of an issue that may have gone out since the backup is left out, a later one is not', async () => {
  const other = await emptyDatabase();
  const path = join(folder, 'b.simmer');
  await backUp(from.url, path);
  await putBack(other.url, path);
  const own = makePool(other.url, silentLog);
  const programme = testProgramme();
  for (const { url } of programme.feeds)
    await own.query('insert into feeds (url, next_check_at, last_checked_at) values ($1, $2, $2)', [
      url,
      later(0),
    ]);
  // The test programme's digest is due on Tuesdays. Restored a moment after one, and the Tuesday after that.
  const tuesday = new Date('2026-11-24T08:30:00Z');
  await own.query('update restores set at = $1', [tuesday]);
  const { planDueIssues } = await import('../../../../src/journey/delivery/plan-issue.ts');
  const deps = {
    programme,
    database: makeDatabase(own, { programme, links: testLinks }),
    links: testLinks,
    log: silentLog,
  };
  const issues = async () =>
    (await own.query(`select slot, status from issues where slot not like 'now-%' order by id`)).rows;
  await planDueIssues(deps, new Date(tuesday.getTime() + 60_000));
  expect(await issues()).toEqual([{ slot: '2026-11-24', status: 'cancelled' }]);
  await planDueIssues(deps, new Date(tuesday.getTime() + 14 * 86_400_000));
  expect((await issues()).at(-1)).toMatchObject({ status: 'open' });
  await own.end();
  await other.drop();
});

it('a person decides: the uncertain ones again under their Message-ID, and the rest goes on', async () => {
  expect(
    await resolveUncertain(database(), { issueId, how: 'resend', by: 'mara@nordwerk.example' }, later(HOUR)),
  ).toBe(8);
  expect(await resumeIssue(database(), { issueId, by: 'mara@nordwerk.example' }, later(HOUR))).toBe(true);
  const due = await database().stores.issues.withDueDeliveries(later(HOUR));
  expect(due).toEqual([{ issueId, due: 8 }]);
  expect(await one(`select message_id from deliveries where id = 4`)).toEqual([{ message_id: '<wire@x>' }]);
  expect(
    await resolveUncertain(
      database(),
      { issueId: null, how: 'resend', by: 'mara@nordwerk.example' },
      later(HOUR),
    ),
  ).toBe(4);
  expect(
    (await database().stores.outbox.claimDue(later(HOUR), 60_000, 99))
      .map(({ dedupeKey }) => dedupeKey)
      .sort(),
  ).toEqual(['a', 'b', 'c', 'late']);
});

it('what an interrupted worker had sent and not counted is counted', async () => {
  expect(
    await asking(
      to.url,
      async (client) => (await client.query('select counted_at is not null as done from batches')).rows,
    ),
  ).toEqual([{ done: true }]);
});
