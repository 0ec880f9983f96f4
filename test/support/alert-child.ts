/**
 * A process for tests that kill it between any two statements: records a lead's clicks, or sends what the outbox has.
 * node --import { testSay } from './say.ts';
import tsx test/support/alert-child.ts record|send DATABASE_URL SMTP_URL DELIVERY_ID KILL_AFTER
 *
 * After KILL_AFTER answered statements it ends as by kill -9; with 0 it lives. Statements of the pool and of
 * transactions count alike. An exit code of 0 means that it got to its end.
 */
import pg from 'pg';
import { silentLog } from '../../src/adapters/log.ts';
import { makePool } from '../../src/adapters/postgres/pool.ts';
import { smtpMailSender } from '../../src/adapters/smtp/mail-sender.ts';
import { makeDatabase } from '../../src/database.ts';
import { recheckMail } from '../../src/jobs/recheck-mail.ts';
import { sendOutbox } from '../../src/journey/delivery/send-outbox.ts';
import { fourClicks, namingRenderer } from './leads.ts';
import { testLinks, testProgramme } from './programme.ts';
import { testSay } from './say.ts';

const [what, databaseUrl, smtpUrl, deliveryId, killAfter] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
  string,
];

let answered = 0;
const count = () => {
  answered += 1;
  if (answered === Number(killAfter)) process.kill(process.pid, 'SIGKILL');
};
type AnyQuery = (...args: unknown[]) => unknown;
const query = pg.Client.prototype.query as AnyQuery;
pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
  const last = args.at(-1);
  if (typeof last === 'function') {
    args[args.length - 1] = (...answer: unknown[]) => {
      count();
      last(...answer);
    };
    return query.apply(this, args);
  }
  return (query.apply(this, args) as Promise<unknown>).then((answer) => {
    count();
    return answer;
  });
} as typeof pg.Client.prototype.query;

const programme = testProgramme();
const pool = makePool(databaseUrl, silentLog);
const database = makeDatabase(pool, { programme, links: testLinks });

if (what === 'record') {
  await database.inTransaction((stores) => stores.ledger.record(fourClicks(Number(deliveryId), new Date())));
} else {
  const sender = smtpMailSender({
    url: `${smtpUrl}?connections=2`,
    production: false,
    from: programme.brand.from,
  });
  // Past the hold window.
  const clock = () => new Date(Date.now() + programme.sales.holdMs);
  await sendOutbox(
    {
      outbox: database.stores.outbox,
      mails: namingRenderer,
      sender,
      programme,
      recheckMail: (mail, now) =>
        recheckMail({ database, programme, links: testLinks, say: testSay }, mail, now),
      random: Math.random,
      log: silentLog,
    },
    clock,
  );
  await sender.close();
}
await pool.end();
