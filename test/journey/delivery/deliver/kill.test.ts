import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../support/database.ts';
import { issueForReaders, statuses } from '../../../support/issues.ts';
import { present } from '../../../support/present.ts';
import { startSmtpServer, type TestSmtpServer } from '../../../support/smtp-server.ts';

const SCRIPT = fileURLToPath(new URL('../../../support/deliver-child.ts', import.meta.url));
const CONNECTIONS = 4;
const READERS = 600;

let db: TestDatabase;
let server: TestSmtpServer;
const children: ChildProcess[] = [];

beforeEach(async () => {
  db = await testDatabase();
  server = await startSmtpServer({ latencyMs: 10 });
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await server.close();
  await db.close();
});

function startWorker(issueId: number, faster = 1): ChildProcess {
  const url = `${server.url}?connections=${CONNECTIONS}`;
  const args = [db.url, url, String(issueId), String(faster)];
  const child = spawn(process.execPath, ['--import', 'tsx', SCRIPT, ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  children.push(child);
  return child;
}

const isOver = (worker: ChildProcess) => worker.exitCode !== null || worker.signalCode !== null;
const ended = async (worker: ChildProcess) => isOver(worker) || once(worker, 'exit');

/** When the server has so many mails, or the worker that was to send them has ended. */
async function whenReceived(mails: number, worker?: ChildProcess) {
  while (server.mails.length < mails && !(worker && isOver(worker)))
    await new Promise((resolve) => setTimeout(resolve, 2));
}

/** Another worker of this machine comes up: it need not wait until the dead were silent for long. */
async function takeOver() {
  const presence = await present(db);
  await presence.stop();
}

async function byStatus(issueId: number): Promise<Map<string, string>> {
  const { rows } = await db.pool.query(
    'select s.email, d.status from deliveries d join subscribers s on s.id = d.subscriber_id where d.issue_id = $1',
    [issueId],
  );
  return new Map(rows.map(({ email, status }) => [email, status]));
}

it('kill -9 of workers while they send: nobody twice, nobody left out, what was on the wire is uncertain', async () => {
  const issueId = await issueForReaders(db, READERS, new Date());
  let uncertain = 0;
  for (const mailsBeforeKill of [40, 150, 260, 400]) {
    // Two side by side, killed at their own moments. One may have found nothing to claim, and be gone already.
    const workers = [startWorker(issueId), startWorker(issueId)] as const;
    await whenReceived(mailsBeforeKill);
    workers[0].kill('SIGKILL');
    await whenReceived(mailsBeforeKill + 15, workers[1]);
    workers[1].kill('SIGKILL');
    await Promise.all(workers.map(ended));
    const { sending = 0 } = await statuses(db, issueId);
    expect(sending).toBeLessThanOrEqual(2 * 2 * CONNECTIONS);
    await takeOver();
    uncertain += sending;
    const after = await statuses(db, issueId);
    expect(after.claimed ?? 0, 'mails that stay in the hands of the dead').toBe(0);
    expect(after).toMatchObject(uncertain > 0 ? { uncertain } : {});
  }
  await ended(startWorker(issueId));

  const fates = await byStatus(issueId);
  const received = server.mails.map(({ to }) => to);
  expect(new Set(received).size, 'mails sent twice').toBe(received.length);
  expect(await statuses(db, issueId)).toEqual({ sent: READERS - uncertain, uncertain });
  expect(uncertain).toBeGreaterThan(0);
  for (const [email, status] of fates)
    if (status === 'sent') expect(received, `${email} is marked sent`).toContain(email);
  const notMarkedSent = received.filter((email) => fates.get(email) !== 'sent');
  for (const email of notMarkedSent) expect(fates.get(email)).toBe('uncertain');
  const { rows } = await db.pool.query('select sum(mails_sent)::int as n from subscribers');
  expect(rows[0].n).toBe(READERS - uncertain);
}, 120_000);

it('SIGTERM: what is on the wire is finished, the rest handed back at once', async () => {
  const issueId = await issueForReaders(db, 300, new Date());
  const worker = startWorker(issueId);
  await whenReceived(50);
  worker.kill('SIGTERM');
  expect(await once(worker, 'exit')).toEqual([0, null]);
  const now = await statuses(db, issueId);
  expect(now).toEqual({ sent: server.mails.length, planned: 300 - server.mails.length });
  expect(now.planned).toBeGreaterThan(0);
});

/** Until every mail has a fate; what waits for another try need not wait. */
async function settleAll(issueId: number, faster: number) {
  const isOpen = (status: string) => status !== 'sent' && status !== 'uncertain';
  let worker: ChildProcess | null = null;
  while (Object.keys(await statuses(db, issueId)).some(isOpen)) {
    await db.pool.query(`update deliveries set due_at = now() where status = 'planned'`);
    if (worker === null || isOver(worker)) worker = startWorker(issueId, faster);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  if (worker) await ended(worker);
}

it('a worker that was stopped for longer than others wait, and comes back, sends nothing of what they took over', async () => {
  const issueId = await issueForReaders(db, READERS, new Date());
  // Thirty seconds of silence are two here.
  const faster = 15;
  const stalled = startWorker(issueId, faster);
  await whenReceived(60);
  stalled.kill('SIGSTOP');
  const presence = await present(db, faster);
  // What the stopped one had on the wire becomes uncertain, all else is sent by others.
  await settleAll(issueId, faster);
  expect((await statuses(db, issueId)).uncertain).toBeGreaterThan(0);
  stalled.kill('SIGCONT');
  await ended(stalled);
  await settleAll(issueId, faster);
  await presence.stop();

  const received = server.mails.map(({ to }) => to);
  expect(new Set(received).size, 'mails sent twice').toBe(received.length);
  // It knows what became of all that it had on the wire, and said so when it came back.
  expect(await statuses(db, issueId)).toEqual({ sent: READERS });
  expect(received).toHaveLength(READERS);
}, 120_000);
