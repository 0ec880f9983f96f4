import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../../src/adapters/log.ts';
import { sendNow } from '../../../src/journey/delivery/plan-issue.ts';
import { rehearseIssue, sizeOfRehearsal } from '../../../src/journey/delivery/rehearse-issue.ts';
import { addArticles, addReaders } from '../../support/content.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { chooseFrom } from '../../support/issues.ts';
import { testLinks, testProgramme } from '../../support/programme.ts';

const NOW = new Date('2026-11-21T10:00:00Z');
const programme = testProgramme();
const digest = programme.digests[0]!;

let db: TestDatabase;
beforeEach(async () => {
  db = await testDatabase();
});
afterEach(() => db.close());

async function rehearse() {
  const readers = [];
  for await (const reader of rehearseIssue(db.database.stores, digest, programme.choosing, NOW)) readers.push(reader);
  return readers;
}

describe('rehearseIssue', () => {
  it('says who would get what and why, and who nothing', async () => {
    await addReaders(db.pool, 3);
    await addArticles(db.pool, 6, NOW);
    await db.pool.query(`update subscribers set interests = '{stock}' where id = 2`);
    await db.pool.query(`update subscribers set status = 'pending' where id = 3`);
    expect(await sizeOfRehearsal(db.database.stores, digest, NOW)).toEqual({ readers: 2, articles: 6 });
    const [first, second, ...rest] = await rehearse();
    expect(rest).toEqual([]);
    expect(first).toMatchObject({ email: 'reader-1@reader.example' });
    expect('picks' in first! && first.picks).toHaveLength(5);
    expect('picks' in first! && first.picks[0]).toEqual({
      title: 'Article 1',
      url: 'https://blog.example/1',
      interest: 'payroll',
      reason: 'best match for payroll, published today',
    });
    expect(second).toEqual({
      email: 'reader-2@reader.example',
      skip: '0 fresh articles for stock in "en", 5 needed (of 6 in this issue, 0 had before)',
    });
  });

  it('shows what the claim then picks, and counts what readers had', async () => {
    await addReaders(db.pool, 1);
    await addArticles(db.pool, 9, NOW);
    const deps = { programme, database: db.database, links: testLinks, log: silentLog };
    const { issueId } = await sendNow(deps, digest, {}, NOW);
    const { deliveries } = db.database.stores;
    await deliveries.claim(issueId, 'w', NOW, 60_000, 10, chooseFrom([1, 2, 3, 4, 5]));
    expect(await rehearse()).toEqual([
      {
        email: 'reader-1@reader.example',
        skip: '4 fresh articles for payroll in "en", 5 needed (of 9 in this issue, 5 had before)',
      },
    ]);
  });

  it('goes through more readers than are read at once, and writes nothing', async () => {
    await addReaders(db.pool, 2100);
    await addArticles(db.pool, 5, NOW);
    const count = 'select (select count(*) from issues) + (select count(*) from deliveries) as n';
    expect(new Set((await rehearse()).map(({ email }) => email)).size).toBe(2100);
    expect((await db.pool.query(count)).rows).toEqual([{ n: 0 }]);
  });
});
