import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { checkPeople } from '../../../src/journey/audience/check-people.ts';
import { importPeople } from '../../../src/journey/audience/import-people.ts';
import { readPeopleAgain } from '../../../src/journey/audience/read-people-again.ts';
import type { Stores } from '../../../src/journey/ports.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { testLinks, testProgramme } from '../../support/programme.ts';
import { addSubscriber } from '../../support/subscribers.ts';

const NOW = new Date('2026-11-22T09:00:00Z');
const programme = testProgramme();

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());
beforeEach(() => db.pool.query('truncate subscribers, outbox, people_imports, suppressions cascade'));

const HEAD = 'email,name,company,interests,source,consent_at,consent_how';
const PROOF = '2026-03-01,"fair, form 12"';

async function begun(lines: string[]): Promise<number> {
  const file = { name: 'fair.csv', text: [HEAD, ...lines].join('\n'), staffEmail: 'mara@tessel.example' };
  const checked = await checkPeople({ database: db.database, programme }, file, NOW);
  if ('unusable' in checked) throw new Error('the file cannot be used');
  expect(await db.database.stores.imports.begin(checked.importId)).toBe(true);
  return checked.importId;
}
const run = (importId: number) =>
  importPeople({ database: db.database, links: testLinks, programme }, importId, NOW);
const find = (email: string) => db.database.stores.subscribers.findByEmail(email);

describe('taking in a list of people', () => {
  it('does by each what its row and its address ask for, hundreds at once', async () => {
    const { database } = db;
    await addSubscriber(database, {
      email: 'waits@fair.example',
      name: null,
      company: 'Kade',
      status: 'pending',
    });
    await addSubscriber(database, { email: 'full@fair.example', name: 'Full', interests: ['stock'] });
    await addSubscriber(database, { email: 'left@fair.example', name: null, status: 'unsubscribed' });
    await db.pool.query(
      `insert into suppressions (email, at, cause, why) values ('dead@fair.example', $1, 'bounce', 'no such user')`,
      [NOW],
    );
    const importId = await begun([
      'waits@fair.example,Wout,Other,stock,,,',
      ...Array.from({ length: 120 }, (_, n) => `ask-${n}@fair.example,,,payroll,stand,,`),
      `full@fair.example,Else,,payroll,,${PROOF}`,
      `left@fair.example,Lea,,payroll,,${PROOF}`,
      `dead@fair.example,Dea,,payroll,,${PROOF}`,
      ...Array.from({ length: 120 }, (_, n) => `sure-${n}@fair.example,Suus,,stock,,${PROOF}`),
    ]);
    expect(await run(importId)).toBe(244);
    expect(await run(importId)).toBe(0);

    const fields = { status: 'pending', interests: ['payroll'], confirmedAt: null, createdAt: NOW };
    expect(await find('ask-119@fair.example')).toMatchObject({
      ...fields,
      source: { form: `import ${importId}`, utm_source: 'stand' },
    });
    expect(await find('sure-0@fair.example')).toMatchObject({
      status: 'active',
      name: 'Suus',
      interests: ['stock'],
      confirmedAt: NOW,
      source: { form: `import ${importId}` },
    });
    // Only what was empty is filled in, and nobody's status changes.
    const waits = { status: 'pending', name: 'Wout', company: 'Kade', interests: ['stock'] };
    expect(await find('waits@fair.example')).toMatchObject(waits);
    expect(await find('full@fair.example')).toMatchObject({ name: 'Full', interests: ['stock'] });
    expect(await find('left@fair.example')).toMatchObject({ status: 'unsubscribed', name: null });
    expect(await find('dead@fair.example')).toMatchObject({ status: 'suppressed', confirmedAt: null });

    const { rows: consents } = await db.pool.query(
      `select act, how, at, count(*)::int as n, bool_and(c.email = s.email) as is_theirs
         from consent_entries c join subscribers s on s.id = c.subscriber_id
        where how like '%consent.import%' group by 1, 2, 3 order by 1`,
    );
    expect(consents).toEqual([
      {
        act: 'confirmed',
        how: JSON.stringify({ code: 'consent.import-how', values: { n: importId, what: 'fair, form 12' } }),
        at: new Date('2026-03-01T00:00:00Z'),
        n: 121,
        is_theirs: true,
      },
      {
        act: 'signed-up',
        how: JSON.stringify({ code: 'consent.import', values: { n: importId } }),
        at: NOW,
        n: 120,
        is_theirs: true,
      },
    ]);
    const { rows: mails } = await db.pool.query(
      `select count(*)::int as n, count(distinct message_id)::int as ids, bool_and(to_address like 'ask-%') as all_asked,
              bool_and(s.email = o.to_address) as is_theirs
         from outbox o join subscribers s on s.id = o.subscriber_id where kind = 'confirmation'`,
    );
    expect(mails).toEqual([{ n: 120, ids: 120, all_asked: true, is_theirs: true }]);
    expect(await db.database.stores.imports.find(importId)).toMatchObject({
      status: 'done',
      outcomes: { added: 241, 'filled-in': 1, unchanged: 1, 'left-alone': 1 },
    });
    const { rows } = await db.pool.query(
      `select r.number, s.email from people_import_rows r join subscribers s on s.id = r.subscriber_id
        where r.number in (2, 3, 123, 245) order by r.number`,
    );
    expect(rows.map(({ email }) => email)).toEqual([
      'waits@fair.example',
      'ask-0@fair.example',
      'full@fair.example',
      'sure-119@fair.example',
    ]);
  });

  it('of the same people from two lists at once, in opposite order, adds each once', async () => {
    const lines = Array.from({ length: 250 }, (_, n) => `p-${n}@fair.example,,,payroll,,${PROOF}`);
    const imports = [await begun(lines), await begun(lines.toReversed())];
    expect(await Promise.all(imports.flatMap((id) => [run(id), run(id)]))).toHaveLength(4);
    const { rows } = await db.pool.query(
      `select outcome, count(*)::int as n, count(distinct subscriber_id)::int as people
         from people_import_rows group by 1 order by 1`,
    );
    expect(rows).toEqual([
      { outcome: 'added', n: 250, people: 250 },
      { outcome: 'unchanged', n: 250, people: 250 },
    ]);
    for (const id of imports) expect((await db.database.stores.imports.find(id))!.status).toBe('done');
    const { rows: consents } = await db.pool.query('select count(*)::int as n from consent_entries');
    expect(consents[0].n).toBe(250);
  });

  it('takes a hundred in with a handful of calls', async () => {
    const importId = await begun(Array.from({ length: 200 }, (_, n) => `q-${n}@fair.example,,,payroll,,,`));
    let calls = 0;
    const counting = <T extends object>(store: T): T =>
      new Proxy(store, {
        get(target, name) {
          calls += 1;
          return target[name as keyof T];
        },
      });
    const stores = Object.fromEntries(
      Object.entries(db.database.stores).map(([name, store]) => [name, counting(store)]),
    ) as unknown as Stores;
    await importPeople(
      { database: { ...db.database, inTransaction: (work) => work(stores) }, links: testLinks, programme },
      importId,
      NOW,
    );
    expect(await find('q-199@fair.example')).not.toBeNull();
    expect(calls).toBeLessThanOrEqual(20);
  });
});

describe('who left the list it comes from', () => {
  const LEAVERS = 'email,name,status,consent_at,consent_how,unsubscribed at';
  async function take(lines: string[], head = LEAVERS, name = 'list.csv'): Promise<number> {
    const file = { name, text: [head, ...lines].join('\n'), staffEmail: 'mara@tessel.example' };
    const checked = await checkPeople({ database: db.database, programme }, file, NOW);
    if ('unusable' in checked) throw new Error('the file cannot be used');
    await db.database.stores.imports.begin(checked.importId);
    await run(checked.importId);
    return checked.importId;
  }
  const outcomes = async (importId: number) => (await db.database.stores.imports.find(importId))!.outcomes;
  const mails = async () =>
    (await db.pool.query<{ to: string }>('select to_address as to from outbox order by 1')).rows.map(
      ({ to }) => to,
    );
  beforeEach(() => db.pool.query('truncate list_opt_outs'));

  it('is neither added nor asked, now or by any later list', async () => {
    const importId = await take([
      'left@x.example,Lea,unsubscribed,2026-01-01,fair,',
      'clean@x.example,Cle,cleaned,2026-01-01,fair,',
      'non@x.example,Non,non-subscribed,2026-01-01,fair,',
      'block@x.example,Blo,blocklisted,2026-01-01,fair,',
      'reads@x.example,Rea,subscribed,2026-01-01,fair,',
    ]);
    expect(await outcomes(importId)).toMatchObject({ added: 1, 'opted-out': 4 });
    const later = await take(
      ['left', 'clean', 'non', 'block', 'reads'].map((who) => `${who}@x.example,Somebody`),
      'email,name',
    );
    expect(await outcomes(later)).toMatchObject({ added: 0, unchanged: 1, 'opted-out': 4 });
    expect(await find('left@x.example')).toBeNull();
    expect(await find('reads@x.example')).toMatchObject({ status: 'active' });
    expect(await mails()).toEqual([]);
    const { rows } = await db.pool.query(`select * from list_opt_outs`);
    expect(rows).toHaveLength(4);
    expect(JSON.stringify(rows)).not.toContain('x.example');
    const kept = await db.pool.query('select fields, person, notes from people_import_rows');
    expect(JSON.stringify(kept.rows)).not.toContain('x.example');
  });

  it('comes in again by a consent that is younger, and by signing up', async () => {
    await take(['back@x.example,Bac,,,,2026-02-01', 'own@x.example,Own,,,,2026-02-01']);
    await take(['back@x.example,Bac,,2026-01-31,fair,']);
    expect(await find('back@x.example')).toBeNull();
    await take(['back@x.example,Bac,,2026-02-02,fair,']);
    expect(await find('back@x.example')).toMatchObject({ status: 'active' });
    await addSubscriber(db.database, { email: 'own@x.example', status: 'active' });
    await take(['own@x.example,Own,,,,']);
    expect(await find('own@x.example')).toMatchObject({ status: 'active' });
  });

  it('leaves here too when only lists brought them, and stands when they came by themselves', async () => {
    await take(['list@x.example,Lis,,2026-01-01,fair,', 'asked@x.example,Ask,,,,']);
    const { id } = await addSubscriber(db.database, { email: 'self@x.example', status: 'active' });
    await db.database.stores.consent.add({
      subscriberId: id,
      at: NOW,
      act: 'confirmed',
      how: { code: 'consent.preference-page' },
      textVersion: '1 (en)',
      ip: null,
      userAgent: null,
      details: {},
    });
    const importId = await take(
      ['list@x.example', 'asked@x.example', 'self@x.example'],
      'email',
      'unsubscribed_members_export_1.csv',
    );
    expect(await find('list@x.example')).toMatchObject({ status: 'unsubscribed' });
    expect(await find('asked@x.example')).toMatchObject({ status: 'unsubscribed' });
    expect(await find('self@x.example')).toMatchObject({ status: 'active' });
    expect(await outcomes(importId)).toMatchObject({ 'opted-out': 2, 'left-alone': 1 });
    const entries = await db.database.stores.consent.list((await find('list@x.example'))!.id);
    expect(entries.at(-1)).toMatchObject({
      act: 'unsubscribed',
      how: { code: 'consent.import', values: { n: importId } },
    });
  });

  it('what proves consent is kept: time, network address, and the list', async () => {
    const importId = await take(
      ['mc@x.example,2024-03-12 09:16:03,203.0.113.8'],
      'Email Address,CONFIRM_TIME,CONFIRM_IP',
      'subscribed_members_export_1.csv',
    );
    const [entry] = await db.database.stores.consent.list((await find('mc@x.example'))!.id);
    expect(entry).toMatchObject({
      act: 'confirmed',
      at: new Date('2024-03-12T09:16:03Z'),
      ip: '203.0.113.8',
      how: {
        code: 'consent.import-how',
        values: { n: importId, what: 'subscribed_members_export_1.csv, CONFIRM_TIME' },
      },
    });
  });
});

it('a file that waits is read again as somebody chose, its broken lines staying what they are', async () => {
  const file = {
    name: 'x.csv',
    text: 'Kontakt;Wer;Firma\na@x.example;Ann;Kade\nb@x.example;"Bo;Kade\n',
    staffEmail: 'm@t.example',
  };
  const deps = { database: db.database, programme };
  const checked = await checkPeople(deps, file, NOW);
  if ('unusable' in checked) throw new Error(checked.unusable);
  const staffEmail = 'mara@nordwerk.example';
  const { importId } = checked;
  const { imports } = db.database.stores;
  expect(await imports.find(importId)).toMatchObject({ taken: ['email', null, 'company'], ignored: ['Wer'] });
  const choice = { taken: ['email', 'name', null] as const, standing: null };
  expect(await readPeopleAgain(deps, { importId, choice, staffEmail }, NOW)).toBe(true);
  expect(await imports.find(importId)).toMatchObject({ taken: ['email', 'name', null], good: 1, bad: 1 });
  expect(await imports.firstPeople(importId, 5)).toMatchObject([{ name: 'Ann', company: null }]);
  const none = { taken: [null, 'name', null] as const, standing: null };
  expect(await readPeopleAgain(deps, { importId, choice: none, staffEmail }, NOW)).toEqual({
    unusable: 'no-email-column',
  });
  await imports.begin(importId);
  expect(await readPeopleAgain(deps, { importId, choice, staffEmail }, NOW)).toBe(false);
});
