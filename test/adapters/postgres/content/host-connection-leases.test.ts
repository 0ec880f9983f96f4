import { afterAll, beforeAll, expect, it } from 'vitest';
import { hostConnectionLeases } from '../../../../src/adapters/postgres/content/host-connection-leases.ts';
import { hostGate, sharedGate } from '../../../../src/adapters/rss/http/host-gate.ts';
import { type TestDatabase, testDatabase } from '../../../support/database.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());

it('gives each place at a host to one at a time, and frees those of the dead', async () => {
  const places = hostConnectionLeases(db.pool, 2);
  const taken = await Promise.all(Array.from({ length: 6 }, () => places.take('a.example')));
  const given = taken.filter((one) => one !== null);
  expect(given.length).toBeGreaterThan(0);
  expect(given.length).toBeLessThanOrEqual(2);
  const second = given.length === 2 ? given[1]! : (await places.take('a.example'))!;
  expect(await places.take('a.example')).toBeNull();
  expect(await places.take('b.example')).not.toBeNull();
  await given[0]!();
  await given[0]!();
  expect(await places.take('a.example')).not.toBeNull();
  expect(await places.take('a.example')).toBeNull();
  await db.pool.query(`update host_places set until = now() - interval '1 second'`);
  expect(await places.take('a.example')).not.toBeNull();
  // Whose place went to somebody else gives nothing back.
  await second();
  expect(await places.take('a.example')).not.toBeNull();
  expect(await places.take('a.example')).toBeNull();
});

it('lets two of several processes to a host, and ends a wait that takes too long', async () => {
  const gates = [1, 2, 3].map(() => sharedGate(hostGate(2), hostConnectionLeases(db.pool, 2)));
  let inside = 0;
  let most = 0;
  const visit = async (n: number) => {
    const leave = await gates[n % 3]!.enter('c.example');
    most = Math.max(most, ++inside);
    await new Promise((done) => setTimeout(done, 20));
    inside -= 1;
    leave();
    leave();
  };
  await Promise.all(Array.from({ length: 12 }, (_, n) => visit(n)));
  expect(most).toBe(2);

  const leaves = [await gates[0]!.enter('d.example'), await gates[1]!.enter('d.example')];
  await expect(gates[2]!.enter('d.example', AbortSignal.timeout(250))).rejects.toThrow('timeout');
  // The line of the process that gave up is open again.
  for (const leave of leaves) leave();
  for (const leave of [await gates[2]!.enter('d.example'), await gates[2]!.enter('d.example')]) leave();
  // Waiting for a feed's turn takes no place.
  const turns = await Promise.all(gates.map((gate) => gate.enter('feed d.example')));
  expect(turns).toHaveLength(3);
});
