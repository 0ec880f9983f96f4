import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { staffPages } from '../../../../src/web/staff/routes.ts';
import { type TestDatabase, testDatabase } from '../../../support/database.ts';
import { asStaff, type SignedIn, signedIn } from '../../../support/staff.ts';
import { addSubscriber } from '../../../support/subscribers.ts';
import { testApp, testWebContext } from '../../../support/web.ts';

const NOW = new Date('2026-11-21T09:00:00Z');
let db: TestDatabase;
let app: FastifyInstance;
let context: ReturnType<typeof testWebContext>;
let ada: SignedIn;
beforeAll(async () => {
  db = await testDatabase();
  context = testWebContext(db.database);
  app = await testApp(context, staffPages);
  ada = await signedIn(db.database, 'admin');
});
afterAll(async () => {
  await app?.close();
  await db?.close();
});

const get = async (url: string) => (await asStaff(app, ada).get(url)).body;
const post = (url: string, fields: Record<string, string | string[]>) => asStaff(app, ada).post(url, fields);
const lastAct = async () => (await db.database.stores.audit.list({ beforeId: null, limit: 1 }))[0];

describe('API keys', () => {
  it('are shown once, work, and are ended by a press', async () => {
    const answer = await post('/staff/settings/keys/make', {
      name: 'website',
      scope: ['events:write', 'made-up'],
    });
    const key = /simmer_[\w-]{32}/.exec(answer.body)?.[0] ?? '';
    expect(key).not.toBe('');
    expect(await get('/staff/settings/keys')).not.toContain(key);
    const hash = createHash('sha256').update(key).digest('hex');
    const known = await db.database.stores.apiKeys.use(hash, NOW);
    expect(known).toMatchObject({ name: 'website', scopes: ['events:write'] });
    expect(await lastAct()).toMatchObject({ act: 'key-made', subject: 'website', staffEmail: ada.email });
    await post('/staff/settings/keys/revoke', { id: String(known!.id) });
    expect(await db.database.stores.apiKeys.use(hash, NOW)).toBeNull();
    expect(await get('/staff/settings/audit')).toContain('API key revoked:');
  });

  it('need a name and something they may do', async () => {
    expect((await post('/staff/settings/keys/make', { name: '', scope: 'events:write' })).statusCode).toBe(
      422,
    );
    expect((await post('/staff/settings/keys/make', { name: 'x' })).body).toContain(
      'Tick at least one thing',
    );
  });
});

describe('the list of addresses never written to', () => {
  it('takes an address with a reason, and gives it back what its owner had agreed to', async () => {
    const { id } = await addSubscriber(db.database, { email: 'loud@x.example' });
    expect(
      (await post('/staff/settings/suppressions/add', { email: 'loud@x.example', why: '' })).statusCode,
    ).toBe(422);
    await post('/staff/settings/suppressions/add', { email: 'Loud@X.example', why: 'asked by phone' });
    expect((await db.database.stores.subscribers.find(id))?.status).toBe('suppressed');
    expect(await get('/staff/settings/suppressions?search=loud')).toContain('asked by phone');
    await post('/staff/settings/suppressions/lift', { email: 'loud@x.example', why: 'changed their mind' });
    expect((await db.database.stores.subscribers.find(id))?.status).toBe('active');
    expect(await get('/staff/settings/suppressions?lifted=yes')).toContain('changed their mind');
    expect(await lastAct()).toMatchObject({ act: 'address-released', subject: 'loud@x.example' });
  });
});

describe('webhooks', () => {
  it('show their log; what was delivered or given up can be sent again', async () => {
    const { webhooks } = db.database.stores;
    await webhooks.add({
      url: 'https://crm.example/hook',
      secret: 'whsec_x',
      types: ['lead.qualified'],
      allowPrivate: false,
      createdAt: NOW,
    });
    await webhooks.announce({ type: 'lead.qualified', dedupeKey: 'a', at: NOW, data: {} });
    await db.pool.query(`update webhook_messages set status = 'failed'`);
    const page = await get('/staff/settings/webhooks');
    expect(page).toContain('given up');
    expect(page).not.toContain('whsec_x');
    const id = page.match(/name="id" value="(\d+)"/)?.[1] ?? '';
    await post('/staff/settings/webhooks/resend', { id });
    expect((await webhooks.log({ webhookId: null, limit: 1 }))[0]?.status).toBe('planned');
    expect(context.queue.jobs).toContainEqual({ name: 'send-webhooks' });
  });
});

describe('system health', () => {
  beforeEach(() => db.pool.query('truncate outbox cascade'));

  it('says so when all is well, and says in words what is not', async () => {
    await db.pool.query(`update webhook_messages set due_at = $1`, [NOW]);
    expect(await get('/staff/settings')).toContain('All is well');
    await db.pool.query(
      `insert into outbox (kind, dedupe_key, to_address, language, due_at, created_at, message_id)
       values ('notice', 'x', 'x@y.example', 'en', $1::timestamptz - interval '6 minutes', $1, '<x>')`,
      [NOW],
    );
    const page = await get('/staff/settings');
    expect(page).not.toContain('All is well');
    expect(page).toContain(
      '1 one-off email (confirmations, alerts) is due and not sent for more than five minutes',
    );
  });
});

describe('trying rules', () => {
  it('says who would have become an SQL, and changes nothing', async () => {
    const { id } = await addSubscriber(db.database, { email: 'warm@x.example', name: 'Wim Warm' });
    for (let n = 0; n < 3; n++) {
      const { rows } = await db.pool.query(
        `with i as (insert into issues (digest_id, slot, planned_at, first_due_at, last_due_at) values ('news', 'w' || $2::text, $1, $1, $1) returning id)
         insert into deliveries (issue_id, subscriber_id, status, due_at, sent_at) select id, $3, 'sent', $1, $1 from i returning id`,
        [new Date(NOW.getTime() + n * 86_400_000), n, id],
      );
      const at = new Date(NOW.getTime() + n * 86_400_000);
      await db.pool.query(
        `insert into issue_links (issue_id, number, role, target_id, language, url, label)
         select issue_id, 1, 'article', '1', 'en', 'https://blog.example/1', 'One' from deliveries where id = $1`,
        [rows[0].id],
      );
      await db.database.stores.ledger.record([
        { kind: 'mail-sent', at, subscriberId: id, deliveryId: rows[0].id },
        {
          kind: 'click',
          at: new Date(at.getTime() + 3_600_000),
          deliveryId: rows[0].id,
          linkNumber: 1,
          hit: { method: 'GET', ip: null, userAgent: 'x', purpose: null },
          verdict: { class: 'human', reasons: [] },
        },
      ]);
    }
    const before = await db.pool.query('select count(*) from qualifications');
    const same = await get('/staff/scoring/what-if?try=yes');
    expect(same).not.toContain('Wim Warm');
    const lower = await get('/staff/scoring/what-if?try=yes&threshold=1&mailsBeforeSql=0');
    expect(lower).toContain('Wim Warm');
    expect((await db.pool.query('select count(*) from qualifications')).rows).toEqual(before.rows);
    const refused = await asStaff(app, ada).get('/staff/scoring/what-if?try=yes&threshold=-5');
    expect(refused.statusCode).toBe(422);
    expect(await get('/staff/scoring')).toContain('clicked an article');
  });
});

describe('the sales desk', () => {
  it('shows who waits, those who asked to be called first; one presses, the other is told', async () => {
    const sam = await signedIn(db.database, 'sales');
    const warm = await addSubscriber(db.database, { email: 'a@desk.example', name: 'Ann Points' });
    const asks = await addSubscriber(db.database, { email: 'b@desk.example', name: 'Bea Asks' });
    const held = await addSubscriber(db.database, { email: 'c@desk.example', name: 'Cas Quiet' });
    await db.pool.query(`update subscribers set score = 40 where id = $1`, [warm.id]);
    const { rows } = await db.pool.query(
      `insert into qualifications (subscriber_id, at, score, rule, by_post, handed_to, held_until)
       values ($1, $4, 40, 'open', false, 'sales@tessel.example', null), ($2, $4, 12, 'form-call-back', true, null, null),
              ($3, $4, 12, 'open', false, null, $4::timestamptz + interval '1 day') returning id`,
      [warm.id, asks.id, held.id, NOW],
    );
    const names = async (who: SignedIn) =>
      [...(await asStaff(app, who).get('/staff/desk')).body.matchAll(/<h3><a href="[^"]+">([^<]+)</g)].map(
        ([, name]) => name,
      );
    expect(await names(sam)).toEqual(['Bea Asks', 'Ann Points']);

    const claim = (who: SignedIn) =>
      asStaff(app, who).post('/staff/desk/claim', { qualification: String(rows[0].id) });
    expect((await claim(sam)).headers.location).toBe('/staff/desk?saved=claimed');
    expect((await claim(ada)).headers.location).toBe('/staff/desk?saved=taken');
    expect(await names(sam)).toEqual(['Ann Points', 'Bea Asks']);

    await asStaff(app, sam).post('/staff/desk/touch', {
      lead: String(warm.id),
      name: 'phone-call',
      note: 'will call back',
    });
    expect((await asStaff(app, sam).get('/staff/desk')).body).toContain('will call back');
    expect((await asStaff(app, sam).post('/staff/desk/touch', { lead: '999999' })).statusCode).toBe(404);
  });
});
