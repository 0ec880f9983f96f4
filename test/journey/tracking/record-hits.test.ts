import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { silentLog } from '../../../src/adapters/log.ts';
import { pendingHitStore } from '../../../src/adapters/postgres/tracking/pending-hit-store.ts';
import { hitSpool } from '../../../src/adapters/spool/hit-spool.ts';
import type { RecordedHit } from '../../../src/domain/tracking/hit.ts';
import type { Job, Queue } from '../../../src/journey/ports.ts';
import type { HitSpool, PendingHitStore } from '../../../src/journey/tracking/ports/hits.ts';
import { processHits } from '../../../src/journey/tracking/process-hits.ts';
import { type HitRecorder, makeRecorder } from '../../../src/journey/tracking/record-hits.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { addDelivery, addIssue, addLead, stateOf } from '../../support/leads.ts';
import { testProgramme } from '../../support/programme.ts';

const at = new Date('2026-11-24T09:00:00Z');
const { machines } = testProgramme();
let db: TestDatabase;
let folder: string;
let lead: number;
let delivery: number;
const recorders: HitRecorder[] = [];
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'simmer-spool-'));
  lead = await addLead(db.pool, { score: 11, mailsSent: 3 });
  delivery = await addDelivery(db.pool, await addIssue(db.pool), lead);
  await db.pool.query('update deliveries set sent_at = $2 where id = $1', [delivery, new Date(0)]);
});
afterEach(async () => {
  for (const recorder of recorders.splice(0)) await recorder.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Clicks a quarter of an hour apart: nobody takes these for a scanner's. */
const click = (n: number, linkNumber = n % 7): RecordedHit => ({
  key: randomUUID(),
  kind: 'click',
  deliveryId: delivery,
  linkNumber,
  at: new Date(at.getTime() + n * 900_000),
  method: 'GET',
  network: '192.0.2.0/24',
  userAgent: 'Firefox',
  verdict: { class: 'human', reasons: [] },
  signs: [],
});
const processPending = () => processHits({ database: db.database, machines }, at);
interface Parts {
  pendingHits: PendingHitStore;
  spool: HitSpool;
  queue: Pick<Queue, 'add'>;
  warn: (details: object, message: string) => void;
}
function recorder({ pendingHits, spool, queue, warn }: Partial<Parts> = {}): HitRecorder {
  const made = makeRecorder({
    pendingHits: pendingHits ?? pendingHitStore(db.pool, 10_000),
    spool: spool ?? hitSpool(folder, silentLog),
    processHits: processPending,
    queue: queue ?? { add: async () => {} },
    log: { ...silentLog, ...(warn ? { warn } : {}) },
    now: () => new Date(at.getTime() + 1000),
  });
  recorders.push(made);
  return made;
}
const events = async () => (await stateOf(db.pool, lead)).events;

it('writes many requests at once, and reminds of the one alert after the hold window', async () => {
  const reminders: { job: Job; delayMs: number | undefined }[] = [];
  let writes = 0;
  const store = pendingHitStore(db.pool, 10_000);
  const { record } = recorder({
    pendingHits: {
      append: (hits) => {
        writes += 1;
        return store.append(hits);
      },
    },
    queue: {
      add: async (job, options) => {
        reminders.push({ job, delayMs: options?.delayMs });
      },
    },
  });
  await Promise.all(Array.from({ length: 200 }, (_, n) => record(click(n))));
  expect(writes).toBeLessThanOrEqual(3);
  await expect.poll(events).toBe(200);
  expect(await stateOf(db.pool, lead)).toMatchObject({ score: 11 + 3 + 3 + 5 + 5 + 8 + 5 + 3, alerts: 1 });
  expect(reminders).toHaveLength(1);
  expect(reminders[0]).toMatchObject({ job: { name: 'send-outbox' } });
});

it('two recorders at once make one qualification and one alert', async () => {
  const both = [recorder(), recorder()] as const;
  await Promise.all(Array.from({ length: 200 }, (_, n) => both[n % 2]!.record(click(n))));
  await expect.poll(events).toBe(200);
  expect(await stateOf(db.pool, lead)).toMatchObject({ score: 43, sum: 43, qualifications: 1, alerts: 1 });
});

it('scores although the reminder cannot be set: the schedule makes up for it', async () => {
  const warnings: string[] = [];
  const { record } = recorder({
    queue: { add: () => Promise.reject(new Error('Redis is away')) },
    warn: (_details, message) => warnings.push(message),
  });
  await record(click(1));
  await expect.poll(() => warnings).toEqual([expect.stringContaining('reminder')]);
  expect(await stateOf(db.pool, lead)).toMatchObject({ alerts: 1 });
});

/** A store that can be switched off; `isWritten`: it fails after it has written, as when the answer is lost. */
function weakStore(isWritten = false) {
  const store = pendingHitStore(db.pool, 10_000);
  const state = { isAway: true, asked: 0 };
  const pendingHits: PendingHitStore = {
    async append(hits) {
      state.asked += 1;
      if (!state.isAway || isWritten) await store.append(hits);
      if (state.isAway) throw new Error('Postgres is away');
    },
  };
  return { pendingHits, state };
}

it('while Postgres is away hits go to the spool, without asking it each time, and are loaded once, in order', async () => {
  const { pendingHits, state } = weakStore();
  const { record } = recorder({ pendingHits });
  for (let n = 0; n < 50; n++) await record(click(n));
  expect(state.asked).toBeLessThan(5);
  expect(await events()).toBe(0);
  state.isAway = false;
  await expect.poll(events, { timeout: 5_000 }).toBe(50);
  await record(click(50));
  await expect.poll(events).toBe(51);
  const { rows } = await db.pool.query('select at from events where subscriber_id = $1 order by id', [lead]);
  expect(rows.map((row) => row.at.getTime())).toEqual(
    Array.from({ length: 51 }, (_, n) => at.getTime() + n * 900_000),
  );
  await expect.poll(() => readdirSync(folder)).toEqual([]);
});

it('a write whose answer was lost is spooled too, and counts once', async () => {
  const { pendingHits, state } = weakStore(true);
  const { record } = recorder({ pendingHits });
  await Promise.all(Array.from({ length: 20 }, (_, n) => record(click(n))));
  state.isAway = false;
  await expect.poll(() => readdirSync(folder), { timeout: 5_000 }).toEqual([]);
  await expect.poll(events).toBe(20);
  expect(await stateOf(db.pool, lead)).toMatchObject({ events: 20, score: 43, sum: 43 });
});

it('loads what a process that is gone has left behind', async () => {
  const dead = hitSpool(folder, silentLog, () => Date.now() - 120_000);
  await dead.append([click(1), click(2)]);
  recorder().recover();
  await expect.poll(events).toBe(2);
});

it('when the disk is full too, hits are kept in memory', async () => {
  const { pendingHits, state } = weakStore();
  const broken: HitSpool = {
    append: () => Promise.reject(new Error('no space left on device')),
    drain: async () => 0,
    close: async () => {},
  };
  const { record } = recorder({ pendingHits, spool: broken });
  await Promise.all([record(click(1)), record(click(2))]);
  state.isAway = false;
  await expect.poll(events, { timeout: 5_000 }).toBe(2);
});
