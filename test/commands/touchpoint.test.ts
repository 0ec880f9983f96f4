import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { addLead, stateOf } from '../support/leads.ts';
import { simmer } from '../support/processes.ts';
import { realFile } from '../support/real-use.ts';
import { TEST_SECRET_KEY } from '../support/secret-key.ts';

const folder = mkdtempSync(join(tmpdir(), 'simmer-touchpoint-'));
let db: TestDatabase;
let env: Record<string, string>;
beforeAll(async () => {
  db = await testDatabase();
  env = {
    DATABASE_URL: db.url,
    PUBLIC_URL: 'https://news.nordwerk.example',
    SMTP_URL: 'smtp://127.0.0.1:9',
    SECRET_KEY: TEST_SECRET_KEY,
    DATA_DIR: folder,
  };
});
afterAll(async () => {
  await db?.close();
  rmSync(folder, { recursive: true, force: true });
});
const run = (...args: string[]) => simmer(args, env).finished;

it('api-key: made once, shown once, listed without it, revoked', async () => {
  const made = await run('api-key', 'create', 'crm', '--scopes', 'events:write', '--json');
  const { id, key } = JSON.parse(made.stdout);
  expect(key).toMatch(/^simmer_[\w-]{32}$/);
  const listed = await run('api-key', 'list', '--json');
  expect(JSON.parse(listed.stdout)).toMatchObject([
    { id, name: 'crm', scopes: ['events:write'], revokedAt: null },
  ]);
  expect(listed.stdout).not.toContain(key);
  expect((await run('api-key', 'revoke', String(id))).code).toBe(0);
  expect((await run('api-key', 'list')).stdout).toContain('revoked');
  const again = await run('api-key', 'revoke', String(id));
  expect([again.code, again.stderr]).toEqual([1, expect.stringContaining(`no key ${id}`)]);
  expect((await run('api-key', 'create', 'x', '--scopes', 'everything')).code).toBe(2);
}, 240_000);

it('touchpoint import: a dry run, then the list, its bad rows named by line', async () => {
  const lead = await addLead(db.pool, { email: 'ken@fair.example' });
  const file = join(folder, 'fair.csv');
  writeFileSync(
    file,
    'email;name;note\nken@fair.example;Ken;wants a demo\nno address;Nia;\nnew@fair.example;Nia;\n',
  );
  const dry = await run('touchpoint', 'import', file, '--date', '2026-01-12', '--dry-run', '--json');
  expect(JSON.parse(dry.stdout)).toMatchObject({
    dryRun: true,
    recorded: 1,
    newLeads: 1,
    known: 0,
    leftOut: 1,
  });
  expect(await stateOf(db.pool, lead)).toMatchObject({ events: 0 });
  const done = await run('touchpoint', 'import', file, '--date', '2026-01-12');
  expect(done.code).toBe(1);
  expect(done.stdout).toContain('recorded: 2 (1 of them a new lead)');
  expect(done.stdout).toContain('line 3, email: found "no address"');
  expect(await stateOf(db.pool, lead)).toMatchObject({ events: 1 });
  expect((await run('touchpoint', 'import', join(folder, 'nothing.csv'))).stderr).toContain('cannot be read');
}, 240_000);

it('touchpoint import reads what Excel saves in Germany and the Netherlands, letter by letter', async () => {
  const file = join(folder, 'messe.csv');
  writeFileSync(file, realFile('13-touchpoint-import-windows-1252/fair.csv'));
  expect((await run('touchpoint', 'import', file, '--date', '2026-01-12')).code).toBe(0);
  const { rows } = await db.pool.query(
    `select name, company from subscribers where email = 'tp1@people.example'`,
  );
  expect(rows).toEqual([{ name: 'Jörg Müller', company: 'Bäckerei' }]);
}, 240_000);
