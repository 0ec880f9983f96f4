import { afterAll, beforeAll, expect, it } from 'vitest';
import { silentLog } from '../../../../src/adapters/log.ts';
import { makePool } from '../../../../src/adapters/postgres/pool.ts';
import { makeDatabase } from '../../../../src/database.ts';
import type { LeadEvent } from '../../../../src/domain/scoring/lead-event.ts';
import { checkReplay } from '../../../../src/journey/scoring/check-replay.ts';
import { type TestDatabase, testDatabase } from '../../../support/database.ts';
import { addDelivery, addIssue, addLead, aHit, byHuman, LINKS, stateOf } from '../../../support/leads.ts';
import { testLinks as links, testProgramme } from '../../../support/programme.ts';

const base = testProgramme();
/** Nobody becomes an SQL here: the stage that a mail finds is a fact of its moment, not of the order. */
const programme = testProgramme({
  scoring: {
    ...base.scoring,
    threshold: 100_000,
    customerThreshold: 100_000,
    floor: -2,
    points: { ...base.scoring.points, furtherMail: -3 },
    rules: [
      { id: 'click-article', on: null, points: 4, often: null, cap: 7, sqlAtOnce: null, words: null },
      {
        id: 'pricing',
        on: { event: 'visit', pages: ['/pricing'] },
        points: 2,
        often: 'once per day',
        cap: null,
        sqlAtOnce: null,
        words: null,
      },
    ],
  },
});
const LEADS = 6;
const MAILS = 5;
/** SCORE_EVENTS=1000000 for the long run. */
const EVENTS = Math.ceil(Number(process.env.SCORE_EVENTS ?? 100_000) / 40);
const start = Date.UTC(2026, 0, 5);

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase({ programme });
});
afterAll(() => db.close());

it('comes to the same scores in any order, with duplicates, from two sets of connections at once', async () => {
  const random = numbers(7);
  const issues: number[] = [];
  for (let mail = 0; mail < MAILS; mail++) issues.push(await addIssue(db.pool));
  const pairs: { ordered: number; shuffled: number; deliveries: { ordered: number; shuffled: number }[] }[] =
    [];
  for (let n = 0; n < LEADS; n++) {
    const [ordered, shuffled] = [await addLead(db.pool), await addLead(db.pool)];
    const deliveries = [];
    for (const issue of issues)
      deliveries.push({
        ordered: await addDelivery(db.pool, issue, ordered),
        shuffled: await addDelivery(db.pool, issue, shuffled),
      });
    pairs.push({ ordered, shuffled, deliveries });
  }
  const make = (which: 'ordered' | 'shuffled', { lead, mail, what, link, at: time }: Choice): LeadEvent => {
    const pair = pairs[lead]!;
    const [subscriberId, deliveryId, at] = [pair[which], pair.deliveries[mail]![which], new Date(time)];
    const common = { at, deliveryId, hit: aHit, verdict: byHuman };
    if (what === 0) return { kind: 'open', ...common };
    if (what === 1)
      return {
        kind: 'visit',
        at,
        subscriberId,
        page: 'https://tessel.example/pricing',
        hit: aHit,
        details: {},
      };
    if (what === 2) return { kind: 'download', at, subscriberId, name: `file ${link}`, hit: aHit };
    return { kind: 'click', linkNumber: link, ...common };
  };
  const choices: Choice[] = Array.from({ length: EVENTS }, (_, n) => ({
    lead: random(LEADS),
    mail: random(MAILS),
    what: random(8),
    link: random(LINKS.length),
    at: start + n * 60_000,
  }));
  const mails = pairs.flatMap((_, lead) =>
    issues.map((_issue, mail) => ({
      lead,
      mail,
      at: start + Math.floor((mail * EVENTS) / MAILS) * 60_000 - 1,
    })),
  );
  const sent = (which: 'ordered' | 'shuffled', { lead, mail, at }: (typeof mails)[number]): LeadEvent => ({
    kind: 'mail-sent',
    at: new Date(at),
    subscriberId: pairs[lead]![which],
    deliveryId: pairs[lead]!.deliveries[mail]![which],
  });

  const inTime = [
    ...mails.map((mail) => sent('ordered', mail)),
    ...choices.map((one) => make('ordered', one)),
  ].sort((a, b) => a.at.getTime() - b.at.getTime());
  for (let n = 0; n < inTime.length; n += 200)
    await db.database.inTransaction((stores) => stores.ledger.record(inTime.slice(n, n + 200)));

  const again = choices.filter((_, n) => n % 4 === 0);
  const mixed = [...choices, ...again]
    .map((one) => ({ one, place: random(1e9) }))
    .sort((a, b) => a.place - b.place);
  const acts = mixed.map(({ one }) => make('shuffled', one));
  // The mails of one lead are told in their order, among everything else.
  for (const [n, mail] of mails.entries())
    acts.splice(Math.floor(((n % MAILS) + 0.5) * (acts.length / MAILS)), 0, sent('shuffled', mail));
  const other = makePool(db.url, silentLog, 4);
  const databases = [db.database, makeDatabase(other, { programme, links })];
  const batches: LeadEvent[][] = [];
  for (let n = 0; n < acts.length; ) {
    const size = 1 + random(60);
    batches.push(acts.slice(n, n + size));
    n += size;
  }
  let next = 0;
  await Promise.all(
    databases.map(async (database) => {
      for (let batch = batches[next++]; batch; batch = batches[next++]) {
        const leadEvents = batch;
        await database.inTransaction((stores) => stores.ledger.record(leadEvents));
      }
    }),
  );
  await other.end();

  for (const { ordered, shuffled } of pairs) {
    const [one, two] = [await stateOf(db.pool, ordered), await stateOf(db.pool, shuffled)];
    expect(one.sum).toBe(one.score);
    expect(two.sum).toBe(two.score);
    expect(two.score).toBe(one.score);
  }
  const { different } = await checkReplay({ ...db.database.stores, programme, links });
  expect(different).toEqual([]);
}, 900_000);

interface Choice {
  lead: number;
  mail: number;
  what: number;
  link: number;
  at: number;
}

/** The same numbers every time (mulberry32). */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}
