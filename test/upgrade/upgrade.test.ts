import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLog } from '../../src/adapters/log.ts';
import { issueMailWriter } from '../../src/adapters/mail-templates/issue-writer/issue-writer.ts';
import { type LoadedMails, loadMails } from '../../src/adapters/mail-templates/renderer.ts';
import { migrate } from '../../src/adapters/postgres/migrate.ts';
import { makePool } from '../../src/adapters/postgres/pool.ts';
import { loadTexts, sayer } from '../../src/adapters/templates/texts.ts';
import { loadProgramme } from '../../src/config/load-programme.ts';
import { makeDatabase } from '../../src/database.ts';
import { makeLinks } from '../../src/domain/links.ts';
import type { Programme } from '../../src/domain/programme.ts';
import { hashSecret } from '../../src/domain/staff/sign-in.ts';
import { makeHandlers } from '../../src/jobs/handlers.ts';
import { resumeIssue } from '../../src/journey/delivery/control-issue.ts';
import { takeOver } from '../../src/journey/delivery/deliver/take-over.ts';
import type { Database } from '../../src/journey/ports.ts';
import { applyReturns } from '../../src/journey/returns/apply-returns.ts';
import { templates } from '../../src/template-folders.ts';
import { staffPages } from '../../src/web/staff/routes.ts';
import { keepingSender } from '../support/content.ts';
import { emptyDatabase } from '../support/database.ts';
import { simmer } from '../support/processes.ts';
import { rememberingQueue, testApp, testWebContext } from '../support/web.ts';
import { loadBefore, OF_BEFORE } from './database-of-before.ts';
import { dataIn, RAW, shareOfWords, textOf } from './said-on-a-page.ts';

const NOW = OF_BEFORE.now;
const SAMPLE = join(import.meta.dirname, '../../feeds.config.ts');
const links = makeLinks(OF_BEFORE.publicUrl, [OF_BEFORE.secret]);
const texts = loadTexts(templates('locales'));
const COOKIE = 'a session of the upgrade';

let url: string;
let drop: () => Promise<void>;
let pool: pg.Pool;
let database: Database;
let programme: Programme;
let mails: LoadedMails;
let app: FastifyInstance;
let before: Awaited<ReturnType<typeof everything>>;

/** What must be the same afterwards, and the sentences of then. */
async function everything(db: pg.Pool) {
  const rows = async <T extends object>(sql: string) => (await db.query<T>(sql)).rows;
  return {
    scores: await rows(
      `select s.id, s.email, s.status, s.stage, s.score, s.mails_sent,
              (select coalesce(sum(points), 0)::int from score_entries e where e.subscriber_id = s.id) as sum,
              (select string_agg(e.points || ' ' || e.rule || ' ' || e.at, ', ' order by e.id) from score_entries e
                where e.subscriber_id = s.id) as entries
         from subscribers s order by s.id`,
    ),
    standing: await rows(
      `select 'mail ' || id as what, status from deliveries union all select 'outbox ' || id, status from outbox
        union all select 'event ' || id, class from events union all select 'issue ' || id, status from issues
        union all select 'qualification ' || id, outcome from (select q.id, coalesce(closed_at::text, 'open') as outcome from qualifications q) q
        union all select 'webhook ' || id, status from webhook_messages union all select 'import ' || id, status from people_imports
        order by 1`,
    ),
    causes: await rows<{ cause: string; lead: number }>(
      `-- An answer of sales stands on the page as that answer, with its points.
      select cause, min(subscriber_id)::int as lead from score_entries where rule <> 'returned' group by cause order by cause`,
    ),
    verdicts: await rows<{ reason: string; lead: number }>(
      // A mail proxy's are behind the class, which pages name.
      `select reason, min(subscriber_id)::int as lead from events, unnest(class_reasons) reason where class <> 'proxied'
        group by reason order by reason`,
    ),
    notSent: await rows<{ reason: string; lead: number; issue: number }>(
      `select reason, min(subscriber_id)::int as lead, min(issue_id)::int as issue from deliveries
        where reason is not null group by reason order by reason`,
    ),
    issues: await rows<{ id: number; pause_reason: string | null }>(
      `select id::int, pause_reason from issues order by id`,
    ),
    feeds: await rows<{ last_error: string }>(`select last_error from feeds where last_error is not null`),
    suppressions: await rows<{ why: string }>(
      `select distinct why from suppressions where lifted_at is null`,
    ),
  };
}

beforeAll(async () => {
  ({ url, drop } = await emptyDatabase());
  await loadBefore(url);
  pool = makePool(url, silentLog);
  before = await everything(pool);
  await migrate(url, silentLog);
  ({ programme } = await loadProgramme(SAMPLE, false));
  database = makeDatabase(pool, { programme, links });
  mails = await loadMails(templates('mails'), texts, { ...programme.brand, publicUrl: OF_BEFORE.publicUrl });
  const context = testWebContext(database, {
    programme,
    links,
    publicUrl: OF_BEFORE.publicUrl,
    now: () => NOW,
  });
  app = await testApp(context, staffPages);
  await database.stores.staff.addSession({
    email: 'ada@nordwerk.example',
    csrfToken: 'token',
    expiresAt: new Date('2100-01-01'),
    idHash: hashSecret(COOKIE),
    createdAt: NOW,
    ip: null,
    userAgent: null,
  });
});
afterAll(async () => {
  await app?.close();
  await pool?.end();
  await drop?.();
});

async function page(path: string, language: string): Promise<string> {
  const answer = await app.inject({
    url: path,
    headers: { cookie: `simmer_staff=${encodeURIComponent(COOKIE)}`, 'accept-language': language },
  });
  expect([path, answer.statusCode]).toEqual([path, 200]);
  const text = textOf(answer.body);
  expect([path, language, RAW.exec(text)?.[0] ?? null]).toEqual([path, language, null]);
  return text;
}

/** In the sentence of then, or in the words of this language with the same names in them. */
async function isReadable(path: string, sentence: string): Promise<void> {
  for (const language of programme.languages) {
    const text = await page(path, language);
    for (const known of dataIn(sentence)) expect(text, `${path} in ${language}`).toContain(known);
    if (language === 'en')
      expect([path, sentence, shareOfWords(sentence, text) >= 0.5]).toEqual([path, sentence, true]);
  }
}

it('is a database with everything in it that is to be brought over', () => {
  const standing = new Set(
    before.standing.map((row) =>
      Object.values(row as object)
        .join(' ')
        .replace(/\d+ /, ''),
    ),
  );
  for (const one of [
    'mail planned',
    'mail claimed',
    'mail sent',
    'mail skipped',
    'mail failed',
    'mail uncertain',
    'mail cancelled',
  ])
    expect(standing, one).toContain(one);
  for (const one of ['outbox planned', 'outbox sent', 'outbox dropped', 'outbox uncertain', 'event machine'])
    expect(standing, one).toContain(one);
  for (const one of [
    'issue open',
    'issue paused',
    'issue cancelled',
    'issue done',
    'webhook planned',
    'import running',
  ])
    expect(standing, one).toContain(one);
  expect(before.scores.length).toBeGreaterThan(200);
  for (const cause of [
    /^taken back/,
    / said: it was a person$/,
    / said: it was a machine$/,
    /rules changed/,
    /with time$/,
  ])
    expect(
      before.causes.some((one) => cause.test(one.cause)),
      String(cause),
    ).toBe(true);
});

it('keeps every score, entry by entry, and every score is the sum of its ledger', async () => {
  const { scores, standing } = await everything(pool);
  expect(scores).toEqual(before.scores);
  expect(standing).toEqual(before.standing);
  const wrong = (scores as { score: number; sum: number }[]).filter(({ score, sum }) => score !== sum);
  expect(wrong).toEqual([]);
});

describe('says the reasons of then, in every language', () => {
  it('of points', async () => {
    for (const { cause, lead } of before.causes) await isReadable(`/staff/leads/${lead}`, cause);
  });
  it('of what hits were taken for', async () => {
    for (const { reason, lead } of before.verdicts) await isReadable(`/staff/leads/${lead}`, reason);
  });
  it('of mails that were not sent, on the reader’s page', async () => {
    for (const { reason, lead } of before.notSent) await isReadable(`/staff/leads/${lead}`, reason);
  });
  it('of issues that are paused or cancelled', async () => {
    for (const { id, pause_reason } of before.issues)
      await isReadable(`/staff/issues/${id}`, pause_reason ?? '');
  });
  it('of feeds that cannot be read and of addresses that are not written to', async () => {
    for (const { last_error } of before.feeds) await isReadable('/staff/content', last_error);
    for (const { why } of before.suppressions) await isReadable('/staff/settings/suppressions', why);
  });
  it('on every other page', async () => {
    const lists = [
      '',
      '/desk',
      '/people',
      '/issues',
      '/content',
      '/scoring',
      '/settings',
      '/settings/audit',
      '/settings/webhooks',
      '/people/import',
      '/costs',
    ];
    for (const path of lists)
      for (const language of programme.languages) await page(`/staff${path}`, language);
  });
});

it('is read by the command line', async () => {
  const env = {
    DATABASE_URL: url,
    PUBLIC_URL: OF_BEFORE.publicUrl,
    SMTP_URL: 'smtp://127.0.0.1:9',
    SECRET_KEY: OF_BEFORE.secret,
    PROGRAMME: SAMPLE,
  };
  const run = (...args: string[]) => simmer(args, env).finished;
  const [lead] = (
    await pool.query<{ email: string; score: number }>(
      `select email, score from subscribers where score > 0 and stage = 'sql' order by id limit 1`,
    )
  ).rows;
  const shown = await run('subscriber', 'show', lead!.email);
  expect([shown.code, shown.stderr]).toEqual([0, '']);
  expect(shown.stdout).toContain(String(lead!.score));
  expect(RAW.exec(shown.stdout)).toBeNull();
  const json = await run('subscriber', 'show', lead!.email, '--json');
  expect(JSON.parse(json.stdout)).toMatchObject({ email: lead!.email, score: lead!.score });
  // The sample programme has made-up addresses, which a real installation must not have; of the database it says nothing.
  const checked = await run('check');
  expect([
    checked.stderr,
    /^(?:2 problems| {2}- brand\.(?:from\.address|replyTo)| {4}(?:found|allowed): .*|\s*)/.test(
      checked.stdout,
    ),
  ]).toEqual(['', true]);
  const examined = await run('doctor', '--json');
  expect(examined.stdout).toContain('Postgres');
  const status = await run('issue', 'status', '4');
  expect([status.code, RAW.exec(status.stdout)]).toEqual([0, null]);
});

describe('goes on', () => {
  const working = (now = NOW) => {
    const sender = keepingSender();
    const posted: string[] = [];
    const queue = rememberingQueue();
    const deps = {
      programme,
      database,
      links,
      queue,
      log: silentLog,
      mails,
      say: sayer(texts),
      feedReader: { read: async () => ({ status: 'unchanged' as const }) },
      imageChecker: {
        check: async (image: string) => ({ url: image, width: 800, height: 600, fault: null }),
      },
      writer: issueMailWriter(mails.parts, {
        programme,
        links,
        publicUrl: OF_BEFORE.publicUrl,
        secrets: [OF_BEFORE.secret],
        returnPathDomain: OF_BEFORE.returnPathDomain,
        signer: null,
        log: silentLog,
      }),
      sender,
      webhookSender: {
        post: async (_: string, body: string) => {
          posted.push(body);
          return { statusCode: 204, error: null, tookMs: 1 };
        },
      },
      secrets: [OF_BEFORE.secret],
      worker: 'worker of today',
      signal: new AbortController().signal,
      now: () => now,
      random: () => 0,
    };
    return { sender, posted, deps, handle: makeHandlers(deps) };
  };
  const counts = async (sql: string, values: unknown[] = []) =>
    Object.fromEntries(
      (await pool.query<{ status: string; n: number }>(sql, values)).rows.map(({ status, n }) => [status, n]),
    );

  it('with the issue that was half sent: who was left gets it, and nobody twice', async () => {
    const half = `select d.id, s.email, d.status from deliveries d join subscribers s on s.id = d.subscriber_id
                   where d.issue_id = (select max(id) from issues where status = 'open')`;
    const { rows: then } = await pool.query<{ id: number; email: string; status: string }>(half);
    const issueId = Math.max(...before.issues.map(({ id }) => id));
    const { sender, deps, handle } = working();
    await takeOver(deps, NOW);
    await handle({ name: 'deliver-issue', issueId });
    const got = sender.wired.map(({ to }) => to);
    expect(new Set(got).size).toBe(got.length);
    expect(got.length).toBeGreaterThan(50);
    const settled = then
      .filter(({ status }) => !['planned', 'claimed'].includes(status))
      .map(({ email }) => email);
    expect(settled.length).toBeGreaterThan(30);
    expect(got.filter((email) => settled.includes(email))).toEqual([]);
    const { rows: now } = await pool.query<{ id: number; email: string; status: string }>(half);
    const sent = now.filter(({ status }) => status === 'sent').length;
    expect(sent).toBe(got.length + then.filter(({ status }) => status === 'sent').length);
    expect(now.filter(({ status }) => ['claimed', 'planned'].includes(status))).toEqual([]);
  });

  it('with the issue that had stopped itself, once somebody says so', async () => {
    const { sender, handle } = working();
    await handle({ name: 'deliver-issue', issueId: 4 });
    expect(sender.wired).toEqual([]);
    expect(await resumeIssue(database, { issueId: 4, by: 'milan@nordwerk.example' }, NOW)).toBe(true);
    const { rows } = await pool.query(
      `select count(*)::int as n from deliveries where issue_id = 4 and status = 'planned'`,
    );
    await handle({ name: 'deliver-issue', issueId: 4 });
    expect(sender.wired.length).toBe(rows[0].n);
  });

  it('with alerts and confirmations that waited, each once; none is lost', async () => {
    const kinds = `select kind || ' ' || status as status, count(*)::int as n from outbox group by 1`;
    const then = await counts(kinds);
    // One waits after a refusal for its next try.
    const { sender, handle } = working(new Date(NOW.getTime() + 12 * 3_600_000));
    await handle({ name: 'send-outbox' });
    await handle({ name: 'send-outbox' });
    const now = await counts(kinds);
    expect(now['sales-alert planned']).toBeUndefined();
    expect(now['confirmation planned']).toBeUndefined();
    expect(now['sales-alert sent']).toBe(
      (then['sales-alert sent'] ?? 0) + (then['sales-alert planned'] ?? 0),
    );
    expect(now['sales-alert uncertain']).toBe(then['sales-alert uncertain']);
    const alerts = sender.sent.filter(({ to }) => to.address.endsWith('@nordwerk.example'));
    expect(alerts.length).toBeGreaterThanOrEqual(then['sales-alert planned'] ?? 0);
    for (const { subject, text } of alerts) expect([subject, RAW.exec(text)]).toEqual([subject, null]);
  });

  it('with webhook messages, a list of people under way and what came back', async () => {
    const later = new Date(NOW.getTime() + 12 * 3_600_000);
    const { posted, deps, handle } = working(later);
    const { rows } = await pool.query(
      `select count(*)::int as n from webhook_messages where status = 'planned'`,
    );
    await handle({ name: 'send-webhooks' });
    expect(posted.length).toBeGreaterThanOrEqual(rows[0].n);
    const { rows: running } = await pool.query<{ id: number }>(
      `select id::int from people_imports where status = 'running'`,
    );
    for (const { id } of running) await handle({ name: 'import-people', importId: id });
    expect(await counts(`select status, count(*)::int as n from people_imports group by 1`)).toEqual({
      checked: 1,
      done: 1,
    });
    expect(await applyReturns({ ...deps, returnPathDomain: OF_BEFORE.returnPathDomain }, NOW)).toBe(1);
    const { scores } = await everything(pool);
    expect((scores as { score: number; sum: number }[]).filter(({ score, sum }) => score !== sum)).toEqual(
      [],
    );
  });
});
