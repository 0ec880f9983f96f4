import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLog } from '../../src/adapters/log.ts';
import { type Embedded, startEmbedded } from '../../src/adapters/postgres/embedded/embedded.ts';
import { makePool } from '../../src/adapters/postgres/pool.ts';
import { makeLinks } from '../../src/domain/links.ts';
import { freePort } from '../../src/start/listen.ts';
import { addDelivery, addIssue, addLead, stateOf } from '../support/leads.ts';
import { type SimmerProcess, simmer, stopGracefully } from '../support/processes.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { TEST_SECRET_KEY } from '../support/secret-key.ts';
import { lacks } from '../support/services.ts';

const SECRET = TEST_SECRET_KEY;

describe.skipIf(lacks('redis-server'))('a web process', () => {
  let folder: string;
  let postgres: Embedded;
  let redis: TestRedis;
  let web: SimmerProcess | undefined;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'simmer-away-'));
    postgres = await startEmbedded(folder, silentLog, { throwAway: true });
    redis = await startRedis();
  });
  afterAll(async () => {
    web?.child.kill('SIGKILL');
    await redis?.stop();
    await postgres?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('that starts while Postgres is away lands clicks, and hands them over when it is back', async () => {
    const port = await freePort();
    const publicUrl = `http://127.0.0.1:${port}`;
    const env = {
      DATABASE_URL: postgres.url,
      REDIS_URL: redis.url,
      SMTP_URL: 'smtp://127.0.0.1:9',
      SECRET_KEY: SECRET,
      PUBLIC_URL: publicUrl,
      PORT: String(port),
      DATA_DIR: join(folder, 'web'),
    };
    const start = async () => {
      web = simmer(['start', '--role', 'web'], env);
      await expect
        .poll(
          () =>
            fetch(`${publicUrl}/health/live`).then(
              ({ ok }) => ok,
              () => false,
            ),
          { timeout: 40_000 },
        )
        .toBe(true);
    };
    const links = makeLinks(publicUrl, [SECRET]);
    const click = async (url: string) => {
      const headers = {
        'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
      };
      const answer = await fetch(url, { redirect: 'manual', headers });
      return [answer.status, answer.headers.get('location')];
    };
    // A first life, to migrate the database and to see the issue.
    await start();
    let pool = makePool(postgres.url, silentLog);
    const issueId = await addIssue(pool);
    const lead = await addLead(pool);
    const deliveryId = await addDelivery(pool, issueId, lead);
    expect(await click(links.click(issueId, deliveryId, 1))).toEqual([302, 'https://blog.example/two']);
    expect(await stopGracefully(web!)).toBe(0);
    await pool.end();
    await postgres.stop();

    await start();
    expect(await click(links.click(issueId, deliveryId, 0))).toEqual([
      302,
      'https://blog.example/one?a=1&b=2#c',
    ]);
    expect((await fetch(`${publicUrl}/health/ready`)).status).toBe(503);

    postgres = await startEmbedded(folder, silentLog, { throwAway: true });
    pool = makePool(postgres.url, silentLog);
    await expect.poll(async () => (await stateOf(pool, lead)).score, { timeout: 20_000 }).toBe(6);
    expect(await stateOf(pool, lead)).toMatchObject({ events: 2, sum: 6 });
    await pool.end();
    expect(await stopGracefully(web!)).toBe(0);
  }, 150_000);
});
