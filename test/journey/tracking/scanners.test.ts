import { afterAll, expect, it } from 'vitest';
import { pendingHitStore } from '../../../src/adapters/postgres/tracking/pending-hit-store.ts';
import type { LeadEvent } from '../../../src/domain/scoring/lead-event.ts';
import type { RecordedHit } from '../../../src/domain/tracking/hit.ts';
import { checkAlert } from '../../../src/journey/sales/check-alert.ts';
import { checkReplay } from '../../../src/journey/scoring/check-replay.ts';
import { processHits } from '../../../src/journey/tracking/process-hits.ts';
import { type MakeHit, makeHits } from '../../../src/web/tracking/arrived-hit.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { addIssue } from '../../support/leads.ts';
import { testLinks, testProgramme } from '../../support/programme.ts';
import { testSay } from '../../support/say.ts';
import {
  randomFrom,
  type SimulatedHit,
  type SimulatedReader,
  simulateIssue,
} from '../../support/scanner-simulation.ts';
import { testWebContext } from '../../support/web.ts';

/** The whole: npm run simulate:scanners. Another one: SIMULATION_SEED=2 npm run simulate:scanners */
const READERS = Number(process.env.SIMULATION_READERS ?? 200);
const SEED = Number(process.env.SIMULATION_SEED ?? 1);
/** Of few keen readers one more or less is a large share. */
const KEEN_SHARE = READERS >= 1000 ? 0.98 : 0.9;
const BEGIN = new Date('2026-11-24T09:00:00Z');
/** Hits of so long are taken in together, as a busy web process would. */
const ROUND_MS = 2_000;
const programme = testProgramme({ sales: { ...testProgramme().sales, holdMs: 120_000 } });

type Filter = 'on' | 'off' | 'people only';
interface World {
  db: TestDatabase;
  deliveries: number[];
  leads: number[];
}
interface Outcome {
  /** Hits by their place that gave or keep being taken for a person's. */
  taken: Map<string, boolean>;
  alerted: Set<number>;
}

let people: SimulatedReader[];
let hits: SimulatedHit[];
let worlds: Record<Filter, World>;
const opened: TestDatabase[] = [];
afterAll(() => Promise.all(opened.map((db) => db.close())));

async function begin(scanners: 'whole' | 'mixed'): Promise<void> {
  ({ people, hits } = simulateIssue(READERS, BEGIN, randomFrom(SEED), { scanners }));
  worlds = {} as Record<Filter, World>;
  for (const filter of ['on', 'off', 'people only'] as const) {
    worlds[filter] = await prepare(people);
    opened.push(worlds[filter].db);
  }
}

/** Readers a click or three away from being an SQL, each with the mail. */
async function prepare(readers: SimulatedReader[]): Promise<World> {
  const db = await testDatabase({ programme });
  const issueId = await addIssue(db.pool);
  const { rows: leads } = await db.pool.query<{ id: number }>(
    `insert into subscribers (email, status, language, time_zone, created_at, interests, mails_sent, score)
     select 'reader@' || case when gateway then 'gateway' else 'plain' end || n || '.example', 'active', 'en',
            'Europe/Amsterdam', now(), '{payroll}', 4, n % 10
       from unnest($1::int[], $2::boolean[]) as r (n, gateway) order by n returning id`,
    [readers.map(({ number }) => number), readers.map(({ isGateway }) => isGateway)],
  );
  await db.pool.query(
    `insert into score_entries (subscriber_id, at, points, rule, rule_version, once_key, cause)
     select id, $1, score, 'earlier', '1', 'earlier', 'earned earlier' from subscribers where score > 0`,
    [new Date(BEGIN.getTime() - 86_400_000)],
  );
  const ids = leads.map(({ id }) => id);
  const { rows: deliveries } = await db.pool.query<{ id: number }>(
    `insert into deliveries (issue_id, subscriber_id, status, due_at, sent_at)
     select $1, id, 'sent', sent_at, sent_at from unnest($2::bigint[], $3::timestamptz[]) as d (id, sent_at)
      order by id returning id`,
    [issueId, ids, readers.map(({ sentAt }) => sentAt)],
  );
  await db.pool.query(
    `insert into mail_domains (domain, mx, gateway, looked_up_at, look_up_at)
     select split_part(email, '@', 2), '{mx.mimecast.com}', 'Mimecast', now(), now() from subscribers
      where email like '%@gateway%'`,
  );
  return { db, leads: ids, deliveries: deliveries.map(({ id }) => id) };
}

/** Lives through the issue: hits come in, alerts wait out the hold window and are looked at again. */
async function live(filter: Filter): Promise<Outcome> {
  const { db, deliveries } = worlds[filter];
  let now = BEGIN;
  const makeHit = makeHits(testWebContext(db.database, { programme, now: () => now }));
  const pendingHits = pendingHitStore(db.pool, 60_000);
  const alerted = new Set<number>();
  const keys = new Map<string, boolean>();
  const lastsUntil = hits.at(-1)!.at.getTime() + programme.sales.holdMs + 1;
  let next = 0;
  while (next < hits.length) {
    const until = hits[next]!.at.getTime() + ROUND_MS;
    await sendDueAlerts(db, hits[next]!.at, alerted);
    const round: RecordedHit[] = [];
    for (; next < hits.length && hits[next]!.at.getTime() < until; next++) {
      const hit = hits[next]!;
      if (filter === 'people only' && !hit.isPerson) continue;
      now = hit.at;
      const arrived = arrive(makeHit, hit, deliveries[hit.reader]!);
      keys.set(arrived.key, hit.isPerson && hit.kind === 'click');
      round.push(arrived);
    }
    if (filter === 'on') {
      await pendingHits.append(round);
      await processHits({ database: db.database, machines: programme.machines }, new Date(until));
    } else await db.database.inTransaction(({ ledger }) => ledger.record(round.map(asPerson)));
  }
  await sendDueAlerts(db, new Date(lastsUntil), alerted);
  return { taken: keys, alerted };
}

function arrive(
  makeHit: MakeHit,
  { kind, linkNumber, request }: SimulatedHit,
  deliveryId: number,
): RecordedHit {
  return makeHit(request, { kind, deliveryId, linkNumber });
}

/** Without the filter every hit is a person's. */
function asPerson({
  key,
  kind,
  at,
  deliveryId,
  linkNumber,
  method,
  network,
  userAgent,
}: RecordedHit): LeadEvent {
  const hit = { method, ip: network, userAgent, purpose: null };
  const common = { key, at, deliveryId, hit, verdict: { class: 'human', reasons: [] } as const };
  return kind === 'open'
    ? { kind, ...common, verdict: { class: 'human', reasons: [] } }
    : { kind, linkNumber: linkNumber!, ...common, verdict: { class: 'human', reasons: [] } };
}

async function sendDueAlerts(db: TestDatabase, now: Date, alerted: Set<number>): Promise<void> {
  const { rows } = await db.pool.query<{ id: number; subscriber_id: number }>(
    `select id, subscriber_id from outbox where kind = 'sales-alert' and status = 'planned' and due_at <= $1 order by id`,
    [now],
  );
  for (const { id, subscriber_id } of rows) {
    const answer = await checkAlert(
      { database: db.database, programme, links: testLinks, say: testSay },
      id,
      now,
    );
    if (answer.send) alerted.add(worldNumber(db, subscriber_id));
    await db.pool.query(`update outbox set status = $2 where id = $1`, [
      id,
      answer.send ? 'sent' : 'dropped',
    ]);
  }
}

/** The reader's number, the same in every world. */
function worldNumber(db: TestDatabase, leadId: number): number {
  return Object.values(worlds)
    .find((world) => world.db === db)!
    .leads.indexOf(leadId);
}

/**
 * Of the clicks taken for a person's: how many are; of the people's clicks: how many count (in doubt or not). Of those in
 * doubt, which count and make no SQL: how many are a person's.
 */
async function clicksJudged(filter: Filter, byPerson: ReadonlyMap<string, boolean>) {
  const { rows } = await worlds[filter].db.pool.query<{
    key: string;
    class: string;
    delivery_id: number;
    link_number: number;
  }>(`select key, class, delivery_id, link_number from events where kind = 'click'`);
  const of = (name: string) => rows.filter((row) => row.class === name);
  const people = (some: typeof rows) => some.filter(({ key }) => byPerson.get(key)).length;
  const counted = [...of('human'), ...of('doubtful')];
  return {
    precision: people(of('human')) / of('human').length,
    recall: people(counted) / people(rows),
    clicks: people(rows),
    inDoubt: of('doubtful').length,
    peopleInDoubt: people(of('doubtful')),
  };
}

const isOfKeen = ({ reader }: SimulatedHit) => people[reader]!.keen !== null;

/** Of the links that these people followed: how many stand in the ledger with their points. */
async function scoredShare(filter: Filter, isMeant: (hit: SimulatedHit) => boolean): Promise<number> {
  const { db, deliveries } = worlds[filter];
  const followed = new Set(
    hits
      .filter((hit) => hit.isPerson && hit.kind === 'click' && isMeant(hit))
      .map(({ reader, linkNumber }) => `click:d${deliveries[reader]}:${linkNumber}`),
  );
  const { rows } = await db.pool.query<{ once_key: string }>(
    `select once_key from score_entries where once_key like 'click:%' and reverses is null and points > 0`,
  );
  const standing = new Set(rows.map(({ once_key }) => once_key));
  return [...followed].filter((key) => standing.has(key)).length / followed.size;
}

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;

/** Of people's clicks taken for a machine's: what the mail went through and why, for who wants to know. */
async function showLost(byPerson: ReadonlyMap<string, boolean>): Promise<void> {
  const { db, deliveries } = worlds.on;
  const { rows } = await db.pool.query(
    `select e.key, e.delivery_id, e.link_number, extract(epoch from e.at - d.sent_at)::int as after, e.class_reasons
       from events e join deliveries d on d.id = e.delivery_id where e.kind = 'click' and e.class = 'machine'`,
  );
  for (const row of rows.filter(({ key }) => byPerson.get(key)))
    console.log(
      people[deliveries.indexOf(row.delivery_id)]!.scanner,
      row.link_number,
      row.after,
      row.class_reasons,
    );
}

it.each([
  ['whole', 'scanners that follow every link'],
  ['mixed', 'scanners of all kinds'],
] as const)(
  `an issue to ${READERS} readers, %s: no false SQL reaches sales, and people score`,
  async (scanners, words) => {
    await begin(scanners);
    const truth = await live('people only');
    const on = await live('on');
    const off = await live('off');
    const [judgedOn, judgedOff] = [await clicksJudged('on', on.taken), await clicksJudged('off', off.taken)];
    const falseOf = ({ alerted }: Outcome) => [...alerted].filter((reader) => !truth.alerted.has(reader));
    const scored = await scoredShare('on', () => true);
    const keenScored = await scoredShare('on', isOfKeen);
    const keen = people.filter((one) => one.keen).map(({ number }) => number);
    console.log(
      [
        `${READERS} readers, ${people.filter(({ scanner }) => scanner).length} behind ${words}, ${keen.length} who read everything within ten minutes; ${hits.length} hits, ${judgedOn.clicks} of them clicks of people; ${truth.alerted.size} leads earned an alert, ${keen.filter((reader) => truth.alerted.has(reader)).length} of them by reading everything`,
        `filter on:  precision ${percent(judgedOn.precision)}, recall ${percent(judgedOn.recall)}; ${on.alerted.size} alerts, ${keen.filter((reader) => on.alerted.has(reader)).length} of them for who read everything, ${falseOf(on).length} of them false; ${percent(scored)} of people's links scored, ${percent(keenScored)} of those who read everything; ${judgedOn.inDoubt} clicks in doubt, ${judgedOn.peopleInDoubt} of them people's`,
        `filter off: precision ${percent(judgedOff.precision)}, recall ${percent(judgedOff.recall)}; ${off.alerted.size} alerts, ${falseOf(off).length} of them false`,
      ].join('\n'),
    );
    if (process.env.SIMULATION_DEBUG) await showLost(on.taken);
    expect(falseOf(on).map((reader) => people[reader])).toEqual([]);
    expect(scored).toBeGreaterThanOrEqual(0.98);
    expect(keenScored).toBeGreaterThanOrEqual(KEEN_SHARE);
    expect(judgedOn.precision).toBeGreaterThan(0.97);
    expect(falseOf(off).length).toBeGreaterThan(READERS / 20);
    const { different } = await checkReplay({ ...worlds.on.db.database.stores, programme, links: testLinks });
    expect(different).toEqual([]);
  },
  1_800_000,
);
