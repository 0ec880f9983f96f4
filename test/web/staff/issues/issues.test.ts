import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadMails } from '../../../../src/adapters/mail-templates/renderer.ts';
import { loadTexts } from '../../../../src/adapters/templates/texts.ts';
import { asText } from '../../../../src/domain/reason.ts';
import { staffPages } from '../../../../src/web/staff/routes.ts';
import { addArticles, addReaders } from '../../../support/content.ts';
import { type TestDatabase, testDatabase } from '../../../support/database.ts';
import { openIssue } from '../../../support/issues.ts';
import { testProgramme, testPublicUrl } from '../../../support/programme.ts';
import { asStaff, type SignedIn, signedIn } from '../../../support/staff.ts';
import { addSubscriber, whatPeopleWant } from '../../../support/subscribers.ts';
import { testApp, testWebContext } from '../../../support/web.ts';

const NOW = new Date('2026-11-21T09:00:00Z');
const templates = join(import.meta.dirname, '../../../../templates');
let db: TestDatabase;
let app: FastifyInstance;
let mara: SignedIn;
let issueId: number;

beforeAll(async () => {
  db = await testDatabase();
  const mails = await loadMails(join(templates, 'mails'), loadTexts(join(templates, 'locales')), {
    ...testProgramme().brand,
    publicUrl: testPublicUrl,
  });
  app = await testApp(testWebContext(db.database, { mails }), staffPages);
  mara = await signedIn(db.database, 'marketer');
  await addReaders(db.pool, 30);
  await addSubscriber(db.database, { email: 'stock@reader.example', interests: ['stock'] });
  await addArticles(db.pool, 8, new Date('2026-11-21T08:00:00Z'));
  issueId = await openIssue(db, NOW);
  // As the road would have left it: 25 sent, 3 skipped, 2 failed, one still waiting.
  await db.pool.query(
    `update deliveries d set status = case when n <= 25 then 'sent' when n <= 28 then 'skipped' when n <= 30 then 'failed' else 'planned' end,
            sent_at = case when n <= 25 then $2::timestamptz end,
            reason = case when n between 26 and 28 then jsonb_build_object('code', 'skip.too-few', 'values', jsonb_build_object('n', n, 'interests', json_build_array('payroll'),
                       'language', 'en', 'needed', 5, 'all', 8, 'had', 0))::text end,
            fault = case when n > 28 and n <= 30 then 'no-such-user' end,
            smtp_reply = case when n = 29 then '550 5.1.1 no such user x' when n = 30 then '550 5.1.1 no such user y' end
       from (select id, row_number() over (order by id) as n from deliveries where issue_id = $1) r where r.id = d.id`,
    [issueId, NOW],
  );
  await db.pool.query(
    `insert into events (subscriber_id, delivery_id, kind, link_number, at, class)
     select d.subscriber_id, d.id, k.kind, case k.kind when 'click' then l.number end, $2, k.class
       from (select *, row_number() over (order by id) as n from deliveries where issue_id = $1) d
       cross join (values ('open', 'human', 10), ('open', 'proxied', 4), ('click', 'human', 5), ('click', 'human', 5), ('click', 'machine', 2), ('click', 'doubtful', 3),
                          ('unsubscribe', 'human', 1)) as k(kind, class, most)
       cross join (select min(number) as number from issue_links where issue_id = $1 and role = 'article') l
      where d.n <= k.most`,
    [issueId, NOW],
  );
});
afterAll(async () => {
  await app?.close();
  await db?.close();
});

const get = (url: string) => asStaff(app, mara).get(url);
const plain = (html: string) => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

describe('an issue', () => {
  it('is counted by people, with machines apart', async () => {
    const numbers = await db.database.stores.issueViews.numbers(issueId, NOW, 0);
    expect(numbers).toMatchObject({
      statuses: { sent: 25, skipped: 3, failed: 2, planned: 1 },
      opened: { human: 10, proxied: 4, machine: 0, doubtful: 0 },
      clicked: { human: 5, proxied: 0, machine: 2, doubtful: 3 },
      unsubscribed: 1,
      forms: 0,
      skipped: [
        {
          reason: { code: 'skips.too-few', values: { interests: ['payroll'], language: 'en' } },
          count: 3,
        },
      ],
      failed: [{ reason: asText('550 5.1.1 no such user x'), count: 2 }],
    });
    expect(numbers.links[0]).toMatchObject({ role: 'article', people: 5, machine: 2, doubtful: 3 });
  });

  it('keeps its count, and counts again when that is too old', async () => {
    const { issueViews } = db.database.stores;
    await db.pool.query('delete from issue_numbers');
    const first = await issueViews.numbers(issueId, NOW, 1000);
    const later = new Date(NOW.getTime() + 1000);
    expect(await issueViews.numbers(issueId, later, 1000)).toEqual(first);
    expect((await issueViews.numbers(issueId, new Date(later.getTime() + 1), 1000)).countedAt).not.toBe(
      first.countedAt,
    );
  });

  it('counts again what was counted before anything could be in doubt', async () => {
    const { issueViews } = db.database.stores;
    const whole = await issueViews.numbers(issueId, NOW, 0);
    await db.pool.query("update issue_numbers set numbers = numbers #- '{clicked,doubtful}'");
    expect((await issueViews.numbers(issueId, NOW, Number.POSITIVE_INFINITY)).clicked).toEqual(whole.clicked);
  });

  it('shows its progress and what came of it', async () => {
    expect(plain((await get('/staff/issues')).body)).toContain(
      '25 sent · 1 waiting · 3 without an email · 2 failed · 0 uncertain',
    );
    const page = plain((await get(`/staff/issues/${issueId}`)).body);
    expect(page).toContain('Opened by 40% 10 people 4 through a mail proxy');
    expect(page).toContain(
      'Clicked by 20% 5 people 2 machines, not counted 3 in doubt (person or machine), not counted',
    );
    expect(page).toMatch(/Machine .* article 5 2 3 in doubt /);
    expect(page).toMatch(/Why emails failed no such user 2/);
  });

  it.each([
    ['en', 'nobody knows whether 12 of 25 emails arrived', 'Look at your mail server', 'Fix the cause first'],
    ['nl', 'van 12 van de 25 e-mails is onbekend', 'Kijk eerst naar uw mailserver', 'Verhelp eerst'],
    ['de', 'Bei 12 von 25 E-Mails ist unbekannt', 'Sehen Sie zuerst nach Ihrem Mailserver', 'Beheben Sie'],
  ])('says in %s why Simmer paused it, and what to do', async (language, why, todo, failed) => {
    const { brake } = db.database.stores;
    const values = { done: 25, failed: 3, uncertain: 12, share: 48 };
    const page = async () => {
      const read = asStaff(app, mara).get(`/staff/issues/${issueId}`, { 'accept-language': language });
      return plain((await read).body);
    };
    await brake.pause(issueId, { code: 'issue.uncertain', values }, NOW);
    expect(await page()).toContain(why);
    expect(await page()).toContain(todo);
    await brake.resume(issueId);
    await brake.pause(issueId, { code: 'issue.failed', values }, NOW);
    expect(await page()).toContain(failed);
    await brake.resume(issueId);
    await brake.pause(issueId, { code: 'issue.restored', values: { at: '2026-11-20T03:15:00Z' } }, NOW);
    expect(await page()).toMatch(/20.{1,12}2026.{1,6}0?4:15/);
    await brake.resume(issueId);
    await brake.pause(issueId, asText('the wrong brochure'), NOW);
    expect(await page()).toContain('the wrong brochure');
    await brake.resume(issueId);
    expect(await page()).not.toContain('the wrong brochure');
  });

  it('draws the clicks on the mail itself, in a frame that can do nothing', async () => {
    const frame = await get(`/staff/issues/${issueId}/map?language=en`);
    expect(frame.headers['content-security-policy']).toMatch(/default-src 'none'.*sandbox/);
    expect(frame.body).toMatch(
      /<a[^>]*href="[^"]*\/link\/1"[^>]*>[\s\S]{0,400}?<span style="[^"]*">5<\/span><\/a>/,
    );
    expect(frame.body).not.toContain('/o/');
    expect((await get('/staff/issues/999/map')).statusCode).toBe(404);
  });
});

describe('a rehearsal', () => {
  it('says who gets what, and who gets nothing and why; and changes nothing', async () => {
    const before = await whatPeopleWant(db);
    const page = plain((await get('/staff/rehearsal/news')).body);
    expect(page).toContain('Will get an email 30');
    expect(page).toContain('1: too few new articles for their interests');
    expect((await get('/staff/rehearsal/news?after=29')).body).toContain('stock@reader.example');
    expect(await whatPeopleWant(db)).toEqual(before);
    expect((await get('/staff/rehearsal/no-such-digest')).statusCode).toBe(404);
  });

  it('finds a reader by a part of the address', async () => {
    const answer = await get('/staff/rehearsal/news?reader=reader-7@');
    expect(answer.headers.location).toMatch(/^\/staff\/rehearsal\/news\/\d+$/);
    expect((await get('/staff/rehearsal/news?reader=nobody-like-this')).body).toContain(
      'No active reader fits',
    );
  });
});

describe('a preview', () => {
  it('shows a reader’s mail whole, with links that count nothing', async () => {
    const page = (await get('/staff/rehearsal/news/7')).body;
    expect(page).toContain('best match for Payroll');
    const frame = (await get('/staff/rehearsal/news/7/mail?scheme=dark&images=off')).body;
    expect(frame).toContain('https://blog.example/');
    expect(frame).not.toMatch(/\/(c|o|unsubscribe|preferences)\/[\w-]{8,}/);
    expect(frame).not.toMatch(/prefers-color-scheme/);
    const bare = await get('/staff/rehearsal/news/7/mail?images=off');
    expect(bare.headers['content-security-policy']).toContain("img-src 'none'");
    expect((await get('/staff/rehearsal/news/7?tab=text')).body).toContain('<pre class="code wrap"');
    expect((await get('/staff/rehearsal/news/7?tab=source')).body).toContain('&lt;!doctype html&gt;');
  });

  it('of somebody who gets nothing says why', async () => {
    const { rows } = await db.pool.query(`select id from subscribers where email = 'stock@reader.example'`);
    expect((await get(`/staff/rehearsal/news/${rows[0].id}`)).body).toContain(
      'no fresh articles about Stock in English; 5 needed',
    );
    expect((await get(`/staff/rehearsal/news/${rows[0].id}/mail`)).statusCode).toBe(404);
  });

  it('goes to whoever asks as a mail of its own, and is noted', async () => {
    const before = await whatPeopleWant(db);
    await asStaff(app, mara).post('/staff/rehearsal/news/7/test');
    const { rows } = await db.pool.query(`select kind, to_address, status, data from outbox`);
    expect(rows).toMatchObject([{ kind: 'issue', to_address: mara.email, status: 'planned' }]);
    expect(rows[0].data).toMatchObject({ pixelUrl: null, isTest: true });
    expect(await whatPeopleWant(db)).toEqual(before);
    const [entry] = await db.database.stores.audit.list({ beforeId: null, limit: 1 });
    expect(entry).toMatchObject({ act: 'test-mail-sent', staffEmail: mara.email });
  });
});
