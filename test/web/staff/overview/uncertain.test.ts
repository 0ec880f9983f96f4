import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { staffPages } from '../../../../src/web/staff/routes.ts';
import { type TestDatabase, testDatabase } from '../../../support/database.ts';
import { issueForReaders } from '../../../support/issues.ts';
import { asStaff, type SignedIn, signedIn } from '../../../support/staff.ts';
import { testApp, testWebContext } from '../../../support/web.ts';

const NOW = new Date('2026-11-21T09:00:00Z');
let db: TestDatabase;
let app: FastifyInstance;
let mara: SignedIn;
let sam: SignedIn;
let issueId: number;

beforeAll(async () => {
  db = await testDatabase();
  app = await testApp(testWebContext(db.database), staffPages);
  mara = await signedIn(db.database, 'marketer');
  sam = await signedIn(db.database, 'sales');
  issueId = await issueForReaders(db, 3, NOW);
  await db.pool.query(
    `update deliveries set status = 'uncertain' where id in (select id from deliveries where issue_id = $1 limit 2)`,
    [issueId],
  );
  await db.pool.query(
    `insert into outbox (kind, dedupe_key, to_address, language, data, status, due_at, created_at, message_id, reason)
     values ('sales-alert', 'x', 'sales@tessel.example', 'en', '{}', 'uncertain', $1, $1, '<a@tessel.example>', 'nobody knows')`,
    [NOW],
  );
});
afterAll(async () => {
  await app?.close();
  await db?.close();
});

const decide = (who: SignedIn, which: string, how: string) =>
  asStaff(app, who).post('/staff/uncertain', { which, how });
const statuses = async () =>
  (
    await db.pool.query(
      `select (select count(*)::int from deliveries where status = 'planned') as mails,
              (select status from outbox) as alert, (select resolved_at from outbox) as "resolvedAt"`,
    )
  ).rows[0];

it('mails of unknown fate are listed with what can be done, by issue and for those of none', async () => {
  const page = (await asStaff(app, mara).get('/staff')).body;
  expect(page).toContain('sales@tessel.example');
  expect(page).toContain(`Emails of issue ${issueId}`);
  expect(page).toContain('Emails that belong to no issue');
  const ofSales = (await asStaff(app, sam).get('/staff')).body;
  expect(ofSales).not.toContain('action="/staff/uncertain"');
});

it('are sent again or left, by marketers, once, and on the record', async () => {
  expect((await decide(sam, 'one-off', 'resend')).statusCode).toBe(403);
  expect((await decide(mara, 'one-off', 'burn')).statusCode).toBe(404);
  expect((await decide(mara, 'nothing', 'leave')).statusCode).toBe(404);
  expect(await statuses()).toEqual({ mails: 1, alert: 'uncertain', resolvedAt: null });

  expect((await decide(mara, String(issueId), 'resend')).statusCode).toBe(303);
  expect((await decide(mara, 'one-off', 'leave')).statusCode).toBe(303);
  expect(await statuses()).toMatchObject({ mails: 3, alert: 'uncertain', resolvedAt: expect.any(Date) });
  expect((await asStaff(app, mara).get('/staff')).body).not.toContain('id="uncertain"');

  await decide(mara, 'one-off', 'leave');
  const { rows } = await db.pool.query(
    `select act, subject, details ->> 'mails' as mails from audit_entries where act <> 'issue-sent' order by id`,
  );
  expect(rows).toEqual([
    { act: 'uncertain-resent', subject: `news ${issueId}`, mails: '2' },
    { act: 'uncertain-left', subject: 'one-off', mails: '1' },
  ]);
});
