import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { FILE_DOORS, mutated } from './files.ts';
import { chance } from './mutate.ts';
import { routeDoor } from './routes.ts';

// Small here; `npm run fuzz` does more. A finding names its seed: FUZZ_SEED=… makes the same inputs again.
const ROUNDS = Number(process.env.FUZZ_ROUNDS ?? 400);
const SEED = Number(process.env.FUZZ_SEED ?? 20261130);
/** Of processor time, for one input: what a person may notice. Not of the clock: other programs run here too. */
const LONGEST_CPU_MS = 1000;
const GROWTH_MB = 64;

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;
const heapMb = () => {
  gc();
  return process.memoryUsage().heapUsed / 1_048_576;
};

/** Sends `ROUNDS` inputs; what went wrong, took long, or stays in memory. */
async function findings(
  name: string,
  send: (random: ReturnType<typeof chance>) => Promise<string | null>,
): Promise<string[]> {
  const found: string[] = [];
  let warm = 0;
  for (let round = 0; round < ROUNDS && found.length < 10; round++) {
    if (round === Math.floor(ROUNDS / 2)) warm = heapMb();
    const before = process.cpuUsage();
    const fault = await send(chance(SEED + round * 7919));
    const { user, system } = process.cpuUsage(before);
    const ms = (user + system) / 1000;
    if (fault !== null) found.push(`${name}, FUZZ_SEED=${SEED} round ${round}: ${fault}`);
    else if (ms > LONGEST_CPU_MS)
      found.push(`${name}, FUZZ_SEED=${SEED} round ${round}: took ${Math.round(ms)} ms of processor time`);
  }
  const grown = heapMb() - warm;
  if (grown > GROWTH_MB) found.push(`${name}: ${Math.round(grown)} MB more in memory after the second half`);
  return found;
}

describe('inputs nobody would send in good faith', () => {
  let db: TestDatabase;
  let door: Awaited<ReturnType<typeof routeDoor>>;
  beforeAll(async () => {
    db = await testDatabase();
    door = await routeDoor(db);
  });
  afterAll(async () => {
    await door?.close();
    await db?.close();
  });

  it('to every route: no answer of 500 or more, no stall, no growth', { timeout: 600_000 }, async () => {
    expect(door.routes.length).toBeGreaterThan(80);
    expect(await findings('routes', (random) => door.send(random))).toEqual([]);
  });

  it.each(Object.keys(FILE_DOORS))(
    '%s: read or refused in words, no stall, no growth',
    { timeout: 600_000 },
    async (name) => {
      const { good, read } = FILE_DOORS[name]!;
      const samples = good();
      const send = async (random: ReturnType<typeof chance>) => {
        const bytes = mutated(samples, random);
        try {
          await read(bytes, random);
          return null;
        } catch (error) {
          return `${(error as Error).stack}\n${bytes.toString('latin1').slice(0, 500)}`;
        }
      };
      expect(await findings(name, send)).toEqual([]);
    },
  );
});
