import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from '../src/adapters/log.ts';
import { loadMails } from '../src/adapters/mail-templates/renderer.ts';
import { startEmbedded } from '../src/adapters/postgres/embedded/embedded.ts';
import { migrate } from '../src/adapters/postgres/migrate.ts';
import { makePool } from '../src/adapters/postgres/pool.ts';
import { loadTexts } from '../src/adapters/templates/texts.ts';
import { makeDatabase } from '../src/database.ts';
import { staffPages } from '../src/web/staff/routes.ts';
import { subscriberPages } from '../src/web/subscriber/routes.ts';
import { testLinks, testProgramme, testPublicUrl } from '../test/support/programme.ts';
import { asStaff, signedIn } from '../test/support/staff.ts';
import { testApp, testWebContext } from '../test/support/web.ts';
import { fillHistory } from './pages/history.ts';
import { type BenchReport, median } from './report.ts';

const PEOPLE = Number(process.env.PEOPLE ?? 100_000);
const EVENTS = Number(process.env.EVENTS ?? 2_000_000);
const ROUNDS = Number(process.env.ROUNDS ?? 7);
/** A page that takes longer than this keeps people waiting. */
const LIMIT_MS = 300;

/** Every staff page over a year of history, in a Postgres of its own. Each page is asked for in turn, so that none is alone. */
export async function bench(tell: (what: string) => void): Promise<BenchReport> {
  const folder = process.env.BENCH_DATA ?? mkdtempSync(join(tmpdir(), 'simmer-bench-pages-'));
  const embedded = await startEmbedded(folder, silentLog, {
    throwAway: process.env.BENCH_DATA === undefined,
  });
  const pool = makePool(embedded.url, silentLog);
  try {
    await migrate(embedded.url, silentLog);
    const now = await fillHistory(pool, { people: PEOPLE, events: EVENTS }, tell);
    const programme = testProgramme();
    const database = makeDatabase(pool, { programme, links: testLinks });
    const templates = join(import.meta.dirname, '../templates');
    const mails = await loadMails(join(templates, 'mails'), loadTexts(join(templates, 'locales')), {
      ...programme.brand,
      publicUrl: testPublicUrl,
    });
    const context = testWebContext(database, { mails, now: () => now });
    const app = await testApp(context, staffPages, subscriberPages);
    const browser = asStaff(app, await signedIn(database, 'admin'));
    const token = testLinks
      .preferences(PEOPLE >> 1)
      .split('/')
      .at(-1);

    const times = new Map<string, number[]>(pages(PEOPLE, token!).map(([, url]) => [url, []]));
    for (let round = 0; round <= ROUNDS; round++) {
      tell(`round ${round} of ${ROUNDS}`);
      for (const [name, url] of pages(PEOPLE, token!)) {
        const began = performance.now();
        const answer = await browser.get(url);
        const took = performance.now() - began;
        if (answer.statusCode !== 200)
          throw new Error(`${name} (${url}) answered ${answer.statusCode}: ${answer.body.slice(0, 300)}`);
        // The first round warms caches up, as the first visitor of a day does.
        if (round > 0) times.get(url)!.push(took);
        else if (took > 1000) tell(`  first time: ${name} ${Math.round(took)} ms`);
      }
    }
    await app.close();
    return report(times);
  } finally {
    await pool.end();
    await embedded.stop();
    if (process.env.BENCH_DATA === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

const pages = (people: number, token: string): [name: string, url: string][] => [
  ['overview, 7 days', '/staff?days=7'],
  ['overview, 30 days', '/staff?days=30'],
  ['overview, 90 days', '/staff?days=90'],
  ['overview, 365 days', '/staff?days=365'],
  ['overview, by SQLs', '/staff?days=30&by=sqls'],
  ['costs', '/staff/costs'],
  ['sales desk', '/staff/desk'],
  ['people', '/staff/people'],
  ['people, a page far in', `/staff/people?sort=newest&after=${cursor(people >> 1)}`],
  ['people, searched', '/staff/people?search=visser+12'],
  ['people, searched in vain', '/staff/people?search=nobody-is-called-this'],
  [
    'people, all filters',
    '/staff/people?search=ann&status=active&stage=mql&score_from=1&interest=payroll&source=fair&act=90&sort=last-act',
  ],
  ['people, by last act', '/staff/people?sort=last-act&act=none-90'],
  ['people, by address', '/staff/people?sort=email&interest=stock'],
  ['profile', `/staff/leads/${people >> 1}`],
  ['account', '/staff/accounts/company7.example'],
  ['issues', '/staff/issues'],
  ['issue', '/staff/issues/10'],
  ['click map', '/staff/issues/10/map'],
  ['rehearsal', '/staff/rehearsal/news'],
  ['preview', `/staff/rehearsal/news/${(people >> 1) + 3}`],
  ['content', '/staff/content'],
  ['content, one interest', '/staff/content?interest=payroll&language=en'],
  ['scoring', '/staff/scoring'],
  ['what-if form', '/staff/scoring/what-if'],
  ['system health', '/staff/settings'],
  ['suppressions', '/staff/settings/suppressions'],
  ['audit log', '/staff/settings/audit'],
  ['sign-up', '/'],
  ['preferences', `/preferences/${token}`],
  [
    'web version of a mail',
    `/web/${testLinks
      .webVersion(10, people * 9 + 5)
      .split('/')
      .at(-1)}`,
  ],
];

function cursor(id: number): string {
  return Buffer.from(JSON.stringify([String(id), id])).toString('base64url');
}

function report(times: Map<string, number[]>): BenchReport {
  const names = new Map(pages(PEOPLE, '').map(([name], at) => [at, name]));
  const measured = [...times.values()].map((taken, at) => ({
    what: names.get(at) ?? '',
    value: median(taken),
    unit: 'ms',
    timesBaseline: null,
    aim: LIMIT_MS,
  }));
  const slow = measured.filter(({ value }) => value > LIMIT_MS).map(({ what }) => what);
  return {
    name: 'pages',
    about: `Every page over ${PEOPLE} people and ${EVENTS} events: the median of ${ROUNDS} times, the pages in turn`,
    measured,
    notes: [
      slow.length > 0
        ? `Over ${LIMIT_MS} ms: ${slow.join(', ')}`
        : `Every page answers under ${LIMIT_MS} ms.`,
    ],
  };
}
