import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Preferences } from '../../../src/domain/audience/preferences-form.ts';
import { makeSiteToken, readSiteToken } from '../../../src/domain/tracking/site-token.ts';
import { setPreferences } from '../../../src/journey/audience/set-preferences.ts';
import { countDownloads } from '../../../src/journey/scoring/count-downloads.ts';
import { siteRoutes } from '../../../src/web/site/routes.ts';
import { trackingRoutes } from '../../../src/web/tracking/routes.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { addDelivery, addIssue, addIssueLinking, addLead, stateOf } from '../../support/leads.ts';
import { testLinks, testProgramme, testPublicUrl, testSecrets } from '../../support/programme.ts';
import { realFile } from '../../support/real-use.ts';
import { testApp, testWebContext } from '../../support/web.ts';

const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0';
const SITE = 'https://www.tessel.example';
const standard = testProgramme();
const programme = testProgramme({
  site: { tracking: true, hosts: ['tessel.example'], tokenLifetimeMs: 1_800_000 },
  scoring: {
    ...standard.scoring,
    rules: [
      {
        id: 'price-page',
        on: { event: 'visit', pages: ['/prices'] },
        points: 4,
        often: null,
        cap: null,
        sqlAtOnce: null,
        words: 'looked at the prices',
      },
    ],
  },
});

let db: TestDatabase;
let app: FastifyInstance;
let context: ReturnType<typeof testWebContext>;
let issueId: number;
beforeAll(async () => {
  db = await testDatabase({ programme });
  issueId = await addIssue(db.pool);
  context = testWebContext(db.database, { programme });
  app = await testApp(context, trackingRoutes, siteRoutes);
});
afterAll(async () => {
  await app.close();
  await db.close();
});

let addresses = 0;
async function leadWithMail(fields: Parameters<typeof addLead>[1] = {}) {
  const email = fields.email ?? `reader-${addresses++}@reader.example`;
  const lead = await addLead(db.pool, { email, ...fields });
  return { lead, email, delivery: await addDelivery(db.pool, issueId, lead) };
}
/** Follows the brochure link, and gives the token that the site then sees. */
async function clickToSite(delivery: number, headers: Record<string, string> = {}) {
  const url = testLinks.click(issueId, delivery, 2).slice(testPublicUrl.length);
  const answer = await app.inject({ url, headers: { 'user-agent': FIREFOX, ...headers } });
  const location = new URL(answer.headers.location!);
  return { location, token: location.searchParams.get('simmer') };
}
const tell = (told: object, headers: Record<string, string> = {}) =>
  app.inject({
    method: 'POST',
    url: '/t',
    headers: { 'content-type': 'text/plain;charset=UTF-8', 'user-agent': FIREFOX, ...headers },
    payload: JSON.stringify(told),
  });
const post = (form: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
  app.inject({
    method: 'POST',
    url: `/forms/${form}`,
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'user-agent': FIREFOX, ...headers },
    payload: new URLSearchParams(fields).toString(),
  });
const eventsOf = async (lead: number) => {
  const { rows } = await db.pool.query(
    'select kind, class, details from events where subscriber_id = $1 order by id',
    [lead],
  );
  return rows;
};

describe('a click to the company’s site', () => {
  it('carries a token, and visits count under it, with where they came from', async () => {
    const { lead, delivery } = await leadWithMail();
    const { location, token } = await clickToSite(delivery);
    expect(location.origin + location.pathname).toBe('https://tessel.example/brochure');
    const page = `${SITE}/prices/payroll?utm_campaign=fair&secret=x#top`;
    expect((await tell({ token, page, referrer: `${SITE}/home?q=1` })).statusCode).toBe(204);
    expect((await eventsOf(lead))[1]).toMatchObject({
      kind: 'visit',
      class: 'human',
      details: { page: `${SITE}/prices/payroll`, utm_campaign: 'fair', referrer: `${SITE}/home` },
    });
    await tell({ token, page, referrer: '' });
    expect(await stateOf(db.pool, lead)).toMatchObject({ score: 5 + 4, sum: 9, events: 3 });
  });

  it('carries none to others’ sites, for machines, or when the programme does not allow it', async () => {
    const { delivery } = await leadWithMail();
    expect((await clickToSite(delivery, { 'user-agent': 'Googlebot/2.1' })).token).toBeNull();
    const blog = await app.inject({
      url: testLinks.click(issueId, delivery, 1).slice(testPublicUrl.length),
      headers: { 'user-agent': FIREFOX },
    });
    expect(blog.headers.location).toBe('https://blog.example/two');
    const quiet = await testApp(testWebContext(db.database), trackingRoutes);
    const answer = await quiet.inject({
      url: testLinks.click(issueId, delivery, 2).slice(testPublicUrl.length),
      headers: { 'user-agent': FIREFOX },
    });
    await quiet.close();
    expect(answer.headers.location).toBe('https://tessel.example/brochure');
  });

  it('carries it behind the address, of which no byte changes', async () => {
    const real = realFile('05-own-site-query-rewritten/links.txt').toString().trim().split('\n');
    const issue = await addIssueLinking(db.pool, [...real, 'https://www.oursite.example/über#x']);
    const own = testProgramme({
      site: { tracking: true, hosts: ['www.oursite.example'], tokenLifetimeMs: 60_000 },
    });
    const site = await testApp(testWebContext(db.database, { programme: own }), trackingRoutes);
    const delivery = await addDelivery(db.pool, issue, (await leadWithMail()).lead);
    const locations = await Promise.all(
      [...real.keys(), real.length].map(async (number) => {
        const url = testLinks.click(issue, delivery, number).slice(testPublicUrl.length);
        return (await site.inject({ url, headers: { 'user-agent': FIREFOX } })).headers.location;
      }),
    );
    await site.close();
    expect(locations.map((location) => location?.replace(/simmer=[\w.-]{40,}/, 'simmer=T'))).toEqual([
      ...real.map((address) => `${address}&simmer=T`),
      'https://www.oursite.example/%C3%BCber?simmer=T#x',
    ]);
  });

  it('visits are what the click is: a scanner that shows itself later loses their points too', async () => {
    const { lead, delivery } = await leadWithMail();
    await db.pool.query('update deliveries set sent_at = $2 where id = $1', [
      delivery,
      new Date(context.now().getTime() - 20_000),
    ]);
    const { token } = await clickToSite(delivery);
    await tell({ token, page: `${SITE}/prices`, referrer: '' });
    expect(await stateOf(db.pool, lead)).toMatchObject({ score: 9 });
    for (const link of [0, 3]) {
      const url = testLinks.click(issueId, delivery, link).slice(testPublicUrl.length);
      await app.inject({ url, headers: { 'user-agent': FIREFOX } });
    }
    expect(await stateOf(db.pool, lead)).toMatchObject({ score: 0, sum: 0 });
    await tell({ token, page: `${SITE}/prices/other`, referrer: '' });
    expect((await eventsOf(lead)).map(({ kind, class: taken }) => `${kind} ${taken}`)).toEqual([
      'click machine',
      'visit machine',
      'click machine',
      'click machine',
      'visit machine',
    ]);
    expect(await stateOf(db.pool, lead)).toMatchObject({ score: 0, sum: 0 });
  });

  it.each<[string, (good: string) => object, Record<string, string>]>([
    ['a changed token', (good) => ({ token: `${good.slice(0, -1)}!`, page: `${SITE}/prices` }), {}],
    ['no token', () => ({ page: `${SITE}/prices` }), {}],
    ['another site', (token) => ({ token, page: 'https://evil.example/prices' }), {}],
    ['no address', (token) => ({ token, page: 'javascript:alert(1)' }), {}],
    ['Global Privacy Control', (token) => ({ token, page: `${SITE}/prices` }), { 'sec-gpc': '1' }],
    ['Do Not Track', (token) => ({ token, page: `${SITE}/prices` }), { dnt: '1' }],
    ['a robot', (token) => ({ token, page: `${SITE}/prices` }), { 'user-agent': 'Googlebot/2.1' }],
  ])('%s: nothing is recorded, and nothing is said', async (_, told, headers) => {
    const { lead, delivery } = await leadWithMail();
    const { token } = await clickToSite(delivery);
    const answer = await tell(told(token!), headers);
    expect([answer.statusCode, answer.body]).toEqual([204, '']);
    expect(await stateOf(db.pool, lead)).toMatchObject({ events: 1 });
  });

  it('the token is over after a while, and is good under every secret', () => {
    const now = new Date('2026-11-21T09:00:00Z');
    const visitor = {
      deliveryId: 123_456,
      click: '0192f3c4-5d6e-7f80-9a1b-2c3d4e5f6071',
      expiresAt: new Date('2026-11-21T09:30:00Z'),
    };
    const token = makeSiteToken(testSecrets, visitor);
    expect(readSiteToken(['new', ...testSecrets], token, now)).toEqual(visitor);
    expect(readSiteToken(['new'], token, now)).toBeNull();
    expect(readSiteToken(testSecrets, token, visitor.expiresAt)).toBeNull();
    expect(token.length).toBeLessThan(70);
  });
});

describe('forms of the company’s site', () => {
  it('contact by a browser with a token: an SQL at once, and sales is reminded', async () => {
    const { lead, email, delivery } = await leadWithMail();
    const { token } = await clickToSite(delivery);
    const answer = await post('contact', {
      email,
      message: 'Please call',
      simmer: token!,
      next: `${SITE}/thanks`,
    });
    expect([answer.statusCode, answer.headers.location]).toEqual([303, `${SITE}/thanks`]);
    expect(await stateOf(db.pool, lead)).toMatchObject({ stage: 'sql', qualifications: 1, alerts: 1 });
    expect((await eventsOf(lead)).at(-1)).toMatchObject({
      details: { form: 'contact', message: 'Please call' },
    });
    expect(context.queue.jobs).toContainEqual({ name: 'send-outbox' });
  });

  it('what it says about the company fills the profile, and all of it stays with the form', async () => {
    const { lead, email, delivery } = await leadWithMail();
    const { token } = await clickToSite(delivery);
    const said = {
      phone: '+31 20 123 4567',
      company_size: 'lots',
      country: 'Nederland',
      question: 'How much?',
    };
    await post('call-back', { email, simmer: token!, ...said });
    expect(await context.database.stores.subscribers.find(lead)).toMatchObject({
      phone: null,
      companySize: null,
      country: 'NL',
      stage: 'sql',
    });
    expect((await eventsOf(lead)).at(-1)).toMatchObject({ details: said });
    expect(await context.database.stores.sales.callWish(lead)).toMatchObject({ phone: said.phone });
  });

  it('a typed address alone makes no SQL; once its owner comes by a mail, it does', async () => {
    const { lead, email, delivery } = await leadWithMail();
    await post('contact', { email });
    expect(await stateOf(db.pool, lead)).toMatchObject({ stage: 'mql', events: 0, score: 0 });
    const { token } = await clickToSite(delivery);
    await tell({ token, page: `${SITE}/home`, referrer: '' });
    expect(await stateOf(db.pool, lead)).toMatchObject({ stage: 'sql', alerts: 1 });
  });

  it('another reader’s token proves nothing', async () => {
    const [one, other] = [await leadWithMail(), await leadWithMail()];
    const { token } = await clickToSite(other.delivery);
    await post('order', { email: one.email, simmer: token! });
    expect(await stateOf(db.pool, one.lead)).toMatchObject({ stage: 'mql', events: 0 });
  });

  it('a new address is asked to confirm; what it did counts when it has', async () => {
    const email = 'new@visitor.example';
    const headers = { accept: 'application/json', origin: SITE };
    const answer = await post('contact', { email, name: 'Nova Visser', company: 'Visser BV' }, headers);
    expect([answer.statusCode, answer.json()]).toEqual([202, { status: 'taken' }]);
    expect(answer.headers['access-control-allow-origin']).toBe(SITE);
    const { rows } = await db.pool.query(
      `select s.id, s.status, s.company, o.kind from subscribers s join outbox o on o.subscriber_id = s.id where email = $1`,
      [email],
    );
    expect(rows).toMatchObject([{ status: 'pending', company: 'Visser BV', kind: 'confirmation' }]);
    const { id } = rows[0];
    expect(await stateOf(db.pool, id)).toMatchObject({ stage: 'mql', events: 0 });
    const hit = { method: 'POST', ip: null, userAgent: FIREFOX, purpose: null };
    const preferences: Preferences = {
      interests: ['payroll'],
      language: 'en',
      timeZone: 'Europe/Amsterdam',
      name: 'Nova',
      frequency: 'every-issue',
      pause: 'keep',
      tracking: true,
    };
    await setPreferences(
      { ...context, newSecret: () => 'a secret' },
      { subscriberId: id, preferences, pageLanguage: 'en', hit, by: 'link' },
      context.now(),
    );
    expect(await stateOf(db.pool, id)).toMatchObject({ stage: 'sql', qualifications: 1 });
  });

  it('a download counts under its own name', async () => {
    const { lead, email, delivery } = await leadWithMail();
    const { token } = await clickToSite(delivery);
    await post('download', { email, download: 'payroll-guide.pdf', simmer: token! });
    expect((await eventsOf(lead)).at(-1)).toMatchObject({
      kind: 'download',
      details: { name: 'payroll-guide.pdf' },
    });
  });

  it('a known reader’s download counts and scores soon after, whatever browser it comes from, and the same one once', async () => {
    const { lead, email } = await leadWithMail();
    await post('download', { email, download: 'payroll-guide.pdf' });
    await post(
      'download',
      { email, download: 'payroll-guide.pdf' },
      { accept: 'application/json', origin: SITE },
    );
    await countDownloads(db);
    expect(await stateOf(db.pool, lead)).toMatchObject({ score: 5, sum: 5, stage: 'mql' });
    await post('download', { email, download: 'stock-guide.pdf' });
    await countDownloads(db);
    expect(await stateOf(db.pool, lead)).toMatchObject({ score: 10, sum: 10 });
  });

  it('however many somebody types for a reader, sales hears of it only after something the reader did', async () => {
    const { lead, email, delivery } = await leadWithMail({ mailsSent: 3 });
    for (const name of ['a.pdf', 'b.pdf', 'c.pdf', 'd.pdf'])
      await post('download', { email, download: name });
    await countDownloads(db);
    expect(await stateOf(db.pool, lead)).toMatchObject({ score: 20, stage: 'mql', alerts: 0 });
    await app.inject({
      url: testLinks.pixel(issueId, delivery).slice(testPublicUrl.length),
      headers: { 'user-agent': FIREFOX },
    });
    expect(await stateOf(db.pool, lead)).toMatchObject({ stage: 'mql', alerts: 0 });
    await clickToSite(delivery);
    expect(await stateOf(db.pool, lead)).toMatchObject({ stage: 'sql', alerts: 1 });
  });

  it('of who has not confirmed, or has left, a download waits for the confirmation', async () => {
    for (const status of ['pending', 'unsubscribed']) {
      const { lead, email } = await leadWithMail({ status });
      await post('download', { email, download: 'payroll-guide.pdf' });
      await countDownloads(db);
      expect(await stateOf(db.pool, lead)).toMatchObject({ score: 0, events: 0 });
    }
  });

  it('a form by a browser with a token belongs to the mail it came from', async () => {
    const { lead, email, delivery } = await leadWithMail();
    const { token } = await clickToSite(delivery);
    await post('order', { email, simmer: token! });
    const { rows } = await db.pool.query(
      `select delivery_id from events where subscriber_id = $1 and kind = 'form'`,
      [lead],
    );
    expect(rows).toEqual([{ delivery_id: delivery }]);
    const { forms } = await db.database.stores.issueViews.numbers(issueId, context.now(), 0);
    expect(forms).toBeGreaterThan(0);
  });

  it.each([
    ['elsewhere', 'https://evil.example/', 'https://tessel.example'],
    ['a script', 'javascript:alert(1)', 'https://tessel.example'],
    ['nowhere', '', 'https://tessel.example'],
  ])('a plain post never ends %s', async (_, next, expected) => {
    const { email } = await leadWithMail();
    const answer = await post('webinar', { email, next });
    expect(answer.headers.location).toBe(expected);
  });

  it('says what is wrong to scripts, lets only the company’s pages read it, and drops robots', async () => {
    const bad = await post(
      'contact',
      { email: 'nobody' },
      { accept: 'application/json', origin: 'https://evil.example' },
    );
    expect([bad.statusCode, bad.json().errors[0].field]).toEqual([422, 'email']);
    expect(bad.headers['access-control-allow-origin']).toBeUndefined();
    const page = await post('contact', { email: 'nobody', language: 'nl' });
    expect(page.statusCode).toBe(422);
    expect(page.body).toContain('Controleer uw formulier');
    expect(page.body).toContain(context.say('nl', 'subscriber.problems.email.no-at', {}));
    expect((await post('Contact Us', { email: 'a@b.example' })).statusCode).toBe(404);
    const robot = await post('contact', { email: 'robot@x.example', fax_number: '1' });
    expect(robot.statusCode).toBe(303);
    const { rows } = await db.pool.query(`select from subscribers where email = 'robot@x.example'`);
    expect(rows).toEqual([]);
  });
});

describe('the script', () => {
  const source = readFileSync(new URL('../../../templates/site/s.js', import.meta.url), 'utf8');
  /** A page of the company's site, as far as the script looks at it. */
  function page(address: string, { consent = '', navigator = {}, stored = '' } = {}) {
    const sent: { url: string; told: { token: string; page: string; referrer: string } }[] = [];
    const storage = new Map(stored ? [['simmer', stored]] : []);
    const window = {
      location: { href: address },
      history: {
        state: null,
        replaceState: (_state: unknown, _title: string, href: string) => {
          window.location.href = href;
        },
      },
      sessionStorage: {
        getItem: (key: string) => storage.get(key) ?? null,
        setItem: (key: string, value: string) => storage.set(key, value),
        removeItem: (key: string) => storage.delete(key),
      },
      simmer: undefined as unknown as { consent(yes: boolean): void; visit(): void },
    };
    const document = {
      currentScript: { src: `${testPublicUrl}/s.js`, getAttribute: () => consent || null },
      referrer: 'https://search.example/',
      addEventListener: () => {},
    };
    const browser = {
      sendBeacon: (url: string, body: string) => sent.push({ url, told: JSON.parse(body) }),
      ...navigator,
    };
    runInNewContext(source, { window, document, navigator: browser, URL, String, JSON });
    return { window, sent, storage };
  }

  it('is small', () => expect(Buffer.byteLength(source)).toBeLessThan(3_000));

  it('is served to any site', async () => {
    const answer = await app.inject('/s.js');
    expect(answer.headers['content-type']).toContain('javascript');
    expect(answer.headers['cross-origin-resource-policy']).toBe('cross-origin');
    expect(answer.body).toBe(source);
  });

  it.each([
    ['?/news/article-5&simmer=T', '?/news/article-5'],
    ['?q=M%FCller&simmer=T', '?q=M%FCller'],
    ['?simmer=T', ''],
    ['?simmer=T#/page?x=1&simmer=2', '#/page?x=1&simmer=2'],
    ['?pdf&simmer=T&f[0]=a:1+b', '?pdf&f[0]=a:1+b'],
  ])('leaves the rest of %s as it is', (written, left) => {
    expect(page(`${SITE}/a${written}`).window.location.href).toBe(`${SITE}/a${left}`);
  });

  it('without consent: takes the token out of the address, and does nothing else', () => {
    const { window, sent, storage } = page(`${SITE}/a?x=1&simmer=token#top`);
    expect(window.location.href).toBe(`${SITE}/a?x=1#top`);
    expect(sent).toEqual([]);
    expect([...storage]).toEqual([]);
  });

  it('with consent: tells the visit once, and the next page knows the token', () => {
    const first = page(`${SITE}/a?simmer=token`, { consent: 'granted' });
    const told = { token: 'token', page: `${SITE}/a`, referrer: 'https://search.example/' };
    expect(first.sent).toEqual([{ url: `${testPublicUrl}/t`, told }]);
    first.window.simmer.visit();
    expect(first.sent).toHaveLength(1);
    const next = page(`${SITE}/b`, { consent: 'granted', stored: first.storage.get('simmer')! });
    expect(next.sent[0]?.told.page).toBe(`${SITE}/b`);
  });

  it('waits for the site’s consent dialogue, and forgets when it is taken back', () => {
    const { window, sent, storage } = page(`${SITE}/a?simmer=token`);
    window.simmer.consent(true);
    expect(sent).toHaveLength(1);
    window.simmer.consent(false);
    expect([...storage]).toEqual([]);
    window.simmer.consent(true);
    expect(sent).toHaveLength(1);
  });

  it.each([
    ['Do Not Track', { doNotTrack: '1' }],
    ['Global Privacy Control', { globalPrivacyControl: true }],
  ])('respects %s, whatever the site says', (_, navigator) => {
    const { sent, storage } = page(`${SITE}/a?simmer=token`, {
      consent: 'granted',
      navigator,
      stored: 'old',
    });
    expect(sent).toEqual([]);
    expect([...storage]).toEqual([]);
  });

  it('tells nothing of visitors who came by no mail', () => {
    expect(page(`${SITE}/a`, { consent: 'granted' }).sent).toEqual([]);
  });
});
