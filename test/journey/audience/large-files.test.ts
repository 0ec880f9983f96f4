import { expect, it } from 'vitest';
import { checkPeople } from '../../../src/journey/audience/check-people.ts';
import { inSlices } from '../../../src/journey/in-slices.ts';
import type { Database } from '../../../src/journey/ports.ts';
import { testProgramme } from '../../support/programme.ts';

/** How often everybody else got a turn while the work went on. */
async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  let isDone = false;
  const turn = () => {
    turns += 1;
    if (!isDone) setImmediate(turn);
  };
  setImmediate(turn);
  await work();
  isDone = true;
  return turns;
}

it('a large list is read and checked in slices, between which pages are answered', async () => {
  const ROWS = 30_000;
  const text = [
    'email;name;company;country;consent_at;consent_how',
    ...Array.from({ length: ROWS }, (_, n) => `p${n}@x.example;"Name ${n}";Kade;NL;03/04/2026;fair`),
  ].join('\n');
  let kept = 0;
  const stores = {
    imports: {
      add: async ({ rows }: { rows: unknown[] }) => {
        kept = rows.length;
        return 1;
      },
    },
    audit: { add: async () => {} },
  };
  const database = { inTransaction: (work: (given: typeof stores) => unknown) => work(stores) };
  const turns = await turnsDuring(() =>
    checkPeople(
      { database: database as unknown as Database, programme: testProgramme() },
      { name: 'large.csv', text, staffEmail: 'mara@tessel.example' },
      new Date('2026-11-21T09:00:00Z'),
    ),
  );
  expect(kept).toBe(ROWS);
  // Read in slices of at most 100 rows, and checked in slices of as many.
  expect(turns).toBeGreaterThanOrEqual((2 * ROWS) / 100);
});

it('slices keep order and number', async () => {
  const numbers = Array.from({ length: 1234 }, (_, n) => n);
  expect(await inSlices(numbers)).toEqual(numbers);
  expect(await turnsDuring(() => inSlices(numbers))).toBeGreaterThanOrEqual(2);
});
