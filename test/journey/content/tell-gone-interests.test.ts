import { afterEach, beforeEach, expect, it } from 'vitest';
import { silentLog } from '../../../src/adapters/log.ts';
import { tellGoneInterests } from '../../../src/journey/content/tell-gone-interests.ts';
import { addReaders } from '../../support/content.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { testProgramme } from '../../support/programme.ts';

let db: TestDatabase;
beforeEach(async () => {
  db = await testDatabase();
});
afterEach(() => db.close());

it('tells of interests that active readers follow and the programme has no more, and of nothing else', async () => {
  await addReaders(db.pool, 3);
  await db.pool.query(`update subscribers set interests = '{payroll,fax}' where id <> 1`);
  await db.pool.query(`update subscribers set status = 'unsubscribed' where id = 3`);
  const told: unknown[] = [];
  const log = { ...silentLog, warn: (details: object) => void told.push(details) };
  await tellGoneInterests({ programme: testProgramme(), database: db.database, log });
  expect(told).toEqual([{ interest: 'fax', readers: 1 }]);
});
