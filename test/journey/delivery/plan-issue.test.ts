import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../../src/adapters/log.ts';
import { asText } from '../../../src/domain/reason.ts';
import type { NotAReader } from '../../../src/journey/delivery/plan-issue.ts';
import {
  finishIssues,
  type PlanDeps,
  planDueIssues,
  sendNow,
} from '../../../src/journey/delivery/plan-issue.ts';
import { addArticles, addReaders } from '../../support/content.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { testLinks, testProgramme } from '../../support/programme.ts';

// The test programme's digest: every 2 weeks on Tuesday at 09:00, in the reader's zone.
const SLOT = '2026-11-24';
/** 09:00 in UTC+14, UTC-12 and Amsterdam. */
const OPENS = new Date('2026-11-23T19:00:00Z');
const CLOSES = new Date('2026-11-24T21:00:00Z');
const AMSTERDAM = new Date('2026-11-24T08:00:00Z');
const HOUR = 3_600_000;
const at = (base: Date, ms: number) => new Date(base.getTime() + ms);

let db: TestDatabase;
let deps: PlanDeps;
let warnings: object[];
beforeEach(async () => {
  db = await testDatabase();
  warnings = [];
  const log = { ...silentLog, warn: (details: object) => warnings.push(details) };
  deps = { programme: testProgramme(), database: db.database, links: testLinks, log };
  await feedsWereRead();
});
afterEach(() => db.close());

async function feedsWereRead() {
  for (const { url } of deps.programme.feeds) {
    const nothing = {
      etag: null,
      lastModified: null,
      lastSuccessAt: null,
      failures: 0,
      lastError: null,
      status: 'active' as const,
      movedTo: null,
      movedSeen: 0,
      lastNewAt: null,
    };
    await db.database.stores.feeds.save({ ...nothing, url, nextCheckAt: CLOSES, lastCheckedAt: OPENS });
  }
}
async function addReader(email: string, timeZone: string, confirmedAt: Date) {
  await db.pool.query(
    `insert into subscribers (email, status, language, time_zone, interests, created_at, confirmed_at)
     values ($1, 'active', 'en', $2, '{payroll}', $3, $3)`,
    [email, timeZone, confirmedAt],
  );
}
async function deliveries(): Promise<[string, string, Date][]> {
  const { rows } = await db.pool.query(
    `select i.slot, s.email, d.due_at from deliveries d join issues i on i.id = d.issue_id
       join subscribers s on s.id = d.subscriber_id order by d.id`,
  );
  return rows.map((row) => [row.slot, row.email, row.due_at]);
}
const issues = async () => (await db.pool.query('select slot, status from issues order by id')).rows;
const plan = (now: Date) => planDueIssues(deps, now);
const long = new Date('2026-01-01');

describe('planDueIssues', () => {
  it('opens an issue when the first reader on earth can be due, and not before', async () => {
    expect(await plan(at(OPENS, -1))).toEqual([]);
    expect(await plan(OPENS)).toEqual([{ issueId: expect.any(Number), slot: SLOT, planned: 0 }]);
    expect(await issues()).toEqual([{ slot: SLOT, status: 'open' }]);
  });

  it('plans every reader at the hour of their own zone, once', async () => {
    await addReader('ams@r.example', 'Europe/Amsterdam', long);
    await addReader('kir@r.example', 'Pacific/Kiritimati', long);
    await addReader('lax@r.example', 'America/Los_Angeles', long);
    await addReader('odd@r.example', 'Not/AZone', long);
    await plan(OPENS);
    await plan(at(OPENS, 1000));
    expect(await deliveries()).toEqual([
      [SLOT, 'ams@r.example', AMSTERDAM],
      [SLOT, 'kir@r.example', OPENS],
      [SLOT, 'lax@r.example', new Date('2026-11-24T17:00:00Z')],
      [SLOT, 'odd@r.example', new Date('2026-11-24T09:00:00Z')],
    ]);
  });

  it('leaves out who is no active reader', async () => {
    await addReaders(db.pool, 4);
    await db.pool.query(`update subscribers set status = 'pending' where id = 1`);
    await db.pool.query(`update subscribers set status = 'unsubscribed' where id = 2`);
    await db.pool.query(`update subscribers set status = 'suppressed' where id = 3`);
    await plan(OPENS);
    expect(await deliveries()).toEqual([[SLOT, 'reader-4@reader.example', AMSTERDAM]]);
  });

  it('adds readers who confirm before their hour; those who confirm after it wait for the next issue', async () => {
    await plan(OPENS);
    await addReader('early@r.example', 'Europe/Amsterdam', at(AMSTERDAM, -1000));
    await plan(at(AMSTERDAM, -500));
    await addReader('late@r.example', 'Europe/Amsterdam', at(AMSTERDAM, HOUR));
    await plan(at(AMSTERDAM, 2 * HOUR));
    expect(await deliveries()).toEqual([[SLOT, 'early@r.example', AMSTERDAM]]);
    await plan(at(AMSTERDAM, 14 * 24 * HOUR));
    expect((await deliveries()).slice(1)).toEqual(
      ['early', 'late'].map((name) => ['2026-12-08', `${name}@r.example`, at(AMSTERDAM, 14 * 24 * HOUR)]),
    );
  });

  it('fixes articles and links when it opens the issue', async () => {
    await addArticles(db.pool, 3, OPENS);
    await db.pool.query(`update articles set published_at = $1 where id = 2`, [at(OPENS, -29 * 24 * HOUR)]);
    const [planned] = await plan(OPENS);
    await addArticles(db.pool, 5, OPENS);
    await plan(at(OPENS, HOUR));
    const { issues: store } = db.database.stores;
    expect((await store.articles(planned!.issueId)).map(({ id }) => id)).toEqual([1, 3]);
    const links = await store.links(planned!.issueId);
    expect(links.filter(({ role }) => role === 'article').map(({ url }) => url)).toEqual([
      'https://blog.example/1',
      'https://blog.example/3',
    ]);
    expect(links.find(({ targetId, language }) => targetId === 'call-back' && language === 'nl')?.url).toBe(
      'simmer:call-back',
    );
  });

  it('draws only from feeds and interests that the programme names now', async () => {
    await addArticles(db.pool, 4, OPENS);
    await db.pool.query(`update articles set feed_url = 'https://left.example/' where id in (1, 2)`);
    await db.pool.query(`update articles set also_in = $1 where id = 2`, [[deps.programme.feeds[1]!.url]]);
    const [planned] = await plan(OPENS);
    const { issues: store } = db.database.stores;
    expect((await store.articles(planned!.issueId)).map(({ id }) => id)).toEqual([2, 3, 4]);
  });

  it('plans more readers than go into one chunk', async () => {
    await addReaders(db.pool, 2345);
    const [planned] = await plan(OPENS);
    expect(planned!.planned).toBe(2345);
    expect(await plan(OPENS)).toMatchObject([{ planned: 0 }]);
  });

  it('gives each reader one row when several workers plan at the same moment', async () => {
    await addReaders(db.pool, 1500);
    const plans = await Promise.all([1, 2, 3, 4].map(() => plan(OPENS)));
    expect(plans.flat().reduce((sum, { planned }) => sum + planned, 0)).toBe(1500);
    expect(await issues()).toHaveLength(1);
  });

  it('sends late after an outage of less than a day, to those who were readers in time', async () => {
    await addReader('old@r.example', 'Pacific/Honolulu', long);
    await addReader('new@r.example', 'Pacific/Honolulu', CLOSES);
    const due = new Date('2026-11-24T19:00:00Z');
    await plan(at(due, 23 * HOUR));
    expect(await deliveries()).toEqual([[SLOT, 'old@r.example', due]]);
  });

  it('leaves a slot out that is more than a day past, and says so once', async () => {
    await addReader('a@r.example', 'Europe/Amsterdam', long);
    const tooLate = at(CLOSES, 24 * HOUR + 1);
    // A digest that never had an issue has missed none.
    expect(await plan(tooLate)).toEqual([]);
    expect(warnings).toEqual([]);
    await plan(at(OPENS, -14 * 24 * HOUR));
    await plan(tooLate);
    await plan(at(tooLate, HOUR));
    expect(warnings).toMatchObject([{ digest: 'news', slot: SLOT }]);
    expect(await issues()).toEqual([
      { slot: '2026-11-10', status: 'open' },
      { slot: SLOT, status: 'cancelled' },
    ]);
  });

  it('waits an hour for feeds that were never read, so that a first issue is not empty', async () => {
    await db.pool.query('delete from feeds');
    expect(await plan(OPENS)).toEqual([]);
    await feedsWereRead();
    expect(await plan(OPENS)).toHaveLength(1);
    await db.pool.query('delete from feeds');
    expect(await plan(OPENS)).toHaveLength(1);
  });

  it('waits no longer than that', async () => {
    await db.pool.query('delete from feeds');
    await addArticles(db.pool, 1, at(OPENS, -24 * HOUR));
    expect(await plan(at(OPENS, HOUR - 1))).toEqual([]);
    expect(await plan(at(OPENS, HOUR))).toHaveLength(1);
  });

  // Simmer was started for the first time between the opening of an issue and its hour.
  it('waits for the first articles of a programme whose first hour it is, also after the opening', async () => {
    await db.pool.query('delete from feeds');
    const started = at(OPENS, 6 * HOUR);
    expect(await plan(started)).toEqual([]);
    // One feed was read, the others not yet.
    await addArticles(db.pool, 1, started);
    expect(await plan(at(started, HOUR - 1))).toEqual([]);
    expect(await plan(at(started, HOUR))).toHaveLength(1);
  });

  it('does not wait in the first hour once all feeds were read, whatever they brought', async () => {
    expect(await plan(at(OPENS, 6 * HOUR))).toHaveLength(1);
  });

  it('plans one moment for all in a fixed zone', async () => {
    deps.programme.digests[0]!.timeZone = 'Europe/Amsterdam';
    await addReader('lax@r.example', 'America/Los_Angeles', long);
    expect(await plan(at(AMSTERDAM, -1))).toEqual([]);
    await plan(AMSTERDAM);
    expect(await deliveries()).toEqual([[SLOT, 'lax@r.example', AMSTERDAM]]);
  });

  it('finds who confirms in between at the next tick, and who comes back otherwise within minutes', async () => {
    await addReader('ams@r.example', 'Europe/Amsterdam', long);
    await plan(OPENS);
    await addReader('new@r.example', 'Europe/Amsterdam', at(OPENS, 2000));
    // Active again without a new confirmation: an address that was given back by hand.
    await addReader('back@r.example', 'Europe/Amsterdam', long);
    expect(await plan(at(OPENS, 5000))).toMatchObject([{ planned: 1 }]);
    expect(await plan(at(OPENS, 10_000))).toMatchObject([{ planned: 0 }]);
    expect(await plan(at(OPENS, 5 * 60_000))).toMatchObject([{ planned: 1 }]);
  });

  it('asks nothing of Postgres but whether somebody is new, when nobody is', async () => {
    await addReader('ams@r.example', 'Europe/Amsterdam', long);
    await plan(OPENS);
    const asked: string[] = [];
    const query = db.pool.query.bind(db.pool);
    db.pool.query = ((text: string, values: unknown[]) => {
      asked.push(text.trim().replace(/\s+/g, ' ').slice(0, 40));
      return query(text, values);
    }) as typeof db.pool.query;
    await plan(at(OPENS, 1000));
    expect(asked.filter((text) => /^(insert|update|with|begin)/.test(text))).toEqual([]);
    expect(asked.filter((text) => text.includes('distinct s.time_zone'))).toHaveLength(1);
  });
});

describe('finishIssues', () => {
  it('closes an issue that is over, and nothing plans it again', async () => {
    await addReader('a@r.example', 'Europe/Amsterdam', long);
    const [planned] = await plan(OPENS);
    await db.pool.query(`update deliveries set status = 'sent'`);
    expect(await finishIssues(deps, CLOSES)).toEqual([]);
    expect(await finishIssues(deps, at(CLOSES, 1))).toEqual([planned!.issueId]);
    await addReader('b@r.example', 'Europe/Amsterdam', long);
    await plan(at(CLOSES, 2));
    expect(await deliveries()).toHaveLength(1);
    expect(await issues()).toEqual([{ slot: SLOT, status: 'done' }]);
  });
});

describe('sendNow', () => {
  const digest = () => deps.programme.digests[0]!;

  it('plans all active readers for now', async () => {
    await addReaders(db.pool, 3);
    const planned = await sendNow(deps, digest(), { by: 'mara@nordwerk.example' }, AMSTERDAM);
    expect(planned).toMatchObject({ slot: 'now-2026-11-24T08:00:00.000Z', planned: 3 });
    expect(await db.database.stores.issues.withDueDeliveries(AMSTERDAM)).toEqual([
      { issueId: planned.issueId, due: 3 },
    ]);
  });

  it('plans the one reader it is asked for', async () => {
    await addReaders(db.pool, 3);
    await addArticles(db.pool, 8, AMSTERDAM);
    await sendNow(
      deps,
      digest(),
      { to: ' Reader-2@reader.example ', by: 'mara@nordwerk.example' },
      AMSTERDAM,
    );
    expect((await deliveries()).map(([, email]) => email)).toEqual(['reader-2@reader.example']);
  });

  it('says why somebody cannot get one, and opens nothing', async () => {
    const email = 'reader-1@reader.example';
    await addReaders(db.pool, 1);
    const refusal = (to = email) =>
      sendNow(deps, digest(), { to, by: 'mara@nordwerk.example' }, AMSTERDAM).then(String, String);
    const whyNot = () =>
      sendNow(deps, digest(), { to: email, by: 'mara@nordwerk.example' }, AMSTERDAM).then(
        () => null,
        (error: NotAReader) => error.why,
      );
    expect(await refusal('nobody@r.example')).toMatch(/^NotAReader: found no subscriber nobody@r\.example;/);
    const is = (fields: string) => db.pool.query(`update subscribers set ${fields}`);
    for (const [status, why] of [
      ['pending', 'not been confirmed yet'],
      ['unsubscribed', 'by signing up again'],
      ['suppressed', 'suppression list'],
    ]) {
      await is(`status = '${status}'`);
      expect(await refusal()).toMatch(new RegExp(`^NotAReader: found ${email} ${status}: .*${why}`));
    }
    await is(`status = 'active'`);
    expect(await refusal()).toMatch(/^NotAReader: reader-1@\S+ would get no mail now, and nothing was sent/);
    await addArticles(db.pool, 8, AMSTERDAM);
    await is(`paused_until = '2026-12-24'`);
    expect(await refusal()).toContain('no mail now');
    expect(await whyNot()).toEqual({ code: 'skip.paused-by-reader', values: { until: '2026-12-24' } });
    await is(`pause_reason = 'three mails in a row came back'`);
    expect(await refusal()).toContain('no mail now');
    expect(await whyNot()).toEqual({
      code: 'skip.paused',
      values: { until: '2026-12-24', why: asText('three mails in a row came back') },
    });
    await is(`paused_until = null, pause_reason = null, interests = '{}'`);
    expect(await refusal()).toContain('no mail now');
    expect(await whyNot()).toEqual({ code: 'skip.no-interests' });
    expect(await issues()).toEqual([]);
  });

  it('keeps to what the reader wished and sales asked for, though it is sent by hand', async () => {
    const email = 'reader-1@reader.example';
    await addReaders(db.pool, 1);
    await addArticles(db.pool, 20, AMSTERDAM);
    await db.pool.query(`update subscribers set frequency = 'monthly'`);
    await sendNow(deps, digest(), { to: email, by: 'mara@nordwerk.example' }, AMSTERDAM);
    await expect(
      sendNow(deps, digest(), { to: email, by: 'mara@nordwerk.example' }, at(AMSTERDAM, HOUR)),
    ).rejects.toMatchObject({ why: { code: 'skip.monthly', values: { month: '2026-11' } } });
    await db.pool.query(`update subscribers set frequency = 'every-issue'`);
    const { rows } = await db.pool.query(
      `insert into qualifications (subscriber_id, at, score, rule, by_post) select id, $1, 12, 'open', false from subscribers returning id`,
      [AMSTERDAM],
    );
    await db.pool.query(
      `insert into outcomes (qualification_id, at, status, staff_email, is_duplicate, has_running_deal)
       values ($1, $2, 'in-progress', 's@x.example', false, false)`,
      [rows[0].id, AMSTERDAM],
    );
    deps.programme.sales.pauseMailsInProgress = false;
    await sendNow(deps, digest(), { to: email, by: 'mara@nordwerk.example' }, at(AMSTERDAM, HOUR));
    deps.programme.sales.pauseMailsInProgress = true;
    await expect(
      sendNow(deps, digest(), { to: email, by: 'mara@nordwerk.example' }, at(AMSTERDAM, 2 * HOUR)),
    ).rejects.toMatchObject({ why: { code: 'skip.in-progress' } });
  });
});
