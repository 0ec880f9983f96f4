import { expect, it } from 'vitest';
import { hostGate } from '../../../../src/adapters/rss/http/host-gate.ts';

it('lets two at a time in per host, in the order they came', async () => {
  const gate = hostGate(2);
  const inside: number[] = [];
  const leaves: (() => void)[] = [];
  const enter = async (n: number, host = 'a') => {
    leaves[n] = await gate.enter(host);
    inside.push(n);
  };
  const all = [0, 1, 2, 3].map((n) => enter(n));
  await enter(9, 'b');
  expect(inside).toEqual([0, 1, 9]);
  leaves[0]!();
  leaves[0]!();
  await all[2];
  expect(inside).toEqual([0, 1, 9, 2]);
  leaves[2]!();
  await all[3];
  leaves[1]!();
  leaves[3]!();
  await enter(5);
  await enter(6);
  expect(inside).toEqual([0, 1, 9, 2, 3, 5, 6]);
});
