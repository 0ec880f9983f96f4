import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { pendingHitStore } from '../../../src/adapters/postgres/tracking/pending-hit-store.ts';
import type { RuleChange } from '../../../src/domain/scoring/rule-change.ts';
import type { RecordedHit } from '../../../src/domain/tracking/hit.ts';
import { recordOutcome } from '../../../src/journey/sales/record-outcome.ts';
import { applyRules, undoRules } from '../../../src/journey/scoring/apply-rules.ts';
import { checkReplay } from '../../../src/journey/scoring/check-replay.ts';
import { fadeScores } from '../../../src/journey/scoring/fade-scores.ts';
import { importTouchpoints } from '../../../src/journey/scoring/import-touchpoints.ts';
import { processHits } from '../../../src/journey/tracking/process-hits.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { addDelivery, addIssue, addLead, aHit } from '../../support/leads.ts';
import { testLinks as links, testProgramme } from '../../support/programme.ts';
import { randomFrom } from '../../support/scanner-simulation.ts';

/**
 * More: REPLAY_STEPS=3000 REPLAY_SEED=7 npx vitest run test/journey/scoring/replay.test.ts; with REPLAY_EACH=1 every step
 * is checked, to find the first that is wrong.
 */
const STEPS = Number(process.env.REPLAY_STEPS ?? 150);
const SEED = Number(process.env.REPLAY_SEED ?? 1);
const LEADS = 12;
const HOUR = 3_600_000;
const programme = testProgramme();
const { machines } = programme;

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase({ programme });
});
afterAll(() => db.close());

it('whatever happened, and in whatever order it came in, a replay of the whole history gives the present scores', async () => {
  const random = randomFrom(SEED);
  const between = (least: number, most: number) => least + Math.floor(random() * (most - least + 1));
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
  const pendingHits = pendingHitStore(db.pool, 60_000);
  const { ledger, sales, rules } = db.database.stores;
  const deps = { database: db.database, programme, links };
  let now = new Date('2026-03-02T09:00:00Z');
  const earlier = (hours: number) => new Date(now.getTime() - random() * hours * HOUR);
  const leads: number[] = [];
  for (let n = 0; n < LEADS; n++) leads.push(await addLead(db.pool, { email: `lead-${n}@reader.example` }));
  await db.pool.query(`update subscribers set created_at = '2026-01-01'`);
  const mails: { delivery: number; sentAt: Date }[] = [];

  const hit = (delivery: number, at: Date, fields: Partial<RecordedHit> = {}): RecordedHit => ({
    key: randomUUID(),
    kind: 'click',
    deliveryId: delivery,
    linkNumber: between(0, 7),
    at,
    method: 'GET',
    network: pick(['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24']),
    userAgent: 'Firefox',
    verdict: { class: 'human', reasons: [] },
    signs: [],
    ...fields,
  });
  const arrive = async (hits: RecordedHit[]) => {
    for (let rest = hits; rest.length > 0; ) {
      await pendingHits.append(rest.splice(0, between(1, 5)));
      await processHits({ database: db.database, machines }, now);
    }
  };
  const change = (): RuleChange =>
    pick<RuleChange>([
      {},
      { threshold: between(6, 20) },
      { points: { 'click-article': between(0, 9), 'further-mail': -between(0, 4) } },
      { floor: between(-6, 0), points: { open: between(0, 3) } },
      { scoreAfterReturn: between(0, 4), halfLifeDays: pick([null, 10, 45]) },
    ]);

  const steps: Record<string, () => Promise<unknown>> = {
    async mail() {
      const subscriberId = pick(leads);
      const delivery = await addDelivery(db.pool, await addIssue(db.pool), subscriberId);
      await db.pool.query('update deliveries set sent_at = $2 where id = $1', [delivery, now]);
      mails.push({ delivery, sentAt: now });
      await ledger.record([{ kind: 'mail-sent', at: now, subscriberId, deliveryId: delivery }]);
    },
    async read() {
      const { delivery, sentAt } = pick(mails);
      const at = new Date(Math.min(sentAt.getTime() + random() * 30 * HOUR, now.getTime() - 9_000));
      await arrive([
        hit(delivery, at, { kind: 'open', linkNumber: null }),
        hit(delivery, new Date(at.getTime() + 9_000)),
      ]);
    },
    async scan() {
      const { delivery, sentAt } = pick(mails);
      const begin = sentAt.getTime() + between(20, 200) * 1000;
      if (begin + 200_000 > now.getTime()) return;
      const network = pick([null, '10.0.0.0/24', '10.0.1.0/24']);
      const all = Array.from({ length: 8 }, (_, link) =>
        hit(delivery, new Date(begin + between(0, 100) * 1000), {
          linkNumber: link,
          network: network ?? `10.1.${link}.0/24`,
        }),
      );
      await arrive([...all, hit(delivery, new Date(begin + 50_000))].sort(() => random() - 0.5));
    },
    async form() {
      const form = pick(['call-back', 'contact', 'webinar']);
      const leadEvent = {
        kind: 'form',
        at: earlier(40),
        subscriberId: pick(leads),
        deliveryId: null,
      } as const;
      await ledger.record([{ ...leadEvent, form, hit: aHit, details: {} }]);
    },
    async list() {
      const email = `lead-${between(0, LEADS - 1)}@reader.example`;
      const profile = {
        name: null,
        company: null,
        jobTitle: null,
        phone: null,
        industry: null,
        companySize: null,
        country: null,
      };
      const row = {
        line: 2,
        email,
        profile,
        language: 'en',
        touchpoint: 'trade-fair',
        at: earlier(400),
        note: '',
        key: randomUUID(),
      };
      await importTouchpoints(
        deps as never,
        { rows: [row], source: 'a fair', isDryRun: false, by: 'cli:mara' } as never,
        now,
      );
    },
    async answer() {
      const qualification = await sales.openQualification(pick(leads));
      if (!qualification || qualification.at > now) return;
      const said = { isDuplicate: false, hasRunningDeal: false, note: '', staffEmail: 'sam@tessel.example' };
      const status = pick(['rejected', 'lost', 'won', 'in-progress'] as const);
      await recordOutcome(
        deps as never,
        { qualificationId: qualification.id, status, ...said, notBefore: null } as never,
        now,
      );
    },
    fade: () => fadeScores({ database: db.database, programme }, now),
    apply: () => applyRules(deps, { change: change(), by: 'a test' }, now),
    undo: () => undoRules(deps, 'a test', now),
    async erase() {
      if (random() < 0.2)
        await db.database.stores.ownData.erase(pick(leads), now, { code: 'consent.own-data-page' });
    },
  };
  const often = ['mail', 'mail', 'read', 'read', 'read', 'scan', 'form', 'list', 'answer', 'answer', 'fade'];
  await steps.mail!();
  for (let step = 0; step < STEPS; step++) {
    now = new Date(now.getTime() + random() * 8 * HOUR);
    const name = random() < 0.08 ? pick(['apply', 'undo', 'erase']) : pick(often);
    await steps[name]!();
    if (step % 10 !== 9 && step !== STEPS - 1 && !process.env.REPLAY_EACH) continue;
    const { different } = await checkReplay({ ...db.database.stores, programme, links });
    expect(different, `after step ${step}, ${name}, with ${JSON.stringify(await rules.inForce())}`).toEqual(
      [],
    );
  }
}, 600_000);
