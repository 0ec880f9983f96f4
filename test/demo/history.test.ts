import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { silentLog } from '../../src/adapters/log.ts';
import { readSettings } from '../../src/config/settings.ts';
import { beginOf, liveThroughWeeks } from '../../src/demo/history.ts';
import { type RunningProgram, startProgram } from '../../src/main.ts';
import { freePort } from '../../src/start/listen.ts';

const END = new Date('2026-11-28T12:00:00Z');
const WEEKS = 5;
const folder = mkdtempSync(join(tmpdir(), 'simmer-history-'));
let aheadMs = beginOf(END, WEEKS).getTime() - Date.now();
const clock = {
  now: () => new Date(Date.now() + aheadMs),
  set(to: Date) {
    aheadMs = to.getTime() - Date.now();
  },
};
let running: RunningProgram;
beforeAll(async () => {
  const read = readSettings({ DATA_DIR: folder, PORT: String(await freePort()) });
  if ('problems' in read) throw new Error('no settings');
  const { settings } = read;
  running = await startProgram({ role: 'all', settings, now: clock.now, log: silentLog, isQuiet: true });
}, 120_000);
afterAll(async () => {
  await running?.stop();
  rmSync(folder, { recursive: true, force: true });
});

it('lives through weeks whose issues hold nothing of their future', async () => {
  const told: string[] = [];
  const { program, queue } = running;
  await liveThroughWeeks(program, queue, clock, {
    people: 12,
    weeks: WEEKS,
    end: END,
    tell: (line) => told.push(line),
  });
  expect(told.length).toBeGreaterThanOrEqual(2);
  const { rows } = await program.pool.query(
    `select i.slot, count(*)::int as articles, count(*) filter (where a.published_at > i.first_due_at)::int as to_come,
            (max(a.published_at) > i.first_due_at - interval '3 days') as is_fresh
       from issues i join issue_articles ia on ia.issue_id = i.id join articles a on a.id = ia.article_id
      group by i.id order by i.id`,
  );
  expect(rows.length).toBeGreaterThanOrEqual(2);
  for (const { slot, articles, to_come, is_fresh } of rows) {
    expect([slot, to_come, is_fresh]).toEqual([slot, 0, true]);
    expect(articles).toBeGreaterThan(50);
  }
  const sent = await program.pool.query(`select count(*)::int as n from deliveries where status = 'sent'`);
  expect(sent.rows[0].n).toBeGreaterThan(4);
}, 240_000);
