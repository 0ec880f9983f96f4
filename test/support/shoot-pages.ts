/**
 * Takes pictures of the pages with Chromium, over the made-up weeks of `simmer demo --stay`.
 *   npx tsx test/support/shoot-pages.ts          those that the documentation shows, into docs/img
 *   npx tsx test/support/shoot-pages.ts FOLDER   every page: 1200 and 360 px, light and dark, to be looked at
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { launchBrowser } from './browser.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const SALES = 'sofie@nordwerk.example';
const ADMIN = 'ada@nordwerk.example';
/** A picture in the README larger than this makes it slow to read. */
const LARGEST = 250_000;

interface Shot {
  name: string;
  path: string;
  width?: number;
  /** Cut below this, in pixels; left out: the whole page. */
  height?: number;
  dark?: boolean;
  as?: 'admin' | 'sales';
}

const folder = process.argv[2] ?? join(ROOT, 'docs/img');
mkdirSync(folder, { recursive: true });
const demo = spawn(process.execPath, [join(ROOT, 'src/bin.mjs'), 'demo', '--stay'], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
try {
  const base = await lookAround();
  const browser = await launchBrowser();
  try {
    const cookies = { admin: await signIn(ADMIN, base), sales: await signIn(SALES, base) };
    const places = await findPlaces(base, cookies.admin);
    for (const shot of process.argv[2] ? everything(places) : forDocs(places)) await shoot(shot);

    async function shoot({ name, path, width = 1200, height, dark, as = 'admin' }: Shot) {
      const window = await browser.newContext({
        viewport: { width, height: height ?? 900 },
        colorScheme: dark ? 'dark' : 'light',
        locale: 'en-GB',
        deviceScaleFactor: 1,
        extraHTTPHeaders: { cookie: cookies[as] },
      });
      const page: Page = await window.newPage();
      await page.goto(base + path, { waitUntil: 'networkidle' });
      const file = join(folder, `${name}.png`);
      await page.screenshot({ path: file, fullPage: height === undefined });
      await window.close();
      const { size } = statSync(file);
      if (!process.argv[2] && size > LARGEST) console.warn(`${name}.png has ${size} bytes`);
    }
  } finally {
    await browser.close();
  }
} finally {
  demo.kill('SIGINT');
  await once(demo, 'exit');
}

/** The demo's address, once its weeks are over. */
async function lookAround(): Promise<string> {
  let said = '';
  for await (const chunk of demo.stdout) {
    said += chunk;
    const base = /Look around: (http:\/\/\S+)\/staff/.exec(said)?.[1];
    if (base) return base;
  }
  throw new Error(`the demo ended early:\n${said}`);
}

/** Signs in by the mailed link, as people do; gives the cookie. */
async function signIn(email: string, base: string): Promise<string> {
  const form = (fields: Record<string, string>) => ({
    method: 'POST',
    redirect: 'manual' as const,
    body: new URLSearchParams(fields),
  });
  await fetch(`${base}/staff/sign-in`, form({ email }));
  for (;;) {
    const answer = await fetch(`${base}/inbox.json?limit=5&to=${encodeURIComponent(email)}`);
    const { mails } = (await answer.json()) as { mails: { text: string }[] };
    const link = mails.map(({ text }) => /https?:\/\/\S+\/staff\/sign-in\/\S+/.exec(text)?.[0]).find(Boolean);
    if (link) {
      const signedIn = await fetch(link, form({}));
      return (signedIn.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    }
    await new Promise((done) => setTimeout(done, 200));
  }
}

interface Places {
  lead: string;
  issue: string;
  preview: string;
  preferences: string;
}

/** Pages that have something to show: the warmest lead, the last issue of the schedule. Enters costs on the way. */
async function findPlaces(base: string, cookie: string): Promise<Places> {
  const get = async (path: string) => (await fetch(base + path, { headers: { cookie } })).text();
  const csrf = /name="csrf" value="([^"]+)"/.exec(await get('/staff/costs'))?.[1] ?? '';
  const now = new Date();
  for (const [back, amount] of [2600, 2450, 2300, 2450].entries()) {
    const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back, 1))
      .toISOString()
      .slice(0, 7);
    const body = new URLSearchParams({
      csrf,
      month,
      amount: String(amount),
      note: 'Software, content, time',
    });
    await fetch(`${base}/staff/costs`, { method: 'POST', headers: { cookie }, body, redirect: 'manual' });
  }
  const first = (page: string, fits: RegExp) => fits.exec(page)?.[1]?.replaceAll('&amp;', '&') ?? '';
  const { mails } = (await (await fetch(`${base}/inbox.json?limit=50`)).json()) as {
    mails: { text: string }[];
  };
  const link = mails.map(({ text }) => /https?:\/\/\S+\/preferences\/\S+/.exec(text)?.[0]).find(Boolean);
  return {
    lead: first(await get('/staff/people?stage=sql'), /href="(\/staff\/leads\/\d+)"/),
    issue:
      first(await get('/staff/issues'), /<th scope="row"><a href="(\/staff\/issues\/5)"/) ||
      '/staff/issues/5',
    preview: first(await get('/staff/rehearsal/news'), /href="(\/staff\/rehearsal\/news\/\d+)"/),
    preferences: link ? new URL(link).pathname : '/',
  };
}

function forDocs({ lead, issue, preferences }: Places): Shot[] {
  return [
    { name: 'page-sign-up', path: '/', height: 860 },
    { name: 'page-preferences', path: preferences, height: 1200, width: 900 },
    { name: 'page-overview', path: '/staff?days=90', height: 1500 },
    { name: 'page-overview-dark', path: '/staff?days=90', height: 1080, dark: true },
    { name: 'page-people', path: '/staff/people?stage=sql', height: 900 },
    { name: 'page-profile', path: lead, height: 1100 },
    { name: 'page-issue', path: `${issue}#map`, height: 1300 },
    { name: 'page-desk', path: '/staff/desk', width: 390, height: 844, as: 'sales' },
  ];
}

function everything({ lead, issue, preview, preferences }: Places): Shot[] {
  const paths: Record<string, string> = {
    'sign-up': '/',
    inbox: '/look-in-your-inbox',
    preferences,
    broken: '/broken-link',
    overview: '/staff?days=90',
    costs: '/staff/costs',
    desk: '/staff/desk',
    people: '/staff/people?stage=sql',
    import: '/staff/people/import',
    profile: lead,
    issues: '/staff/issues',
    issue,
    rehearsal: '/staff/rehearsal/news',
    preview,
    content: '/staff/content',
    scoring: '/staff/scoring',
    'what-if': '/staff/scoring/what-if?try=yes&threshold=9',
    settings: '/staff/settings',
    suppressions: '/staff/settings/suppressions',
    keys: '/staff/settings/keys',
    webhooks: '/staff/settings/webhooks',
    audit: '/staff/settings/audit',
    account: '/staff/account',
  };
  return Object.entries(paths).flatMap(([name, path]) => [
    { name: `${name}-1200`, path },
    { name: `${name}-1200-dark`, path, dark: true },
    { name: `${name}-360`, path, width: 360 },
    { name: `${name}-360-dark`, path, width: 360, dark: true },
  ]);
}
