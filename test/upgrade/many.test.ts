import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { expect, it } from 'vitest';
import { silentLog } from '../../src/adapters/log.ts';
import { migrate } from '../../src/adapters/postgres/migrate.ts';
import { makePool } from '../../src/adapters/postgres/pool.ts';
import { profileStore } from '../../src/adapters/postgres/sales/profile-store.ts';
import { emptyDatabase } from '../support/database.ts';
import { tellIn } from '../support/say.ts';
import { loadBefore } from './database-of-before.ts';
import { multiply } from './multiplied.ts';
import { RAW } from './said-on-a-page.ts';

/** `npm run upgrade-check` sets them. */
const PEOPLE = Number(process.env.UPGRADE_PEOPLE ?? 800);
const EVENTS = Number(process.env.UPGRADE_EVENTS ?? 8_000);
const LOOK_EVERY_MS = 10;

const scores = async (pool: pg.Pool) =>
  (
    await pool.query<{ id: number; score: number; sum: number }>(
      `select s.id::int, s.score, coalesce(e.sum, 0)::int as sum from subscribers s
         left join (select subscriber_id, sum(points) as sum from score_entries group by 1) e on e.subscriber_id = s.id order by 1`,
    )
  ).rows;

/** Looks which tables the migrations hold against writing, until told to stop: table → for how long, in milliseconds. */
function watchLocks(pool: pg.Pool) {
  const first = new Map<string, number>();
  const held = new Map<string, number>();
  let isDone = false;
  const looking = (async () => {
    while (!isDone) {
      const { rows } = await pool.query<{ name: string }>(
        `select distinct c.relname as name from pg_locks l join pg_class c on c.oid = l.relation and c.relkind = 'r'
           join pg_stat_activity a on a.pid = l.pid
          where a.application_name = 'simmer migrations' and l.granted and c.relnamespace = 'public'::regnamespace
            and l.mode in ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')`,
      );
      for (const { name } of rows) {
        if (!first.has(name)) first.set(name, performance.now());
        held.set(name, performance.now() - first.get(name)!);
      }
      await sleep(LOOK_EVERY_MS);
    }
  })();
  return async () => {
    isDone = true;
    await looking;
    return [...held].sort((a, b) => b[1] - a[1]);
  };
}

it('brings a large database of before up to date: every score stays, every reason can be said', async () => {
  const { url, drop } = await emptyDatabase();
  const pool = makePool(url, silentLog);
  try {
    await loadBefore(url);
    const one = (await scores(pool)).length;
    await multiply(pool, Math.ceil(PEOPLE / one) - 1, EVENTS);
    const before = await scores(pool);
    expect(before.length).toBeGreaterThanOrEqual(PEOPLE);
    const { rows } = await pool.query<{ n: number }>('select count(*)::int as n from events');
    expect(rows[0]?.n).toBeGreaterThanOrEqual(EVENTS);

    const locks = watchLocks(pool);
    const began = performance.now();
    const ran = await migrate(url, silentLog);
    const ms = Math.round(performance.now() - began);
    const held = await locks();
    expect(ran.length).toBeGreaterThan(0);

    const after = await scores(pool);
    expect(after).toEqual(before);
    expect(after.filter(({ score, sum }) => score !== sum)).toEqual([]);
    const tellers = ['en', 'nl', 'de', 'fr'].map((language) => tellIn(language));
    let said = 0;
    for (const { id } of after.filter((_, nth) => nth % 10 === 0)) {
      const facts = await profileStore(pool).find(id);
      const reasons = [
        ...(facts?.ledger ?? []).map(({ cause }) => cause),
        ...(facts?.events ?? []).flatMap(({ classReasons }) => classReasons),
      ];
      for (const tell of tellers)
        for (const reason of reasons) {
          const words = tell(reason);
          expect([id, words === '', RAW.exec(words)]).toEqual([id, false, null]);
          said += 1;
        }
    }
    expect(said).toBeGreaterThan(500);
    if (process.env.UPGRADE_PEOPLE)
      console.log(
        `${before.length} people, ${rows[0]?.n} events: ${ran.length} migrations (${ran.join(', ')}) in ${ms} ms; scores as before; ` +
          `${said} reasons said. Tables held against writing: ${held.map(([name, for_]) => `${name} ${Math.round(for_)} ms`).join(', ') || 'none long enough to be seen'}.`,
      );
  } finally {
    await pool.end();
    await drop();
  }
});
