import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { countDownloads } from '../../../src/journey/scoring/count-downloads.ts';
import type { WebContext } from '../../../src/web/context.ts';
import { subscriberPages } from '../../../src/web/subscriber/routes.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { testLinks, testProgramme, testPublicUrl } from '../../support/programme.ts';
import { realFile } from '../../support/real-use.ts';
import { addDelivery, addSubscriber, whatPeopleWant } from '../../support/subscribers.ts';
import { testApp, testWebContext } from '../../support/web.ts';

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const path = (url: string) => url.slice(testPublicUrl.length);

describe('pages for subscribers', () => {
  let db: TestDatabase;
  let context: WebContext;
  let app: FastifyInstance;
  let number = 0;
  let email = '';
  /** Each test comes from a network address of its own, so that no limit is shared. */
  let remoteAddress = '';
  beforeAll(async () => {
    db = await testDatabase();
    context = testWebContext(db.database, { programme: testProgramme() });
    app = await testApp(context, subscriberPages);
  });
  afterAll(async () => {
    await app.close();
    await db.close();
  });
  beforeEach(() => {
    number++;
    email = `reader${number}@example.com`;
    remoteAddress = `198.51.100.${number}`;
  });

  const get = (url: string, headers: Record<string, string> = {}) =>
    app.inject({ method: 'GET', url, headers, remoteAddress });
  const post = (url: string, fields: Record<string, string> | [string, string][], headers = {}) =>
    app.inject({
      method: 'POST',
      url,
      headers: { ...FORM, ...headers },
      payload: new URLSearchParams(fields).toString(),
      remoteAddress,
    });
  const find = (address = email) => db.database.stores.subscribers.findByEmail(address);

  describe('sign-up', () => {
    it('shows a form that carries the campaign along', async () => {
      const answer = await get('/?utm_source=fair%20%3Cb%3E&download=Guide&language=nl', {
        referer: 'https://search.example/?q=payroll',
      });
      expect(answer.statusCode).toBe(200);
      expect(answer.body).toContain('<html lang="nl"');
      expect(answer.body).toContain('name="utm_source" value="fair &lt;b&gt;"');
      expect(answer.body).toContain('name="download" value="Guide"');
      expect(answer.body).toContain('name="referrer" value="https://search.example/?q&#x3D;payroll"');
      expect(answer.headers['x-robots-tag']).toBeUndefined();
    });

    it('asks about the company what the programme weighs, and nothing else', async () => {
      const plain = (await get('/')).body;
      for (const field of ['industry', 'company_size', 'country'])
        expect(plain).not.toContain(`name="${field}"`);
      const { persona } = context.programme;
      Object.assign(persona, {
        countries: ['NL'],
        industries: ['logistics'],
        companySize: { from: 50, to: null },
      });
      try {
        const asked = await post('/sign-up', {
          email: 'nobody',
          country: 'NL',
          company_size: 'lots',
          industry: 'Metal',
        });
        expect(asked.statusCode).toBe(422);
        expect(asked.body).toContain('<option value="NL" selected>Netherlands</option>');
        expect(asked.body).toMatch(/name="industry"[^>]*value="Metal"/);
        expect(asked.body).toMatch(/name="company_size"[^>]*value="lots"/);
        expect(asked.body).not.toContain('id="company_size-problem"');
        await post('/sign-up', { email, country: 'NL', company_size: '50-249', industry: 'Metal' });
        expect(await find()).toMatchObject({ country: 'NL', companySize: 150, industry: 'Metal' });
      } finally {
        Object.assign(persona, { countries: [], industries: [], companySize: null });
      }
    });

    it('signs up and sends on to the page about the inbox', async () => {
      const fields = { email, name: 'Anna', language: 'de', time_zone: 'Europe/Vienna', utm_source: 'fair' };
      const answer = await post('/sign-up', fields);
      expect(answer.statusCode).toBe(303);
      expect(answer.headers.location).toBe('/look-in-your-inbox?language=de');
      expect(await find()).toMatchObject({
        status: 'pending',
        name: 'Anna',
        language: 'de',
        timeZone: 'Europe/Vienna',
        source: { utm_source: 'fair' },
      });
      const inbox = await get('/look-in-your-inbox?language=de');
      expect(inbox.body).toContain('href="/inbox"');
    });

    it('counts the download it was the price of soon after for who is a reader already', async () => {
      await post('/sign-up', { email, download: 'Guide' });
      const id = (await find())!.id;
      const points = async () =>
        (await db.pool.query(`select rule, points from score_entries where subscriber_id = $1`, [id])).rows;
      expect(await points()).toEqual([]);
      await db.pool.query(`update subscribers set status = 'active', confirmed_at = now() where id = $1`, [
        id,
      ]);
      await post('/sign-up', { email, download: 'Second guide' });
      await countDownloads(db);
      expect(await points()).toEqual([{ rule: 'download', points: 5 }]);
    });

    it('keeps nobody out for what only helps to know the company', async () => {
      const typed = { country: 'Atlantis', company_size: 'lots' };
      expect((await post('/sign-up', { email, ...typed })).statusCode).toBe(303);
      const person = await find();
      expect(person).toMatchObject({ status: 'pending', country: null, companySize: null });
      const [entry] = await db.database.stores.consent.list(person!.id);
      expect(entry!.details).toMatchObject({ unread: typed });
      const usa = realFile('12-sign-up-country-as-people-write-it/curl.sh').toString();
      const { country } = Object.fromEntries(new URLSearchParams(/-d '([^']+)'/.exec(usa)![1]));
      expect((await post('/sign-up', { email, country: country! })).statusCode).toBe(303);
      expect(await find()).toMatchObject({ country: 'US' });
    });

    it('takes a post from another site, and keeps the page it came from', async () => {
      const headers = { origin: 'https://other.example', referer: 'https://other.example/guide' };
      expect((await post('/sign-up', { email }, headers)).statusCode).toBe(303);
      expect(await find()).toMatchObject({ source: { landing_page: 'https://other.example/guide' } });
    });

    it('answers the same for a new, a pending, an active, and a bounced address', async () => {
      await addSubscriber(db.database, { email: `active-${email}` });
      const { id } = await addSubscriber(db.database, { email: `bounced-${email}` });
      await db.pool.query(`update subscribers set status = 'suppressed' where id = $1`, [id]);
      const answers = [];
      for (const address of [email, email, `active-${email}`, `bounced-${email}`]) {
        const answer = await post('/sign-up', { email: address });
        answers.push([answer.statusCode, answer.headers.location, answer.body]);
      }
      for (const answer of answers) expect(answer).toEqual(answers[0]);
    });

    it('shows the page again with what to mend at each field, and loses nothing', async () => {
      const answer = await post('/sign-up', {
        email: 'anna"><script>',
        name: 'Anna & Co',
        phone: 'call me',
        utm_source: 'fair',
        time_zone: 'Europe/Vienna',
      });
      expect(answer.statusCode).toBe(422);
      const { body } = answer;
      expect(body).not.toContain('<script>');
      expect(body).toContain('value="anna&quot;&gt;&lt;script&gt;"');
      expect(body).toContain('value="Anna &amp; Co"');
      expect(body).toContain('value="call me"');
      expect(body).toContain('name="utm_source" value="fair"');
      expect(body).toContain('name="time_zone" value="Europe/Vienna"');
      expect(body).toContain('<a href="#email">');
      expect(body).toContain('<a href="#phone">');
      expect(body).toMatch(/id="phone"[^>]*aria-invalid="true"[^>]*aria-describedby="\s*phone-problem"/);
      expect(body).toContain('<details open>');
    });

    it('asks about a slip in the address once', async () => {
      const slip = `reader${number}@gmial.com`;
      const first = await post('/sign-up', { email: slip });
      expect(first.statusCode).toBe(422);
      expect(first.body).toContain(`Did you mean reader${number}@gmail.com?`);
      expect(first.body).toContain(`name="email_checked" value="${slip}"`);
      expect((await post('/sign-up', { email: slip, email_checked: slip })).statusCode).toBe(303);
      expect(await find(slip)).not.toBeNull();
    });

    it('smiles at robots that fill in the hidden field, and does nothing', async () => {
      const answer = await post('/sign-up', { email, fax_number: '1234' });
      expect(answer.statusCode).toBe(303);
      expect(await find()).toBeNull();
    });

    it('stops a network address that signs up half the world', async () => {
      const statuses = [];
      for (let at = 0; at < 35; at++) {
        statuses.push((await post('/sign-up', { email: `many${at}.${email}`, fax_number: 'x' })).statusCode);
      }
      expect(statuses.filter((status) => status === 429)).toHaveLength(5);
    });

    it('copes with odd bodies', async () => {
      expect(
        (
          await post('/sign-up', [
            ['email', email],
            ['email', 'x'],
            ['name', 'a'],
            ['name', 'b'],
          ])
        ).statusCode,
      ).toBe(303);
      expect((await post('/sign-up', {})).statusCode).toBe(422);
      const nested = {
        method: 'POST',
        url: '/sign-up',
        payload: { email: { a: 1 }, name: [] },
        remoteAddress,
      } as const;
      expect((await app.inject(nested)).statusCode).toBe(422);
    });
  });

  describe('links', () => {
    it('change nothing when they are fetched, as a scanner does', async () => {
      await post('/sign-up', { email });
      const active = await addSubscriber(db.database, { email: `active-${email}`, interests: ['stock'] });
      const { issueId, deliveryId } = await addDelivery(db, active.id, 'sent');
      const { rows } = await db.pool.query('select data from outbox where to_address = $1', [email]);
      const { interests, allInterestsUrl, unsubscribeUrl } = rows[0].data;
      const urls: string[] = [
        ...interests.map(({ url }: { url: string }) => url),
        allInterestsUrl,
        unsubscribeUrl,
        testLinks.preferencesFrom(issueId, deliveryId),
        testLinks.unsubscribeFrom(issueId, deliveryId),
        testLinks.callBack(issueId, deliveryId),
      ];
      expect(urls).toHaveLength(8);
      const before = await whatPeopleWant(db);
      for (const url of urls) {
        const answers = [await get(path(url)), await app.inject({ method: 'HEAD', url: path(url) })];
        expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200]);
        for (const { headers } of answers) {
          expect(headers['cache-control']).toBe('no-store');
          expect(headers['x-robots-tag']).toContain('noindex');
          expect(headers['referrer-policy']).toBe('no-referrer');
        }
        await app.inject({ method: 'OPTIONS', url: path(url) });
      }
      expect(await whatPeopleWant(db)).toEqual(before);
    });

    it('that were altered get a page that helps, and reach nothing', async () => {
      const { id } = await addSubscriber(db.database, { email });
      const before = await whatPeopleWant(db);
      const good = path(testLinks.unsubscribe(id));
      const altered = `${good.slice(0, -1)}${good.endsWith('A') ? 'B' : 'A'}`;
      const cut = good.slice(0, -6);
      for (const url of [
        altered,
        cut,
        altered.replace('unsubscribe', 'preferences'),
        altered.replace('unsubscribe', 'call-back'),
      ]) {
        for (const answer of [
          await get(url),
          await post(url, { interest: 'payroll', phone: '020 1234567' }),
        ]) {
          expect(answer.statusCode).toBe(404);
          expect(answer.body).toContain('This link is not complete');
        }
      }
      expect((await get('/broken-link?language=nl')).body).toContain('Deze link is niet compleet');
      expect(await whatPeopleWant(db)).toEqual(before);
    });
  });

  describe('preferences', () => {
    const ticked = (body: string) =>
      [...body.matchAll(/name="interest" value="([a-z-]+)" checked/g)].map(([, id]) => id);

    it('opens with the linked interest ticked, beside those an active reader has', async () => {
      const pending = await addSubscriber(db.database, { email, status: 'pending' });
      const active = await addSubscriber(db.database, { email: `active-${email}`, interests: ['stock'] });
      const page = async (id: number, interest?: string) =>
        (await get(path(testLinks.preferences(id, interest)))).body;
      expect(ticked(await page(pending.id, 'payroll'))).toEqual(['payroll']);
      expect(ticked(await page(pending.id, 'all'))).toEqual(['payroll', 'invoicing', 'stock']);
      expect(ticked(await page(pending.id))).toEqual([]);
      expect(ticked(await page(active.id, 'payroll'))).toEqual(['payroll', 'stock']);
      expect((await page(pending.id, 'payroll')).match(/<button/g)).toHaveLength(1);
    });

    it('confirms by its button, in words', async () => {
      const { id } = await addSubscriber(db.database, { email, status: 'pending' });
      const answer = await post(path(testLinks.preferences(id, 'payroll')), [
        ['interest', 'payroll'],
        ['interest', 'stock'],
        ['language', 'nl'],
        ['time_zone', 'Europe/Brussels'],
        ['name', 'Anna'],
      ]);
      expect(answer.statusCode).toBe(200);
      expect(answer.body).toContain('U bent aangemeld, Anna');
      expect(answer.body).toContain('Salarissen');
      expect(await find()).toMatchObject({
        status: 'active',
        interests: ['payroll', 'stock'],
        language: 'nl',
        timeZone: 'Europe/Brussels',
      });
      const [entry] = await db.database.stores.consent.list(id);
      expect(entry).toMatchObject({ act: 'confirmed', ip: remoteAddress, textVersion: 'test-1 (en)' });
    });

    it('works from the link of an issue’s mail too', async () => {
      const { id } = await addSubscriber(db.database, { email, interests: ['stock'] });
      const { issueId, deliveryId } = await addDelivery(db, id, 'sent');
      const answer = await post(path(testLinks.preferencesFrom(issueId, deliveryId)), {
        interest: 'payroll',
      });
      expect(answer.statusCode).toBe(200);
      expect(await find()).toMatchObject({ interests: ['payroll'], status: 'active' });
    });

    it('needs an interest: the page again, with what was typed', async () => {
      const { id } = await addSubscriber(db.database, { email, status: 'pending' });
      const answer = await post(path(testLinks.preferences(id)), {
        name: 'Typed Name',
        time_zone: 'Asia/Tokyo',
      });
      expect(answer.statusCode).toBe(422);
      expect(answer.body).toContain('Tick at least one topic');
      expect(answer.body).toContain('value="Typed Name"');
      expect(answer.body).toContain('value="Asia/Tokyo" selected');
      expect(await find()).toMatchObject({ status: 'pending' });
    });

    it('tells a suppressed reader the truth', async () => {
      const { id } = await addSubscriber(db.database, { email });
      await db.pool.query(`update subscribers set status = 'suppressed' where id = $1`, [id]);
      const url = path(testLinks.preferences(id));
      for (const answer of [await get(url), await post(url, { interest: 'stock' })]) {
        expect(answer.body).toContain('Our email doesn’t reach this address');
      }
    });
  });

  describe('unsubscribe', () => {
    it('ends by the button, and offers a way back', async () => {
      const { id } = await addSubscriber(db.database, { email });
      const url = path(testLinks.unsubscribe(id));
      const answer = await post(url, {});
      expect(answer.statusCode).toBe(200);
      expect(answer.body).toContain('You’re unsubscribed');
      expect(answer.body).toContain(url.replace('unsubscribe', 'preferences'));
      expect(await find()).toMatchObject({ status: 'unsubscribed' });
      expect((await get(url)).body).not.toContain('<button');
      await post(url.replace('unsubscribe', 'preferences'), { interest: 'stock' });
      expect(await find()).toMatchObject({ status: 'active' });
    });

    const multipart = (value: string) =>
      `--b0undary\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\n${value}\r\n--b0undary--\r\n`;
    it.each([
      ['urlencoded', 'application/x-www-form-urlencoded', 'List-Unsubscribe=One-Click'],
      ['multipart', 'multipart/form-data; boundary=b0undary', multipart('One-Click')],
    ])('takes the one-click post of RFC 8058, %s', async (_name, type, payload) => {
      const { id } = await addSubscriber(db.database, { email });
      const { issueId, deliveryId } = await addDelivery(db, id, 'sent');
      const request = {
        method: 'POST',
        url: path(testLinks.unsubscribeFrom(issueId, deliveryId)),
        headers: { 'content-type': type },
        payload,
        remoteAddress,
      } as const;
      for (const answer of [await app.inject(request), await app.inject(request)]) {
        expect(answer.statusCode).toBe(200);
        expect(answer.headers['content-type']).toContain('text/plain');
      }
      expect(await find()).toMatchObject({ status: 'unsubscribed' });
      const entries = await db.database.stores.consent.list(id);
      expect(entries).toMatchObject([
        { act: 'unsubscribed', how: { code: 'consent.one-click' }, details: { deliveryId } },
      ]);
    });

    it('takes many one-click posts from one provider', async () => {
      const { id } = await addSubscriber(db.database, { email });
      for (let at = 0; at < 100; at++) {
        const answer = await post(path(testLinks.unsubscribe(id)), { 'List-Unsubscribe': 'One-Click' });
        expect(answer.statusCode).toBe(200);
      }
    });

    it('takes no flood for a body', async () => {
      const { id } = await addSubscriber(db.database, { email });
      const answer = await post(path(testLinks.unsubscribe(id)), { x: 'x'.repeat(20_000) });
      expect(answer.statusCode).toBe(413);
    });
  });

  describe('a mail that was passed on', () => {
    it('shows no name, and its reader is asked by mail before the name changes or somebody comes back', async () => {
      const { id } = await addSubscriber(db.database, { email, name: 'Anna Visser', interests: ['payroll'] });
      const url = path(testLinks.preferences(id));
      const page = (await get(url)).body;
      expect(page).toContain('A… V…');
      expect(page).not.toMatch(/Anna|Visser/);
      const form = { interest: 'stock', language: 'en', time_zone: 'UTC', name: 'Dear idiot' };
      expect((await post(url, form)).body).toContain('to confirm your new name');
      expect(await find()).toMatchObject({ name: 'Anna Visser', interests: ['stock'] });

      await post(path(testLinks.unsubscribe(id)), {});
      await db.pool.query(
        `update subscribers set unsubscribed_at = unsubscribed_at - interval '2 hours' where id = $1`,
        [id],
      );
      await db.pool.query(`delete from outbox where subscriber_id = $1`, [id]);
      await db.pool.query(`delete from change_links where subscriber_id = $1`, [id]);
      await db.pool.query(`delete from mail_allowances where purpose = 'change'`);
      expect((await post(url, form)).body).toContain('We’ve sent an email to');
      expect(await find()).toMatchObject({ status: 'unsubscribed', name: 'Anna Visser' });

      const { rows } = await db.pool.query(
        `select data ->> 'url' as url from outbox where subscriber_id = $1`,
        [id],
      );
      const mailed = path(rows[0].url);
      expect((await get(mailed)).body).toContain('Dear idiot');
      expect(await find()).toMatchObject({ status: 'unsubscribed' });
      expect((await post(mailed, {})).statusCode).toBe(200);
      expect(await find()).toMatchObject({ status: 'active', name: 'Dear idiot', interests: ['stock'] });
      const over = await get(mailed);
      expect([over.statusCode, over.body]).toEqual([410, expect.stringContaining('This link has been used')]);
    });
  });

  describe('call back', () => {
    it('shows the end of the number we have, and makes an SQL by its button; what is typed stays with the wish', async () => {
      const { id } = await addSubscriber(db.database, { email, phone: '020 1234567' });
      const { issueId, deliveryId } = await addDelivery(db, id, 'sent');
      const url = path(testLinks.callBack(issueId, deliveryId));
      const page = (await get(url)).body;
      expect(page).toContain('ending in … 67');
      expect(page).not.toMatch(/1234567|Anna/);
      const answer = await post(url, { phone: '+31 6 1234 5678', best_time: 'after four', note: 'Payroll' });
      expect(answer.body).toContain('Thank you, we will call');
      expect(await find()).toMatchObject({ stage: 'sql', phone: '020 1234567' });
    });

    it('needs a number it can call', async () => {
      const { id } = await addSubscriber(db.database, { email });
      const { issueId, deliveryId } = await addDelivery(db, id, 'sent');
      const answer = await post(path(testLinks.callBack(issueId, deliveryId)), {
        phone: 'x',
        note: 'Keep <this>',
      });
      expect(answer.statusCode).toBe(422);
      expect(answer.body).toContain('Keep &lt;this&gt;');
      expect(await find()).toMatchObject({ stage: 'mql' });
    });
  });

  it('offers the form for another site, whose code posts here', async () => {
    const answer = await get('/form?form=footer&download=Guide');
    expect(answer.body).toContain(`action&#x3D;&quot;${testPublicUrl}/sign-up&quot;`);
    expect(answer.body).toContain('value&#x3D;&quot;footer&quot;');
    // The button appears with the script; without it the text is selected by hand.
    expect(answer.body).toMatch(/<button type="button" data-copy="code"[^>]* hidden>/);
    expect(answer.body).toContain('<script src="/assets/copy.js" defer>');
    expect(answer.body).toContain('select everything with Ctrl+A');
  });

  it('speaks every language on every page', async () => {
    const { id } = await addSubscriber(db.database, { email });
    const { issueId, deliveryId } = await addDelivery(db, id, 'sent');
    const pages = [
      '/',
      '/form',
      '/look-in-your-inbox',
      '/broken-link',
      path(testLinks.preferences(id)),
      path(testLinks.unsubscribe(id)),
      path(testLinks.callBack(issueId, deliveryId)),
    ];
    for (const language of ['en', 'nl', 'de']) {
      for (const page of pages) {
        const { body } = await get(`${page}?language=${language}`);
        expect(body).toContain(`<html lang="${language}"`);
        expect(body).toContain('hreflang="nl"');
        // A place that was not filled in would show as {name}.
        expect(body.replace(/<textarea[\s\S]*?<\/textarea>/g, '')).not.toMatch(/\{\w+\}/);
      }
    }
  });
});
