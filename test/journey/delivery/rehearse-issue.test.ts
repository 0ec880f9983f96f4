import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../../src/adapters/log.ts';
import { sendNow } from '../../../src/journey/delivery/plan-issue.ts';
import type { LinkAnswer, LinkChecker } from '../../../src/journey/delivery/ports/link-checker.ts';
import {
  openRehearsal,
  type RehearseDeps,
  type RehearsedReader,
  sizeOfRehearsal,
} from '../../../src/journey/delivery/rehearse-issue.ts';
import { addArticles, addReaders, plainRenderer } from '../../support/content.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { chooseFrom } from '../../support/issues.ts';
import { testLinks, testProgramme } from '../../support/programme.ts';

const NOW = new Date('2026-11-21T10:00:00Z');
const programme = testProgramme();
const digest = programme.digests[0]!;

let db: TestDatabase;
beforeEach(async () => {
  db = await testDatabase();
});
afterEach(() => db.close());

/** Answers as told, and well otherwise. */
const links = (answers: Record<string, LinkAnswer> = {}): LinkChecker => ({
  check: async (url) => answers[url] ?? { state: 'good' },
});
const open = (replaced: Partial<RehearseDeps> = {}) =>
  openRehearsal(
    {
      stores: db.database.stores,
      programme,
      links: testLinks,
      mails: plainRenderer,
      linkChecker: links(),
      textFaults: () => [],
      ...replaced,
    },
    digest,
    NOW,
  );
async function rehearse(replaced: Partial<RehearseDeps> = {}) {
  const rehearsal = await open(replaced);
  const readers: RehearsedReader[] = [];
  for await (const reader of rehearsal.readers()) readers.push(reader);
  return { readers, findings: await rehearsal.findings() };
}

describe('openRehearsal', () => {
  it('says who would get what and why, and who nothing', async () => {
    await addReaders(db.pool, 3);
    await addArticles(db.pool, 6, NOW);
    await db.pool.query(`update subscribers set interests = '{stock}' where id = 2`);
    await db.pool.query(`update subscribers set status = 'pending' where id = 3`);
    expect(await sizeOfRehearsal(db.database.stores)).toBe(2);
    const { readers, findings } = await rehearse();
    const [first, second, ...rest] = readers;
    expect(findings.counts).toEqual({ readers: 2, mails: 1, skipped: 1, articles: 6 });
    expect(findings.skips).toMatchObject([
      { cause: 'too-few-articles', count: 1, examples: [{ email: 'reader-2@reader.example' }] },
    ]);
    expect(findings.reach).toHaveLength(5);
    expect(findings.reach[0]).toMatchObject({ title: 'Article 1', mails: 1, asMain: 1 });
    expect([findings.problems, findings.warnings]).toEqual([[], []]);
    expect(rest).toEqual([]);
    expect(first).toMatchObject({ email: 'reader-1@reader.example' });
    expect('picks' in first! && first.picks).toHaveLength(5);
    expect('picks' in first! && first.picks[0]).toEqual({
      title: 'Article 1',
      url: 'https://blog.example/1',
      interest: 'payroll',
      reason: {
        code: 'pick.because',
        values: {
          parts: [
            { code: 'pick.best-match', values: { interests: ['payroll'] } },
            { code: 'pick.published-today' },
          ],
        },
      },
    });
    expect(second).toEqual({
      email: 'reader-2@reader.example',
      skip: {
        code: 'skip.none',
        values: { interests: ['stock'], language: 'en', needed: 5, all: 6, had: 0 },
      },
    });
  });

  it('shows what the claim then picks, and counts what readers had', async () => {
    await addReaders(db.pool, 1);
    await addArticles(db.pool, 9, NOW);
    const deps = { programme, database: db.database, links: testLinks, log: silentLog };
    const { issueId } = await sendNow(deps, digest, { by: 'mara@nordwerk.example' }, NOW);
    const { deliveries } = db.database.stores;
    await deliveries.claim(issueId, 'w', NOW, 60_000, 10, chooseFrom([1, 2, 3, 4, 5]));
    expect((await rehearse()).readers).toEqual([
      {
        email: 'reader-1@reader.example',
        skip: {
          code: 'skip.too-few',
          values: { n: 4, interests: ['payroll'], language: 'en', needed: 5, all: 9, had: 5 },
        },
      },
    ]);
  });

  it('goes through more readers than are read at once, and writes nothing', async () => {
    await addReaders(db.pool, 2100);
    await addArticles(db.pool, 5, NOW);
    const count = 'select (select count(*) from issues) + (select count(*) from deliveries) as n';
    expect(new Set((await rehearse()).readers.map(({ email }) => email)).size).toBe(2100);
    expect((await db.pool.query(count)).rows).toEqual([{ n: 0 }]);
  });

  it('tells who paused, who had this month’s, and keeps to what planning would do', async () => {
    await addReaders(db.pool, 3);
    await addArticles(db.pool, 12, NOW);
    await db.pool.query(`update subscribers set paused_until = '2026-12-24' where id = 1`);
    const deps = { programme, database: db.database, links: testLinks, log: silentLog };
    await sendNow(deps, digest, { to: 'reader-2@reader.example', by: 'mara@nordwerk.example' }, NOW);
    await db.pool.query(`update subscribers set frequency = 'monthly' where id = 2`);
    const { readers, findings } = await rehearse();
    expect(readers.slice(0, 2)).toEqual([
      {
        email: 'reader-1@reader.example',
        skip: { code: 'skip.paused-by-reader', values: { until: '2026-12-24' } },
      },
      {
        email: 'reader-2@reader.example',
        skip: { code: 'skip.monthly', values: { month: '2026-11' } },
      },
    ]);
    expect(findings.skips).toMatchObject([{ cause: 'planning', count: 2 }]);
  });

  it('names what must be mended: links, size, mails that cannot be written, texts', async () => {
    await addReaders(db.pool, 2);
    await addArticles(db.pool, 5, NOW);
    const answers: Record<string, LinkAnswer> = {
      'https://blog.example/2': { state: 'broken', why: 'the server answered 404' },
      'https://blog.example/3': { state: 'unsure', why: 'the server answered 403' },
      'https://blog.example/4': { state: 'unreachable', why: 'nothing answers there' },
    };
    const mails = { render: () => ({ subject: '', html: 'x'.repeat(100_001), text: '' }) };
    const { findings } = await rehearse({
      linkChecker: links(answers),
      mails,
      textFaults: () => ['nl.json: mails.notice.subject: nothing'],
    });
    expect(findings.sizes).toMatchObject({ tooLarge: 2, largest: { bytes: 100_001 } });
    expect(findings.problems).toEqual([
      expect.stringContaining('2 mails have more than 100 kB of HTML, which Gmail cuts off'),
      'a text cannot be used: nl.json: mails.notice.subject: nothing',
      'a link fails: https://blog.example/2: the server answered 404 (in 2 mails)',
      'a link fails: https://blog.example/4: nothing answers there (in 2 mails)',
    ]);
    expect(findings.warnings).toEqual([
      'a link refuses programs, look at it by hand: https://blog.example/3: the server answered 403 (in 2 mails)',
    ]);
    const broken = {
      render: () => {
        throw new Error('the template is broken');
      },
    };
    expect((await rehearse({ mails: broken })).findings.problems).toEqual([
      'the mail to reader-1@reader.example cannot be written: the template is broken (2 mails in all)',
      'the mail to reader-2@reader.example cannot be written: the template is broken (2 mails in all)',
    ]);
  });

  it('takes silence everywhere for its own, and looks at private links only where a feed may', async () => {
    await addReaders(db.pool, 1);
    await addArticles(db.pool, 5, NOW);
    await db.pool.query(`update articles set feed_url = 'https://elsewhere.example/' where id = 5`);
    const asked = new Map<string, boolean>();
    const silent: LinkChecker = {
      async check(url, allowPrivate) {
        asked.set(url, allowPrivate);
        return { state: 'unreachable', why: 'nothing answers there' };
      },
    };
    const feeds = [
      ...programme.feeds.map((feed) => ({ ...feed, allowPrivateNetwork: true })),
      { ...programme.feeds[0]!, url: 'https://elsewhere.example/' },
    ];
    const { findings } = await rehearse({ linkChecker: silent, programme: { ...programme, feeds } });
    expect(findings.problems).toEqual([]);
    expect(findings.warnings).toEqual([
      expect.stringMatching(/^none of 13 outside links answered .*: is this machine online\?$/),
    ]);
    expect([asked.get('https://blog.example/1'), asked.get('https://blog.example/5')]).toEqual([true, false]);
  });

  it('names feeds with trouble, and readers in languages that the programme lacks', async () => {
    await addReaders(db.pool, 1);
    await addArticles(db.pool, 5, NOW);
    await db.pool.query(`update subscribers set language = 'fr'`);
    await db.pool.query(
      `insert into feeds (url, next_check_at, last_checked_at, failures, last_error) values ($1, $2, $2, 9, 'nothing answers there')`,
      [programme.feeds[0]!.url, NOW],
    );
    const { findings } = await rehearse();
    expect(findings.feeds).toMatchObject([{ url: programme.feeds[0]!.url, trouble: 'failing' }]);
    expect(findings.warnings).toEqual([
      `the feed ${programme.feeds[0]!.url} is failing: nothing answers there`,
      '1 reader reads "fr", which the programme does not have: the default language is sent instead',
    ]);
    expect(findings.problems).toEqual(['nobody of 1 reader would get a mail of "news"']);
  });
});
