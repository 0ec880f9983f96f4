import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { beginImport, checkPeople } from '../../../src/journey/audience/check-people.ts';
import { erasePerson } from '../../../src/journey/audience/erase-person.ts';
import { importPeople } from '../../../src/journey/audience/import-people.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { testLinks, testProgramme } from '../../support/programme.ts';
import { addDelivery, addSubscriber, personHit } from '../../support/subscribers.ts';

const now = new Date('2026-11-21T09:00:00Z');
const staffEmail = 'mara@tessel.example';
const programme = testProgramme();
const ANN = {
  email: 'ann@corp4.example',
  name: 'Ann de Visser',
  phone: '+31 20 555 0101',
  company: 'Corp Four',
};
/** Whose addresses hold hers, or look like a pattern of it. */
const OTHERS = [
  'joann@corp4.example',
  'new-joann@corp4.example',
  'ann@corp4.example.org',
  'a_n@corp4.example',
  'a%@corp4.example',
];

let db: TestDatabase;
let ann: number;
let others: number[];
let importId: number;

beforeAll(async () => {
  db = await testDatabase({ programme });
  const { stores } = db.database;
  ann = (
    await addSubscriber(db.database, {
      ...ANN,
      source: { utm_source: 'fair-for-ann' },
      interests: ['payroll'],
    })
  ).id;
  others = [];
  for (const email of OTHERS)
    others.push((await addSubscriber(db.database, { email, name: 'Ann de Visser' })).id);

  const file = `email,name\n${[ANN.email, ...OTHERS.map((one) => `x-${one}`)].map((one) => `${one},Somebody`).join('\n')}\n,no address ${ANN.email}`;
  const queue = { add: () => Promise.resolve() } as never;
  const checked = await checkPeople(
    { database: db.database, programme },
    { name: 'people.csv', text: file, staffEmail },
    now,
  );
  importId = (checked as { importId: number }).importId;
  await beginImport({ database: db.database, queue }, { importId, staffEmail }, now);

  const webhook = await db.pool.query(
    `insert into webhooks (url, secret, types, created_at) values ('https://crm.example', 's', '{lead.outcome}', now()) returning id`,
  );
  const message = (subscriberId: number, email: string, note: string) =>
    db.pool.query(
      `insert into webhook_messages (webhook_id, message_id, dedupe_key, type, at, data, due_at)
       values ($1, gen_random_uuid(), gen_random_uuid(), 'lead.outcome', now(), $2, now())`,
      [
        webhook.rows[0].id,
        JSON.stringify({ lead: { id: subscriberId, email, name: 'Ann de Visser' }, outcome: { note } }),
      ],
    );
  await message(ann, ANN.email, 'call back');
  for (const [at, id] of others.entries()) await message(id, OTHERS[at]!, 'a colleague of theirs');
  await db.pool.query(
    `insert into api_keys (name, key_hash, key_start, scopes, created_at) values ('shop', 'h', 's', '{}', now())`,
  );
  for (const [at, email] of [ANN.email, ...OTHERS].entries())
    await db.pool.query(
      `insert into api_answers (api_key_id, key, request_hash, status, body, at)
       select id, $1, 'x', 202, $2, now() from api_keys`,
      [`sign-up ${email}`, JSON.stringify({ status: 'ok', subscriber: { id: [ann, ...others][at], email } })],
    );

  const queries = [ANN.email, ...OTHERS].map((one) =>
    new URLSearchParams({ q: one, stage: 'mql' }).toString(),
  );
  for (const [at, query] of [...queries, 'q=Ann+de+Visser', 'q=payroll'].entries()) {
    await stores.savedViews.save({ ownerEmail: staffEmail, name: `view ${at}`, query, at: now });
    await stores.audit.add({
      at: now,
      staffEmail,
      act: 'view-saved',
      subject: `view ${at}`,
      details: { query },
    });
  }
  for (const email of [ANN.email, ...OTHERS])
    await stores.audit.add({
      at: now,
      staffEmail,
      act: 'test-mail-sent',
      subject: `news · ${email}`,
      details: { to: email, for: 'Ann de Visser' },
    });
  await stores.audit.add({
    at: now,
    staffEmail,
    act: 'note-added',
    subject: 'a lead',
    details: { note: 'said she moved house' },
    subscriberId: ann,
  });

  const { deliveryId } = await addDelivery(db, ann, 'sent');
  await stores.ledger.record([
    {
      kind: 'form',
      form: 'call-back',
      at: now,
      subscriberId: ann,
      deliveryId,
      hit: personHit,
      details: { phone: ANN.phone, note: 'Ask for Ann de Visser' },
    },
  ]);
  await db.pool.query(
    `insert into inbox_mails (received_at, mail_from, rcpt_to, subject, raw) values
     (now(), 'a@x.example', '{sales@tessel.example}', 'Lead', convert_to(E'To: sales\r\n\r\nCall ann@cor=\r\np4.example', 'UTF8')),
     (now(), 'a@x.example', '{sales@tessel.example}', 'Lead', convert_to(E'To: sales\r\n\r\nCall joann@cor=\r\np4.example', 'UTF8'))`,
  );
  await db.pool.query(
    `insert into outbox (kind, dedupe_key, to_address, language, data, status, due_at, message_id, created_at)
     values ('issue', 'test:1', $1, 'en', $2, 'sent', now(), '<test-1@x>', now())`,
    [staffEmail, JSON.stringify({ subject: 'Hello Ann de Visser', html: `for ${ANN.email}` })],
  );
  await db.pool.query(
    `insert into slow_domains (domain, paused_until, reply) values ('corp4.example', now(), $1)`,
    [`450 <${ANN.email}> try later`],
  );
});
afterAll(() => db?.close());

/** Every row of every table as text, by table. */
async function everything(): Promise<Map<string, string[]>> {
  const { rows: tables } = await db.pool.query(
    `select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
  );
  const found = new Map<string, string[]>();
  for (const { name } of tables) {
    const { rows } = await db.pool.query(
      name === 'inbox_mails'
        ? `select replace(convert_from(raw, 'UTF8'), E'=\\r\\n', '') || array_to_string(rcpt_to, ' ') as row from inbox_mails`
        : `select to_jsonb(t)::text as row from ${name} t`,
    );
    found.set(
      name,
      rows.map(({ row }) => row),
    );
  }
  return found;
}

/** Rows that hold the word where no letter of a longer address stands beside it. */
function holding(tables: Map<string, string[]>, word: string): string[] {
  const pattern = new RegExp(`(?<![\\w.%+-])${word.replace(/[.+]/g, '\\$&')}(?![\\w-]|\\.\\w)`, 'i');
  return [...tables].flatMap(([name, rows]) =>
    rows.filter((row) => pattern.test(row)).map((row) => `${name}: ${row}`),
  );
}

describe('erasing one person', () => {
  it('leaves nothing of her in any column of any table, and everybody else as they were', async () => {
    const before = await everything();
    expect(holding(before, ANN.email).length).toBeGreaterThan(7);
    expect(await erasePerson(db, { subscriberId: ann, how: 'own-data-page' }, now)).toBe(true);
    const after = await everything();

    for (const word of [
      ANN.email,
      encodeURIComponent(ANN.email),
      '555 0101',
      'fair-for-ann',
      'Corp Four',
      'moved house',
    ])
      expect(holding(after, word)).toEqual([]);
    const byOthers = OTHERS.map((one) => one.replace(/[%_]/g, '.'));
    // Who has the same name keeps it: rows with it name another address.
    const named = holding(after, 'Ann de Visser').filter((row) => !OTHERS.some((one) => row.includes(one)));
    expect(named.filter((row) => !byOthers.some((one) => new RegExp(one).test(row)))).toEqual([]);

    const rowsOf = (tables: Map<string, string[]>, email: string) =>
      [...tables].flatMap(([name, rows]) =>
        rows
          .filter((row) => row.includes(email) || row.includes(encodeURIComponent(email)))
          .map((row) => `${name} ${row}`),
      );
    for (const email of OTHERS) expect(rowsOf(after, email)).toEqual(rowsOf(before, email));
  });

  it('keeps no import waiting for ever, and takes the others in', async () => {
    const deps = { database: db.database, programme, links: testLinks };
    expect(await importPeople(deps, importId, now)).toBe(OTHERS.length);
    const summary = await db.database.stores.imports.find(importId);
    expect(summary).toMatchObject({
      status: 'done',
      good: 0,
      outcomes: { added: OTHERS.length, 'left-alone': 1 },
    });
    expect(await db.database.stores.subscribers.findByEmail(ANN.email)).toBeNull();
  });

  it('is done once, and her status never becomes active again', async () => {
    expect(await erasePerson(db, { subscriberId: ann, how: 'own-data-page' }, now)).toBe(false);
    expect(await db.database.stores.subscribers.activate(ann, now)).toBe(false);
  });
});
