import { afterEach, expect, it } from 'vitest';
import { silentLog } from '../../src/adapters/log.ts';
import { type Presence, startPresence } from '../../src/jobs/presence.ts';
import { emptyHands, type WorkerStore } from '../../src/journey/worker-ports.ts';

let presence: Presence | undefined;
afterEach(() => presence?.stop());

/** A worker that beats every 5 ms over a store that can be away, with a clock of its own. */
async function startFor(
  changes: { neighbours?: string[]; ended?: string[]; recover?: (times: number) => Promise<void> } = {},
) {
  const seen = {
    isAway: false,
    beats: 0,
    gone: [] as string[],
    left: [] as string[],
    lookedOver: 0,
    lost: 0,
    recovered: 0,
    uncounted: 0,
  };
  const deliveries = {
    async recoverExpired() {
      seen.recovered += 1;
      await changes.recover?.(seen.recovered);
      return { handedBack: 0, uncertain: 0 };
    },
  };
  const ledger = {
    async countLeft() {
      seen.uncounted += 1;
      return 0;
    },
  };
  const clock = { ms: 0 };
  const workers: WorkerStore = {
    async beat() {
      if (seen.isAway) throw new Error('away');
      seen.beats += 1;
    },
    async leave(name) {
      seen.left.push(name);
    },
    neighbours: async () =>
      (changes.neighbours ?? []).map((name) => ({ name, process: `process of ${name}` })),
    async noteGone(names) {
      seen.gone.push(...names);
    },
    async endLeasesOfDead() {
      seen.lookedOver += 1;
      return 0;
    },
    async endLostLeases() {
      const { lost } = seen;
      seen.lost = 0;
      return lost;
    },
  };
  presence = await startPresence(
    {
      workers,
      database: { stores: { deliveries, ledger } } as never,
      identity: { name: 'me', boot: 'here', process: 'mine' },
      hasEnded: (process) => (changes.ended ?? []).some((name) => process === `process of ${name}`),
      inHand: emptyHands(),
      log: silentLog,
      now: () => new Date(0),
      elapsed: () => clock.ms,
    },
    { beatMs: 5, silentMs: 30_000, steadyMs: 15_000 },
  );
  const nextBeat = async () => {
    const { beats } = seen;
    while (seen.beats === beats) await new Promise((resolve) => setTimeout(resolve, 2));
  };
  return { seen, clock, presence, nextBeat };
}

it('holds as long as others certainly take it for alive, and not a moment longer', async () => {
  const { seen, clock, presence } = await startFor();
  const isHeld = presence.hold();
  expect(isHeld()).toBe(true);
  seen.isAway = true;
  clock.ms += 29_000;
  expect(isHeld()).toBe(true);
  clock.ms += 1_000;
  expect(isHeld(), 'others may have taken over').toBe(false);
  expect(presence.hold()(), 'what is begun now is not held either').toBe(false);
});

it('what was held before a gap stays lost when it is heard of again; what comes after is held', async () => {
  const { seen, clock, presence, nextBeat } = await startFor();
  const before = presence.hold();
  seen.isAway = true;
  clock.ms += 60_000;
  seen.isAway = false;
  await nextBeat();
  expect(before()).toBe(false);
  expect(presence.hold()()).toBe(true);
});

it('looks at the processes of its own machine, and says goodbye at the end', async () => {
  const { seen, presence, nextBeat } = await startFor({ neighbours: ['alive', 'dead'], ended: ['dead'] });
  await nextBeat();
  expect(new Set(seen.gone)).toEqual(new Set(['dead']));
  expect(seen.lookedOver).toBeGreaterThan(0);
  await presence.stop();
  expect(seen.left).toEqual(['me']);
  const { beats } = seen;
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(seen.beats).toBe(beats);
});

it('what it could not take over it takes over with the next beat, though the leases are ended by then', async () => {
  const { seen, nextBeat } = await startFor({
    recover: async (times) => {
      if (times === 1) throw new Error('the connection was lost');
    },
  });
  await nextBeat();
  expect(seen.recovered, 'nothing is lost').toBe(0);
  seen.lost = 1;
  while (seen.uncounted === 0) await nextBeat();
  expect(seen.recovered).toBe(2);
  for (let n = 0; n < 3; n += 1) await nextBeat();
  expect(seen.recovered, 'and then no more').toBe(2);
});

it('a look that hangs is not waited for for ever', async () => {
  let goOn = () => {};
  const { seen, clock, nextBeat } = await startFor({
    recover: async (times) => {
      if (times === 1) await new Promise<void>((resolve) => (goOn = resolve));
    },
  });
  seen.lost = 1;
  while (seen.recovered === 0) await nextBeat();
  await nextBeat();
  expect(seen.recovered, 'it may only be slow').toBe(1);
  clock.ms += 31_000;
  while (seen.recovered === 1) await nextBeat();
  expect(seen.uncounted).toBe(1);
  goOn();
});
