import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import PostalMime from 'postal-mime';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { loadProgramme } from '../../src/config/load-programme.ts';
import { issueMail, type Road, until } from '../../src/demo/road.ts';
import { linksIn, Visitor } from '../../src/demo/visitor.ts';
import { walkTheRoad } from '../../src/demo/walk.ts';
import type { Programme } from '../../src/domain/programme.ts';
import { showSubscriber } from '../../src/journey/audience/show-subscriber.ts';
import { freePort } from '../../src/start/listen.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { type SimmerProcess, simmer, stopGracefully } from '../support/processes.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { tellIn } from '../support/say.ts';
import { TEST_SECRET_KEY } from '../support/secret-key.ts';
import { lacks } from '../support/services.ts';
import { startSmtpServer, type TestSmtpServer } from '../support/smtp-server.ts';

const PROGRAMME = fileURLToPath(new URL('road-programme.ts', import.meta.url));
/** More than one worker takes at a time, so that both have some in hand. */
const READERS = 600;
/** Long enough for the busiest machine: it ends a hang and measures nothing. */
const HANGS_MS = 900_000;

// One web process and two workers beside each other, on PostgreSQL, Redis and a mail server of their own.
describe.skipIf(lacks('redis-server'))('the road on several processes', () => {
  let db: TestDatabase;
  let redis: TestRedis;
  let smtp: TestSmtpServer;
  let programme: Programme;
  let env: Record<string, string>;
  let web: SimmerProcess;
  let workers: SimmerProcess[];
  let road: Road;
  // Nothing that an earlier run left may be read.
  const folder = mkdtempSync(join(tmpdir(), 'simmer-road-'));

  beforeAll(async () => {
    ({ programme } = await loadProgramme(PROGRAMME, false));
    [db, redis, smtp] = await Promise.all([testDatabase({ programme }), startRedis(), startSmtpServer()]);
    const port = await freePort();
    const base = `http://127.0.0.1:${port}`;
    env = {
      PORT: String(port),
      HOST: '127.0.0.1',
      PUBLIC_URL: base,
      DATABASE_URL: db.url,
      REDIS_URL: redis.url,
      SMTP_URL: smtp.url,
      SECRET_KEY: TEST_SECRET_KEY,
      PROGRAMME,
      LOG_LEVEL: 'warn',
      DATA_DIR: folder,
    };
    web = simmer(['start', '--role', 'web'], env);
    await until('the web process', async () => (await fetch(`${base}/health/ready`).catch(() => null))?.ok);
    workers = [startWorker(), startWorker()];
    const show = (email: string) =>
      showSubscriber({ ...db.database.stores, tell: tellIn('en', programme) }, email);
    road = {
      base,
      show,
      mails: async (to) => {
        const mails = await Promise.all(smtp.mailsTo(to).map(({ raw }) => PostalMime.parse(raw)));
        return mails.map(({ subject = '', html = '', text = '', headers }) => ({
          subject,
          html,
          text,
          headers: headers.map(({ originalKey, value }) => ({ name: originalKey, value })),
        }));
      },
      collectFeeds: () =>
        until('all feeds to be read', async () => {
          const read = (await db.database.stores.feeds.list()).filter(({ lastSuccessAt }) => lastSuccessAt);
          return read.length === programme.feeds.length;
        }).then(() => undefined),
      async sendIssue(email) {
        const planned = await cli('issue', 'send', '--digest', 'news', '--now', '--to', email, '--json');
        const issueId = (JSON.parse(planned) as { issueId: number }).issueId;
        await until(`issue ${issueId} to be delivered`, async () => {
          const delivery = (await show(email))?.deliveries.find(({ issue }) => issue === issueId);
          return delivery?.status === 'sent';
        });
        return issueId;
      },
    };
  }, HANGS_MS);

  afterAll(async () => {
    for (const one of [web, ...(workers ?? [])]) if (one) await stopGracefully(one);
    await db?.close();
    await redis?.stop();
    await smtp?.close();
    rmSync(folder, { recursive: true, force: true });
  }, HANGS_MS);

  // A process that ended by itself is the cause of whatever a test then waits for in vain.
  afterEach(() => {
    if (web.child.exitCode) expect(web.said()).toBe('a web process that goes on');
  });

  const startWorker = () => simmer(['start', '--role', 'worker'], env);

  async function cli(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await simmer(args, env).finished;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return stdout;
  }

  it(
    'takes one lead from sign-up to won and back out',
    async () => {
      const { lead } = await walkTheRoad(road, programme, 'anna@kade-logistics.example', () => {});
      expect(lead.qualifications.map(({ outcome }) => outcome)).toEqual(['rejected', 'won']);
      const alerts = smtp.mailsTo(programme.sales.address).filter(({ raw }) => /Subject: .*Anna/i.test(raw));
      expect(alerts).toHaveLength(2);
      const shown = JSON.parse(await cli('subscriber', 'show', 'anna@kade-logistics.example', '--json'));
      expect(shown).toEqual(JSON.parse(JSON.stringify(await road.show('anna@kade-logistics.example'))));
    },
    HANGS_MS,
  );

  it(
    'changes nothing that a person wants when a scanner opens every link of an issue',
    async () => {
      await addReaders(1, 'scanned');
      const email = 'scanned-1@readers.example';
      const mail = await issueMail(road, email, await road.sendIssue(email));
      const wanted = async () => {
        const { rows } = await db.pool.query(
          `select s.status, s.interests, s.stage, s.language, (select count(*)::int from consent_entries c where c.subscriber_id = s.id) as consent
           from subscribers s where email = $1`,
          [email],
        );
        return rows[0];
      };
      const before = await wanted();
      const scanner = new Visitor();
      const links = linksIn(mail.html).filter((url) => url.startsWith(road.base));
      expect(links.length).toBeGreaterThan(12);
      for (const url of links) {
        for (const method of ['GET', 'HEAD']) await (await scanner.hit(url, method)).body?.cancel();
        await scanner.open(url);
      }
      expect(await wanted()).toEqual(before);
      expect(before).toMatchObject({ status: 'active', stage: 'mql' });
    },
    HANGS_MS,
  );

  it(
    'sends an issue once to everybody though workers are killed in the middle',
    async () => {
      await addReaders(READERS, 'reader');
      const before = smtp.mails.length;
      // The server takes a part and then says nothing any more, so that the workers die in the middle, however fast they are.
      const isPartTaken = () => smtp.mails.length > before + READERS / 8;
      smtp.behaveToAll(() => (isPartTaken() ? { at: 'data', hang: true } : null));
      const { issueId } = JSON.parse(await cli('issue', 'send', '--digest', 'news', '--now', '--json'));
      await until('a part of the issue to be sent', async () => isPartTaken());
      for (const worker of workers) worker.child.kill('SIGKILL');
      await Promise.all(workers.map(({ finished }) => finished));
      const sentBefore = smtp.mails.length - before;
      expect(sentBefore).toBeLessThan(READERS);
      smtp.behaveToAll(null);
      // They take over by themselves what the dead had in hand.
      workers = [startWorker(), startWorker()];

      const fates = await until('every reader of the issue to have a fate', async () => {
        const { rows } = await db.pool.query<{ email: string; status: string }>(
          'select s.email, d.status from deliveries d join subscribers s on s.id = d.subscriber_id where d.issue_id = $1',
          [issueId],
        );
        return rows.every(({ status }) => ['sent', 'uncertain', 'skipped'].includes(status)) && rows;
      });
      const received = (email: string) =>
        smtp.mailsTo(email).filter(({ raw }) => /^List-Id:/im.test(raw)).length;
      const readers = fates.filter(({ email }) => email.startsWith('reader-'));
      const uncertain = readers.filter(({ status }) => status === 'uncertain');
      expect(readers).toHaveLength(READERS);
      expect(readers.filter(({ email }) => received(email) > 1)).toEqual([]);
      expect(readers.filter(({ email, status }) => status === 'sent' && received(email) !== 1)).toEqual([]);
      expect(
        readers.filter(
          ({ email, status }) => status !== 'sent' && status !== 'uncertain' && received(email) > 0,
        ),
      ).toEqual([]);
      expect(readers.filter(({ status }) => status === 'skipped')).toEqual([]);
      // Two workers with ten connections each, and one mail being marked behind each one on the wire.
      expect(uncertain.length).toBeLessThanOrEqual(40);
      const status = await cli('issue', 'status', '--json');
      for (const { email } of uncertain) expect(status).toContain(email);
    },
    HANGS_MS,
  );

  it(
    'stops gracefully',
    async () => {
      expect(await Promise.all(workers.map(stopGracefully))).toEqual([0, 0]);
      expect(await stopGracefully(web)).toBe(0);
      workers = [];
    },
    HANGS_MS,
  );

  async function addReaders(count: number, prefix: string): Promise<void> {
    await db.pool.query(
      `insert into subscribers (email, status, language, time_zone, interests, created_at, confirmed_at)
       select $2 || '-' || n || '@readers.example', 'active', 'en', 'Europe/London',
              array['payroll', 'crm', 'warehouse'], now(), now()
         from generate_series(1, $1) n`,
      [count, prefix],
    );
  }
});
