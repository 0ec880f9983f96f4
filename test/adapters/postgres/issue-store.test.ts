import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { IssueStore, NewIssue } from '../../../src/journey/delivery/ports.ts';
import { addArticles, addReaders } from '../../support/content.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';

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
  it('plans each reader once, chunk by chunk', async () => {
    await addReaders(db.pool, 5);
    await db.pool.query(`update subscribers set status = 'unsubscribed' where id = 2`);
    const { id } = await store.open(newIssue());
    const readers = await store.readersToPlan(id, 1, 2);
    expect(readers).toEqual(
      [3, 4].map((n) => expect.objectContaining({ id: n, timeZone: 'Europe/Amsterdam' })),
    );
    const rows = readers.map((reader) => ({ subscriberId: reader.id, dueAt: NOW }));
    expect(await store.planDeliveries(id, rows)).toBe(2);
    expect(await store.planDeliveries(id, [...rows, { subscriberId: 5, dueAt: later(1) }])).toBe(1);
    expect((await store.readersToPlan(id, 0, 9)).map((reader) => reader.id)).toEqual([1]);
    expect(await store.countActiveReaders()).toBe(4);
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
    await db.pool.query(`update deliveries set status = 'sending'`);
    expect(await store.finishDone(later(2 * HOUR), LATE)).toEqual([]);
    await db.pool.query(`update deliveries set status = 'sent'`);
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
    const { id } = await store.open(newIssue());
    const other = await store.open(newIssue({ slot: '2026-11-25' }));
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
