import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { silentLog } from '../../../src/adapters/log.ts';
import { makePool } from '../../../src/adapters/postgres/pool.ts';
import { makeDatabase } from '../../../src/database.ts';
import { beginImport, checkPeople } from '../../../src/journey/audience/check-people.ts';
import { erasePerson } from '../../../src/journey/audience/erase-person.ts';
import { importPeople } from '../../../src/journey/audience/import-people.ts';
import { requestOwnData } from '../../../src/journey/audience/request-own-data.ts';
import { setPreferences } from '../../../src/journey/audience/set-preferences.ts';
import { showSubscriber } from '../../../src/journey/audience/show-subscriber.ts';
import { signUp } from '../../../src/journey/audience/sign-up.ts';
import type { Database } from '../../../src/journey/ports.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { testLinks, testProgramme } from '../../support/programme.ts';
import { tellIn } from '../../support/say.ts';
import { addSubscriber, personHit, testSignUp } from '../../support/subscribers.ts';
import { rememberingQueue } from '../../support/web.ts';

const start = new Date('2026-11-21T09:00:00Z');
const HOURS = 3_600_000;
const DAYS = 24 * HOURS;
const after = (ms: number) => new Date(start.getTime() + ms);
const programme = testProgramme();
const say = (_language: string, key: string) => key;

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase({ programme });
});
afterAll(() => db?.close());

const deps = (database: Database = db.database) => ({
  database,
  queue: rememberingQueue(),
  links: testLinks,
  programme,
});
const join = (
  email: string,
  at: Date,
  { database, ip = null }: { database?: Database; ip?: string | null } = {},
) => signUp(deps(database), { signUp: testSignUp({ email }), ip, userAgent: null }, at);
const person = async (email: string) => (await db.database.stores.subscribers.findByEmail(email))!;
const mailsTo = async (like: string): Promise<{ kind: string; to: string; dueAt: Date }[]> =>
  (
    await db.pool.query(
      'select kind, to_address as "to", due_at as "dueAt" from outbox where to_address like $1 order by id',
      [like],
    )
  ).rows;

async function confirm(email: string, at: Date) {
  const { id } = await person(email);
  const preferences = {
    interests: ['payroll'],
    language: 'en',
    timeZone: 'UTC',
    name: null,
    frequency: 'every-issue',
    pause: 'keep',
    tracking: true,
  } as const;
  return setPreferences(
    { ...deps(), say, newSecret: randomUUID },
    {
      subscriberId: id,
      preferences: { ...preferences, interests: ['payroll'] },
      pageLanguage: 'en',
      hit: personHit,
      by: 'link',
    },
    at,
  );
}

it('a bystander gets three confirmations, then one in thirty days, however often somebody types the address', async () => {
  const sent: number[] = [];
  for (let hour = 0; hour <= 24 * 70; hour += 6)
    if ((await join('bystander@bomb.example', after(hour * HOURS))) !== null) sent.push(hour);
  expect(sent).toEqual([0, 6, 12, 12 + 720, 12 + 1440]);
});

it('twenty sign-ups at once with twenty tags, over two pools, get one mail', async () => {
  const other = makePool(db.url, silentLog, 8);
  try {
    const second = makeDatabase(other, { programme, links: testLinks });
    const sent = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        join(`tag+${n}@at-once.example`, start, n % 2 ? { database: second } : {}),
      ),
    );
    expect(sent.filter((mail) => mail !== null)).toEqual(['confirmation']);
  } finally {
    await other.end();
  }
  expect(await mailsTo('%@at-once.example')).toHaveLength(1);
  // Each is known all the same, with what was agreed to: confirmed by a mail later, none is lost.
  const { id } = await person('tag+19@at-once.example');
  expect(await db.database.stores.consent.list(id)).toHaveLength(1);
});

it('a mailbox is one, by whatever spelling', async () => {
  const spellings = ['an.na@gmail.com', 'anna+1@gmail.com', 'a.n.n.a@googlemail.com', 'anna@gmail.com'];
  for (const [n, email] of spellings.entries()) await join(email, after(n * HOURS));
  const { rows } = await db.pool.query(`select count(*)::int as n from outbox where to_address = any($1)`, [
    spellings,
  ]);
  expect(rows).toEqual([{ n: 3 }]);
});

it('who has confirmed is told once in thirty days that they are subscribed, and can still come back at once', async () => {
  const email = 'reader@known.example';
  expect(await join(email, start)).toBe('confirmation');
  expect(await confirm(email, after(1 * HOURS))).toBe('confirmed');
  expect(await join(email, after(2 * HOURS))).toBe('already-subscribed');
  for (const at of [3 * HOURS, 2 * DAYS, 29 * DAYS]) expect(await join(email, after(at))).toBeNull();
  // A new address of the same mailbox is no way around it.
  expect(await join('reader+2@known.example', after(29 * DAYS))).toBeNull();
  expect(await join(email, after(2 * HOURS + 30 * DAYS))).toBe('already-subscribed');
});

it('counts what readers of a list had, whom this counted nothing of before', async () => {
  await addSubscriber(db.database, { email: 'listed@known.example' });
  expect(await join('listed@known.example', start)).toBe('already-subscribed');
  expect(await join('listed@known.example', after(2 * HOURS))).toBeNull();
  expect(await join('listed@known.example', after(30 * DAYS))).toBe('already-subscribed');
});

it('a list asks each mailbox once, and none that has had its mails', async () => {
  for (let n = 0; n < 3; n++) await join('full@list.example', after(n * HOURS));
  const text = `email\n${['full+1', 'two+a', 'two+b', 'new'].map((one) => `${one}@list.example`).join('\n')}`;
  const checked = await checkPeople(
    { database: db.database, programme },
    { name: 'l.csv', text, staffEmail: 'mara@tessel.example' },
    after(4 * HOURS),
  );
  const { importId } = checked as { importId: number };
  await beginImport(deps(), { importId, staffEmail: 'mara@tessel.example' }, after(4 * HOURS));
  expect(await importPeople(deps(), importId, after(4 * HOURS))).toBe(4);
  expect((await mailsTo('%@list.example')).slice(3).map(({ to }) => to)).toEqual([
    'two+a@list.example',
    'new@list.example',
  ]);
});

it('a mail that was passed on is no bomb: changes and own data are mailed three times, then once a day', async () => {
  const subscriber = await addSubscriber(db.database, { email: 'friend@passed.example' });
  const ask = (at: Date) =>
    requestOwnData({ ...deps(), say, newSecret: randomUUID }, { subscriber, language: 'en' }, at);
  for (let minutes = 0; minutes < 48 * 60; minutes += 10) await ask(after(minutes * 60_000));
  expect(await mailsTo('friend@passed.example')).toHaveLength(4);

  const left = await addSubscriber(db.database, { email: 'left@passed.example', status: 'unsubscribed' });
  for (let minutes = 0; minutes < 48 * 60; minutes += 10)
    expect(await confirm(left.email, after(minutes * 60_000))).toBe('asked');
  expect(await mailsTo(left.email)).toHaveLength(4);
});

it('tells staff why no mail went out, and when the next one may', async () => {
  const email = 'why+2@staff.example';
  for (const at of [0, 1, 2, 3, 4]) await join('why@staff.example', after(at * HOURS));
  await join(email, after(5 * HOURS));
  expect((await showSubscriber({ ...db.database.stores, tell: tellIn('en') }, email))?.withheldMails).toEqual(
    [
      {
        code: 'mailbox-had-its-mails',
        purpose: 'sign-up',
        times: 3,
        at: after(5 * HOURS).toISOString(),
        nextAt: after(2 * HOURS + 30 * DAYS).toISOString(),
      },
    ],
  );
});

it('an erasure takes the count along', async () => {
  await join('gone@erased.example', start);
  const { id } = await person('gone@erased.example');
  await erasePerson(deps(), { subscriberId: id, how: 'own-data-page' }, after(HOURS));
  expect(await db.database.stores.mailAllowances.find('gone@erased.example')).toEqual([]);
});

it('many sign-ups at once for one company, or from one network, wait for each other; others do not', async () => {
  const waits = async (like: string) =>
    (await mailsTo(like)).map(({ dueAt }) => (dueAt.getTime() - start.getTime()) / 60_000);
  for (let n = 0; n < 63; n++) await join(`p${n}@company.example`, start);
  expect((await waits('%@company.example')).slice(58)).toEqual([0, 0, 1, 2, 3]);
  for (let n = 0; n < 62; n++) await join(`n@net${n}.example`, start, { ip: '198.51.100.0' });
  expect((await waits('n@net%')).slice(58)).toEqual([0, 0, 1, 2]);
  for (let n = 0; n < 62; n++) await join(`free${n}@web.de`, start);
  expect(Math.max(...(await waits('free%@web.de')))).toBe(0);
  // A day later the line is empty, and gone.
  await join('next@company.example', after(26 * HOURS));
  expect((await waits('next@company.example'))[0]).toBe(26 * 60);
  for (let n = 0; n < 5; n++) await join(`more${n}@company.example`, after(26 * HOURS));
  const { rows } = await db.pool.query(`select key from sign_up_pace where key like 'network%'`);
  expect(rows).toEqual([]);
});
