import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { silentLog } from '../../src/adapters/log.ts';
import { makePool } from '../../src/adapters/postgres/pool.ts';
import { makeLinks } from '../../src/domain/links.ts';
import { freePort } from '../../src/start/listen.ts';
import { addDelivery, addIssue, addLead, stateOf } from '../support/leads.ts';
import { type SimmerProcess, simmer, stopGracefully } from '../support/processes.ts';

const BROWSER = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0' };
let folder: string;
let port: number;
let program: SimmerProcess;
let url: string;

afterAll(async () => {
  program?.child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const statusOf = (path: string) =>
  fetch(url + path).then(
    ({ status }) => status,
    () => null,
  );
/** Where the embedded server's files are: elsewhere when its account cannot get into the data folder. */
const home = () =>
  (JSON.parse(readFileSync(join(folder, 'postgres.json'), 'utf8')) as { home: string | null }).home ??
  join(folder, 'postgres');
const serverPid = () => Number(readFileSync(join(home(), 'cluster/postmaster.pid'), 'utf8').split('\n')[0]);
async function takePort(server: Server, port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const isTaken = await new Promise<boolean>((done) => {
      server.once('error', () => done(false));
      server.listen(port, '127.0.0.1', () => done(true));
    });
    if (isTaken) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`port ${port} could not be taken`);
}
const signUp = (email: string, language = 'en') =>
  fetch(`${url}/sign-up`, {
    method: 'POST',
    headers: { 'accept-language': language, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ email, language }),
    redirect: 'manual',
  });

it('the embedded PostgreSQL is started again when it dies; meanwhile pages say so, clicks land, and the log stays short', async () => {
  folder = mkdtempSync(join(tmpdir(), 'simmer-dies-'));
  port = await freePort();
  url = `http://localhost:${port}`;
  program = simmer(['start'], { DATA_DIR: folder, PORT: String(port) });
  await expect.poll(() => statusOf('/health/ready'), { timeout: 60_000 }).toBe(200);
  const kept = JSON.parse(readFileSync(join(folder, 'postgres.json'), 'utf8')) as {
    password: string;
    port: number;
  };
  const pool = makePool(`postgres://simmer:${kept.password}@127.0.0.1:${kept.port}/simmer`, silentLog);
  const issueId = await addIssue(pool);
  const lead = await addLead(pool);
  const deliveryId = await addDelivery(pool, issueId, lead);
  const links = makeLinks(url, [readFileSync(join(folder, 'secret-key'), 'utf8').trim()]);
  const click = async (link: number) =>
    (await fetch(links.click(issueId, deliveryId, link), { redirect: 'manual', headers: BROWSER })).status;
  expect(await click(1)).toBe(302);

  const before = program.said().split('\n').length;
  const pid = serverPid();
  process.kill(pid, 'SIGKILL');
  // Its port is somebody else's for a while, who hangs up on all that ask: so that it cannot be back before we have looked.
  const squatter = createServer((socket) => socket.destroy());
  await takePort(squatter, kept.port);
  for (let n = 0; n < 20; n += 1) {
    const answer = await signUp(`n${n}@kade.example`, n % 2 ? 'nl' : 'de');
    expect(answer.status).toBe(503);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await answer.text()).toContain(n % 2 ? 'Zo weer terug' : 'Gleich wieder da');
  }
  expect((await fetch(links.preferences(lead))).status).toBe(503);
  expect(await statusOf('/health/live')).toBe(200);
  expect(await click(0)).toBe(302);
  await new Promise((gone) => squatter.close(gone));

  await expect.poll(() => statusOf('/health/ready'), { timeout: 60_000 }).toBe(200);
  expect(serverPid()).not.toBe(pid);
  expect((await signUp('back@kade.example')).status).toBe(303);
  await expect
    .poll(async () => (await stateOf(pool, lead).catch(() => null))?.score, { timeout: 20_000 })
    .toBe(6);
  await pool.end();
  const said = program
    .said()
    .split('\n')
    .slice(before - 1)
    // What feeds bring meanwhile is no word about the database.
    .filter((line) => !/new articles|issue done/.test(line));
  const times = (words: string) => said.filter((line) => line.includes(words)).length;
  expect(times('the embedded PostgreSQL has ended: starting it again')).toBe(1);
  expect(times('the embedded PostgreSQL is back')).toBe(1);
  expect(times('the database is away')).toBe(1);
  expect(times('the database answers again')).toBe(1);
  expect(times('cannot be started yet')).toBeLessThanOrEqual(2);
  expect(said.length, said.join('\n')).toBeLessThan(15);
  expect(readdirSync(join(folder, 'spool')).filter((name) => name.endsWith('.hits'))).toEqual([]);
  expect(await stopGracefully(program)).toBe(0);
}, 150_000);
