import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { asText } from '../../../src/domain/reason.ts';
import { subscriberPages } from '../../../src/web/subscriber/routes.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { testLinks } from '../../support/programme.ts';
import { addDelivery, addSubscriber, personHit, whatPeopleWant } from '../../support/subscribers.ts';
import { testApp, testWebContext } from '../../support/web.ts';

let db: TestDatabase;
let app: FastifyInstance;
let now: Date;
let anna: number;
let token: string;

const path = (url: string) => new URL(url).pathname;
const get = (url: string) => app.inject({ url });
const post = (url: string, fields: Record<string, string | string[]> = {}) => {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(fields))
    for (const one of [value].flat()) form.append(name, one);
  return app.inject({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: form.toString(),
  });
};

beforeAll(async () => {
  db = await testDatabase();
  const context = testWebContext(db.database, { now: () => now });
  app = await testApp(context, subscriberPages);
});
afterAll(async () => {
  await app?.close();
  await db?.close();
});
beforeEach(async () => {
  now = new Date('2026-11-21T09:00:00Z');
  const email = `anna-${Math.random().toString(36).slice(2)}@kade.example`;
  anna = (
    await addSubscriber(db.database, {
      email,
      name: 'Anna Visser',
      company: 'Kade Logistics',
      phone: '+31 20 555 0101',
      interests: ['payroll'],
      source: { utm_source: 'trade-fair' },
    })
  ).id;
  token = path(testLinks.preferences(anna)).split('/').at(-1) ?? '';
});

const find = () => db.database.stores.subscribers.find(anna);
const acts = async () => (await db.database.stores.consent.list(anna)).map(({ act }) => act);
async function mailedLink(): Promise<string> {
  const { rows } = await db.pool.query(
    `select data ->> 'url' as url from outbox where subscriber_id = $1 and kind = 'notice' order by id desc limit 1`,
    [anna],
  );
  return path(rows[0].url);
}

describe('the preference page', () => {
  const form = { interest: 'stock', language: 'en', time_zone: 'UTC', name: 'Anna' };

  it('takes how often, a pause and whether to measure, and keeps a record of the last', async () => {
    const page = (await get(`/preferences/${token}`)).body;
    expect(page).toMatch(/value="yes" checked/);
    await post(`/preferences/${token}`, { ...form, frequency: 'monthly', pause: '4', tracking: 'no' });
    expect(await find()).toMatchObject({
      frequency: 'monthly',
      pausedUntil: new Date('2026-12-19T09:00:00Z'),
      tracking: false,
      interests: ['stock'],
    });
    expect(await acts()).toContain('measuring-refused');
    expect((await get(`/preferences/${token}`)).body).toContain('19 December 2026');

    // A pause that was not the reader's wish says why, until the reader decides.
    await db.pool.query(`update subscribers set pause_reason = 'the last 3 mails came back'`);
    expect((await get(`/preferences/${token}`)).body).toContain('came back from your mail provider');
    await post(`/preferences/${token}`, { ...form, frequency: 'monthly', pause: 'keep', tracking: 'no' });
    expect((await find())?.pauseReason).toEqual(asText('the last 3 mails came back'));
    expect((await find())?.pausedUntil).toEqual(new Date('2026-12-19T09:00:00Z'));
    await post(`/preferences/${token}`, {
      ...form,
      frequency: 'every-issue',
      pause: 'none',
      tracking: 'yes',
    });
    expect(await find()).toMatchObject({
      frequency: 'every-issue',
      pausedUntil: null,
      pauseReason: null,
      tracking: true,
    });
    expect((await acts()).filter((act) => act.startsWith('measuring'))).toEqual([
      'measuring-refused',
      'measuring-allowed',
    ]);
  });

  it('after a no, opens and clicks of mails from before leave no trace either', async () => {
    const { deliveryId } = await addDelivery(db, anna, 'sent');
    await db.database.stores.subscribers.change(anna, { tracking: false });
    const verdict = { class: 'human' as const, reasons: [] };
    await db.database.stores.ledger.record([{ kind: 'open', at: now, deliveryId, hit: personHit, verdict }]);
    const { rows } = await db.pool.query('select from events where subscriber_id = $1', [anna]);
    expect(rows).toHaveLength(0);
    expect((await find())?.score).toBe(0);
  });
});

describe('what we know about you', () => {
  it('is behind a link that goes to the person alone, some at most, for a day', async () => {
    const answer = await post(`/preferences/${token}/your-data`);
    expect(answer.body).not.toContain('/your-data/');
    await post(`/preferences/${token}/your-data`);
    const { rows } = await db.pool.query(
      `select to_address from outbox where subscriber_id = $1 and kind = 'notice'`,
      [anna],
    );
    expect(rows).toEqual([{ to_address: (await find())?.email }]);

    const link = await mailedLink();
    const before = await whatPeopleWant(db);
    const page = await get(link);
    expect(page.body).toContain('Kade Logistics');
    expect(page.headers['referrer-policy']).toBe('no-referrer');
    await get(`${link}/erase`);
    expect(await whatPeopleWant(db)).toEqual(before);
    now = new Date(now.getTime() + 25 * 3_600_000);
    const late = await get(link);
    expect([late.statusCode, late.body]).toEqual([410, expect.stringContaining('This link has expired')]);
    const cut = await get(link.slice(0, -3));
    expect([cut.statusCode, cut.body]).toEqual([404, expect.stringContaining('This link is not complete')]);
  });

  it('comes as a file with everything', async () => {
    await addDelivery(db, anna, 'sent');
    await post(`/preferences/${token}/your-data`);
    const file = (await get(`${await mailedLink()}/data.json`)).json();
    expect(file.person).toMatchObject({
      name: 'Anna Visser',
      phone: '+31 20 555 0101',
      interests: ['payroll'],
    });
    expect(Object.keys(file)).toEqual(
      expect.arrayContaining(['person', 'consent', 'mails', 'otherMails', 'acts', 'points', 'sales']),
    );
    expect(file.mails).toMatchObject([{ status: 'sent' }]);
  });

  it('is erased by a press that says it is sure: no table names the person any more, and the sums stay', async () => {
    const email = (await find())!.email;
    const { deliveryId } = await addDelivery(db, anna, 'sent');
    await addDelivery(db, anna, 'planned');
    const verdict = { class: 'human' as const, reasons: [] };
    await db.database.inTransaction(({ ledger }) =>
      ledger.record([
        { kind: 'open', at: now, deliveryId, hit: personHit, verdict },
        {
          kind: 'form',
          form: 'call-back',
          at: now,
          subscriberId: anna,
          deliveryId,
          hit: personHit,
          details: { phone: '+31 20 555 0101', note: 'Ask for Anna Visser', name: 'Anna Visser' },
        },
      ]),
    );
    await db.database.stores.audit.add({
      at: now,
      staffEmail: 'mara@tessel.example',
      act: 'test-mail-sent',
      subject: `news · ${email}`,
    });
    const score = (await find())!.score;
    expect(score).toBeGreaterThan(0);
    await post(`/preferences/${token}/your-data`);
    const link = await mailedLink();

    expect((await post(`${link}/erase`)).statusCode).toBe(422);
    expect((await find())?.name).toBe('Anna Visser');
    expect((await post(`${link}/erase`, { sure: 'yes' })).body).toContain('Your data has been erased');

    expect(await find()).toMatchObject({
      email: `erased-${anna}@erased.invalid`,
      status: 'unsubscribed',
      name: null,
      score,
    });
    expect((await acts()).at(-1)).toBe('erased');
    const over = await get(link);
    expect([over.statusCode, over.body]).toEqual([410, expect.stringContaining('This link has been used')]);
    // Links of old mails bring nobody back, and ask for nothing.
    const form = {
      interest: 'payroll',
      language: 'en',
      time_zone: 'UTC',
      name: 'Somebody Else',
      phone: '020 555 0199',
    };
    for (const page of ['preferences', 'unsubscribe', 'call-back']) {
      for (const answer of [await get(`/${page}/${token}`), await post(`/${page}/${token}`, form)]) {
        expect([page, answer.statusCode]).toEqual([page, 410]);
        expect(answer.body).not.toContain('<form');
      }
    }
    expect(await find()).toMatchObject({ status: 'unsubscribed', name: null, phone: null, interests: [] });
    expect(await tablesThatHold([email, 'Anna Visser', '555 0101', 'Kade Logistics', 'trade-fair'])).toEqual(
      [],
    );
    const { rows } = await db.pool.query(
      'select sum(points)::int as sum, count(*)::int as entries from score_entries where subscriber_id = $1',
      [anna],
    );
    expect(rows[0].sum).toBe(score);
    const waiting = await db.pool.query(
      `select from deliveries where subscriber_id = $1 and status = 'planned'`,
      [anna],
    );
    expect(waiting.rows).toHaveLength(0);
  });

  /** Looks into every column of every table: a table that is added later must not be forgotten. */
  async function tablesThatHold(words: string[]): Promise<string[]> {
    const { rows: tables } = await db.pool.query(
      `select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
    );
    const found: string[] = [];
    for (const { name } of tables) {
      const owned = await db.pool.query(
        `select from information_schema.columns where table_name = $1 and column_name = 'subscriber_id'`,
        [name],
      );
      // Other tests' people share some words; rows that belong to this person, or to nobody, are looked at.
      const whose =
        name === 'subscribers' ? `id = ${anna}` : owned.rows.length > 0 ? `subscriber_id = ${anna}` : 'true';
      for (const word of owned.rows.length > 0 || name === 'subscribers' ? words : words.slice(0, 1)) {
        const { rows } = await db.pool.query(
          `select from ${name} t where (${whose}) and t::text like '%' || $1 || '%' limit 1`,
          [word],
        );
        if (rows.length > 0) found.push(`${name}: ${word}`);
      }
    }
    return found;
  }
});

describe('unsubscribing', () => {
  it('asks one question that may be passed over, and only of those who have left', async () => {
    await post(`/unsubscribe/${token}/why`, { reason: 'too-often' });
    expect(await db.database.stores.ownData.unsubscribeReasons(new Date(0))).toEqual([]);
    const done = await post(`/unsubscribe/${token}`);
    expect(done.body).toContain('Too many emails');
    expect((await post(`/unsubscribe/${token}/why`)).body).toContain('Thank you');
    await post(`/unsubscribe/${token}/why`, { reason: 'too-often', note: 'twice a day' });
    await post(`/unsubscribe/${token}/why`, { reason: 'never-asked' });
    expect(await db.database.stores.ownData.unsubscribeReasons(new Date(0))).toEqual([
      { reason: 'never-asked', count: 1 },
    ]);
  });
});
