import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChoosingStore } from '../../../../src/journey/content/ports/choosing.ts';
import { addArticles, addReaders } from '../../../support/content.ts';
import { type TestDatabase, testDatabase } from '../../../support/database.ts';

const NOW = new Date('2026-11-21T10:00:00Z');
const DAY = 86_400_000;
const HALF_LIFE = 10 * DAY;
const at = (days: number) => new Date(NOW.getTime() + days * DAY);

let db: TestDatabase;
let store: ChoosingStore;
beforeEach(async () => {
  db = await testDatabase();
  store = db.database.stores.choosing;
  await addReaders(db.pool, 6);
  await addArticles(db.pool, 3, at(-20));
  await db.pool.query(`update articles set interests = '{payroll,stock}' where id = 2`);
});
afterEach(() => db.close());

/** A sent mail for each of the readers, with links 1 to 3 to the articles and 4 to the press page. */
async function sendIssue(readers: number[], sentAt: Date, control: number[] = []): Promise<number[]> {
  const { rows } = await db.pool.query(
    `with issue as (
       insert into issues (digest_id, slot, planned_at, first_due_at, last_due_at)
       values ('news', gen_random_uuid()::text, $2, $2, $2) returning id
     ), links as (
       insert into issue_links (issue_id, number, role, target_id, language, url, label)
       select issue.id, n, case when n < 4 then 'article' else 'footer' end, case when n < 4 then n::text else 'press' end, 'en', 'https://x.example', 'x'
         from issue, generate_series(1, 4) n
     )
     insert into deliveries (issue_id, subscriber_id, status, due_at, sent_at, picks, is_control)
     select issue.id, reader, 'sent', $2, $2,
            '[{"articleId": 1, "interest": "payroll"}, {"articleId": 2, "interest": "stock"}]', reader = any($3::bigint[])
       from issue, unnest($1::bigint[]) with ordinality as r(reader, place) order by place
     returning id`,
    [readers, sentAt, control],
  );
  return rows.map(({ id }) => id);
}
async function click(delivery: number, link: number, when: Date, as = 'human'): Promise<number> {
  const { rows } = await db.pool.query(
    `insert into events (subscriber_id, delivery_id, kind, link_number, at, class)
     select subscriber_id, id, 'click', $2, $3, $4 from deliveries where id = $1 returning id`,
    [delivery, link, when, as],
  );
  return rows[0].id;
}
const affinities = async (id: number) => (await db.database.stores.subscribers.find(id))!.affinities;
const learn = (days = 0) => store.learnFromClicks(at(days), HALF_LIFE, 60_000);

describe('learnFromClicks', () => {
  it('counts human clicks on articles, once per mail and link, the older the less', async () => {
    const [one, two] = (await sendIssue([1, 2], at(-15))) as [number, number];
    const [again] = (await sendIssue([1], at(-12))) as [number];
    await click(one, 1, at(-11));
    await click(one, 1, at(-1));
    await click(again, 2, at(-1));
    await click(one, 4, at(-1));
    await click(one, 3, at(-1), 'machine');
    await click(two, 4, at(-1));
    expect(await learn()).toBe(1);
    // The payroll click of ten days before counts half by the time of the last one.
    expect(await affinities(1)).toEqual({ at: at(-1).getTime(), weights: { payroll: 1.5, stock: 1 } });
    expect(await affinities(2)).toEqual({});
  });

  it('takes back what a machine’s clicks had taught', async () => {
    const [one] = (await sendIssue([1], at(-5))) as [number];
    const event = await click(one, 1, at(-4));
    await learn();
    await learn(0.1);
    await learn(0.2);
    await db.pool.query(`update events set class = 'machine' where id = $1`, [event]);
    await db.pool.query(
      `insert into event_class_changes (event_id, at, from_class, to_class, reasons) values ($1, now(), 'human', 'machine', '{burst}')`,
      [event],
    );
    expect(await learn(0.3)).toBe(1);
    expect(await affinities(1)).toEqual({});
  });

  it('writes nothing anew as time passes, and nothing at all within a minute', async () => {
    const [one] = (await sendIssue([1], at(-5))) as [number];
    await click(one, 1, at(-4));
    expect(await learn()).toBe(1);
    await click(one, 2, at(-3));
    expect(await store.learnFromClicks(new Date(NOW.getTime() + 59_000), HALF_LIFE, 60_000)).toBe(0);
    expect(await learn(1)).toBe(1);
    expect(await learn(2)).toBe(0);
  });

  it('sees a click that was committed after a later one', async () => {
    const [one, two] = (await sendIssue([1, 2], at(-5))) as [number, number];
    const slow = await db.pool.connect();
    await slow.query('begin');
    await slow.query(
      `insert into events (subscriber_id, delivery_id, kind, link_number, at, class) values (1, $1, 'click', 1, $2, 'human')`,
      [one, at(-4)],
    );
    await click(two, 1, at(-4));
    expect(await learn()).toBe(1);
    await slow.query('commit');
    slow.release();
    expect(await learn(1)).toBe(1);
    expect(await affinities(1)).toMatchObject({ weights: { payroll: 1 } });
  });
});

describe('articleBehind', () => {
  it('finds the pick behind a link of the mail, and nothing else', async () => {
    const [one] = (await sendIssue([3], at(-5))) as [number];
    expect(await store.articleBehind(one, 2)).toEqual({
      subscriberId: 3,
      articleId: 2,
      title: 'Article 2',
      interest: 'stock',
      feedUrl: 'https://feeds.tessel.example/en/payroll.xml',
    });
    // Link 3 leads to an article of the issue that is none of this mail's; 4 to a page.
    expect(await store.articleBehind(one, 3)).toBeNull();
    expect(await store.articleBehind(one, 4)).toBeNull();
    expect(await store.articleBehind(one + 1, 2)).toBeNull();
  });
});

describe('groupResults', () => {
  it('compares readers over the issues that went to both groups', async () => {
    const [alone] = (await sendIssue([1], at(-30))) as [number];
    await click(alone, 1, at(-29));
    const mails = await sendIssue([1, 2, 3, 4, 5], at(-10), [4, 5]);
    await sendIssue([1, 5], at(-5), [1]);
    await click(mails[1]!, 1, at(-9));
    await click(mails[2]!, 4, at(-9));
    await click(mails[3]!, 1, at(-9), 'machine');
    await db.pool.query(
      `insert into qualifications (subscriber_id, at, score, rule, by_post) values (2, $1, 12, 'open', false), (4, $2, 12, 'open', false)`,
      [at(-8), at(-40)],
    );
    expect(await store.groupResults(at(-20))).toEqual({
      personal: { readers: 2, clicked: 1, qualified: 1 },
      control: { readers: 1, clicked: 0, qualified: 0 },
      inBoth: 2,
    });
    expect(await store.groupResults(at(-1))).toMatchObject({ personal: { readers: 0 } });
  });
});
