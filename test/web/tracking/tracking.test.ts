import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLog } from '../../../src/adapters/log.ts';
import { makeToken } from '../../../src/domain/tokens.ts';
import { type LinkTableDeps, makeLinkTables } from '../../../src/web/tracking/link-tables.ts';
import { trackingRoutes } from '../../../src/web/tracking/routes.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { addDelivery, addIssue, addIssueLinking, addLead, LINKS, stateOf } from '../../support/leads.ts';
import { testLinks, testPublicUrl } from '../../support/programme.ts';
import { testApp, testWebContext } from '../../support/web.ts';

const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0';

let db: TestDatabase;
let app: FastifyInstance;
let issueId: number;
beforeAll(async () => {
  db = await testDatabase();
  issueId = await addIssue(db.pool);
  app = await testApp(testWebContext(db.database), trackingRoutes);
});
afterAll(async () => {
  await app.close();
  await db.close();
});

async function leadWithMail() {
  const lead = await addLead(db.pool);
  return { lead, delivery: await addDelivery(db.pool, issueId, lead) };
}
const path = (url: string) => url.slice(testPublicUrl.length);
const ask = (url: string, method: 'GET' | 'HEAD' = 'GET', headers: Record<string, string> = {}) =>
  app.inject({ method, url: path(url), headers: { 'user-agent': FIREFOX, ...headers } });
const eventsInAll = async () => Number((await db.pool.query('select count(*) as n from events')).rows[0].n);

describe('the open pixel', () => {
  it('is a picture that nobody keeps, and counts once', async () => {
    const { lead, delivery } = await leadWithMail();
    for (let time = 0; time < 2; time++) {
      const answer = await ask(testLinks.pixel(issueId, delivery));
      expect(answer.statusCode).toBe(200);
      expect(answer.headers['content-type']).toBe('image/gif');
      expect(answer.headers['cache-control']).toContain('no-store');
      expect(answer.rawPayload.subarray(0, 6).toString()).toBe('GIF89a');
    }
    expect(await stateOf(db.pool, lead)).toMatchObject({ score: 1, events: 2 });
  });

  it.each([
    ['HEAD', FIREFOX],
    ['GET', 'Mozilla/5.0'],
    ['GET', 'Googlebot/2.1'],
  ] as const)('%s by %s is kept and does not score', async (method, agent) => {
    const { lead, delivery } = await leadWithMail();
    const answer = await ask(testLinks.pixel(issueId, delivery), method, { 'user-agent': agent });
    expect(answer.statusCode).toBe(200);
    expect(await stateOf(db.pool, lead)).toMatchObject({ score: 0, events: 1 });
  });

  it("counts an open through Gmail's proxy", async () => {
    const { lead, delivery } = await leadWithMail();
    const agent = 'Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)';
    await ask(testLinks.pixel(issueId, delivery), 'GET', { 'user-agent': agent });
    expect(await stateOf(db.pool, lead)).toMatchObject({ score: 1 });
  });

  it.each(['nonsense', 'd', makeToken(['another secret'], { kind: 'delivery', issueId: 1, deliveryId: 1 })])(
    'is a picture for the bad token %s too, and records nothing',
    async (token) => {
      const before = await eventsInAll();
      const answer = await ask(`${testPublicUrl}/o/${token}`);
      expect(answer.statusCode).toBe(200);
      expect(answer.headers['content-type']).toBe('image/gif');
      expect(await eventsInAll()).toBe(before);
    },
  );
});

describe('a tracked link', () => {
  it('leads to the exact destination of each link', async () => {
    const { delivery } = await leadWithMail();
    for (const [number, , , url] of LINKS) {
      const answer = await ask(testLinks.click(issueId, delivery, number));
      expect(answer.statusCode).toBe(302);
      expect(answer.headers.location).toBe(
        url === 'simmer:call-back' ? testLinks.callBack(issueId, delivery) : url,
      );
      expect(answer.headers['cache-control']).toContain('no-store');
      expect(answer.headers['referrer-policy']).toBe('no-referrer');
    }
  });

  it('lands however its address was once written down', async () => {
    const { lead } = await leadWithMail();
    const written = {
      'https://www.other.example/łódź': 'https://www.other.example/%C5%82%C3%B3d%C5%BA',
      'https://www.other.example/über-uns?x=1#k': 'https://www.other.example/%C3%BCber-uns?x=1#k',
      'https://bücher.example/a b': 'https://xn--bcher-kva.example/a%20b',
      'https://other.example/a\tb': 'https://other.example/ab',
      'https://other.example/a\r\nSet-Cookie: x=1': 'https://other.example/aSet-Cookie:%20x=1',
      'https://exa mple.example/ü': 'https://exa%20mple.example/%C3%BC',
      'https://other.example/\u007f\u0085': 'https://other.example/%7F%C2%85',
    };
    const own = await addIssueLinking(db.pool, Object.keys(written));
    const delivery = await addDelivery(db.pool, own, lead);
    for (const [number, expected] of Object.values(written).entries()) {
      const answer = await ask(testLinks.click(own, delivery, number));
      expect([answer.statusCode, answer.headers.location]).toEqual([302, expected]);
    }
  });

  it('is durable and scored when it answers: opened, article, brochure', async () => {
    const { lead, delivery } = await leadWithMail();
    await ask(testLinks.pixel(issueId, delivery));
    await ask(testLinks.click(issueId, delivery, 0));
    await ask(testLinks.click(issueId, delivery, 0));
    await ask(testLinks.click(issueId, delivery, 2));
    expect(await stateOf(db.pool, lead)).toMatchObject({ score: 1 + 3 + 5, sum: 9, events: 4 });
  });

  it('lands an article of the issue that this mail did not hold, and counts only what it held', async () => {
    const { lead, delivery } = await leadWithMail();
    const picks = JSON.stringify([
      { articleId: 2, place: 'main', interest: 'payroll', score: 1, reason: 'best match' },
    ]);
    await db.pool.query('update deliveries set picks = $2 where id = $1', [delivery, picks]);
    const other = await ask(testLinks.click(issueId, delivery, 0));
    expect(other.headers.location).toBe(LINKS[0][3]);
    expect(await stateOf(db.pool, lead)).toMatchObject({ score: 0, events: 1 });
    await ask(testLinks.click(issueId, delivery, 1));
    await ask(testLinks.click(issueId, delivery, 2));
    expect(await stateOf(db.pool, lead)).toMatchObject({ score: 3 + 5, events: 3 });
  });

  it('lands machines too, and gives them no points', async () => {
    const { lead, delivery } = await leadWithMail();
    const answers = [
      await ask(testLinks.click(issueId, delivery, 0), 'HEAD'),
      await ask(testLinks.click(issueId, delivery, 0), 'GET', { 'user-agent': '' }),
      await ask(testLinks.click(issueId, delivery, 0), 'GET', { 'sec-purpose': 'prefetch' }),
    ];
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([302, 302, 302]);
    expect(await stateOf(db.pool, lead)).toMatchObject({ score: 0, events: 3 });
  });

  it('shows a friendly page for whatever was altered, and records nothing', async () => {
    const { lead, delivery } = await leadWithMail();
    const good = testLinks.click(issueId, delivery, 0);
    const token = good.split('/').at(-2)!;
    const flipped = token.slice(0, -1) + (token.endsWith('A') ? 'B' : 'A');
    const subscriber = makeToken(['a secret that only tests know'], {
      kind: 'subscriber',
      subscriberId: lead,
    });
    const before = await eventsInAll();
    for (const url of [
      `${testPublicUrl}/c/${flipped}/0`,
      `${testPublicUrl}/c/${subscriber}/0`,
      `${testPublicUrl}/c/${token}/99`,
      `${testPublicUrl}/c/${token}/-1`,
      `${testPublicUrl}/c/${token}/00`,
      `${testPublicUrl}/c/${token}/0x1`,
      `${testPublicUrl}/c/nonsense/0`,
      testLinks.click(issueId + 5000, delivery, 0),
    ]) {
      const answer = await ask(url);
      expect(answer.statusCode, url).toBe(404);
      expect(answer.headers['content-type']).toContain('text/html');
      expect(answer.headers.location).toBeUndefined();
    }
    expect(await eventsInAll()).toBe(before);
  });

  it('never takes the destination from the request', async () => {
    const { delivery } = await leadWithMail();
    const answer = await ask(
      `${testLinks.click(issueId, delivery, 1)}?url=https://evil.example&to=//evil.example`,
    );
    expect(answer.headers.location).toBe('https://blog.example/two');
  });

  it('lands although nothing can be recorded, and says so in the log', async () => {
    const { lead, delivery } = await leadWithMail();
    const errors: string[] = [];
    const recorder = {
      record: () => Promise.reject(new Error('no Postgres and no disk')),
      recover: () => {},
      stop: async () => {},
    };
    const log = { ...silentLog, error: (_details: object, message: string) => errors.push(message) };
    const lonely = await testApp(testWebContext(db.database, { recorder, log }), trackingRoutes);
    const headers = { 'user-agent': FIREFOX };
    const click = await lonely.inject({ url: path(testLinks.click(issueId, delivery, 1)), headers });
    const open = await lonely.inject({ url: path(testLinks.pixel(issueId, delivery)), headers });
    await lonely.close();
    expect(click.headers.location).toBe('https://blog.example/two');
    expect(open.statusCode).toBe(200);
    expect(errors).toEqual(['a click could not be recorded', 'an open could not be recorded']);
    expect(await stateOf(db.pool, lead)).toMatchObject({ events: 0 });
  });

  it('keeps the network it came from, not the address', async () => {
    const { lead, delivery } = await leadWithMail();
    await ask(testLinks.click(issueId, delivery, 1));
    const { rows } = await db.pool.query(
      'select ip, method, user_agent from events where subscriber_id = $1',
      [lead],
    );
    expect(rows).toEqual([{ ip: '127.0.0.0/24', method: 'GET', user_agent: FIREFOX }]);
  });

  it('from a network of a scanner is noted as such', async () => {
    const { lead, delivery } = await leadWithMail();
    const url = path(testLinks.click(issueId, delivery, 1));
    await app.inject({ url, headers: { 'user-agent': FIREFOX }, remoteAddress: '67.231.152.9' });
    const { rows } = await db.pool.query('select class, signs from events where subscriber_id = $1', [lead]);
    expect(rows).toEqual([{ class: 'human', signs: ['scanner'] }]);
  });
});

describe("an issue's link table", () => {
  const withIssues = async (
    issues: Partial<LinkTableDeps['issues']>,
    snapshot?: LinkTableDeps['snapshot'],
  ) => {
    const tables = makeLinkTables({
      issues: { ...db.database.stores.issues, ...issues },
      snapshot: snapshot ?? { load: async () => [], add: async () => {} },
      log: silentLog,
    });
    return {
      tables,
      app: await testApp(testWebContext(db.database, { linkTables: tables }), trackingRoutes),
    };
  };
  const away = () => Promise.reject(new Error('Postgres is away'));
  const headers = { 'user-agent': FIREFOX };
  const wrongLink = {
    number: 1,
    role: 'article',
    targetId: '9',
    language: 'en',
    label: 'Of another time',
  } as const;

  it('is read once', async () => {
    const { delivery } = await leadWithMail();
    let reads = 0;
    const { app: counting } = await withIssues({
      links: (id) => {
        reads += 1;
        return db.database.stores.issues.links(id);
      },
    });
    const url = path(testLinks.click(issueId, delivery, 1));
    const answers = await Promise.all(Array.from({ length: 20 }, () => counting.inject({ url, headers })));
    await counting.close();
    expect(answers.every(({ statusCode }) => statusCode === 302)).toBe(true);
    expect(reads).toBe(1);
  });

  it('is known before anybody clicks, and from the snapshot when Postgres is away', async () => {
    const { delivery } = await leadWithMail();
    const url = path(testLinks.click(issueId, delivery, 1));
    const kept: Awaited<ReturnType<LinkTableDeps['snapshot']['load']>> = [];
    const add: LinkTableDeps['snapshot']['add'] = async (tables) => {
      kept.push(...tables);
    };
    const warm = await withIssues({ links: away }, { load: async () => [], add });
    await warm.tables.start();
    await expect.poll(() => kept.map((table) => table.issueId)).toContain(issueId);
    expect((await warm.app.inject({ url, headers })).headers.location).toBe('https://blog.example/two');
    warm.tables.stop();
    await warm.app.close();

    const cold = await withIssues({ links: away, linksAfter: away }, { load: async () => kept, add });
    await cold.tables.start();
    expect((await cold.app.inject({ url, headers })).headers.location).toBe('https://blog.example/two');
    cold.tables.stop();
    await cold.app.close();
  });

  it('of the snapshot counts only until Postgres has been read: the file may be of another database', async () => {
    const { delivery } = await leadWithMail();
    const stale = [{ issueId, links: [{ ...wrongLink, url: 'https://another.example/' }] }];
    const gone = [{ issueId: issueId + 1_000_000, links: stale[0]!.links }];
    const added: number[] = [];
    const { tables, app: begun } = await withIssues(
      {},
      {
        load: async () => [...stale, ...gone],
        add: async (some) => {
          added.push(...some.map((one) => one.issueId));
        },
      },
    );
    await tables.start();
    const url = path(testLinks.click(issueId, delivery, 1));
    expect((await begun.inject({ url, headers })).headers.location).toBe('https://blog.example/two');
    expect((await tables.of(issueId + 1_000_000)).size).toBe(0);
    expect(added).toContain(issueId);
    tables.stop();
    await begun.close();
  });

  it.each([
    ['fails', away],
    ['hangs', () => new Promise<never>(() => {})],
  ])('when it can be had from nowhere (%s), the click lands on the site, and counts', async (_, links) => {
    const { lead, delivery } = await leadWithMail();
    const { app: lost } = await withIssues({ links });
    const answer = await lost.inject({ url: path(testLinks.click(issueId, delivery, 1)), headers });
    await lost.close();
    expect([answer.statusCode, answer.headers.location]).toEqual([302, 'https://tessel.example']);
    expect(await stateOf(db.pool, lead)).toMatchObject({ events: 1, score: 3 });
  });
});
