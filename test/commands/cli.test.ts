import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { bareEnv } from '../support/processes.ts';
import { TEST_SECRET_KEY } from '../support/secret-key.ts';

const ROOT = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'simmer-cli-'));
let db: TestDatabase;
let installed: Record<string, string>;

beforeAll(async () => {
  db = await testDatabase();
  installed = {
    DATABASE_URL: db.url,
    PUBLIC_URL: 'https://news.nordwerk.example',
    SMTP_URL: 'smtp://127.0.0.1:9',
    SECRET_KEY: TEST_SECRET_KEY,
  };
  await db.database.stores.subscribers.add({
    email: 'anna@kade.example',
    name: 'Anna',
    company: null,
    jobTitle: null,
    phone: null,
    industry: null,
    companySize: null,
    country: null,
    language: 'nl',
    timeZone: 'Europe/Amsterdam',
    source: {},
    at: new Date('2026-11-21T09:00:00Z'),
  });
});
afterAll(async () => {
  await db?.close();
  rmSync(folder, { recursive: true, force: true });
});

function launch(args: string[], env: Record<string, string>, cwd = ROOT): ChildProcess {
  return spawn('node', [join(ROOT, 'src/bin.mjs'), ...args], {
    cwd,
    env: { ...bareEnv(), DATA_DIR: join(folder, 'data'), ...env },
  });
}

async function run(args: string[], env: Record<string, string> = {}, cwd = ROOT) {
  const child = launch(args, env, cwd);
  const [out, err] = [collect(child.stdout), collect(child.stderr)];
  const code = await ended(child);
  return { code, out: out(), err: err() };
}

function collect(stream: NodeJS.ReadableStream | null): () => string {
  let text = '';
  stream?.on('data', (part) => {
    text += part;
  });
  return () => text;
}

const ended = (child: ChildProcess) => new Promise<number | null>((done) => child.on('close', done));

// Each run starts a program of its own; on a busy machine of two cores that takes seconds.
describe('simmer', { timeout: 90_000 }, () => {
  it('explains every command, with an example', async () => {
    const commands = [
      ['start'],
      ['demo'],
      ['check'],
      ['migrate'],
      ['subscriber', 'show'],
      ['staff', 'sign-in'],
    ];
    const issues = [
      ['issue', 'send'],
      ['issue', 'rehearse'],
      ['issue', 'status'],
    ];
    await Promise.all(
      [...commands, ...issues].map(async (command) => {
        const { code, out } = await run([...command, '--help']);
        expect([command, code]).toEqual([command, 0]);
        expect(out).toMatch(/Examples?:\n[\s\S]*(simmer|npm run) /);
      }),
    );
  });

  it('refuses what it does not know', async () => {
    const unknown = await run(['strat']);
    expect(unknown.code).toBe(2);
    expect(unknown.err).toContain("unknown command 'strat'");
    expect((await run(['start', '--role', 'wbe'])).err).toContain('Allowed choices are web, worker, all');
  });
});

describe('simmer check', { timeout: 90_000 }, () => {
  it('finds everything good in what is shipped, as JSON alone', async () => {
    const { code, out } = await run(['check', '--json']);
    expect(JSON.parse(out)).toMatchObject({
      isGood: true,
      problems: [],
      checked: { languages: ['en', 'nl', 'de', 'fr'] },
    });
    expect(code).toBe(0);
  });

  it('names problems of settings and programme together, from any folder', async () => {
    const path = join(folder, 'mine.ts');
    writeFileSync(
      path,
      "import { defineProgramme } from 'simmer';\n// @ts-nocheck\nexport default defineProgramme({ brand: {} });\n",
    );
    const { code, out } = await run(['check', '--json', '--programme', path], { PORT: 'x' }, folder);
    const { problems } = JSON.parse(out) as { problems: { in: string; path: string }[] };
    expect(code).toBe(1);
    expect(problems).toContainEqual(expect.objectContaining({ in: 'settings', path: 'PORT', found: 'x' }));
    expect(problems).toContainEqual(
      expect.objectContaining({ in: 'programme', path: 'brand.name', found: 'nothing' }),
    );
  });

  it('says at which line a programme throws, and which language has no texts', async () => {
    const path = join(folder, 'throws.ts');
    writeFileSync(path, '\nconst nothing: any = null;\nexport default nothing.brand;\n');
    expect((await run(['check', '--programme', path])).out).toContain(
      'line 3: Cannot read properties of null',
    );
    const italian = join(folder, 'italian.ts');
    writeFileSync(
      italian,
      `import sample from '${ROOT}/feeds.config.ts';\nexport default { ...sample, languages: ['en', 'nl', 'de', 'it'] };\n`,
    );
    const { out } = await run(['check', '--programme', italian]);
    expect(out).toContain('interests[0].label.it');
  });

  it('says in how few words a language was dropped, what addresses became, and that the logo is missing', async () => {
    const path = join(folder, 'changed.ts');
    writeFileSync(
      path,
      `import sample from '${ROOT}/feeds.config.ts';
      const { brand, footerLinks } = sample;
      export default {
        ...sample,
        languages: ['en', 'nl'],
        brand: { ...brand, logo: '/assets/logo.png' },
        footerLinks: [...footerLinks, { ...footerLinks[0], id: 'x', url: 'https://bücher.example/a b' }],
      };
      `,
    );
    const { code, out } = await run(['check', '--programme', path]);
    expect(code).toBe(1);
    expect(out).toContain(
      `1 problem in ${path}:\n  - brand.logo\n    found: "/assets/logo.png": Simmer has no such file`,
    );
    expect(out.match(/"de"/g)).toHaveLength(2);
    expect(out).toContain(
      'footerLinks[6].url: https://bücher.example/a b\n    is used as https://xn--bcher-kva.example/a%20b',
    );
    const real = {
      PUBLIC_URL: 'https://news.tessel.nl',
      DATABASE_URL: 'postgres://simmer@127.0.0.1:9/simmer',
      SMTP_URL: 'smtp://127.0.0.1:9',
      SECRET_KEY: TEST_SECRET_KEY,
    };
    const { problems } = JSON.parse((await run(['check', '--json', '--programme', path], real)).out);
    expect(problems.map((problem: { path: string }) => problem.path)).toEqual([
      'brand.logo',
      'brand.from.address',
      'brand.replyTo',
    ]);
  });
});

describe('simmer with a database', { timeout: 90_000 }, () => {
  it('checks whether the programme still has what readers follow', async () => {
    await db.pool.query(
      `insert into subscribers (email, status, language, time_zone, interests, created_at, confirmed_at)
       values ('old@kade.example', 'active', 'nl', 'UTC', '{payroll,fax-machines}', '2026-01-01', '2026-01-01')`,
    );
    const path = join(folder, 'real.ts');
    writeFileSync(path, `import sample from '${ROOT}/feeds.config.ts';\nexport default { ...sample };\n`);
    const { out } = await run(['check', '--json', '--programme', path], installed);
    const { warnings } = JSON.parse(out) as { warnings: { path: string; found: string }[] };
    expect(warnings.filter((one) => one.path === 'interests')).toMatchObject([
      { found: 'no "fax-machines", which an active reader follows' },
    ]);
    await db.pool.query(`delete from subscribers where email = 'old@kade.example'`);
  });

  it('shows a subscriber, as JSON alone', async () => {
    const { code, out } = await run(['subscriber', 'show', 'Anna@kade.example', '--json'], installed);
    expect(JSON.parse(out)).toEqual({
      email: 'anna@kade.example',
      status: 'pending',
      suppressedWhy: null,
      pausedUntil: null,
      pauseReason: null,
      stage: 'unconfirmed',
      score: 0,
      interests: [],
      ledger: [],
      deliveries: [],
      qualifications: [],
    });
    expect(code).toBe(0);
  });

  it('says that nobody has an address', async () => {
    const { code, out, err } = await run(['subscriber', 'show', 'nobody@kade.example', '--json'], installed);
    expect([code, out, err]).toEqual([1, '', 'nobody has the address nobody@kade.example\n']);
  });

  it('lets staff in without mail, and nobody else', async () => {
    const { out } = await run(['staff', 'sign-in', 'Ada@nordwerk.example', '--json'], installed);
    expect(JSON.parse(out).url).toMatch(/^https:\/\/news\.nordwerk\.example\/staff\/sign-in\/[\w-]{32,}$/);
    const other = await run(['staff', 'sign-in', 'eve@evil.example'], installed);
    expect(other.code).toBe(1);
    expect(other.err).toContain('eve@evil.example is not on the programme');
  });

  it('finds nothing to migrate twice', async () => {
    expect(JSON.parse((await run(['migrate', '--json'], installed)).out)).toEqual({ migrations: [] });
  });

  it('stops a start that lacks a setting, and shows no secret', async () => {
    const { PUBLIC_URL: _, ...lacking } = installed;
    const { code, err } = await run(['start'], { ...lacking, LOG_LEVEL: 'loud' });
    expect(code).toBe(2);
    expect(err).toMatch(/The settings cannot be used: 2 problems[\s\S]*LOG_LEVEL[\s\S]*PUBLIC_URL/);
    expect(err).not.toContain(TEST_SECRET_KEY);
  });

  it('says in a sentence that the database cannot be reached', async () => {
    const { code, err } = await run(['start'], {
      ...installed,
      DATABASE_URL: 'postgres://x:hidden@127.0.0.1:9/x',
    });
    expect(code).toBe(2);
    expect(err).toMatch(/^The database at postgres:\/\/x:\*\*\*@127\.0\.0\.1:9\/x cannot be used: .+\n$/);
  });

  it('says in a sentence that its port is in use', async () => {
    const taken = createServer();
    const port = await new Promise<number>((done) =>
      taken.listen(0, '127.0.0.1', () => done((taken.address() as { port: number }).port)),
    );
    const { code, err } = await run(['start'], { ...installed, HOST: '127.0.0.1', PORT: String(port) });
    taken.close();
    expect(code).toBe(2);
    expect(err).toMatch(new RegExp(`^Port ${port} is in use: perhaps Simmer runs already\\.`));
  });
});

describe('simmer start, with nothing around it', { timeout: 90_000 }, () => {
  it('tells where to look, works beside the command line, and stops when asked', async () => {
    const child = launch(['start'], { PORT: '0', LOG_LEVEL: 'warn' });
    const [out, err] = [collect(child.stdout), collect(child.stderr)];
    const closed = ended(child);
    while (!out().includes('Programme') && child.exitCode === null)
      await new Promise((done) => setTimeout(done, 100));
    const base = /Sign-up page\s+(http:\/\/localhost:\d+)\//.exec(out())?.[1];
    expect(out() + err()).toMatch(
      /Inbox\s+http:[\s\S]*sign in as ada@nordwerk\.example[\s\S]*PostgreSQL \(data in /,
    );
    expect((await fetch(`${base}/health/ready`)).status).toBe(200);

    const beside = await run(['staff', 'sign-in', 'ada@nordwerk.example', '--json'], {
      PUBLIC_URL: base ?? '',
    });
    const page = await fetch(JSON.parse(beside.out).url);
    expect(page.status).toBe(200);

    child.kill('SIGTERM');
    expect(await closed).toBe(0);
    expect(err()).toContain('Stopping: finishing what is on the wire');
  });
});
