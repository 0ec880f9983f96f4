import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadProgramme } from '../../src/config/load-programme.ts';
import { until } from '../../src/demo/road.ts';
import { type Links, makeLinks } from '../../src/domain/links.ts';
import type { Programme } from '../../src/domain/programme.ts';
import { recordOutcome } from '../../src/journey/sales/record-outcome.ts';
import { freePort } from '../../src/start/listen.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { addDelivery, addIssue, addLead, stateOf } from '../support/leads.ts';
import { type SimmerProcess, simmer } from '../support/processes.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { TEST_SECRET_KEY } from '../support/secret-key.ts';
import { lacks } from '../support/services.ts';
import { startSmtpServer, type TestSmtpServer } from '../support/smtp-server.ts';

const PROGRAMME = fileURLToPath(new URL('road-programme.ts', import.meta.url));
const SECRET = TEST_SECRET_KEY;
const EVENTS = 200;
/** Long enough for the busiest machine: it ends a hang and measures nothing. */
const HANGS_MS = 900_000;
const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

// Two web processes and two workers on PostgreSQL, Redis and a mail server; one of each is killed in the middle.
describe.skipIf(lacks('redis-server'))('a crossing under parallel events and kills', () => {
  let db: TestDatabase;
  let redis: TestRedis;
  let smtp: TestSmtpServer;
  let programme: Programme;
  let links: Links;
  let webs: { base: string; process: SimmerProcess }[];
  let workers: SimmerProcess[];
  let lead: number;
  const email = 'anna@kade-logistics.example';
  const folder = mkdtempSync(join(tmpdir(), 'simmer-alert-'));

  beforeAll(async () => {
    ({ programme } = await loadProgramme(PROGRAMME, false));
    const ports = [await freePort(), await freePort()];
    const publicUrl = `http://127.0.0.1:${ports[0]}`;
    links = makeLinks(publicUrl, [SECRET]);
    [db, redis, smtp] = await Promise.all([
      testDatabase({ programme, links }),
      startRedis(),
      startSmtpServer({ latencyMs: 50 }),
    ]);
    const env = {
      HOST: '127.0.0.1',
      PUBLIC_URL: publicUrl,
      DATABASE_URL: db.url,
      REDIS_URL: redis.url,
      SMTP_URL: smtp.url,
      SECRET_KEY: SECRET,
      PROGRAMME,
      LOG_LEVEL: 'warn',
    };
    const start = (role: string, number: number, more: Record<string, string> = {}) =>
      simmer(['start', '--role', role], { ...env, ...more, DATA_DIR: join(folder, `${role}-${number}`) });
    webs = ports.map((port, number) => ({
      base: `http://127.0.0.1:${port}`,
      process: start('web', number, { PORT: String(port) }),
    }));
    workers = [start('worker', 0), start('worker', 1)];
    for (const { base } of webs)
      await until('a web process', async () => (await fetch(`${base}/health/ready`).catch(() => null))?.ok);
    lead = await addLead(db.pool, { email, mailsSent: 5 });
  }, HANGS_MS);

  afterAll(async () => {
    for (const one of [...(webs ?? []).map(({ process }) => process), ...(workers ?? [])])
      one.child.kill('SIGKILL');
    await Promise.all([db?.close(), redis?.stop(), smtp?.close()]);
    rmSync(folder, { recursive: true, force: true });
  }, HANGS_MS);

  /** One click in each of so many mails, as paths: what a person does in many mails is no burst of a scanner. */
  async function clickPaths(count: number): Promise<string[]> {
    const issueIds: number[] = [];
    for (let n = 0; n < count; n += 1) issueIds.push(await addIssue(db.pool));
    const deliveries = await Promise.all(issueIds.map((issueId) => addDelivery(db.pool, issueId, lead)));
    await db.pool.query(`update deliveries set sent_at = now() - interval '2 hours'`);
    return deliveries.map((deliveryId, at) => new URL(links.click(issueIds[at]!, deliveryId, 1)).pathname);
  }

  const isAlive = ({ process: { child } }: (typeof webs)[number]) =>
    child.exitCode === null && child.signalCode === null;

  /** The reader's browser: a click that gets no answer is tried again, at the other process, as long as there is one. */
  async function click(path: string, first: number): Promise<void> {
    for (let tries = first; webs.some(isAlive); tries += 1) {
      const { base } = webs[tries % webs.length]!;
      const answer = await fetch(base + path, {
        redirect: 'manual',
        headers: { 'user-agent': BROWSER },
      }).catch(() => null);
      if (answer) return expect({ path, status: answer.status }).toEqual({ path, status: 302 });
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`no web process is left to answer ${path}: ${webs.map(({ process }) => process.said())}`);
  }

  const alerts = () =>
    smtp.mailsTo(programme.sales.address).filter(({ raw }) => /^Subject: .*anna@kade/im.test(raw));
  /**
   * Every link that was clicked is counted (a click whose answer the kill took is clicked again: two hits on one link),
   * and every alert that follows from it is sent; then some rounds of the schedule.
   */
  async function quiet(clicks: number): Promise<void> {
    await until(`${clicks} clicked links to be counted, and nothing to wait`, async () => {
      const { rows } = await db.pool.query(
        `select (select count(distinct delivery_id)::int from events where kind = 'click') as clicks,
                (select count(*)::int from arrived_events) as arrived,
                (select count(*)::int from outbox where status in ('planned', 'sending')) as mails`,
      );
      return rows[0].clicks === clicks && rows[0].arrived === 0 && rows[0].mails === 0;
    });
    await new Promise((resolve) => setTimeout(resolve, 6_000));
  }

  it(
    'makes one qualification and one alert',
    async () => {
      const paths = await clickPaths(EVENTS);
      let answered = 0;
      await Promise.all(
        paths.map(async (path, at) => {
          await click(path, at);
          answered += 1;
          if (answered === EVENTS / 4) {
            webs[0]!.process.child.kill('SIGKILL');
            workers[0]!.child.kill('SIGKILL');
          }
        }),
      );
      await until('the alert', async () => alerts().length > 0);
      await quiet(EVENTS);
      expect(alerts()).toHaveLength(1);
      expect(await stateOf(db.pool, lead)).toMatchObject({
        stage: 'sql',
        qualifications: 1,
        alerts: 1,
        score: 3 * EVENTS,
        sum: 3 * EVENTS,
      });
    },
    HANGS_MS,
  );

  it(
    'reject the lead, warm it again: the second crossing alerts once',
    async () => {
      const open = await db.database.stores.sales.openQualification(lead);
      const answer = await recordOutcome(
        { database: db.database, programme, links },
        {
          qualificationId: open!.id,
          status: 'rejected',
          isDuplicate: false,
          hasRunningDeal: false,
          note: '',
          staffEmail: 'sofie@nordwerk.example',
        },
        new Date(),
      );
      expect(answer).toMatchObject({ result: 'recorded', stage: 'mql' });
      await Promise.all((await clickPaths(40)).map((path, at) => click(path, at)));
      await until('the second alert', async () => alerts().length > 1);
      await quiet(EVENTS + 40);
      expect(alerts()).toHaveLength(2);
      expect(await stateOf(db.pool, lead)).toMatchObject({
        stage: 'sql',
        qualifications: 2,
        score: 120,
        sum: 120,
      });
    },
    HANGS_MS,
  );
});
