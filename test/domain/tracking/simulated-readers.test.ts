import { expect, it } from 'vitest';
import { shortenAddress } from '../../../src/domain/tracking/network.ts';
import { makeHits } from '../../../src/web/tracking/arrived-hit.ts';
import { HOLD_MS, isEarned, type JudgedHit, judgeSimulated } from '../../support/judge-simulated.ts';
import { testProgramme } from '../../support/programme.ts';
import {
  randomFrom,
  type SimulatedHit,
  type SimulatedReader,
  simulateIssue,
} from '../../support/scanner-simulation.ts';
import { testWebContext } from '../../support/web.ts';

/**
 * What npm run simulate:scanners lives through, without the database: seconds instead of minutes. One reader of it, hit by
 * hit: SIMULATION_SEED=1 SIMULATION_READERS=5000 SIMULATION_READER=1879 npx vitest run simulated-readers
 */
const READERS = Number(process.env.SIMULATION_READERS ?? 1500);
const SEEDS = process.env.SIMULATION_SEED ? [Number(process.env.SIMULATION_SEED)] : [1, 2, 6];
const SHOWN = process.env.SIMULATION_READER ? Number(process.env.SIMULATION_READER) : null;
const BEGIN = new Date('2026-11-24T09:00:00Z');
/** In hold windows: until then an alert waits for scans to be over. */
const SCAN_IN_HOLDS = 2.75;

const makeHit = makeHits(
  testWebContext({ stores: { issues: {} } } as never, {
    programme: testProgramme(),
    keepAddress: shortenAddress,
    now: () => BEGIN,
  }),
);

/** Whether an alert is sent at any moment at which one would be due. */
function isAlerted(reader: SimulatedReader, hits: readonly SimulatedHit[]): boolean {
  return hits.some((hit, place) => {
    const next = hits[place + 1];
    const isStill = !next || +next.at - +hit.at > HOLD_MS;
    if (!isStill || (next && +next.at - +reader.sentAt <= HOLD_MS * SCAN_IN_HOLDS)) return false;
    const judged = judgeSimulated(reader, hits.slice(0, place + 1), makeHit);
    const opens = judged.filter(({ kind, verdict }) => kind === 'open' && verdict.class !== 'machine');
    return isEarned(reader, linksOf(judged, ['human']), opens.length);
  });
}

const linksOf = (hits: readonly JudgedHit[], classes: readonly string[]) => [
  ...new Set(
    hits
      .filter(({ kind, verdict }) => kind === 'click' && classes.includes(verdict.class))
      .map(({ linkNumber }) => linkNumber),
  ),
];

function show(reader: SimulatedReader, hits: readonly JudgedHit[]): void {
  const lines = hits.map(({ at, kind, linkNumber, request, isPerson, verdict }) =>
    [
      ((+at - +reader.sentAt) / 1000).toFixed(1),
      request.method,
      kind,
      linkNumber ?? '',
      shortenAddress(request.ip),
      request.headers['user-agent']?.slice(-20),
      isPerson ? 'a person:' : 'a machine:',
      verdict.class,
      ...verdict.reasons.map(({ code }) => code),
    ].join(' '),
  );
  console.log([JSON.stringify(reader), ...lines].join('\n'));
}

it.each(SEEDS)('no scanner makes an SQL, and people score (seed %i)', (seed) => {
  const { people, hits } = simulateIssue(READERS, BEGIN, randomFrom(seed), { scanners: 'mixed' });
  const byReader = new Map<number, SimulatedHit[]>();
  for (const hit of hits) byReader.set(hit.reader, [...(byReader.get(hit.reader) ?? []), hit]);
  const wrong: SimulatedReader[] = [];
  const links = { followed: 0, scored: 0, byKeen: 0, scoredByKeen: 0 };
  for (const reader of people) {
    const own = byReader.get(reader.number) ?? [];
    const judged = judgeSimulated(reader, own, makeHit);
    if (reader.number === SHOWN) show(reader, judged);
    const followed = [
      ...new Set(own.filter((hit) => hit.isPerson && hit.kind === 'click').map((hit) => hit.linkNumber)),
    ];
    if (isAlerted(reader, own) && !isEarned(reader, followed, 1)) wrong.push(reader);
    const scoring = linksOf(judged, ['human', 'doubtful']);
    const scored = followed.filter((link) => scoring.includes(link)).length;
    links.followed += followed.length;
    links.scored += scored;
    if (reader.keen) links.byKeen += followed.length;
    if (reader.keen) links.scoredByKeen += scored;
  }
  expect(wrong).toEqual([]);
  expect(links.scored / links.followed).toBeGreaterThanOrEqual(0.98);
  expect(links.scoredByKeen / links.byKeen).toBeGreaterThanOrEqual(0.98);
});
