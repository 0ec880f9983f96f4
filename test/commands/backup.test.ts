import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { silentLog } from '../../src/adapters/log.ts';
import { type Embedded, startEmbedded } from '../../src/adapters/postgres/embedded/embedded.ts';
import { migrate } from '../../src/adapters/postgres/migrate.ts';
import { keptSecretKey } from '../../src/config/secret-key.ts';
import { asking, contents } from '../support/backup.ts';
import { emptyDatabase } from '../support/database.ts';
import { fillTables } from '../support/fill-tables.ts';
import { simmer } from '../support/processes.ts';
import { TEST_SECRET_KEY } from '../support/secret-key.ts';

const folder = mkdtempSync(join(tmpdir(), 'simmer-backup-cli-'));
const home = join(folder, 'home');
const file = join(folder, 'monday.simmer');
const PROGRAMME = join(import.meta.dirname, '../../feeds.config.ts');
let source: Embedded;
let key: string;
const embedded: Embedded[] = [];
const drops: (() => Promise<void>)[] = [];

beforeAll(async () => {
  source = await startEmbedded(home, silentLog, { throwAway: true });
  await migrate(source.url, silentLog);
  await asking(source.url, async (client) => {
    await fillTables(client, 6);
    await client.query(`update issues set status = 'done'; update issues set status = 'open' where id = 1;
      update deliveries set status = 'planned', is_on_wire = false, due_at = '2026-01-01' where issue_id = 1;
      update outbox set status = 'sent'; update outbox set status = 'planned' where id = 1;
      update webhook_messages set status = 'delivered'; update people_imports set status = 'done'`);
  });
  key = keptSecretKey(home);
}, 90_000);
afterEach(async () => {
  for (const one of embedded.splice(0)) await one.stop();
  for (const drop of drops.splice(0)) await drop();
});
afterAll(async () => {
  await source?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const run = (args: string[], env: Record<string, string>) => simmer(args, { PROGRAMME, ...env }).finished;
const onServer = (url: string): Record<string, string> => ({
  DATABASE_URL: url,
  PUBLIC_URL: 'https://news.nordwerk.example',
  SMTP_URL: 'smtp://127.0.0.1:9',
  SECRET_KEY: TEST_SECRET_KEY,
  DATA_DIR: join(folder, 'server'),
});
/** What a restore does not change of this database. */
const SAME = [
  'migrations',
  'restores',
  'workers',
  'host_places',
  'issues',
  'deliveries',
  'outbox',
  'batches',
  'domain_slots',
];

describe('simmer backup and simmer restore', { timeout: 180_000 }, () => {
  it('from an embedded database into another, with the key: the same, nothing sent, and what to do', async () => {
    const made = await run(['backup', file, '--with-key'], { DATA_DIR: home });
    expect(made.stderr).toBe('');
    expect(made.code).toBe(0);
    expect(made.stdout).toMatch(/monday\.simmer: 6 subscribers, 6 issues, \d+ rows in all as of 20.*kB/);
    expect(made.stdout).toContain('The key that signs links is in it');
    expect(statSync(file).mode & 0o777).toBe(0o600);

    const other = join(folder, 'other');
    const restored = await run(['restore', file], { DATA_DIR: other });
    expect(restored.stderr).toBe('');
    expect(restored.code).toBe(0);
    expect(restored.stdout).toContain('Nothing is sent by itself');
    expect(restored.stdout).toContain('1 issue is paused (1)');
    expect(restored.stdout).toContain(
      'simmer issue resolve ID --uncertain leave|resend, then simmer issue resume ID',
    );
    expect(restored.stdout).toContain('1 one-off mail is uncertain: simmer issue resolve one-off');
    expect(restored.stdout).toContain('who unsubscribed or was erased');
    expect(readFileSync(join(other, 'secret-key'), 'utf8').trim()).toBe(key);
    const to = await startEmbedded(other, silentLog, { throwAway: true });
    embedded.push(to);
    expect(await contents(to.url, SAME)).toEqual(await contents(source.url, SAME));
  });

  it('into a server, where another key is set: it says so, and how to get at the former one', async () => {
    const { url, drop } = await emptyDatabase();
    drops.push(drop);
    const restored = await run(['restore', file], onServer(url));
    expect(restored.code, restored.stderr).toBe(0);
    expect(restored.stdout).toContain('signed with another key than SECRET_KEY holds');
    expect(await contents(url, SAME)).toEqual(await contents(source.url, SAME));

    // And from there, without the key.
    const path = join(folder, 'server.simmer');
    const made = await run(['backup', path, '--json'], onServer(url));
    expect(JSON.parse(made.stdout)).toMatchObject({ file: path, hasKey: false, rows: { subscribers: 6 } });
    const again = await run(['restore', path, '--replace'], onServer(url));
    expect(again.code).toBe(1);
    expect(again.stderr).toMatch(
      /holds 6 subscribers.*To throw all that away without being asked, add --yes/,
    );
    const yes = await run(['restore', path, '--replace', '--yes', '--json'], onServer(url));
    expect(JSON.parse(yes.stdout)).toMatchObject({
      key: 'same',
      rows: { subscribers: 6 },
      held: { issues: [1] },
    });
  });

  it('what cannot be is told in a sentence, and changes nothing', async () => {
    const { url, drop } = await emptyDatabase();
    drops.push(drop);
    const refuses = async (args: string[], words: string | RegExp, env = onServer(url)) => {
      const { code, stderr, stdout } = await run(args, env);
      expect(stderr).toMatch(words);
      expect(stderr + stdout).not.toMatch(/^\s+at .*:\d+/m);
      expect(code).toBeGreaterThan(0);
    };
    await refuses(['backup', file], 'is there already: a backup never replaces another', {
      DATA_DIR: home,
    });
    await refuses(['backup', join(folder, 'no/folder/x')], /no\/folder\/x cannot be used: it is not there/);
    await refuses(['restore', join(folder, 'none.simmer')], /none\.simmer cannot be used: it is not there/);
    const broken = join(folder, 'broken.simmer');
    writeFileSync(broken, readFileSync(file).subarray(0, 2_000));
    await refuses(['restore', broken], 'broken.simmer cannot be restored: it is cut off.');
    await refuses(['restore', file, '--replace', '--yes'], 'Stop it first: web, workers and commands', {
      DATA_DIR: home,
    });
    await refuses(['restore', file], 'nothing answers there', onServer('postgres://u:p@127.0.0.1:9/x'));
    expect(existsSync(join(folder, 'no'))).toBe(false);
    expect(await contents(url)).toEqual({});
  });
});
