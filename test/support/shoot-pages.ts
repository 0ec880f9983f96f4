/**
 * Takes pictures of the pages with Chromium, over the made-up weeks of `simmer demo --stay` (about two minutes).
 *   npm run pictures                             those that the documentation shows, into docs/img; those of the mails too
 *   npx tsx test/support/shoot-pages.ts FOLDER   every page: 1200 and 360 px, light and dark, to be looked at
 *   … --at http://localhost:PORT                 of a demo that runs already; takes leads in it
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Browser } from 'playwright-core';
import { launchBrowser } from './browser.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const SALES = 'sofie@nordwerk.example';
/** As if it were then, so that the pictures change only with the pages. */
const MOMENT = '2026-11-30T15:00:00Z';
const ADMIN = 'ada@nordwerk.example';
/** A picture in the README larger than this makes it slow to read. */
const LARGEST = 200_000;

interface Shot {
  name: string;
  path: string;
  width?: number;
  /** Cut below this, in pixels; left out: the whole page. */
  height?: number;
  dark?: boolean;
  as?: 'admin' | 'sales';
}

const { values, positionals } = parseArgs({ options: { at: { type: 'string' } }, allowPositionals: true });
const folder = positionals[0] ?? join(ROOT, 'docs/img');
mkdirSync(folder, { recursive: true });
if (values.at) await shootAll(values.at);
else {
  const demo = spawn(process.execPath, [join(ROOT, 'src/bin.mjs'), 'demo', '--stay', '--at', MOMENT], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    await shootAll(await lookAround(demo.stdout));
  } finally {
    demo.kill('SIGINT');
    await once(demo, 'exit');
  }
}

/** The demo's address, once its weeks are over. */
async function lookAround(output: AsyncIterable<Buffer>): Promise<string> {
  let said = '';
  for await (const chunk of output) {
    said += chunk;
    const base = /Look around: (http:\/\/\S+)\/staff/.exec(said)?.[1];
    if (base) return base;
  }
  throw new Error(`the demo ended early:\n${said}`);
}

async function shootAll(base: string): Promise<void> {
  const cookies = { admin: await signIn(ADMIN, base), sales: await signIn(SALES, base) };
  const places = await prepare(base, cookies);
  const browser = await launchBrowser();
  try {
    for (const shot of positionals[0] ? everything(places) : forDocs(places))
      await shoot(browser, base, cookies, shot);
  } finally {
    await browser.close();
  }
}

async function shoot(browser: Browser, base: string, cookies: Cookies, shot: Shot): Promise<void> {
  const { name, path, width = 1200, height, dark, as = 'admin' } = shot;
  const window = await browser.newContext({
    viewport: { width, height: height ?? 900 },
    colorScheme: dark ? 'dark' : 'light',
    locale: 'en-GB',
    deviceScaleFactor: !positionals[0] && width > 1000 ? 0.8 : 1,
    extraHTTPHeaders: { cookie: cookies[as] },
  });
  const page = await window.newPage();
  await page.goto(base + path, { waitUntil: 'networkidle' });
  const file = join(folder, `${name}.png`);
  await page.screenshot({ path: file, fullPage: height === undefined });
  await window.close();
  const { size } = statSync(file);
  if (!positionals[0] && size > LARGEST) console.warn(`${name}.png has ${size} bytes`);
}

function form(fields: Record<string, string>) {
  return { method: 'POST', redirect: 'manual' as const, body: new URLSearchParams(fields) };
}

/** Signs in by the mailed link, as people do; gives the cookie. */
async function signIn(email: string, base: string): Promise<string> {
  await fetch(`${base}/staff/sign-in`, form({ email }));
  for (;;) {
    const link = (await mailsIn(base, email))
      .map(({ text }) => /https?:\/\/\S+\/staff\/sign-in\/\S+/.exec(text)?.[0])
      .find((one) => one?.startsWith(base));
    const signedIn = link && (await fetch(link, form({})));
    // A link of an earlier visit is used up: the new mail is still on its way.
    if (signedIn && signedIn.status === 303)
      return (signedIn.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    await new Promise((done) => setTimeout(done, 200));
  }
}

async function mailsIn(base: string, to = ''): Promise<{ text: string; rcptTo: string[] }[]> {
  const query = to ? `limit=5&to=${encodeURIComponent(to)}` : 'limit=400';
  const answer = await fetch(`${base}/inbox.json?${query}`);
  return ((await answer.json()) as { mails: { text: string; rcptTo: string[] }[] }).mails;
}

interface Cookies {
  admin: string;
  sales: string;
}

interface Places {
  lead: string;
  issue: string;
  preview: string;
  preferences: string;
}

/** Takes leads, and finds pages that have something to show. */
async function prepare(base: string, { admin, sales }: Cookies): Promise<Places> {
  const get = async (path: string, cookie = admin) =>
    (await fetch(base + path, { headers: { cookie } })).text();
  const all = (page: string, fits: RegExp) => [...page.matchAll(fits)].map((found) => found[1] ?? '');
  const csrfIn = (page: string) => all(page, /name="csrf" value="([^"]+)"/g)[0] ?? '';

  const desk = await get('/staff/desk', sales);
  const free = all(desk, /name="qualification" value="(\d+)"/g);
  if (!desk.includes('id="group-mine"') || /group-mine[\s\S]{0,200}class="empty"/.test(desk))
    for (const qualification of free.slice(0, 2))
      await fetch(`${base}/staff/desk/claim`, {
        ...form({ csrf: csrfIn(desk), qualification }),
        headers: { cookie: sales },
      });

  const leads = all(await get('/staff/people?stage=sql'), /href="(\/staff\/leads\/\d+)"/g);
  let lead = leads[0] ?? '/staff/people';
  for (const one of leads) {
    const page = await get(one);
    if (!/<dd>English/.test(page)) continue;
    lead = one;
    if (/href="tel:/.test(page)) break;
  }
  const issues = await get('/staff/issues');
  const scheduled = all(
    issues,
    /<th[^>]*><a href="(\/staff\/issues\/\d+)" lang="\w+">(?:(?!<\/th>)[\s\S])*?<small>(?![^<]*sent manually)/g,
  );
  const readers = all(
    await get('/staff/rehearsal/news'),
    /href="(\/staff\/rehearsal\/news\/\d+)">[^<]*<\/a><\/b>[^<]*<small>English/g,
  );
  const links = (await mailsIn(base))
    .filter(({ text, rcptTo }) => /what we picked for you/.test(text) && !/^anna/.test(rcptTo[0] ?? ''))
    .map(({ text }) => /https?:\/\/\S+\/preferences\/\S+/.exec(text)?.[0]);
  return {
    lead,
    issue: scheduled[0] ?? '/staff/issues',
    preview: readers[0] ?? '/staff/rehearsal/news',
    preferences: links[0] ? new URL(links[0]).pathname : '/',
  };
}

function forDocs({ lead, issue, preview, preferences }: Places): Shot[] {
  return [
    { name: 'page-sign-up', path: '/', height: 1000 },
    { name: 'page-preferences', path: preferences, width: 900, height: 1120 },
    { name: 'page-overview', path: '/staff?days=90', height: 1960 },
    { name: 'page-issue', path: `${issue}?language=en`, height: 1620 },
    { name: 'page-preview', path: preview, height: 1240 },
    { name: 'page-profile', path: lead, height: 1460, dark: true },
    { name: 'page-desk', path: '/staff/desk', width: 390, height: 844, as: 'sales' },
    { name: 'page-what-if', path: '/staff/scoring/what-if?try=yes&threshold=9', height: 1240 },
  ];
}

function everything({ lead, issue, preview, preferences }: Places): Shot[] {
  const paths: Record<string, string> = {
    'sign-up': '/',
    inbox: '/look-in-your-inbox',
    preferences,
    broken: '/broken-link',
    'sign-in': '/staff/sign-in',
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
    missing: '/staff/nothing',
  };
  return Object.entries(paths).flatMap(([name, path]) => [
    { name: `${name}-1200`, path },
    { name: `${name}-1200-dark`, path, dark: true },
    { name: `${name}-360`, path, width: 360 },
    { name: `${name}-360-dark`, path, width: 360, dark: true },
  ]);
}
