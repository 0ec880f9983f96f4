import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { staffPages } from '../../../src/web/staff/routes.ts';
import { addArticles, addReaders } from '../../support/content.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { asStaff, type SignedIn, signedIn } from '../../support/staff.ts';
import { addSubscriber } from '../../support/subscribers.ts';
import { testApp, testWebContext } from '../../support/web.ts';

const NOW = new Date('2026-11-21T09:00:00Z');
let db: TestDatabase;
let app: FastifyInstance;
let mara: SignedIn;
beforeAll(async () => {
  db = await testDatabase();
  app = await testApp(testWebContext(db.database), staffPages);
  mara = await signedIn(db.database, 'marketer');
});
afterAll(async () => {
  await app?.close();
  await db?.close();
});

it('sets what readers want beside what there is for them, by language', async () => {
  await addReaders(db.pool, 12);
  await addSubscriber(db.database, {
    email: 'jan@x.example',
    language: 'nl',
    interests: ['payroll', 'stock'],
  });
  await addArticles(db.pool, 6, NOW);
  await db.pool.query(
    `update articles set published_at = '2026-09-01' where id = (select min(id) from articles)`,
  );
  const page = (await asStaff(app, mara).get('/staff/content')).body
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');
  expect(page).toContain('Payroll 13 readers want it; 5 fresh articles');
  expect(page).toContain('en 12 readers, 5 fresh');
  expect(page).toContain('nl 1 reader, 0 fresh too few');
  expect(page).toContain('Stock 1 reader wants it; 0 fresh articles');
});

it('tells of interests that readers follow and the programme has no more, and of articles of feeds that left', async () => {
  const shown = async () =>
    (await asStaff(app, mara).get('/staff/content')).body.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
  expect(await shown()).not.toContain('no longer');
  await addSubscriber(db.database, { email: 'old@x.example', language: 'nl', interests: ['crm'] });
  await addSubscriber(db.database, {
    email: 'older@x.example',
    language: 'en',
    interests: ['crm', 'payroll'],
  });
  await db.pool.query(
    `update articles set feed_url = 'https://left.example/' where id = (select max(id) from articles)`,
  );
  const page = await shown();
  expect(page).toContain('2 active readers follow “crm”, which the programme no longer has.');
  expect(page.match(/feed no longer in the programme, not sent any more/g)).toHaveLength(1);
  expect(page).toContain('Payroll 14 readers want it; 4 fresh articles');
});

it('tells how each feed does, in its own words', async () => {
  const url = 'https://feeds.tessel.example/en/payroll.xml';
  await db.pool.query(
    `insert into feeds (url, next_check_at, last_success_at, failures, last_error) values ($1, $2, '2026-10-01', 9, 'answered 503')`,
    [url, NOW],
  );
  const page = (await asStaff(app, mara).get('/staff/content')).body;
  expect(page).toContain('failing');
  expect(page).toContain('answered 503');
  expect(page).toContain('not read yet');
});

it('tells how far an article reached', async () => {
  const { rows } = await db.pool.query('select id from articles order by published_at desc limit 1');
  await db.pool.query(
    `with issue as (insert into issues (digest_id, slot, status, planned_at, first_due_at, last_due_at)
                    values ('news', 's', 'done', $2, $2, $2) returning id),
          a as (insert into issue_articles (issue_id, article_id, mails) select id, $1, 40 from issue)
     insert into issue_numbers (issue_id, counted_at, numbers)
     select id, $2, jsonb_build_object('clicked', jsonb_build_object('doubtful', 0), 'skipped', '[]'::jsonb, 'failed', '[]'::jsonb, 'links', jsonb_build_array(jsonb_build_object('role', 'article', 'targetId', $1::text, 'people', 8))) from issue`,
    [rows[0].id, NOW],
  );
  const [article] = await db.database.stores.contentViews.articles({
    interest: 'payroll',
    language: 'en',
    beforeId: null,
    limit: 1,
  });
  expect(article).toMatchObject({ id: rows[0].id, issues: 1, mails: 40, clicks: 8 });
  expect((await asStaff(app, mara).get('/staff/content')).body).toContain('<small>20%</small>');
});
