import { type AddressInfo, connect } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inboxStore } from '../../src/adapters/postgres/delivery/inbox-store.ts';
import { isReady } from '../../src/adapters/postgres/pool.ts';
import type { Programme } from '../../src/domain/programme.ts';
import { StoreAway } from '../../src/domain/store-away.ts';
import { buildApp } from '../../src/web/app.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { testProgramme, testPublicUrl } from '../support/programme.ts';
import { realFile } from '../support/real-use.ts';
import { asStaff, signedIn } from '../support/staff.ts';
import { testWebContext } from '../support/web.ts';

let db: TestDatabase;
let app: FastifyInstance;
let queueWorks = true;
const logged: { level: string; details: object; message: string }[] = [];
const note = (level: string) => (details: object, message: string) =>
  void logged.push({ level, details, message });
const log = { debug: note('debug'), info: note('info'), warn: note('warn'), error: note('error') };

beforeAll(async () => {
  db = await testDatabase();
  const ready = { database: () => isReady(db.pool), queue: async () => queueWorks };
  app = await buildApp(testWebContext(db.database, { log }), {
    trustProxy: 1,
    ready,
    inbox: inboxStore(db.pool),
  });
  app.get('/breaks/:token', async () => {
    throw new Error('the cellar is flooded');
  });
  app.get('/staff/breaks', async () => {
    throw new Error('the attic is on fire');
  });
  app.get('/away', async () => {
    throw new StoreAway(new Error('connect ECONNREFUSED'));
  });
  app.post('/echo', async (request) => ({ body: request.body, ip: request.ip }));
  app.get('/seldom', { config: { rateLimit: { max: 1, timeWindow: '1 minute' } } }, async () => 'once');
  await app.ready();
});
afterAll(async () => {
  await app?.close();
  await db?.close();
});

describe('the application', () => {
  it('knows visitors by their address alone, whatever a proxy writes down', async () => {
    const ipOf = async (forwarded: string) =>
      (await app.inject({ method: 'POST', url: '/echo', headers: { 'x-forwarded-for': forwarded } })).json()
        .ip;
    expect(await ipOf('203.0.113.7:51234')).toBe('203.0.113.7');
    expect(await ipOf('198.51.100.1, 203.0.113.7:443')).toBe('203.0.113.7');
    expect(await ipOf('[2001:db8:1:2::7]:50037')).toBe('2001:db8:1:2::7');
    expect(await ipOf('unknown')).toBe('');
    expect(await ipOf('198.51.100.1, garbage')).toBe('');
    const listed = await buildApp(testWebContext(db.database), {
      trustProxy: ['10.0.0.0/8', 'loopback'],
      ready: {},
      inbox: null,
    });
    listed.get('/ip', async (request) => request.ip);
    const headers = { 'x-forwarded-for': '203.0.113.7:51234, 10.0.0.9:443' };
    expect((await listed.inject({ url: '/ip', headers })).body).toBe('203.0.113.7');
    await listed.close();
  });

  it('keeps no port and no whole address of who signs up, and limits by address', async () => {
    const signUp = (port: number, email: string, from = '203.0.113.7') =>
      app.inject({
        method: 'POST',
        url: '/sign-up',
        headers: {
          'x-forwarded-for': `${from}:${port}`,
          'content-type': 'application/x-www-form-urlencoded',
        },
        payload: `email=${email}&language=en`,
      });
    await signUp(51234, 'proxy@reader.example');
    const { rows } = await db.pool.query(
      `select ip from consent_entries where email = 'proxy@reader.example'`,
    );
    expect(rows).toEqual([{ ip: '203.0.113.0/24' }]);
    const statuses = [];
    for (let n = 0; n < 34; n++)
      statuses.push((await signUp(40000 + n, 'nobody', '198.51.100.9')).statusCode);
    expect(statuses.filter((status) => status === 429)).toHaveLength(4);
    expect((await signUp(40000, 'nobody', '198.51.100.10')).statusCode).toBe(422);
  });

  it('reads a form in the letters of the page that posted it', async () => {
    const [, payload = ''] =
      /--data-binary '([^']+)'/.exec(realFile('16-form-in-latin-1/curl.sh').toString()) ?? [];
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    await app.inject({ method: 'POST', url: '/sign-up', headers, payload });
    const person = await db.database.stores.subscribers.findByEmail('latin1@people.example');
    expect(person).toMatchObject({ name: 'Jörg Müller', company: 'Bäckerei' });
  });

  it('is live, and ready when database and queue answer', async () => {
    expect((await app.inject('/health/live')).json()).toEqual({ status: 'live' });
    const ready = await app.inject('/health/ready');
    expect(ready.statusCode).toBe(200);
    expect(ready.json()).toEqual({ status: 'ready', database: 'answers', queue: 'answers' });
  });

  it('is not ready without its queue, and says so', async () => {
    queueWorks = false;
    const ready = await app.inject('/health/ready');
    queueWorks = true;
    expect(ready.statusCode).toBe(503);
    expect(ready.json()).toEqual({ status: 'not ready', database: 'answers', queue: 'does not answer' });
  });

  it.each([
    ['en', 'Back in a moment'],
    ['nl', 'Zo weer terug'],
    ['de', 'Gleich wieder da'],
  ])(
    'says in %s that it is back in a moment while the database is away, and logs nothing more',
    async (language, title) => {
      logged.length = 0;
      const page = await app.inject({ url: '/away', headers: { 'accept-language': language } });
      expect(page.statusCode).toBe(503);
      expect(page.headers['retry-after']).toBe('10');
      expect(page.body).toContain(`<h1>${title}</h1>`);
      expect(page.body).not.toContain('ECONNREFUSED');
      const json = await app.inject({ url: '/away', headers: { accept: 'application/json' } });
      expect(json.json()).toEqual({ error: 'away', status: 503 });
      expect(logged.filter(({ level }) => level !== 'debug')).toEqual([]);
    },
  );

  it('staff keep their way around on a page that is missing or fails', async () => {
    const sam = await signedIn(db.database, 'sales');
    for (const [url, status, text] of [
      ['/staff/nothing', 404, 'There is no such page'],
      ['/staff/leads/999999', 404, 'There is no such page'],
      ['/staff/breaks', 500, 'Code 500'],
    ] as const) {
      const page = await asStaff(app, sam).get(url);
      expect(page.statusCode, url).toBe(status);
      expect(page.body).toContain(text);
      expect(page.body).toContain('aria-label="Staff pages"');
      expect(page.body).toMatch(/href="\/staff\/desk">Back to the start/);
      expect(page.body).not.toContain('attic');
    }
    const stranger = await app.inject('/staff/nothing');
    expect(stranger.statusCode).toBe(404);
    expect(stranger.body).not.toContain('aria-label="Staff pages"');
    logged.length = 0;
  });

  it('every staff page is kept by nobody, framed by nobody, and runs no script but ours', async () => {
    const ada = await signedIn(db.database, 'admin');
    for (const url of [
      '/staff/sign-in',
      '/staff',
      '/staff/people',
      '/staff/desk',
      '/staff/settings/keys',
      '/staff/x',
    ]) {
      const { headers } = await asStaff(app, ada).get(url);
      expect(headers['content-security-policy'], url).toMatch(
        /default-src 'none';script-src 'self';style-src 'self';.*form-action 'self';.*frame-ancestors 'self'/,
      );
      expect(headers, url).toMatchObject({
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
      });
    }
  });

  it('tells about a page that is not there in the visitor’s language', async () => {
    const texts = {
      en: 'There is no such page',
      nl: 'Deze pagina bestaat niet',
      de: 'Diese Seite gibt es nicht',
    };
    for (const [language, text] of Object.entries(texts)) {
      const page = await app.inject({
        url: '/no/such/page',
        headers: { 'accept-language': `${language};q=0.9` },
      });
      expect(page.statusCode).toBe(404);
      expect(page.body).toContain(`<html lang="${language}"`);
      expect(page.body).toContain(text);
    }
    expect(
      (await app.inject({ url: '/no/such/page?language=nl', headers: { 'accept-language': 'de' } })).body,
    ).toContain(texts.nl);
  });

  it('tells about a fault of ours without its details, and logs them without the address', async () => {
    const page = await app.inject('/breaks/secret-token?email=anna@kade.example');
    expect(page.statusCode).toBe(500);
    expect(page.headers['content-type']).toContain('text/html');
    expect(page.body).toContain('Something went wrong on our side');
    expect(page.body).not.toContain('flooded');
    const entry = logged.find(({ level }) => level === 'error');
    expect(entry?.details).toMatchObject({ error: 'the cellar is flooded', route: '/breaks/:token' });
    expect(JSON.stringify(logged)).not.toMatch(/secret-token|anna@/);
  });

  it('answers programs in JSON', async () => {
    const answer = await app.inject({ url: '/no.json', headers: { accept: '*/*' } });
    expect(answer.json()).toEqual({ error: 'missing', status: 404 });
  });

  it('tells who is too fast', async () => {
    await app.inject('/seldom');
    const page = await app.inject('/seldom');
    expect(page.statusCode).toBe(429);
    expect(page.body).toContain('Too many requests');
  });

  it('reads forms of both kinds, and refuses what is too large or no form', async () => {
    const urlencoded = await app.inject({
      method: 'POST',
      url: '/echo',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: 'List-Unsubscribe=One-Click',
    });
    expect(urlencoded.json().body).toEqual({ 'List-Unsubscribe': 'One-Click' });
    const form = new FormData();
    form.set('List-Unsubscribe', 'One-Click');
    const encoded = new Response(form);
    const headers = { 'content-type': encoded.headers.get('content-type') ?? '' };
    const payload = Buffer.from(await encoded.arrayBuffer());
    const multipart = await app.inject({ method: 'POST', url: '/echo', headers, payload });
    expect(multipart.json().body).toEqual({ 'List-Unsubscribe': 'One-Click' });
    const broken = await app.inject({ method: 'POST', url: '/echo', headers, payload: 'no parts at all' });
    expect(broken.statusCode).toBe(400);
    const large = await app.inject({ method: 'POST', url: '/echo', headers, payload: Buffer.alloc(70_000) });
    expect(large.statusCode).toBe(413);
  });

  it('believes as many proxies as the setting says', async () => {
    const headers = { 'x-forwarded-for': '198.51.100.1, 203.0.113.9' };
    expect((await app.inject({ method: 'POST', url: '/echo', headers })).json().ip).toBe('203.0.113.9');
  });

  it('sends headers that let nothing foreign in, and mails’ pictures out', async () => {
    const { headers } = await app.inject('/assets/simmer.css');
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    expect(policy).not.toContain('upgrade-insecure-requests');
    expect(headers['cross-origin-resource-policy']).toBe('cross-origin');
    expect(headers['referrer-policy']).toBe('no-referrer');
    expect(headers['strict-transport-security']).toBeUndefined();
  });

  it('serves the brand’s colours beside the stylesheets', async () => {
    expect((await app.inject('/assets/brand.css')).body).toContain('--brand:');
    expect((await app.inject('/assets/../locales/en.json')).statusCode).toBe(404);
  });

  it('has every page that a visitor may come to first', async () => {
    for (const path of ['/', '/inbox', '/staff/sign-in']) {
      expect([path, (await app.inject(path)).statusCode]).toEqual([path, 200]);
    }
  });

  it('serves the made-up company only where the programme points to it', async () => {
    const paths = ['/sample/', '/sample/feeds/en/payroll.rss', '/sample/images/logo.png', '/sample/press'];
    const answers = async (one: FastifyInstance) =>
      Promise.all(paths.map(async (path) => (await one.inject(path)).statusCode));
    expect(await answers(app)).toEqual([404, 404, 404, 404]);
    const programme = testProgramme();
    const uses: Partial<Programme>[] = [
      { feeds: [{ ...programme.feeds[0]!, url: '/sample/feeds/en/payroll.rss' }] },
      { brand: { ...programme.brand, logo: '/sample/images/logo.png' } },
      { footerLinks: [{ ...programme.footerLinks[0]!, url: `${testPublicUrl}/sample/press` }] },
    ];
    for (const use of uses) {
      const context = testWebContext(db.database, { programme: testProgramme(use) });
      const other = await buildApp(context, { trustProxy: false, ready: {}, inbox: null });
      expect(await answers(other)).toEqual([200, 200, 200, 200]);
      await other.close();
    }
  });

  it('has no inbox outside the embedded set-up', async () => {
    const other = await buildApp(testWebContext(db.database), { trustProxy: false, ready: {}, inbox: null });
    expect((await other.inject('/inbox')).statusCode).toBe(404);
    await other.close();
  });
});

it('does not wait for ever for a request that comes byte by byte', async () => {
  const slow = await buildApp(testWebContext(db.database, { log }), {
    trustProxy: false,
    ready: { database: async () => true, queue: async () => true },
    inbox: null,
    requestMs: 1200,
  });
  await slow.listen({ host: '127.0.0.1', port: 0 });
  const { port } = slow.server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.on('data', (bytes) => {
    answer += bytes;
  });
  socket.write(
    'POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 500\r\n\r\n',
  );
  const drip = setInterval(() => socket.writable && socket.write('a'), 100);
  await new Promise((closed) => socket.on('close', closed));
  clearInterval(drip);
  expect(answer).toContain('408');
  await slow.close();
});
