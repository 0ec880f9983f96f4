import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLog } from '../../../src/adapters/log.ts';
import { readCsv } from '../../../src/domain/audience/people-file/csv.ts';
import { readTouchpointFile } from '../../../src/domain/scoring/touchpoint-file.ts';
import { importTouchpoints } from '../../../src/journey/scoring/import-touchpoints.ts';
import { recordTouchpoint } from '../../../src/journey/scoring/record-touchpoint.ts';
import { lookUpMailDomains } from '../../../src/journey/tracking/look-up-mail-domains.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { addLead, stateOf } from '../../support/leads.ts';
import { testProgramme } from '../../support/programme.ts';
import { rememberingQueue } from '../../support/web.ts';

const now = new Date('2026-11-21T12:00:00Z');
const standard = testProgramme();
const programme = testProgramme({
  scoring: {
    ...standard.scoring,
    rules: [
      {
        id: 'met-at-a-fair',
        on: { event: 'touchpoint', names: ['trade-fair'] },
        points: 6,
        often: null,
        cap: null,
        sqlAtOnce: null,
        words: 'talked to us at a fair',
      },
    ],
  },
});
let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase({ programme });
});
afterAll(() => db.close());

const rowsOf = (text: string) =>
  readTouchpointFile(readCsv(text), {
    touchpoint: 'trade-fair',
    at: new Date('2026-11-12T00:00:00Z'),
    now,
    languages: ['en', 'nl', 'de'],
    defaultLanguage: 'en',
  }).rows;
const run = (text: string, isDryRun = false) =>
  importTouchpoints(
    { database: db.database },
    { rows: rowsOf(text), source: 'import fair.csv', isDryRun, by: 'cli:mara' },
    now,
  );
const outcomes = (rows: { outcome: string }[]) => rows.map(({ outcome }) => outcome);

describe('a list from a trade fair', () => {
  const LIST =
    'email,name,company,note\nknown@fair.example,Ken,Fair BV,wants a demo\nnew@fair.example,Nia,Fair BV,\nnew@fair.example,Nia,Fair BV,came back\nknown@fair.example,Ken,Fair BV,wants a demo\n';
  const EXPECTED = ['recorded', 'recorded, new lead', 'recorded', 'known'];

  it('lands on known and new profiles; a dry run foresees exactly that and changes nothing', async () => {
    const known = await addLead(db.pool, { email: 'known@fair.example' });
    expect(outcomes(await run(LIST, true))).toEqual(EXPECTED);
    expect(await stateOf(db.pool, known)).toMatchObject({ events: 0 });
    expect(outcomes(await run(LIST))).toEqual(EXPECTED);
    expect(outcomes(await run(LIST))).toEqual(['known', 'known', 'known', 'known']);
    expect(await stateOf(db.pool, known)).toMatchObject({ score: 6, sum: 6, events: 1 });
    const { rows } = await db.pool.query(
      `select s.status, s.name, s.source, e.at, e.details, (select count(*)::int from outbox o where o.subscriber_id = s.id) as mails
         from subscribers s join events e on e.subscriber_id = s.id where email = 'new@fair.example' order by e.id`,
    );
    expect(rows).toEqual([
      {
        status: 'pending',
        name: 'Nia',
        source: { form: 'import fair.csv' },
        at: new Date('2026-11-12T00:00:00Z'),
        details: { name: 'trade-fair', source: 'import fair.csv' },
        mails: 0,
      },
      expect.objectContaining({
        details: { name: 'trade-fair', source: 'import fair.csv', note: 'came back' },
      }),
    ]);
  });

  it('fills what was empty and overwrites nothing', async () => {
    await addLead(db.pool, { email: 'half@fair.example' });
    await db.pool.query(`update subscribers set name = 'Hal' where email = 'half@fair.example'`);
    await run('email,name,company\nhalf@fair.example,Henry,Half BV\n');
    const { rows } = await db.pool.query(
      `select name, company from subscribers where email = 'half@fair.example'`,
    );
    expect(rows).toEqual([{ name: 'Hal', company: 'Half BV' }]);
  });
});

it('a phone call that staff notes is on the profile', async () => {
  const lead = await addLead(db.pool);
  const queue = rememberingQueue();
  const note = {
    subscriberId: lead,
    name: 'phone-call',
    note: ' will decide in May ',
    staffEmail: 'sam@tessel.example',
  };
  expect(await recordTouchpoint({ database: db.database, queue }, note, now)).toBe(true);
  expect(
    await recordTouchpoint({ database: db.database, queue }, { ...note, subscriberId: 9_999_999 }, now),
  ).toBe(false);
  const { rows } = await db.pool.query('select kind, details from events where subscriber_id = $1', [lead]);
  expect(rows).toEqual([
    {
      kind: 'touchpoint',
      details: { name: 'phone-call', note: 'will decide in May', by: 'sam@tessel.example' },
    },
  ]);
});

it('mail domains are looked up once a week, reserved ones never, unanswered ones again in an hour', async () => {
  await db.pool.query('delete from mail_domains');
  for (const domain of ['guarded.nl', 'plain.nl', 'away.nl', 'some.example'])
    await addLead(db.pool, { email: `reader@${domain}` });
  const asked: string[] = [];
  const exchangers = {
    async of(domain: string) {
      asked.push(domain);
      if (domain === 'away.nl') throw new Error('queryMx ETIMEOUT');
      return domain === 'guarded.nl' ? ['eu-1.mimecast.com'] : ['mx.plain.nl'];
    },
  };
  const { mailDomains } = db.database.stores;
  const look = (at: Date) => lookUpMailDomains({ mailDomains, exchangers, gateways: [], log: silentLog }, at);
  await look(now);
  expect(asked.sort()).toEqual(['away.nl', 'guarded.nl', 'plain.nl']);
  const { rows } = await db.pool.query('select domain, gateway from mail_domains where gateway is not null');
  expect(rows).toEqual([{ domain: 'guarded.nl', gateway: 'Mimecast' }]);
  expect(await look(now)).toBe(0);
  asked.length = 0;
  await look(new Date(now.getTime() + 2 * 3_600_000));
  expect(asked).toEqual(['away.nl']);
});
