import { request as httpRequest } from 'node:http';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { staffPages } from '../../../src/web/staff/routes.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { asStaff, type Role, type SignedIn, signedIn } from '../../support/staff.ts';
import { testApp, testWebContext } from '../../support/web.ts';

/** Who may use each staff route. Admins may use all; 'anyone' needs no session. A route that is not here fails the test. */
const WHO: Record<string, Role[] | 'anyone'> = {
  'GET /staff/sign-in': 'anyone',
  'POST /staff/sign-in': 'anyone',
  'GET /staff/sign-in/:secret': 'anyone',
  'POST /staff/sign-in/:secret': 'anyone',
  'POST /staff/sign-out': ['marketer', 'sales'],
  'GET /staff/account': ['marketer', 'sales'],
  'POST /staff/account/end-session': ['marketer', 'sales'],
  'POST /staff/account/language': ['marketer', 'sales'],
  'POST /staff/account/sign-out-everywhere': ['marketer', 'sales'],
  'GET /staff': ['marketer', 'sales'],
  'POST /staff/uncertain': ['marketer'],
  'GET /staff/costs': ['marketer'],
  'POST /staff/costs': ['marketer'],
  'GET /staff/leads': ['marketer', 'sales'],
  'GET /staff/people': ['marketer', 'sales'],
  'POST /staff/people/views': ['marketer', 'sales'],
  'POST /staff/people/views/delete': ['marketer', 'sales'],
  'GET /staff/people.csv': ['marketer'],
  'GET /staff/people/import': ['marketer'],
  'POST /staff/people/import': ['marketer'],
  'GET /staff/people/imports/:id': ['marketer'],
  'POST /staff/people/imports/:id/begin': ['marketer'],
  'POST /staff/people/imports/:id/columns': ['marketer'],
  'POST /staff/people/imports/:id/discard': ['marketer'],
  'GET /staff/people/imports/:id/problems.csv': ['marketer'],
  'GET /staff/leads/:id': ['marketer', 'sales'],
  'GET /staff/leads/:id/answer': ['marketer', 'sales'],
  'POST /staff/leads/:id/claim': ['marketer', 'sales'],
  'POST /staff/leads/:id/doubt': ['marketer', 'sales'],
  'POST /staff/leads/:id/outcome': ['marketer', 'sales'],
  'GET /staff/issues': ['marketer'],
  'GET /staff/issues/:id': ['marketer'],
  'POST /staff/issues/:id/pause': ['marketer'],
  'POST /staff/issues/:id/resume': ['marketer'],
  'POST /staff/issues/:id/cancel': ['marketer'],
  'POST /staff/rehearsal/:digest/send': ['marketer'],
  'GET /staff/content': ['marketer'],
  'GET /staff/desk': ['sales'],
  'POST /staff/desk/claim': ['sales'],
  'POST /staff/desk/touch': ['sales'],
  'GET /staff/scoring': ['marketer', 'sales'],
  'GET /staff/scoring/what-if': ['marketer'],
  'GET /staff/accounts/:domain': ['marketer', 'sales'],
  'GET /staff/settings': ['marketer'],
  'GET /staff/settings/suppressions': ['marketer'],
  'POST /staff/settings/suppressions/add': ['marketer'],
  'POST /staff/settings/suppressions/lift': ['marketer'],
  'GET /staff/settings/keys': [],
  'POST /staff/settings/keys/make': [],
  'POST /staff/settings/keys/revoke': [],
  'GET /staff/settings/webhooks': [],
  'POST /staff/settings/webhooks/resend': [],
  'GET /staff/settings/audit': [],
  'GET /staff/issues/:id/map': ['marketer'],
  'GET /staff/rehearsal/:digest': ['marketer'],
  'GET /staff/rehearsal/:digest/:reader': ['marketer'],
  'GET /staff/rehearsal/:digest/:reader/mail': ['marketer'],
  'POST /staff/rehearsal/:digest/:reader/test': ['marketer'],
};

const ROLES: Role[] = ['marketer', 'sales', 'admin'];
const routes: { method: 'GET' | 'POST'; url: string }[] = [];
let db: TestDatabase;
let app: FastifyInstance;

/** The routes as they are registered, before any test is written down. */
const spy = Fastify();
spy.addHook('onRoute', ({ method, url }) => {
  for (const one of [method].flat())
    if (one !== 'HEAD' && one !== 'OPTIONS') routes.push({ method: one as 'GET', url });
});
spy.register(async (scope) => staffPages(scope, testWebContext({ stores: {} } as never)));
await spy.ready();
await spy.close();

beforeAll(async () => {
  db = await testDatabase();
  app = await testApp(testWebContext(db.database), staffPages);
});
afterAll(async () => {
  await app?.close();
  await db?.close();
});

const address = (url: string) => url.replace(/:\w+/g, '1');
const guarded = routes.filter(({ method, url }) => WHO[`${method} ${url}`] !== 'anyone');

describe('the staff routes', () => {
  it('are all in the table of this test, and nothing else is', () => {
    expect(routes.length).toBeGreaterThan(10);
    expect(Object.keys(WHO).sort()).toEqual(routes.map(({ method, url }) => `${method} ${url}`).sort());
  });

  it('ask who somebody is before a byte of what they send is read', async () => {
    const base = await app.listen({ port: 0, host: '127.0.0.1' });
    const sam = await signedIn(db.database, 'sales');
    /** Says how much will come, and sends next to nothing of it: an answer that comes did not wait for the rest. */
    const answerTo = (url: string, cookie: string) =>
      new Promise<number>((resolve, reject) => {
        const headers = {
          cookie,
          'content-type': 'multipart/form-data; boundary=x',
          'content-length': String(24 * 1024 * 1024),
        };
        const sent = httpRequest(`${base}${url}`, { method: 'POST', headers }, (answer) => {
          resolve(answer.statusCode ?? 0);
          sent.destroy();
        });
        sent.on('error', reject);
        sent.write('--x\r\n');
      });
    expect(await answerTo('/staff/people/import', 'simmer_staff=made-up')).toBe(401);
    expect(await answerTo('/staff/people/import', '')).toBe(401);
    expect(await answerTo('/staff/people/import', sam.cookie)).toBe(403);
    // All of them: the guard of each stands before the body.
    const posts = guarded.filter(({ method }) => method === 'POST');
    for (const { url } of posts.filter((one) => one.url !== '/staff/people/import')) {
      const payload = 'x'.repeat(1_200_000);
      const headers = { cookie: 'simmer_staff=made-up', 'content-type': 'application/x-www-form-urlencoded' };
      const answer = await app.inject({ method: 'POST', url: address(url), headers, payload });
      expect([url, answer.statusCode]).toEqual([url, 401]);
    }
  });

  it.each(guarded)('$method $url: nobody is let in without a session', async ({ method, url }) => {
    for (const cookie of ['', 'simmer_staff=made-up']) {
      const answer = await app.inject({ method, url: address(url), headers: { cookie } });
      if (method === 'GET') {
        expect(answer.statusCode).toBe(302);
        expect(answer.headers.location).toBe(`/staff/sign-in?next=${encodeURIComponent(address(url))}`);
      } else expect(answer.statusCode).toBe(401);
    }
  });

  it.each(guarded)('$method $url: only the roles it is for', async ({ method, url }) => {
    const allowed = WHO[`${method} ${url}`] as Role[];
    for (const role of ROLES) {
      const who = await signedIn(db.database, role);
      const isAllowed = role === 'admin' || allowed.includes(role);
      const answer = await request(who, method, address(url));
      if (isAllowed) expect([401, 403], `${role} at ${url}`).not.toContain(answer.statusCode);
      else expect(answer.statusCode, `${role} at ${url}`).toBe(403);
      expect(answer.statusCode, answer.body).not.toBe(500);
    }
  });

  it.each(guarded.filter(({ method }) => method === 'POST'))(
    '$method $url: a form without the session’s token, or with another session’s, does nothing',
    async ({ url }) => {
      const who = await signedIn(db.database, 'admin');
      const other = await signedIn(db.database, 'admin');
      for (const csrf of [undefined, '', other.csrf]) {
        const answer = await app.inject({
          method: 'POST',
          url: address(url),
          headers: { cookie: who.cookie, 'content-type': 'application/x-www-form-urlencoded' },
          payload: new URLSearchParams(csrf === undefined ? {} : { csrf }).toString(),
        });
        expect(answer.statusCode).toBe(403);
      }
    },
  );

  it('end for a member who left the staff, at once', async () => {
    const who = await signedIn(db.database, 'sales');
    const context = testWebContext(db.database);
    context.programme.staff = context.programme.staff.filter(({ role }) => role !== 'sales');
    const later = await testApp(context, staffPages);
    const answer = await asStaff(later, who).get('/staff');
    await later.close();
    expect(answer.statusCode).toBe(302);
  });
});

function request(who: SignedIn, method: string, url: string) {
  const browser = asStaff(app, who);
  return method === 'GET' ? browser.get(url) : browser.post(url);
}
