import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLog } from '../../../src/adapters/log.ts';
import { planDueIssues, sendNow } from '../../../src/journey/delivery/plan-issue.ts';
import { staffPages } from '../../../src/web/staff/routes.ts';
import { addArticles, addReaders } from '../../support/content.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { testLinks, testProgramme } from '../../support/programme.ts';
import { asStaff, type SignedIn, signedIn } from '../../support/staff.ts';
import { testApp, testWebContext } from '../../support/web.ts';

/** Monday evening in Europe: the world's first readers are due on Tuesday already, so the issue is planned. */
const MONDAY = new Date('2026-11-23T20:00:00Z');
const programme = testProgramme();
let db: TestDatabase;
let app: FastifyInstance;
let mara: SignedIn;
let now = MONDAY;

beforeAll(async () => {
  db = await testDatabase();
  app = await testApp(testWebContext(db.database, { now: () => now }), staffPages);
  mara = await signedIn(db.database, 'marketer');
  await addReaders(db.pool, 30);
  await addArticles(db.pool, 12, new Date('2026-11-23T08:00:00Z'));
});
afterAll(async () => {
  await app?.close();
  await db?.close();
});

const text = async (url: string) =>
  (await asStaff(app, mara).get(url)).body
    .slice(0)
    .replace(/^[\s\S]*<main/, '<main')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .replaceAll('&#x27;', '’');
const deps = () => ({ programme, database: db.database, links: testLinks, log: silentLog });

describe('the coming issue', () => {
  it('is one card, with its day and its readers, before it is planned and after', async () => {
    const card =
      'Next issue Tuesday, 24 November 2026, 09:00 Tessel News · by each reader’s own clock · to 30 readers';
    expect(await text('/staff/issues')).toContain(`${card} Rehearse`);
    await planDueIssues(deps(), now);
    const page = await text('/staff/issues');
    expect(page).toContain(`${card} Planned Rehearse`);
    expect(page.match(/24 November 2026/g)).toHaveLength(1);
    expect(page).not.toContain('Under way');
    expect(page).toContain('After that Tuesday, 8 December 2026');
  });

  it('is told before something is sent beside it', async () => {
    const page = await text('/staff/rehearsal/news');
    expect(page).toContain(
      'The scheduled issue is sent anyway: on Tuesday, 24 November 2026 at 09:00 by each reader’s own clock, to 30 readers.',
    );
    expect(page).toContain(
      'Sending now means an additional issue, at once, to about 30 readers: everybody gets both',
    );
  });

  it('shows its progress in the same card once some of it is sent', async () => {
    await db.pool.query(
      `update deliveries set status = 'sent', sent_at = $1,
              picks = jsonb_build_array(jsonb_build_object('articleId', case when id % 3 = 0 then 2 else 1 end, 'place', 'main'))
        where id <= 12`,
      [now],
    );
    now = new Date('2026-11-24T08:30:00Z');
    const page = await text('/staff/issues');
    expect(page).toContain('Under way Rehearse 40 % 12 sent · 18 waiting');
    expect(page.match(/24 November 2026/g)).toHaveLength(1);
    expect(await text('/staff/rehearsal/news')).toContain(
      'The scheduled issue of Tuesday, 24 November 2026 is being sent right now: 12 of 30 readers have it already.',
    );
  });

  it('is called by its subject line once it is over, with how many others there were', async () => {
    await db.pool.query(`update deliveries set status = 'sent', sent_at = $1 where status = 'planned'`, [
      now,
    ]);
    await db.pool.query(`update issues set status = 'done', finished_at = $1`, [now]);
    await db.pool.query('delete from issue_numbers');
    const page = await text('/staff/issues');
    expect(page).toContain('Article 1 · Tessel News and 1 other subject line 24 November 2026 30');
    expect(await text('/staff/issues/1')).toMatch(
      /Article 1 · Tessel News Tessel News, 24 November 2026 · Done/,
    );
    expect((await asStaff(app, mara).get('/staff/issues/1')).body).toContain(
      '<title>Article 1 · Tessel News',
    );
  });
});

describe('what was sent to one person', () => {
  it('stands apart from the issues, and has no rates', async () => {
    await sendNow(
      deps(),
      programme.digests[0]!,
      { to: 'reader-1@reader.example', by: 'mara@nordwerk.example' },
      now,
    );
    await db.pool.query(
      `update deliveries set status = 'sent', sent_at = $1 where issue_id = (select max(id) from issues)`,
      [now],
    );
    await db.pool.query(`update issues set status = 'done' where status = 'open'`);
    const page = await text('/staff/issues');
    expect(page).toContain('1 issue sent to one person Trials: no rate and no trend counts them.');
    expect(page.match(/and 1 other subject line/g)).toHaveLength(1);
    const alone = await text(`/staff/issues/2`);
    expect(alone).toContain('sent to one person');
    expect(alone).toContain('too few for rates');
    expect(alone).not.toMatch(/\d%/);
  });
});
