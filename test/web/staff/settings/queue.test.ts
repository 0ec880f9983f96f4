import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bullQueue } from '../../../../src/adapters/bull/queue.ts';
import { silentLog } from '../../../../src/adapters/log.ts';
import type { Queue } from '../../../../src/journey/ports.ts';
import { staffPages } from '../../../../src/web/staff/routes.ts';
import { type TestDatabase, testDatabase } from '../../../support/database.ts';
import { startRedis, type TestRedis } from '../../../support/redis.ts';
import { lacks } from '../../../support/services.ts';
import { asStaff, signedIn } from '../../../support/staff.ts';
import { testApp, testWebContext } from '../../../support/web.ts';

describe.skipIf(lacks('redis-server'))('the board of a queue on Redis', () => {
  const routes: { method: string; url: string }[] = [];
  let db: TestDatabase;
  let redis: TestRedis;
  let queue: Queue;
  let app: FastifyInstance;
  beforeAll(async () => {
    [db, redis] = await Promise.all([testDatabase(), startRedis()]);
    queue = bullQueue(redis.url, silentLog);
    await queue.add({ name: 'deliver-issue', issueId: 41 });
    app = await testApp({ ...testWebContext(db.database), queue }, async (scope, context) => {
      scope.addHook('onRoute', ({ method, url }) => {
        if (url.startsWith('/staff/queue'))
          for (const one of [method].flat()) routes.push({ method: one, url: url.replace(/:\w+/g, '1') });
      });
      await staffPages(scope, context);
    });
  });
  afterAll(async () => {
    await app?.close();
    await queue?.close();
    await Promise.all([db?.close(), redis?.stop()]);
  });

  it('is for administrators alone, every route and file of it, and only for reading', async () => {
    expect(routes.length).toBeGreaterThan(5);
    expect(routes.filter(({ method }) => method !== 'GET' && method !== 'HEAD')).toEqual([]);
    const [admin, marketer] = [await signedIn(db.database, 'admin'), await signedIn(db.database, 'marketer')];
    for (const { url } of routes) {
      const path = url.replace('*', 'static/x.js');
      expect((await app.inject(path)).statusCode, path).toBe(302);
      expect((await asStaff(app, marketer).get(path)).statusCode, path).toBe(403);
      expect([401, 403, 302], path).not.toContain((await asStaff(app, admin).get(path)).statusCode);
    }
    const put = await app.inject({ method: 'PUT', url: '/staff/queue/api/queues/jobs/pause' });
    expect(put.statusCode).toBe(404);
  });

  it('shows what waits, with scripts of its own and nothing from elsewhere', async () => {
    const admin = asStaff(app, await signedIn(db.database, 'admin'));
    const page = await admin.get('/staff/queue/');
    expect(page.body).toContain('<base href="/staff/queue/"');
    expect(page.body).not.toMatch(/<%|https:\/\//);
    expect(page.headers['content-security-policy']).toContain("script-src 'self'");
    const script = /src="(static\/js\/main[^"]+)"/.exec(page.body)?.[1] ?? '';
    expect((await admin.get(`/staff/queue/${script}`)).headers['content-type']).toMatch(/javascript/);
    const answer = JSON.parse(
      (await admin.get('/staff/queue/api/queues?activeQueue=jobs&status=waiting')).body,
    );
    expect(answer.queues[0]).toMatchObject({ name: 'jobs', readOnlyMode: true });
    expect(answer.queues[0].jobs[0].data).toEqual({ name: 'deliver-issue', issueId: 41 });
    expect((await admin.get('/staff/settings')).body).toContain('href="/staff/queue/"');
  });
});

it('without Redis there is no board, and the settings say where the queue is', async () => {
  const db = await testDatabase();
  const app = await testApp(testWebContext(db.database), staffPages);
  const admin = asStaff(app, await signedIn(db.database, 'admin'));
  expect((await admin.get('/staff/queue/')).statusCode).toBe(404);
  expect((await admin.get('/staff/settings')).body).toContain('in this process');
  await app.close();
  await db.close();
});
