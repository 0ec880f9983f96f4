import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { elapsedTime } from '../../../src/adapters/process/elapsed.ts';
import { hasEnded, ownIdentity, type ProcessTable } from '../../../src/adapters/process/identity.ts';

const SPACE = 'pid:[4026531836]';
/** Linux as it would be with these processes: number → state and start. */
function table(processes: Record<number, string>, more: Partial<ProcessTable> = {}): ProcessTable {
  return {
    read(path) {
      if (path === '/proc/sys/kernel/random/boot_id') return '5b1c\n';
      const [state, start] = (processes[Number(/^\/proc\/(\d+)\/stat$/.exec(path)?.[1])] ?? '').split(' ');
      // A program may call itself anything.
      return start ? `1 (a) R (b) ${state} ${'0 '.repeat(18)}${start} 9 9\n` : null;
    },
    space: () => SPACE,
    exists: (pid) => pid in processes,
    ...more,
  };
}

it('a process is known by its machine, its number and its start', () => {
  const linux = table({ 4711: 'S 8812345' });
  const { name, boot, process } = ownIdentity(linux, 4711);
  expect(name).toMatch(/-4711-[0-9a-f]{6}$/);
  expect({ boot, process }).toEqual({ boot: '5b1c', process: `${SPACE} 4711 8812345` });
  expect(hasEnded(process!, linux)).toBe(false);
});

it.each([
  ['gone', table({}), true],
  ['a number that another one has now', table({ 4711: 'S 9900000' }), true],
  ['ended and not cleared away', table({ 4711: 'Z 8812345' }), true],
  ['alive', table({ 4711: 'R 8812345' }), false],
  ['stopped', table({ 4711: 'T 8812345' }), false],
  ['of another user, of whom nothing is shown', table({}, { exists: () => true }), false],
  ['in another container', table({}, { space: () => 'pid:[4026532999]' }), false],
  ['where nothing is known of spaces', table({}, { space: () => null }), false],
])('%s', (_, linux, ended) => {
  expect(hasEnded(`${SPACE} 4711 8812345`, linux)).toBe(ended);
});

it('what cannot be told is left out, and what cannot be read is no dead process', () => {
  expect(ownIdentity(table({}), 4711)).toMatchObject({ boot: null, process: null });
  expect(hasEnded('', table({}))).toBe(false);
  expect(hasEnded(`${SPACE} 0 1`, table({}))).toBe(false);
});

it('in earnest: a child lives, and has ended after kill -9', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  const identity = ownIdentity(undefined, child.pid);
  expect(hasEnded(identity.process!)).toBe(false);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(hasEnded(identity.process!)).toBe(true);
});

it('time passes also while the machine sleeps, and never runs backwards', () => {
  const clocks = { wall: 1_000_000, steady: 50 };
  const elapsed = elapsedTime(
    () => clocks.wall,
    () => clocks.steady,
  );
  const after = (wall: number, steady: number) => {
    clocks.wall += wall;
    clocks.steady += steady;
    return elapsed();
  };
  expect(after(100, 100)).toBe(100);
  expect(after(3_600_000, 20), 'asleep for an hour').toBe(3_600_100);
  expect(after(-7_200_000, 30), 'the clock was set back').toBe(3_600_130);
  for (let n = 0; n < 1000; n += 1) after(1, 0.5);
  expect(elapsed(), 'their inaccuracy does not add up').toBe(3_600_130 + 500);
});
