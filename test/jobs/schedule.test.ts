import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../src/adapters/log.ts';
import { type ScheduleDeps, startSchedule, tick } from '../../src/jobs/schedule.ts';
import { addArticles, addReaders } from '../support/content.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { testLinks, testProgramme, testPublicUrl, testSecrets } from '../support/programme.ts';
import { rememberingQueue } from '../support/web.ts';

/** A Tuesday on which the test programme's digest is due, half an hour after its time in Amsterdam. */
const NOW = new Date('2026-11-24T08:30:00Z');
const wait = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

let db: TestDatabase;
let queue: ReturnType<typeof rememberingQueue>;
let deps: ScheduleDeps;
const errors: string[] = [];

beforeEach(async () => {
  db = await testDatabase();
  queue = rememberingQueue();
  errors.length = 0;
  const log = {
    ...silentLog,
    error: (details: object) => errors.push(String((details as { step?: string }).step)),
  };
  deps = {
    programme: testProgramme(),
    database: db.database,
    links: testLinks,
    log,
    queue,
    processHits: async () => ({ taken: 0, qualified: [] }),
    exchangers: { of: async () => [] },
    say: (_language, key) => key,
    secrets: testSecrets,
    publicUrl: testPublicUrl,
    returnPathDomain: null,
    now: () => NOW,
  };
});
afterEach(() => db.close());

async function feedsAreRead(nextCheckAt: Date) {
  for (const { url } of deps.programme.feeds) {
    await db.pool.query('insert into feeds (url, next_check_at, last_checked_at) values ($1, $2, $3)', [
      url,
      nextCheckAt,
      NOW,
    ]);
  }
}
const later = new Date(NOW.getTime() + 3_600_000);
const jobs = (name: string) => queue.jobs.filter((job) => job.name === name);
const one = async (question: string) => (await db.pool.query(question)).rows[0].n;

describe('a tick of the schedule', () => {
  it('reminds of feeds that are due and of one-off mails', async () => {
    await tick(deps);
    expect(jobs('collect-feed')).toHaveLength(3);
    expect(jobs('send-outbox')).toHaveLength(1);
    expect(errors).toEqual([]);
  });

  it('opens the issue that is due and hands on its deliveries, a job per 500', async () => {
    await feedsAreRead(later);
    await addArticles(db.pool, 6, NOW);
    await addReaders(db.pool, 501);
    await tick(deps);
    expect(await one("select count(*) as n from deliveries where status = 'planned'")).toBe(501);
    expect(jobs('deliver-issue')).toEqual([
      { name: 'deliver-issue', issueId: 1 },
      { name: 'deliver-issue', issueId: 1 },
    ]);
    expect(jobs('collect-feed')).toEqual([]);
  });

  it('in several workers at once makes one issue and one delivery per reader', async () => {
    await feedsAreRead(later);
    await addArticles(db.pool, 6, NOW);
    await addReaders(db.pool, 40);
    await Promise.all([tick(deps), tick(deps), tick(deps)]);
    expect(errors).toEqual([]);
    expect(await one('select count(*) as n from issues')).toBe(1);
    expect(await one('select count(*) as n from deliveries')).toBe(40);
  });

  it('takes over what a dead worker left, and closes an issue with nothing left to do', async () => {
    await feedsAreRead(later);
    await addArticles(db.pool, 6, NOW);
    await addReaders(db.pool, 2);
    await tick(deps);
    await db.pool.query(
      `insert into batches (issue_id, worker, claimed_at, lease_until) values (1, 'dead', $1, $1)`,
      [new Date(NOW.getTime() - 1000)],
    );
    await db.pool.query(
      "update deliveries set status = 'claimed', is_on_wire = true, batch_id = 1 where id = 1",
    );
    await db.pool.query("update deliveries set status = 'claimed', batch_id = 1 where id = 2");
    await tick(deps);
    const statuses = await db.pool.query('select status from deliveries order by id');
    expect(statuses.rows.map(({ status }) => status)).toEqual(['uncertain', 'planned']);

    await db.pool.query("update deliveries set status = 'sent' where id = 2");
    await tick({ ...deps, now: () => new Date(NOW.getTime() + 3 * 86_400_000) });
    expect(await one('select status as n from issues')).toBe('done');
  });

  it('logs a step that fails and does the others', async () => {
    const { stores } = db.database;
    const broken = {
      ...db.database,
      stores: {
        ...stores,
        deliveries: { ...stores.deliveries, recoverExpired: () => Promise.reject('gone') },
      },
    };
    await tick({ ...deps, database: broken });
    expect(errors).toEqual(['take over what dead workers left']);
    expect(jobs('send-outbox')).toHaveLength(1);
  });
});

describe('the schedule', () => {
  it('ticks at once and again, never over itself, and stops when the last tick has ended', async () => {
    let now = 0;
    let most = 0;
    let ticks = 0;
    const slow = {
      ...queue,
      add: async () => {
        most = Math.max(most, ++now);
        await wait(30);
        now--;
        ticks++;
      },
    };
    const programme = testProgramme({ feeds: [] });
    const schedule = startSchedule({ ...deps, programme, queue: slow }, { everyMs: 1 });
    await expect.poll(() => ticks).toBeGreaterThan(2);
    await schedule.stop();
    const stopped = ticks;
    expect([most, now]).toEqual([1, 0]);
    await wait(100);
    expect(ticks).toBe(stopped);
  });
});
