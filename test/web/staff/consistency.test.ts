import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SHOWN_STAGE_NAMES } from '../../../src/domain/audience/subscriber.ts';
import { measureFit } from '../../../src/journey/scoring/measure-fit.ts';
import { apiRoutes } from '../../../src/web/api/routes.ts';
import { staffPages } from '../../../src/web/staff/routes.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { testProgramme } from '../../support/programme.ts';
import { seedEverything } from '../../support/seeded.ts';
import { asStaff, type SignedIn, signedIn } from '../../support/staff.ts';
import { testApp, testWebContext } from '../../support/web.ts';

// The same quantity, read from every page that shows it: they must agree with each other, and with what was seeded.
const NOW = new Date('2026-11-21T09:00:00Z');
const KEY = `simmer_${'k'.repeat(32)}`;
let db: TestDatabase;
let app: FastifyInstance;
let ada: SignedIn;
let issueIds: number[];
let trialId: number;

beforeAll(async () => {
  db = await testDatabase();
  ({ issueIds, trialId } = await seedEverything(db.pool));
  await measureFit({ rules: db.database.stores.rules, programme: testProgramme() });
  await db.database.stores.feeds.countMails(50);
  app = await testApp(testWebContext(db.database, { now: () => NOW }), staffPages, apiRoutes);
  ada = await signedIn(db.database, 'admin');
});
afterAll(async () => {
  await app?.close();
  await db?.close();
});

const html = async (url: string) => (await asStaff(app, ada).get(url)).body;
const plain = (page: string) =>
  page
    .replace(/<svg[\s\S]*?<\/svg>/g, '')
    .replace(/<details class="term"><summary[^>]*>([\s\S]*?)<\/summary><p>[\s\S]*?<\/p><\/details>/g, '$1')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .replaceAll('&#x27;', '’');
const text = async (url: string) => plain(await html(url));
const numberIn = (page: string, fits: RegExp) =>
  Number(fits.exec(page)?.[1]?.replace(/[^\d.]/g, '') ?? Number.NaN);
const found = async (query: string) => numberIn(await text(`/staff/people?${query}`), / ([\d,]+) found /);
/** Columns of a chart's table, added up. */
async function sums(id: string): Promise<number[]> {
  const page = await html('/staff?days=30');
  const chart = page.slice(page.indexOf(`id="chart-${id}"`));
  const body = /<tbody>([\s\S]*?)<\/tbody>/.exec(chart)?.[1] ?? '';
  const rows = [...body.matchAll(/<tr>([\s\S]*?)<\/tr>/g)].map(([, row = '']) =>
    [...row.matchAll(/<td class="n">([^<]*)</g)].map(([, cell]) => Number(cell)),
  );
  return (rows[0] ?? []).map((_, at) => rows.reduce((sum, row) => sum + (row[at] ?? 0), 0));
}

const STAGES = { unconfirmed: 10, mql: 60 - 5 + 6, sql: 3, customer: 3, left: 13 };

describe('who stands where', () => {
  it('is the same in the overview, the list, the file, the API and on each profile', async () => {
    const overview = await text('/staff');
    expect(overview).toMatch(
      /Right now, 90 people : 10 not confirmed yet · 61 MQL · 3 SQL · 3 customers · 13 left \. 66 people get the newsletter\./,
    );
    const lines = (await html('/staff/people.csv'))
      .trim()
      .split('\r\n')
      .map((line) => line.replaceAll('"', '').split(','));
    const at = lines[0]!.indexOf('stage');
    for (const stage of SHOWN_STAGE_NAMES) {
      expect([stage, await found(`stage=${stage}`)]).toEqual([stage, STAGES[stage]]);
      expect(lines.filter((line) => line[at] === stage)).toHaveLength(STAGES[stage]);
    }
    expect(await found('')).toBe(90);
    expect(await found('status=active')).toBe(66);

    await db.database.stores.apiKeys.add(
      { name: 'crm', hash: hashOf(KEY), start: KEY, scopes: ['subscribers:read'] },
      NOW,
    );
    for (const [n, stage, said] of [
      [10, 'mql', 'MQL'],
      [5, 'sql', 'SQL'],
      [1, 'customer', 'Customer'],
      [75, 'customer', 'Customer'],
      [65, 'unconfirmed', 'Not confirmed'],
      [72, 'left', 'Left'],
      [82, 'left', 'Left'],
    ] as const) {
      const { rows } = await db.pool.query('select id from subscribers where email = $1', [
        `r${n}@reader.example`,
      ]);
      expect(await html(`/staff/leads/${rows[0].id}`)).toContain(`<span class="tag ${stage}">${said}</span>`);
      const answer = await app.inject({
        url: `/api/v1/subscribers?email=r${n}@reader.example`,
        headers: { authorization: `Bearer ${KEY}` },
      });
      expect([n, answer.json().stage]).toEqual([n, stage]);
    }
  });

  it('of the people of a period adds up to those who came so far', async () => {
    // All 90 signed up within the month: 80 confirmed once, 8 of them became SQLs, 3 were won.
    expect(await text('/staff?days=30')).toMatch(
      /Signed up 90 .*? Confirmed: MQL 80 88\.9% of the step before .*? SQL 8 10% of the step before .*? Customer 3 /,
    );
  });
});

describe('leads, SQLs and customers', () => {
  it('are as many in the figures as in the chart below them, and in what sales answered', async () => {
    const overview = await text('/staff?days=30');
    const figures = ['New subscribers', 'New SQLs', 'New customers'].map((name) =>
      numberIn(overview, new RegExp(`${name} ([\\d,]+) `)),
    );
    expect(figures).toEqual([80, 8, 3]);
    expect(await sums('leads')).toEqual(figures);
    expect(await text('/staff/scoring')).toMatch(
      /Answers from sales 6 5 accepted, 3 of them won; 1 rejected/,
    );
    expect(await found('stage=customer')).toBe(3);
  });

  it('wait on the desk as the list says', async () => {
    expect(await text('/staff/desk')).toContain(`${await found('stage=sql')} leads wait`);
    expect((await html('/staff/people?stage=sql')).match(/Waiting for a call/g)).toHaveLength(3);
  });

  it('show the same fit on the list, the desk and the profile, and none where nothing is known', async () => {
    const desk = await text('/staff/desk');
    expect(desk).toMatch(/Reader 6 Head of Finance 0 points · fit 84 %/);
    expect(desk).toMatch(/Reader 5 0 points (?!·)/);
    const list = await text('/staff/people?stage=sql');
    expect(list).toMatch(/Reader 6 Head of Finance SQL 0 84 %/);
    expect(list).toMatch(/Reader 5 r5@reader\.example SQL 0 – /);
  });
});

describe('an issue', () => {
  it('has the same numbers in the list, on its page, on the overview and on the content page', async () => {
    const list = await text('/staff/issues');
    const [first, second] = issueIds;
    expect(list).toMatch(/17 November 2026 60 40 66\.7% 18 30% 0 0% 7 clicked/);
    expect(list).toMatch(/10 November 2026 70 40 57\.1% 24 34\.3% 10 14\.3% 7 clicked/);
    expect(await text(`/staff/issues/${second}`)).toMatch(
      /Sent 60 of 60 planned Opened by 66\.7% 40 people .*? Clicked by 30% 18 people .*? Unsubscribed 0% 0 people Contact requests 1 /,
    );
    expect(await text(`/staff/issues/${first}`)).toMatch(
      /Sent 70 of 70 planned Opened by 57\.1% 40 people .*? Clicked by 34\.3% 24 people .*? Unsubscribed 14\.3% 10 people Contact requests 3 /,
    );

    // Over the month: 130 mails to 70 people, of whom 24 clicked one of them and 4 did more afterwards; 10 left.
    const overview = await text('/staff?days=30');
    expect(overview).toMatch(/Emails sent 130 .{0,40} to 70 people/);
    expect(overview).toMatch(/Click-through rate 34\.3% .{0,40} 24 of 70 people reached/);
    expect(overview).toMatch(/Conversion rate 5\.7% .{0,40} 4 of 70 people reached/);
    expect(overview).toMatch(/Unsubscribe rate 14\.3% .{0,40} 10 of 70 people reached/);

    // Clicks of people on articles: the best articles add up to the links of the issues' pages, and to the content page.
    const best = [...overview.matchAll(/Article (\d) (\d+) \d+/g)].map(([, n, people]) => [
      n,
      Number(people),
    ]);
    const content = await text('/staff/content');
    const onContent = [
      ...content.matchAll(/Article (\d) English · Payroll [^I]*? (\d+) offered in 2 issues (\d+)/g),
    ].map(([, n, mails, clicks]) => [n, Number(mails), Number(clicks)]);
    expect(best).toHaveLength(3);
    for (const [n, people] of best) {
      const links = await Promise.all(issueIds.map((id) => html(`/staff/issues/${id}`)));
      const onIssues = links.map((page) =>
        Number(
          new RegExp(`>Article ${n}</a><small>article</small></th><td class="n"[^>]*>(\\d+)<`).exec(
            page,
          )?.[1],
        ),
      );
      const [, mails, clicks] = onContent.find(([one]) => one === n) ?? [];
      expect([n, mails, clicks]).toEqual([n, 130, onIssues.reduce((sum, one) => sum + one, 0)]);
      // The overview counts each person once, the issues once each.
      expect(people).toBe(8);
    }
  });

  it('that went to one person has no share anywhere, and is in no sum', async () => {
    const alone = await text(`/staff/issues/${trialId}`);
    expect(alone).toContain('sent to one person');
    expect(alone).not.toMatch(/\d%/);
    expect((await text('/staff/issues')).split('Trials:')[0]).not.toContain('18 November');
    expect(await text('/staff/content')).not.toContain('offered in 3 issues');
  });

  it('never shows more than all of the people', async () => {
    for (const url of [
      '/staff?days=7',
      '/staff?days=30',
      '/staff?days=365',
      '/staff/issues',
      '/staff/content',
    ])
      for (const [, share] of (await text(url)).matchAll(/ ([\d.]+)%/g))
        expect([url, Number(share) <= 100]).toEqual([url, true]);
  });
});

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
