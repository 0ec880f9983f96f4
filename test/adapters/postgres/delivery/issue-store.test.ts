import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { asText } from '../../../../src/domain/reason.ts';
import type { IssueStore, NewIssue, ReadersPlan } from '../../../../src/journey/delivery/ports/deliveries.ts';
import { addArticles, addReaders } from '../../../support/content.ts';
import { type TestDatabase, testDatabase } from '../../../support/database.ts';

const NOW = new Date('2026-11-24T10:00:00Z');
const HOUR = 3_600_000;
const later = (ms: number) => new Date(NOW.getTime() + ms);

let db: TestDatabase;
let store: IssueStore;
beforeEach(async () => {
  db = await testDatabase();
  store = db.database.stores.issues;
});
afterEach(() => db.close());

function newIssue(fields: Partial<NewIssue> = {}): NewIssue {
  return {
    digestId: 'news',
    slot: '2026-11-24',
    plannedAt: NOW,
    firstDueAt: NOW,
    lastDueAt: later(HOUR),
    articleIds: [],
    links: [],
    ...fields,
  };
}
const link = {
  role: 'footer',
  targetId: 'press',
  language: 'en',
  url: 'https://a.example/',
  label: 'Press',
} as const;

describe('open', () => {
  it('keeps articles and links, and opens a slot once', async () => {
    await addArticles(db.pool, 3, NOW);
    const links = [
      { number: 1, ...link },
      { number: 2, ...link, language: 'nl' },
    ];
    const issue = await store.open(newIssue({ articleIds: [1, 3], links }));
    expect(issue).toEqual({
      id: issue.id,
      digestId: 'news',
      slot: '2026-11-24',
      status: 'open',
      readersPlannedAt: null,
      plannedAt: NOW,
    });
    expect(await store.open(newIssue({ articleIds: [2] }))).toEqual(issue);
    expect((await store.articles(issue.id)).map(({ id }) => id)).toEqual([1, 3]);
    expect(await store.links(issue.id)).toEqual(links);
    expect(await store.find(issue.id)).toEqual(issue);
    expect(await store.findBySlot('news', '2026-11-24')).toEqual(issue);
    expect(await store.find(999)).toBeNull();
  });

  it('gives all of several workers the same issue, whole', async () => {
    await addArticles(db.pool, 2, NOW);
    const issues = await Promise.all(
      Array.from({ length: 6 }, () =>
        store.open(newIssue({ articleIds: [1, 2], links: [{ number: 1, ...link }] })),
      ),
    );
    expect(new Set(issues.map(({ id }) => id)).size).toBe(1);
    expect(await store.articles(issues[0]!.id)).toHaveLength(2);
    expect(await store.links(issues[0]!.id)).toHaveLength(1);
  });
});

describe('planning', () => {
  const plan = (issueId: number, replaced: Partial<ReadersPlan> = {}): ReadersPlan => ({
    issueId,
    dueByZone: [{ timeZone: 'Europe/Amsterdam', dueAt: NOW }],
    notBefore: null,
    confirmedSince: null,
    month: '2026-11',
    inProgressReason: null,
    ...replaced,
  });
  const rows = async (issueId: number) =>
    (
      await db.pool.query(
        `select subscriber_id as id, status, reason from deliveries where issue_id = $1 order by id`,
        [issueId],
      )
    ).rows;

  it('plans each active reader of the given zones once', async () => {
    await addReaders(db.pool, 5);
    await db.pool.query(`update subscribers set status = 'unsubscribed' where id = 2`);
    await db.pool.query(`update subscribers set time_zone = 'Asia/Tokyo' where id = 4`);
    const { id } = await store.open(newIssue());
    expect((await store.timeZonesToPlan(id, null)).sort()).toEqual(['Asia/Tokyo', 'Europe/Amsterdam']);
    expect(await store.planReaders(plan(id))).toBe(3);
    expect(await store.planReaders(plan(id))).toBe(0);
    expect(await store.timeZonesToPlan(id, null)).toEqual(['Asia/Tokyo']);
    expect(await store.timeZonesToPlan(id, later(1))).toEqual([]);
    expect(await store.countActiveReaders()).toBe(4);
    await db.pool.query(`update issues set status = 'done'`);
    expect(await store.planReaders(plan(id, { dueByZone: [{ timeZone: 'Asia/Tokyo', dueAt: NOW }] }))).toBe(
      0,
    );
  });

  it('leaves out who confirmed after the due time, and who was due too long ago', async () => {
    await addReaders(db.pool, 2);
    await db.pool.query('update subscribers set confirmed_at = $1 where id = 2', [later(1)]);
    const { id } = await store.open(newIssue());
    expect(await store.planReaders(plan(id, { notBefore: later(1) }))).toBe(0);
    expect(await store.planReaders(plan(id, { notBefore: NOW }))).toBe(1);
    expect(await store.planReaders(plan(id, { notBefore: null }))).toBe(1);
  });

  it('skips with the reason who paused, who had this month’s, and whom sales is talking to', async () => {
    await addReaders(db.pool, 6);
    await db.pool.query(`update subscribers set paused_until = $1 where id = 1`, [later(1)]);
    await db.pool.query(`update subscribers set paused_until = $1 where id = 2`, [NOW]);
    await db.pool.query(`update subscribers set frequency = 'monthly' where id in (3, 4)`);
    const { id: earlier } = await store.open(newIssue({ slot: '2026-11-03' }));
    await store.planDeliveries(earlier, [{ subscriberId: 3, dueAt: NOW }]);
    await store.planDeliveries(earlier, [{ subscriberId: 4, dueAt: NOW, skip: asText('too few articles') }]);
    await db.pool.query(
      `with q as (insert into qualifications (subscriber_id, at, score, rule, by_post)
                  values (5, now(), 12, 'open', false) returning id)
       insert into outcomes (qualification_id, at, staff_email, status, is_duplicate, has_running_deal)
       select id, now(), 'sam@tessel.example', 'in-progress', false, false from q`,
    );
    const { id } = await store.open(newIssue());
    await store.planReaders(plan(id, { inProgressReason: asText('in talks') }));
    expect(await rows(id)).toEqual([
      {
        id: 1,
        status: 'skipped',
        reason: `{"code": "skip.paused-by-reader", "values": {"until": "${later(1).toISOString().slice(0, 10)}"}}`,
      },
      { id: 2, status: 'planned', reason: null },
      { id: 3, status: 'skipped', reason: '{"code": "skip.monthly", "values": {"month": "2026-11"}}' },
      { id: 4, status: 'planned', reason: null },
      { id: 5, status: 'skipped', reason: 'in talks' },
      { id: 6, status: 'planned', reason: null },
    ]);
    const { id: december } = await store.open(newIssue({ slot: '2026-12-01' }));
    await store.planReaders(plan(december, { month: '2026-12' }));
    expect((await rows(december)).filter(({ status }) => status === 'skipped').map((row) => row.id)).toEqual([
      1,
    ]);
  });

  it('says which issues have deliveries due', async () => {
    await addReaders(db.pool, 3);
    const { id } = await store.open(newIssue());
    await store.planDeliveries(
      id,
      [1, 2, 3].map((n) => ({ subscriberId: n, dueAt: later(n * HOUR) })),
    );
    expect(await store.withDueDeliveries(NOW)).toEqual([]);
    expect(await store.withDueDeliveries(later(2 * HOUR))).toEqual([{ issueId: id, due: 2 }]);
    await db.pool.query(`update issues set status = 'cancelled'`);
    expect(await store.withDueDeliveries(later(2 * HOUR))).toEqual([]);
    await addReaders(db.pool, 0);
    expect(await store.planDeliveries(id, [{ subscriberId: 1, dueAt: NOW }])).toBe(0);
  });
});

describe('finishDone', () => {
  const LATE = 24 * HOUR;

  it('waits for the last due time, for deliveries in hand, and for readers that are still to be planned', async () => {
    await addReaders(db.pool, 2);
    const { id } = await store.open(newIssue());
    await store.planDeliveries(id, [{ subscriberId: 1, dueAt: NOW }]);
    await db.pool.query(`update deliveries set status = 'claimed', is_on_wire = true`);
    expect(await store.finishDone(later(2 * HOUR), LATE)).toEqual([]);
    await db.pool.query(`update deliveries set status = 'sent', is_on_wire = false`);
    // Reader 2 was a reader before the issue was due, and has no row yet: planning was cut short.
    expect(await store.finishDone(later(2 * HOUR), LATE)).toEqual([]);
    await store.planDeliveries(id, [{ subscriberId: 2, dueAt: NOW }]);
    await db.pool.query(`update deliveries set status = 'skipped' where subscriber_id = 2`);
    expect(await store.finishDone(NOW, LATE)).toEqual([]);
    expect(await store.finishDone(later(2 * HOUR), LATE)).toEqual([id]);
    expect(await store.finishDone(later(2 * HOUR), LATE)).toEqual([]);
    expect(await store.find(id)).toMatchObject({ status: 'done' });
  });

  it('waits no longer than the limit, and not for readers who confirmed later or issues sent by hand', async () => {
    await addReaders(db.pool, 1);
    const late = await store.open(newIssue());
    expect(await store.finishDone(later(2 * HOUR), LATE)).toEqual([]);
    expect(await store.finishDone(later(26 * HOUR), LATE)).toEqual([late.id]);
    const byHand = await store.open(newIssue({ slot: 'now-2026-11-24T10:00:00.000Z' }));
    expect(await store.finishDone(later(2 * HOUR), LATE)).toEqual([byHand.id]);
    await db.pool.query('update subscribers set confirmed_at = $1', [later(1)]);
    const other = await store.open(newIssue({ slot: '2026-11-25' }));
    expect(await store.finishDone(later(2 * HOUR), LATE)).toEqual([other.id]);
  });
});

describe('noteMissed', () => {
  it('notes a slot once, and none for a digest that never had an issue', async () => {
    const missed = { digestId: 'news', slot: '2026-11-10', plannedAt: NOW, firstDueAt: NOW, lastDueAt: NOW };
    expect(await store.noteMissed(missed)).toBe(false);
    await store.open(newIssue());
    expect(await store.noteMissed(missed)).toBe(true);
    expect(await store.noteMissed(missed)).toBe(false);
    expect(await store.findBySlot('news', '2026-11-10')).toMatchObject({ status: 'cancelled' });
  });
});

describe('readersWithPast', () => {
  it('gives active readers with those of the articles that went to them', async () => {
    await addReaders(db.pool, 3);
    await db.pool.query(`update subscribers set status = 'suppressed' where id = 3`);
    await addArticles(db.pool, 11, NOW);
    const { id } = await store.open(newIssue({ articleIds: [7, 8, 9] }));
    const other = await store.open(newIssue({ slot: '2026-11-25', articleIds: [8, 10] }));
    await store.planDeliveries(
      id,
      [1, 2, 3].map((n) => ({ subscriberId: n, dueAt: NOW })),
    );
    await store.planDeliveries(other.id, [{ subscriberId: 1, dueAt: NOW }]);
    const give = (issueId: number, reader: number, status: string, ids: number[]) =>
      db.pool.query(
        'update deliveries set status = $3, picks = $4 where issue_id = $1 and subscriber_id = $2',
        [issueId, reader, status, JSON.stringify(ids.map((articleId) => ({ articleId })))],
      );
    await give(id, 1, 'sent', [7, 8, 9]);
    await give(other.id, 1, 'uncertain', [8, 10]);
    await give(id, 2, 'failed', [7]);
    const readers = await store.readersWithPast([7, 8, 10, 11], 0, 10);
    expect(
      readers.map(({ subscriber, hadArticleIds }) => [subscriber.id, hadArticleIds.sort((a, b) => a - b)]),
    ).toEqual([
      [1, [7, 8, 10]],
      [2, []],
    ]);
    expect(readers[0]!.subscriber).toMatchObject({
      email: 'reader-1@reader.example',
      interests: ['payroll'],
    });
    expect(await store.readersWithPast([7], 1, 1)).toHaveLength(1);
  });
});
