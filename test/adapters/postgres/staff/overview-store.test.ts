import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChoosingStore } from '../../../../src/journey/content/ports/choosing.ts';
import { staffPages } from '../../../../src/web/staff/routes.ts';
import { type TestDatabase, testDatabase } from '../../../support/database.ts';
import { addIssue } from '../../../support/leads.ts';
import { asStaff, signedIn } from '../../../support/staff.ts';
import { testApp, testWebContext } from '../../../support/web.ts';

let db: TestDatabase;
let issue: number;
const at = (text: string) => new Date(`2026-${text}:00Z`);
const PERIOD = { from: at('11-01T00:00'), to: at('12-01T00:00') };

async function person(email: string, fields: Record<string, unknown>): Promise<number> {
  const columns = Object.keys(fields);
  const { rows } = await db.pool.query(
    `insert into subscribers (email, language, time_zone, ${columns.join(', ')})
     values ($1, 'en', 'UTC', ${columns.map((_, n) => `$${n + 2}`).join(', ')}) returning id`,
    [email, ...Object.values(fields)],
  );
  return rows[0].id;
}
async function mail(subscriberId: number, sentAt: Date): Promise<number> {
  const { rows } = await db.pool.query(
    `insert into deliveries (issue_id, subscriber_id, status, due_at, sent_at)
     values ($1, $2, 'sent', $3, $3) returning id`,
    [issue, subscriberId, sentAt],
  );
  return rows[0].id;
}
const event = (
  subscriberId: number,
  deliveryId: number | null,
  kind: string,
  when: Date,
  hitClass = 'human',
  link: number | null = null,
) =>
  db.pool.query(
    `insert into events (subscriber_id, delivery_id, kind, at, class, link_number) values ($1, $2, $3, $4, $5, $6)`,
    [subscriberId, deliveryId, kind, when, hitClass, link],
  );
async function qualification(subscriberId: number, when: Date, closedAt: Date | null): Promise<number> {
  const { rows } = await db.pool.query(
    `insert into qualifications (subscriber_id, at, score, rule, by_post, closed_at)
     values ($1, $2, 12, 'open', false, $3) returning id`,
    [subscriberId, when, closedAt],
  );
  return rows[0].id;
}
const outcome = (qualificationId: number, when: Date, status: string) =>
  db.pool.query(
    `insert into outcomes (qualification_id, at, staff_email, status, is_duplicate, has_running_deal)
     values ($1, $2, 'sam@tessel.example', $3, false, false)`,
    [qualificationId, when, status],
  );

/**
 * Six people. Ann, Ben, Cem and Dot signed up in November; Eva and Flo are of October.
 *   Ann   confirmed after 10 minutes, mailed, clicked article 1 twice and 2 once, asked for a call, SQL, won
 *   Ben   confirmed after 30 minutes, mailed, clicked article 1
 *   Cem   confirmed after 20 minutes, not mailed yet
 *   Dot   never confirmed
 *   Eva   mailed; only a machine clicked; unsubscribed in November
 *   Flo   mailed in November, clicked in October (another mail); was won in October
 */
beforeAll(async () => {
  db = await testDatabase();
  issue = await addIssue(db.pool);
  await db.pool.query(
    `insert into articles (feed_url, url, title, summary, language, interests, published_at, first_seen_at)
     select 'f', 'https://blog.example/' || n, 'Article ' || n, '', 'en', i, '2026-10-01', '2026-10-01'
       from (values (1, '{payroll}'::text[]), (2, '{payroll,stock}')) as a(n, i)`,
  );
  const active = { status: 'active' };
  const ann = await person('ann@x.example', {
    ...active,
    stage: 'customer',
    mails_sent: 1,
    created_at: at('11-02T08:00'),
    confirmed_at: at('11-02T08:10'),
  });
  const ben = await person('ben@x.example', {
    ...active,
    mails_sent: 1,
    created_at: at('11-03T08:00'),
    confirmed_at: at('11-03T08:30'),
  });
  await person('cem@x.example', {
    ...active,
    created_at: at('11-29T08:00'),
    confirmed_at: at('11-29T08:20'),
  });
  await person('dot@x.example', { created_at: at('11-05T08:00') });
  const eva = await person('eva@x.example', {
    status: 'unsubscribed',
    mails_sent: 1,
    created_at: at('10-02T08:00'),
    confirmed_at: at('10-02T09:00'),
    unsubscribed_at: at('11-11T08:00'),
  });
  const flo = await person('flo@x.example', {
    ...active,
    mails_sent: 2,
    created_at: at('10-02T08:00'),
    confirmed_at: at('10-02T09:00'),
  });

  const [annMail, benMail, evaMail] = [
    await mail(ann, at('11-10T09:00')),
    await mail(ben, at('11-10T09:00')),
    await mail(eva, at('11-10T09:00')),
  ];
  await mail(flo, at('11-10T09:00'));
  issue = await addIssue(db.pool);
  const earlier = await mail(flo, at('10-13T09:00'));
  await event(flo, earlier, 'click', at('10-14T09:00'), 'human', 0);
  await event(ann, annMail, 'open', at('11-10T10:00'));
  for (const link of [0, 0, 1]) await event(ann, annMail, 'click', at('11-10T10:01'), 'human', link);
  await event(ann, annMail, 'form', at('11-10T12:00'));
  await event(eva, evaMail, 'unsubscribe', at('11-11T08:00'));
  await event(ben, benMail, 'open', at('11-10T11:00'), 'proxied');
  await event(ben, benMail, 'click', at('11-10T11:01'), 'human', 0);
  for (const link of [0, 1]) await event(eva, evaMail, 'click', at('11-10T09:01'), 'machine', link);
  for (const link of [2, 3, 4]) await event(eva, evaMail, 'click', at('11-10T09:03'), 'doubtful', link);

  // Ann was an MQL for 8 days (with a night more), an SQL for 4; Flo was won in October.
  const won = await qualification(ann, at('11-10T08:10'), at('11-14T08:10'));
  await outcome(won, at('11-11T08:10'), 'in-progress');
  await outcome(won, at('11-14T08:10'), 'won');
  await outcome(await qualification(flo, at('10-15T08:00'), at('10-20T08:00')), at('10-20T08:00'), 'won');
});
afterAll(() => db?.close());

describe('the overview’s numbers equal those counted by hand', () => {
  it('for the period', async () => {
    expect(await db.database.stores.overview.numbers(PERIOD)).toEqual({
      funnel: { signedUp: 4, mql: 3, sql: 1, customer: 1 },
      timeInStage: { pending: 20 * 60, mql: 8 * 86_400, sql: 4 * 86_400 },
      mailsSent: 4,
      reached: 4,
      clicked: 2,
      converted: 1,
      unsubscribed: 1,
      confirmed: 3,
      qualified: 1,
      customers: 1,
      hits: [
        { kind: 'open', human: 1, proxied: 1, machine: 0, doubtful: 0 },
        { kind: 'click', human: 4, proxied: 0, machine: 2, doubtful: 3 },
      ],
    });
  });

  it('for the period before', async () => {
    const october = { from: at('10-01T00:00'), to: at('11-01T00:00') };
    expect(await db.database.stores.overview.numbers(october)).toMatchObject({
      funnel: { signedUp: 2, mql: 2, sql: 1, customer: 1 },
      mailsSent: 1,
      reached: 1,
      clicked: 1,
      converted: 0,
      unsubscribed: 0,
      confirmed: 2,
      qualified: 1,
      customers: 1,
    });
  });

  it('for a period in which nothing happened', async () => {
    const empty = { from: at('01-01T00:00'), to: at('02-01T00:00') };
    expect(await db.database.stores.overview.numbers(empty)).toEqual({
      funnel: { signedUp: 0, mql: 0, sql: 0, customer: 0 },
      timeInStage: { pending: null, mql: null, sql: null },
      mailsSent: 0,
      reached: 0,
      clicked: 0,
      converted: 0,
      unsubscribed: 0,
      confirmed: 0,
      qualified: 0,
      customers: 0,
      hits: [],
    });
  });

  it('part by part', async () => {
    const parts = await db.database.stores.overview.parts(PERIOD, 3);
    expect(parts.map(({ from, ...counts }) => [from.toISOString().slice(0, 10), counts])).toEqual([
      ['2026-11-01', { confirmed: 2, qualified: 1, customers: 0, reached: 4, clicked: 2, unsubscribed: 1 }],
      ['2026-11-11', { confirmed: 0, qualified: 0, customers: 1, reached: 0, clicked: 0, unsubscribed: 0 }],
      ['2026-11-21', { confirmed: 1, qualified: 0, customers: 0, reached: 0, clicked: 0, unsubscribed: 0 }],
    ]);
  });

  it('for articles and interests, by people and by the SQLs they made', async () => {
    // Ann crossed at 08:10, before her clicks of that day: they made no SQL.
    const { overview } = db.database.stores;
    const articles = await overview.bestArticles(PERIOD, 'clicks', 10);
    expect(articles.map(({ title, clicks, sqls }) => [title, clicks, sqls])).toEqual([
      ['Article 1', 2, 0],
      ['Article 2', 1, 0],
    ]);
    const october = { from: at('10-01T00:00'), to: at('11-01T00:00') };
    expect((await overview.bestArticles(october, 'sqls', 10))[0]).toMatchObject({ clicks: 1, sqls: 1 });
    expect(await overview.bestInterests(PERIOD)).toEqual([
      { interest: 'payroll', clicks: 2, sqls: 0 },
      { interest: 'stock', clicks: 1, sqls: 0 },
    ]);
  });

  it('for where people are now', async () => {
    expect(await db.database.stores.overview.standing()).toEqual({
      people: 6,
      active: 4,
      stages: { unconfirmed: 1, mql: 3, sql: 0, customer: 1, left: 1 },
    });
  });

  it('for customers and costs by month', async () => {
    const { overview } = db.database.stores;
    expect(await overview.customersByMonth(at('10-01T00:00'))).toEqual([
      { month: '2026-10-01', customers: 1 },
      { month: '2026-11-01', customers: 1 },
    ]);
    const cost = { month: '2026-11-01', at: at('11-20T00:00'), staffEmail: 'mara@tessel.example' };
    await overview.setCost({ ...cost, amount: 100, note: 'a' });
    await overview.setCost({ ...cost, amount: 1250.5, note: 'b' });
    expect(await overview.costs()).toEqual([{ month: '2026-11-01', amount: 1250.5, note: 'b' }]);
  });
});

describe('what a rate counts', () => {
  it('is never what somebody sent to one person: no mail, no click, no leaving, no best article', async () => {
    const { stores } = db.database;
    const before = [await stores.overview.numbers(PERIOD), await stores.overview.parts(PERIOD, 3)];
    const best = await stores.overview.bestArticles(PERIOD, 'clicks', 10);
    const lift = await stores.choosing.groupResults(PERIOD.from);
    const day = at('11-20T09:00');
    const { id } = await stores.issues.open({
      digestId: 'news',
      slot: `now-${day.toISOString()}`,
      plannedAt: day,
      firstDueAt: day,
      lastDueAt: day,
      toOne: true,
      articleIds: [1],
      links: [
        { number: 0, role: 'article', targetId: '1', language: 'en', url: 'https://x.example', label: 'One' },
      ],
    });
    const to = await person('tried@x.example', { status: 'unsubscribed', created_at: at('09-01T08:00') });
    issue = id;
    const trial = await mail(to, day);
    await event(to, trial, 'open', at('11-20T09:05'));
    await event(to, trial, 'click', at('11-20T09:06'), 'human', 0);
    await event(to, trial, 'unsubscribe', at('11-20T09:07'));
    expect([await stores.overview.numbers(PERIOD), await stores.overview.parts(PERIOD, 3)]).toEqual(before);
    expect(await stores.overview.bestArticles(PERIOD, 'clicks', 10)).toEqual(best);
    expect(await stores.choosing.groupResults(PERIOD.from)).toEqual(lift);
  });

  it('is what happened in the period itself: of the one before no more than of this one', async () => {
    const early = { from: at('11-01T00:00'), to: at('11-10T10:01') };
    // Ann clicks a minute after this period ends, asks for a call two hours later, and Eva leaves the day after.
    expect(await db.database.stores.overview.numbers(early)).toMatchObject({
      reached: 4,
      clicked: 0,
      converted: 0,
      unsubscribed: 0,
    });
  });

  it('is a download as well as a form, and neither without a click before it', async () => {
    const { overview } = db.database.stores;
    const { rows } = await db.pool.query(
      `select id from subscribers where email in ('ben@x.example', 'flo@x.example') order by email`,
    );
    const [ben, flo] = rows.map(({ id }) => Number(id));
    await event(flo!, null, 'download', at('11-12T09:00'));
    expect(await overview.numbers(PERIOD)).toMatchObject({ converted: 1 });
    await event(ben!, null, 'download', at('11-12T09:00'));
    expect(await overview.numbers(PERIOD)).toMatchObject({ converted: 2 });
    await db.pool.query(`delete from events where kind = 'download'`);
  });

  it('never passes the whole: who leaves or clicks was reached by a mail that was sent', async () => {
    // A mail that may not have arrived is no mail sent, even if somebody clicked it.
    const to = await person('uncertain@x.example', { status: 'active', created_at: at('09-01T08:00') });
    const { rows } = await db.pool.query(
      `insert into deliveries (issue_id, subscriber_id, status, due_at, sent_at)
       values ($1, $2, 'uncertain', $3, null) returning id`,
      [issue, to, at('11-22T09:00')],
    );
    await event(to, rows[0].id, 'click', at('11-22T10:00'), 'human', 0);
    await event(to, null, 'unsubscribe', at('11-22T11:00'));
    const parts = await db.database.stores.overview.parts(PERIOD, 9);
    for (const { reached, clicked, unsubscribed } of parts) {
      expect(clicked).toBeLessThanOrEqual(reached);
      expect(unsubscribed).toBeLessThanOrEqual(reached);
    }
    expect(await db.database.stores.overview.numbers(PERIOD)).toMatchObject({ clicked: 2, unsubscribed: 1 });
    await db.pool.query(`delete from events where subscriber_id = $1`, [to]);
  });
});

describe('the overview’s page shows them', () => {
  const textOf = async (url: string, groups?: Awaited<ReturnType<ChoosingStore['groupResults']>>) => {
    // What took long to count is kept for a while, and everything takes long on a busy machine.
    await db.pool.query('delete from kept_counts');
    const { stores } = db.database;
    const choosing = groups ? { ...stores.choosing, groupResults: async () => groups } : stores.choosing;
    const database = { ...db.database, stores: { ...stores, choosing } };
    const app = await testApp(testWebContext(database, { now: () => PERIOD.to }), staffPages);
    const page = (await asStaff(app, await signedIn(db.database, 'marketer')).get(url)).body;
    await app.close();
    return page
      .replace(/<svg[\s\S]*?<\/svg>/g, '')
      .replace(/<[^>]+>/g, ' ')
      .replace(/&#x27;/g, '’')
      .replace(/\s+/g, ' ');
  };

  it('in words where there are too few people for a share', async () => {
    const page = await textOf('/staff?days=30');
    expect(page).toMatch(/Click-through rate .{0,220} too few to tell 2 of 4 people reached/);
    expect(page).toMatch(/Unsubscribe rate .{0,220} too few to tell 1 of 4 people reached/);
    expect(page).not.toMatch(/Above 1 %: look/);
    expect(page).toContain('Too few to tell: fewer than 20 people were sent an issue at a time.');
  });

  it('an effect large only when it is one, and else says plainly that none can be told', async () => {
    const group = (readers: number, clicked: number, qualified = 0) => ({ readers, clicked, qualified });
    const sure = await textOf('/staff', { personal: group(400, 160), control: group(400, 80), inBoth: 0 });
    expect(sure).toMatch(
      /More readers who click .{0,200} \+100% 40% of 400 with it, 20% of 400 without 95 % confidence: between \+59% and \+152%/,
    );
    const unsure = await textOf('/staff', { personal: group(140, 40), control: group(30, 10), inBoth: 0 });
    expect(unsure).toMatch(
      /More readers who click .{0,200} No difference can be told yet\. 28\.6% of 140 with it, 33\.3% of 30 without 95 % confidence/,
    );
    expect(unsure).not.toMatch(/-14% /);
    // Where the control group has none, there is no ratio; the difference may be sure all the same.
    const none = await textOf('/staff', {
      personal: group(400, 160, 40),
      control: group(400, 80),
      inBoth: 0,
    });
    expect(none).toMatch(
      /More readers who become SQL .{0,200} \+10 points 10% of 400 with it, 0% of 400 without/,
    );
  });

  it('as shares, each beside the period before, with the alarm and the lift', async () => {
    await db.database.stores.overview.setCost({
      month: '2026-11-01',
      amount: 1250.5,
      note: '',
      at: PERIOD.to,
      staffEmail: 'mara@tessel.example',
    });
    // Flo is the control group: she did not click what went out in November, of the other three two did.
    await db.pool.query(
      `update deliveries d set is_control = true from subscribers s where s.id = d.subscriber_id and s.email = 'flo@x.example'`,
    );
    // With 36 quiet readers of long ago there are enough for a share.
    await db.pool.query(
      `with quiet as (
         insert into subscribers (email, status, language, time_zone, created_at, confirmed_at)
         select 'quiet-' || n || '@x.example', 'active', 'en', 'UTC', '2026-01-01', '2026-01-01' from generate_series(1, 36) n
         returning id)
       insert into deliveries (issue_id, subscriber_id, status, due_at, sent_at)
       select d.issue_id, quiet.id, 'sent', d.sent_at, d.sent_at
         from quiet cross join (select issue_id, sent_at from deliveries where sent_at = $1 limit 1) d`,
      [at('11-10T09:00')],
    );
    const page = await textOf('/staff?days=30');
    // 30 days before 1 November begin on 2 October, after the October sign-ups at 8:00: Eva and Flo are of that day.
    for (const shown of [
      / Signed up .{0,80} 4 20 min.? median time/,
      / Confirmed: MQL .{0,180} 3 8 days/,
      / SQL .{0,140} 1 4 days/,
      / Customer .{0,80} 1 /,
      /Click-through rate .{0,220} 5% .{0,20}before: – 2 of 40 people reached/,
      /Conversion rate .{0,240} 2.5% .{0,20}before: – 1 of 40 people reached/,
      /Unsubscribe rate .{0,160} 2.5% .{0,20}before: – 1 of 40 people reached Above 1 %/,
      /Emails sent .{0,160} 40 .{0,20}before: 1 to 40 people/,
      /New subscribers .{0,120} 3 ▲ \+50% before: 2 4 signed up/,
      /New SQLs .{0,120} 1 ＝ 0% before: 1/,
      /New customers .{0,120} 1 ＝ 0% before: 1/,
      /Cost per customer .{0,260} €1,250.50 before: – €1,250.50 for 1 customer/,
      /More readers who click .{0,200} too few to tell 39 readers with it, 1 without; it takes 20 of each/,
      /Opens 1 1 0 0 Clicks 4 0 2 3/,
    ])
      expect(page).toMatch(shown);
    // The control group's one reader makes no effect, and no half customer is drawn.
    expect(page).not.toMatch(/100% of the step before/);
  });
});
