import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { silentLog } from '../../../src/adapters/log.ts';
import { smtpMailSender } from '../../../src/adapters/smtp/mail-sender.ts';
import { recheckMail } from '../../../src/jobs/recheck-mail.ts';
import { sendOutbox } from '../../../src/journey/delivery/send-outbox.ts';
import { remindSales } from '../../../src/journey/sales/remind-sales.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { addDelivery, addIssue, addLead, fourClicks, namingRenderer, stateOf } from '../../support/leads.ts';
import { testLinks, testProgramme } from '../../support/programme.ts';
import { testSay } from '../../support/say.ts';
import { startSmtpServer, type TestSmtpServer } from '../../support/smtp-server.ts';

const SCRIPT = fileURLToPath(new URL('../../support/alert-child.ts', import.meta.url));
const HOUR = 3_600_000;
const programme = testProgramme();

let db: TestDatabase;
let smtp: TestSmtpServer;
beforeAll(async () => {
  db = await testDatabase({ programme });
  smtp = await startSmtpServer();
});
afterAll(async () => {
  await smtp.close();
  await db.close();
});

/** True when the process got to its end, false when it was killed on the way. */
async function child(what: 'record' | 'send', deliveryId: number, killAfter: number): Promise<boolean> {
  const args = [what, db.url, smtp.url, String(deliveryId), String(killAfter)];
  const process_ = spawn(process.execPath, ['--import', 'tsx', SCRIPT, ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code, signal] = await once(process_, 'exit');
  if (code !== 0 && signal !== 'SIGKILL') throw new Error(`the process ended with ${code} ${signal}`);
  return code === 0;
}

async function newLead() {
  const email = `lead-${Math.random().toString(36).slice(2)}@kill.example`;
  const lead = await addLead(db.pool, { email, mailsSent: 5 });
  return { email, lead, deliveryId: await addDelivery(db.pool, await addIssue(db.pool), lead) };
}

const record = (deliveryId: number) =>
  db.database.inTransaction(({ ledger }) => ledger.record(fourClicks(deliveryId, new Date())));

const alertsOf = (email: string) => smtp.mails.filter(({ raw }) => raw.includes(email));
const alertRow = async (lead: number) =>
  (
    await db.pool.query(
      `select status, attempts from outbox where subscriber_id = $1 and kind = 'sales-alert'`,
      [lead],
    )
  ).rows;

/** As the workers that are left do, once the leases of the dead one are over. */
async function takeOver(afterMs = HOUR) {
  const sender = smtpMailSender({ url: smtp.url, production: false, from: programme.brand.from });
  await sendOutbox(
    {
      outbox: db.database.stores.outbox,
      mails: namingRenderer,
      sender,
      programme,
      recheckMail: (mail, now) =>
        recheckMail({ database: db.database, programme, links: testLinks, say: testSay }, mail, now),
      random: Math.random,
      log: silentLog,
    },
    () => new Date(Date.now() + afterMs),
  );
  await sender.close();
}

/** Every statement in turn, several processes at a time. */
async function atEveryStatement(run: (killAfter: number) => Promise<boolean>): Promise<number> {
  for (let first = 1; ; first += 3) {
    const ended = await Promise.all([first, first + 1, first + 2].map(run));
    if (ended.every(Boolean)) return first - 1 + ended.filter((isOver) => !isOver).length;
    expect(first, 'the process never gets to its end').toBeLessThan(200);
  }
}

it('kill -9 between any two statements that record a crossing: it counts once, and alerts once', async () => {
  const statements = await atEveryStatement(async (killAfter) => {
    const { lead, deliveryId } = await newLead();
    const isOver = await child('record', deliveryId, killAfter);
    // The reader's clicks are still there, in the spool or in the browser: they are recorded again.
    await record(deliveryId);
    expect(await stateOf(db.pool, lead), `killed after statement ${killAfter}`).toMatchObject({
      stage: 'sql',
      score: 16,
      sum: 16,
      qualifications: 1,
      alerts: 1,
    });
    return isOver;
  });
  expect(statements).toBeGreaterThan(8);
}, 180_000);

it('kill -9 between any two statements that send the alert: it arrives once', async () => {
  await takeOver();
  const inDoubt: { killAfter: number; arrived: number }[] = [];
  let killAfter = 0;
  for (let isOver = false; !isOver; ) {
    killAfter += 1;
    expect(killAfter, 'the process never gets to its end').toBeLessThan(100);
    const { lead, email, deliveryId } = await newLead();
    await record(deliveryId);
    isOver = await child('send', deliveryId, killAfter);
    await takeOver();
    await takeOver(30 * HOUR);
    const [alert] = await alertRow(lead);
    const arrived = alertsOf(email).length;
    if (alert.status === 'uncertain') inDoubt.push({ killAfter, arrived });
    else expect({ ...alert, arrived, killAfter }).toMatchObject({ status: 'sent', arrived: 1 });
  }
  // No protocol can tell whether a mail arrived whose sender died between its last byte and the answer. It is never sent
  // twice then; it is listed, and sales hears of the lead by the reminder.
  expect(inDoubt.every(({ arrived }) => arrived <= 1)).toBe(true);
  expect(inDoubt.length).toBeLessThanOrEqual(2);
  const lost = inDoubt.filter(({ arrived }) => arrived === 0);
  expect(lost.length).toBeLessThanOrEqual(1);
  const weekOn = new Date(Date.now() + 7 * 24 * HOUR);
  await remindSales({ database: db.database, programme, links: testLinks }, weekOn);
  const { rows } = await db.pool.query(
    `select count(*)::int as n from outbox r join outbox a on a.subscriber_id = r.subscriber_id and a.kind = 'sales-alert'
      where r.kind = 'sales-reminder' and a.status = 'uncertain'`,
  );
  expect(rows[0].n).toBe(inDoubt.length);
}, 300_000);

it('two workers at the same moment, and a mail server that refuses for now: one alert', async () => {
  const { lead, deliveryId, email } = await newLead();
  await record(deliveryId);
  smtp.behaveToAll({ at: 'rcpt', reply: '450 4.2.0 greylisted' });
  await Promise.all([child('send', deliveryId, 0), child('send', deliveryId, 0)]);
  expect(alertsOf(email)).toEqual([]);
  smtp.behaveToAll(null);
  await Promise.all([takeOver(2 * HOUR), takeOver(2 * HOUR), takeOver(2 * HOUR)]);
  expect(alertsOf(email)).toHaveLength(1);
  expect(await alertRow(lead)).toEqual([{ status: 'sent', attempts: 2 }]);
}, 60_000);
