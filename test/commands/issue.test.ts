import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { simmer } from '../support/processes.ts';
import { TEST_SECRET_KEY } from '../support/secret-key.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
  await db.pool.query(
    `insert into subscribers (email, status, language, time_zone, interests, created_at, confirmed_at) values
     ('anna@kade.example', 'active', 'en', 'Europe/Amsterdam', '{payroll}', now(), now()),
     ('bram@kade.example', 'active', 'nl', 'Europe/Amsterdam', '{payroll}', now(), now()),
     ('carl@kade.example', 'pending', 'en', 'Europe/Amsterdam', '{payroll}', now(), null)`,
  );
  await db.pool.query(
    `insert into articles (feed_url, url, title, summary, language, interests, published_at, first_seen_at)
     select '/sample/feeds/en/payroll.rss', 'https://blog.example/' || n, 'Article ' || n, '', 'en', '{payroll}',
            now() - n * interval '1 hour', now() from generate_series(1, 8) n`,
  );
});
afterAll(() => db.close());

const env = () => ({
  DATABASE_URL: db.url,
  PUBLIC_URL: 'https://news.nordwerk.example',
  SMTP_URL: 'smtp://127.0.0.1:9',
  SECRET_KEY: TEST_SECRET_KEY,
});

async function issue(...args: string[]) {
  const { code, stdout: out, stderr: err } = await simmer(['issue', ...args], env()).finished;
  return { code, out, err };
}
const count = async (table: string) =>
  (await db.pool.query(`select count(*)::int as n from ${table}`)).rows[0].n as number;

// Each command starts a process of its own, which takes seconds on a busy machine.
describe('simmer issue', { timeout: 90_000 }, () => {
  it('rehearses: JSON alone on stdout, nothing written', async () => {
    const { code, out, err } = await issue('rehearse', '--digest', 'news', '--json');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const rehearsal = JSON.parse(out);
    expect(rehearsal.counts).toEqual({ readers: 2, mails: 1, skipped: 1, articles: 8 });
    expect(rehearsal.digest).toBe('news');
    expect(rehearsal.readers[0].email).toBe('anna@kade.example');
    expect(Object.keys(rehearsal.readers[0].picks[0])).toEqual([
      'title',
      'url',
      'interest',
      'reason',
      'because',
    ]);
    expect(rehearsal.readers[1]).toEqual({
      email: 'bram@kade.example',
      skip: 'no fresh articles about Payroll in Dutch; 5 needed (of 8 in this issue, 0 had before)',
      because: {
        code: 'skip.none',
        values: { interests: ['payroll'], language: 'nl', needed: 5, all: 8, had: 0 },
      },
    });
    expect(await count('issues')).toBe(0);
  });

  it('rehearses in words', async () => {
    const { out } = await issue('rehearse');
    expect(out).toContain('anna@kade.example\n  Article 1  best match for Payroll, published today\n');
    expect(out).toContain('bram@kade.example\n  no mail: no fresh articles about Payroll in Dutch');
    expect(out).toContain('1 of 2 active readers gets a mail, 1 does not; 8 fresh articles');
  });

  it('ends with 1 and says what must be mended, after the whole answer', async () => {
    await db.pool.query(`update subscribers set language = 'nl' where email = 'anna@kade.example'`);
    const { code, out, err } = await issue('rehearse', '--digest', 'news', '--json');
    await db.pool.query(`update subscribers set language = 'en' where email = 'anna@kade.example'`);
    expect(code).toBe(1);
    expect(JSON.parse(out).problems).toEqual(['nobody of 2 readers would get a mail of "news"']);
    expect(err).toContain('1 thing to mend before this issue goes out');
  });

  it('writes the mail of a reader to a file, and says why there is none', async () => {
    const file = join(tmpdir(), `simmer-preview-${process.pid}.html`);
    const { code, out } = await issue('preview', '--for', 'Anna@kade.example', '--out', file, '--json');
    expect(code).toBe(0);
    const shown = JSON.parse(out);
    expect(shown).toMatchObject({
      email: 'anna@kade.example',
      digest: 'news',
      file,
      subject: expect.stringContaining('Article 1'),
    });
    const html = readFileSync(file, 'utf8');
    rmSync(file);
    expect(html).toContain('https://blog.example/1');
    expect(html).toContain('Because you chose “Payroll”');
    expect(html).not.toContain('/c/d');
    expect(html).not.toContain('/o/d');
    const bram = await issue('preview', '--for', 'bram@kade.example');
    expect(bram).toMatchObject({
      code: 1,
      err: expect.stringContaining('would get no mail: no fresh articles about'),
    });
    const nobody = await issue('preview', '--for', 'nobody@kade.example');
    expect(nobody.err).toContain('found no subscriber nobody@kade.example');
  });

  it('sends now to one reader, and shows the status', async () => {
    const { code, out } = await issue(
      'send',
      '--digest',
      'news',
      '--now',
      '--to',
      'anna@kade.example',
      '--json',
    );
    expect(code).toBe(0);
    const sent = JSON.parse(out);
    expect(sent).toMatchObject({ planned: 1, slot: expect.stringMatching(/^now-\d{4}-/) });
    await db.pool.query(`update deliveries set status = 'uncertain', reason = 'the worker stopped'`);
    const status = JSON.parse((await issue('status', '--json')).out);
    expect(status.issues).toMatchObject([
      { id: sent.issueId, digestId: 'news', deliveries: { uncertain: 1 } },
    ]);
    expect(status.uncertain).toMatchObject([{ to: 'anna@kade.example', reason: 'the worker stopped' }]);
    expect((await issue('status')).out).toContain('to anna@kade.example: the worker stopped');
  });

  it('tells no status without its reason: of an issue, of its mails, of a reader', async () => {
    const { rows } = await db.pool.query('select id from issues');
    const id = String(rows[0].id);
    await db.pool.query(`update deliveries set status = 'skipped', reason = 'has chosen no interests'`);
    await db.pool.query(`update issues set status = 'paused', pause_reason = 'paused by Ada'`);
    expect((await issue('status')).out).toContain('paused (paused by Ada): 1 skipped');
    const closely = (await issue('status', id, '--no-watch')).out;
    expect(closely).toContain(': paused (paused by Ada)\n');
    expect(closely).toContain('Left out:\n       1  has chosen no interests');
    await db.pool.query(
      `insert into suppressions (email, at, cause, why) values ('anna@kade.example', now(), 'by-hand', 'asked by phone')`,
    );
    await db.pool.query(
      `update subscribers set status = 'suppressed', paused_until = '2999-01-01', pause_reason = 'the last 3 mails came back'
        where email = 'anna@kade.example'`,
    );
    const { stdout } = await simmer(['subscriber', 'show', 'anna@kade.example'], env()).finished;
    expect(stdout).toContain('anna@kade.example: suppressed (asked by phone), ');
    expect(stdout).toContain('Mails pause until 2999-01-01 00:00: the last 3 mails came back\n');
    expect(stdout).toContain(`Issue ${id}: skipped (has chosen no interests)`);
  });

  it.each([
    [['rehearse', '--digest', 'nws'], 1, 'found the digest "nws"; the programme has: news'],
    [
      ['send', '--digest', 'news', '--now', '--to', 'carl@kade.example'],
      1,
      'found carl@kade.example pending',
    ],
    [['send', '--digest', 'news'], 2, "required option '--now'"],
  ])('says what is wrong with %j', async (args, code, message) => {
    const answer = await issue(...args);
    expect(answer.err).toContain(message);
    expect(answer.code).toBe(code);
    expect(answer.err).not.toContain('    at ');
  });
});
