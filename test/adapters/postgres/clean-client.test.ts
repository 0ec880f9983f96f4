import { afterAll, beforeAll, expect, it } from 'vitest';
import { asJson } from '../../../src/adapters/postgres/as-json.ts';
import { transactional } from '../../../src/adapters/postgres/transaction.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());

const BROKEN = 'a\0b\ud83dc😀\ude00d';
const CLEAN = 'abc😀d';

it('what Postgres refuses is left out of every value, by whatever way it goes', async () => {
  const { rows } = await db.pool.query('select $1::text as t, $2::text[] as l, $3::jsonb as j', [
    BROKEN,
    [BROKEN, 'x'],
    asJson({ [BROKEN]: [BROKEN] }),
  ]);
  expect(rows).toEqual([{ t: CLEAN, l: [CLEAN, 'x'], j: { [CLEAN]: [CLEAN] } }]);
  const prepared = {
    name: 'letters',
    text: 'select $1::text as t, $2::jsonb as j',
    values: [BROKEN, { a: BROKEN }],
  };
  const inside = await transactional(db.pool, (tx) => tx.query(prepared));
  expect(inside.rows).toEqual([{ t: CLEAN, j: { a: CLEAN } }]);
  expect(prepared.values[0]).toBe(BROKEN);
});

it('everything else goes as it is', async () => {
  const at = new Date('2026-11-21T09:00:00Z');
  const bytes = Buffer.from([0, 1, 255]);
  const { rows } = await db.pool.query(
    'select $1::timestamptz as at, $2::bytea as b, $3::int as n, $4::text as t, $5::text as e',
    [at, bytes, 7, null, 'C:\\u0000 \\ud83d'],
  );
  expect(rows).toEqual([{ at, b: bytes, n: 7, t: null, e: 'C:\\u0000 \\ud83d' }]);
  expect(JSON.parse(asJson({ a: 'C:\\u0000', b: [1, null, true], c: at }))).toEqual({
    a: 'C:\\u0000',
    b: [1, null, true],
    c: at.toISOString(),
  });
});
