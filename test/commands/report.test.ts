import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { addIssue, addLead } from '../support/leads.ts';
import { simmer } from '../support/processes.ts';
import { TEST_SECRET_KEY } from '../support/secret-key.ts';

let db: TestDatabase;
let env: Record<string, string>;
beforeAll(async () => {
  db = await testDatabase();
  env = {
    DATABASE_URL: db.url,
    PUBLIC_URL: 'https://news.nordwerk.example',
    SMTP_URL: 'smtp://127.0.0.1:9',
    SECRET_KEY: TEST_SECRET_KEY,
  };
});
afterAll(() => db?.close());
const run = (...args: string[]) => simmer(args, env).finished;

it('report lift: nothing to compare, then what choosing brings, since a day', async () => {
  const empty = await run('report', 'lift');
  expect([empty.code, empty.stdout]).toEqual([0, expect.stringContaining('nothing to compare yet')]);

  // 40 readers with their own digest, 30 of whom clicked; 40 with the same for all, 8 of whom did.
  const issueId = await addIssue(db.pool);
  for (let n = 0; n < 80; n++) {
    const isControl = n >= 40;
    const lead = await addLead(db.pool);
    const { rows } = await db.pool.query<{ id: number }>(
      `insert into deliveries (issue_id, subscriber_id, status, due_at, sent_at, is_control)
       values ($1, $2, 'sent', '2026-10-06T09:00Z', '2026-10-06T09:00Z', $3) returning id`,
      [issueId, lead, isControl],
    );
    if (isControl ? n >= 48 : n >= 30) continue;
    await db.pool.query(
      `insert into events (subscriber_id, delivery_id, kind, link_number, at, class)
       values ($1, $2, 'click', 0, '2026-10-06T12:00Z', 'human')`,
      [lead, rows[0]!.id],
    );
  }
  const all = await run('report', 'lift', '--json');
  expect(JSON.parse(all.stdout)).toMatchObject({
    groups: { personal: { readers: 40, clicked: 30 }, control: { readers: 40, clicked: 8 } },
    clicks: { personal: 0.75, control: 0.2, isSure: true },
  });
  const words = await run('report', 'lift', '--since', '2026-10-01');
  expect(words.stdout).toContain('Personal digests: 40 readers, 30 clicked an article');
  expect(words.stdout).toMatch(
    /Clicks: 75\.0 % against 20\.0 %: \+55\.0 points, 95 % sure of .* more than chance/,
  );
  expect((await run('report', 'lift', '--since', '2026-11-01')).stdout).toContain('nothing to compare yet');
  const wrong = await run('report', 'lift', '--since', 'October');
  expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining('allowed is YYYY-MM-DD')]);
}, 240_000);

it('score replay --check: equal to the point, or named', async () => {
  await db.pool.query('truncate subscribers, issues, events, score_entries cascade');
  const lead = await addLead(db.pool, { email: 'kim@lead.example', score: 7 });
  expect((await run('score', 'replay', '--check')).stdout).toContain('every score is equal, to the point');
  await db.pool.query('update subscribers set score = 8 where id = $1', [lead]);
  const differs = await run('score', 'replay', '--check');
  expect([differs.code, differs.stdout]).toEqual([
    1,
    expect.stringContaining('kim@lead.example: score 8, replayed 7'),
  ]);
}, 240_000);
