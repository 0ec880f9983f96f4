import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import PostalMime from 'postal-mime';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../src/demo/road.ts';
import { freePort } from '../../src/start/listen.ts';
import {
  launchBrowser,
  openWindow,
  overfill,
  seriousFaults,
  whatBreaksInWords,
  whatCollides,
  whatIsSqueezed,
  whatSticksOut,
} from '../support/browser.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { type SimmerProcess, simmer } from '../support/processes.ts';
import { TEST_SECRET_KEY } from '../support/secret-key.ts';
import { lacks } from '../support/services.ts';
import { startSmtpServer, type TestSmtpServer } from '../support/smtp-server.ts';

const PROGRAMME = fileURLToPath(new URL('programme.ts', import.meta.url));
const LIST = fileURLToPath(new URL('../fixtures/people-files/hubspot.csv', import.meta.url));
const EMAIL = 'anna.visser@kade-logistics.example';
const [ADMIN, MARKETER, SALES] = ['ada', 'milan', 'sofie'].map((name) => `${name}@nordwerk.example`);

const PATHS = {
  open: ['/', '/look-in-your-inbox', '/broken-link', '/form', '/staff/sign-in', '/no-such-page', '/staff/x'],
  staff: [
    '/staff',
    '/staff?days=365&by=sqls',
    '/staff/costs',
    '/staff/desk',
    '/staff/people?status=active&score_from=0',
    '/staff/people/import',
    '/staff/leads/1',
    '/staff/issues',
    '/staff/issues/1',
    '/staff/rehearsal/news',
    '/staff/content',
    '/staff/scoring',
    '/staff/scoring/what-if?try=yes&threshold=3',
    '/staff/settings',
    '/staff/settings/suppressions',
    '/staff/settings/keys',
    '/staff/settings/webhooks',
    '/staff/settings/audit',
    '/staff/account',
  ],
};

// The pages as people use them: a real Simmer, a real browser, a real mail server, one story told in order.
// The limit ends a hang: axe over all pages takes minutes of processor, and a busy machine has few of them.
describe.skipIf(lacks('chromium'))('the pages in a browser', { timeout: 30 * 60_000 }, () => {
  let db: TestDatabase;
  let smtp: TestSmtpServer;
  let program: SimmerProcess;
  let browser: Browser;
  let base: string;
  const folder = mkdtempSync(join(tmpdir(), 'simmer-pages-'));
  const windows: BrowserContext[] = [];

  beforeAll(async () => {
    const port = await freePort();
    base = `http://127.0.0.1:${port}`;
    [db, smtp, browser] = await Promise.all([testDatabase(), startSmtpServer(), launchBrowser()]);
    program = simmer(['start'], {
      PORT: String(port),
      HOST: '127.0.0.1',
      PUBLIC_URL: base,
      DATABASE_URL: db.url,
      SMTP_URL: smtp.url,
      SECRET_KEY: TEST_SECRET_KEY,
      PROGRAMME,
      DATA_DIR: folder,
      LOG_LEVEL: 'warn',
    });
    await until('the program', async () => (await fetch(`${base}/health/ready`).catch(() => null))?.ok);
    await until('articles', async () => {
      const { rows } = await db.pool.query(
        `select count(*)::int as n from articles where language = 'en' and interests @> '{payroll}'`,
      );
      return rows[0].n >= 10;
    });
  }, 180_000);
  afterEach(async () => {
    for (const one of windows.splice(0)) await one.close();
  });
  afterAll(async () => {
    program?.child.kill('SIGKILL');
    await browser?.close();
    await Promise.all([db?.close(), smtp?.close()]);
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  async function open(wishes: Parameters<typeof openWindow>[1] = {}): Promise<Page> {
    const window = await openWindow(browser, wishes);
    windows.push(window);
    return window.newPage();
  }

  /** Nothing that keeps somebody from using the page, and nothing that has to be pushed sideways. */
  async function expectGood(page: Page, what = page.url()) {
    expect(await seriousFaults(page), what).toEqual([]);
    await expectRoom(page, what);
  }

  /** Everything has its place, and every word that fits a line stands in one. */
  async function expectRoom(page: Page, what = page.url()) {
    expect(await whatSticksOut(page), `${what} is wider than its window`).toEqual([]);
    expect(await whatIsSqueezed(page), `${what} has words that stand letter by letter`).toEqual([]);
    expect(await whatCollides(page), `${what} has text that is cut off or stands over other text`).toEqual(
      [],
    );
    expect(await whatBreaksInWords(page), `${what} breaks words in their middle`).toEqual([]);
  }

  async function newestMail(to: string, fits: RegExp) {
    return until(`a mail to ${to} that fits ${fits}`, async () => {
      const parsed = await Promise.all(smtp.mailsTo(to).map(({ raw }) => PostalMime.parse(raw)));
      return parsed.findLast((mail) => fits.test(`${mail.subject}\n${mail.text}`));
    });
  }

  const linkIn = (mail: { html?: string | undefined }, fits: RegExp) =>
    [...(mail.html ?? '').matchAll(/href="([^"]+)"/g)]
      .map(([, url]) => (url ?? '').replaceAll('&amp;', '&').replaceAll('&#x3D;', '='))
      .find((url) => fits.test(url)) ?? '';

  async function signIn(page: Page, email: string) {
    const before = smtp.mailsTo(email).length;
    await page.goto(`${base}/staff`);
    await page.getByLabel('Email address').fill(email);
    await page.getByRole('button', { name: 'Email me a link' }).click();
    await until('the sign-in mail', async () => smtp.mailsTo(email).length > before);
    await page.goto(linkIn(await newestMail(email, /sign-in\//), /\/staff\/sign-in\//));
    await page.getByRole('button', { name: 'Sign in now' }).click();
    await page.getByRole('navigation', { name: 'Staff pages' }).waitFor();
  }

  it('somebody signs up without JavaScript, confirms, and prefers', async () => {
    const page = await open({ javaScript: false, width: 360 });
    await page.goto(`${base}/?utm_source=trade-fair`);
    await page.getByLabel('Email address').fill('anna.visser@kade');
    await page.getByRole('button', { name: 'Sign me up' }).click();
    expect(await page.getByRole('alert').textContent()).toContain('The end is missing');
    await page.getByLabel('Email address').fill(EMAIL);
    await page.getByLabel(/Your name/).fill('Anna Visser');
    await page.getByRole('button', { name: 'Sign me up' }).click();
    await page.getByRole('heading', { name: 'Check your inbox' }).waitFor();

    const confirmation = await newestMail(EMAIL, /preferences\//);
    await page.goto(linkIn(confirmation, /interest=payroll/));
    await page.getByRole('button', { name: 'Confirm and start' }).click();
    await page.getByRole('heading', { name: 'You’re in', exact: true }).waitFor();

    const again = await open();
    await again.goto(linkIn(confirmation, /interest=payroll/));
    await again.getByLabel('Once a month at most').check();
    await again.getByLabel('Every issue', { exact: false }).first().check();
    await again.getByRole('button', { name: 'Save my choice' }).click();
    await again.getByRole('heading', { name: 'Your choice is saved' }).waitFor();
  });

  it('a keyboard is enough: to sign up, to sign in, to read a definition', async () => {
    const page = await open({ javaScript: false });
    const focused = () => page.locator(':focus');
    const tabTo = async (name: RegExp) => {
      for (let presses = 0; presses < 40; presses++) {
        await page.keyboard.press('Tab');
        const label = (await page.evaluate(
          'document.activeElement.matches("body") ? "" : (document.activeElement.labels?.[0] ?? document.activeElement).textContent.trim()',
        )) as string;
        if (name.test(label)) return;
      }
      throw new Error(`no way by keyboard to ${name} on ${page.url()}`);
    };
    await page.goto(`${base}/`);
    await page.keyboard.press('Tab');
    expect(await focused().textContent()).toBe('Skip to the content');
    await tabTo(/Email address/);
    await page.keyboard.type('kim@keyboard.example');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Check your inbox' }).waitFor();

    await page.goto(`${base}/staff`);
    await tabTo(/Email address/);
    await page.keyboard.type(ADMIN!);
    await page.keyboard.press('Enter');
    await page.goto(linkIn(await newestMail(ADMIN!, /sign-in\//), /\/staff\/sign-in\//));
    await tabTo(/Sign in now/);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    await tabTo(/^Click-through rate/);
    await page.keyboard.press('Enter');
    await page.getByText('People, not clicks').waitFor();
  });

  it('a marketer rehearses, previews, has a test sent, sends, pauses and cancels', async () => {
    const page = await open();
    await signIn(page, MARKETER!);
    await page.getByRole('link', { name: 'Issues' }).click();
    await page.getByRole('link', { name: 'Rehearse' }).first().click();
    await page.getByRole('link', { name: EMAIL }).click();
    await page.getByRole('link', { name: '360 px' }).click();
    await page.getByRole('link', { name: 'Dark' }).click();
    const mail = page.frameLocator('iframe.mail-frame');
    await mail.getByRole('heading', { level: 1 }).waitFor();
    await page.getByRole('button', { name: 'Send me a test' }).click();
    await page.getByRole('status').waitFor();
    await newestMail(MARKETER!, /Nordwerk News/);

    await page.getByRole('link', { name: /Rehearsal of/ }).click();
    await page.getByText('Send it now').click();
    await page.getByLabel('Yes, send it to all of them now').check();
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: /Nordwerk News/ }).waitFor();
    await newestMail(EMAIL, /· Nordwerk News/);

    // A second issue meets a mail server that has no time, so that there is something to pause.
    smtp.behaveToAll({ at: 'rcpt', reply: '451 4.3.2 come back later' });
    await page.goto(`${base}/staff/rehearsal/news`);
    await page.getByText('Send it now').click();
    await page.getByLabel('Yes, send it to all of them now').check();
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.getByRole('button', { name: 'Pause' }).click();
    expect(await page.getByRole('status').textContent()).toContain('Paused');
    await page.getByRole('button', { name: 'Resume' }).click();
    expect(await page.getByRole('status').textContent()).toContain('It goes on');
    await page.getByRole('link', { name: 'Issues', exact: true }).first().click();
    await page.getByRole('region', { name: 'Under way' }).getByRole('link').first().click();
    await page.getByRole('button', { name: 'Pause' }).click();
    expect(await page.getByRole('status').textContent()).toContain('Paused');
    await expectGood(page);
    await page.getByRole('button', { name: 'Cancel remaining emails' }).click();
    expect(await page.getByRole('status').textContent()).toContain('Cancelled');
    smtp.behaveToAll(null);
  });

  it('the reader asks for a call from the mail; sales takes the lead and answers', async () => {
    const page = await open({ width: 360, dark: true });
    await page.goto(linkIn(await newestMail(EMAIL, /· Nordwerk News/), /\/c\/[^"]+$/));
    const { rows } = await db.pool.query(
      `select d.id as delivery, d.issue_id as issue, l.number from deliveries d
         join subscribers s on s.id = d.subscriber_id join issue_links l on l.issue_id = d.issue_id
        where s.email = $1 and d.status = 'sent' and l.url = 'simmer:call-back' and l.language = 'en'`,
      [EMAIL],
    );
    const digest = await newestMail(EMAIL, /· Nordwerk News/);
    await page.goto(linkIn(digest, new RegExp(`/c/[^/]+/${rows[0].number}$`)));
    await page.getByLabel('Phone number').fill('+31 20 555 0101');
    await page.getByLabel(/What is it about/).fill('Payroll for 80 people');
    await expectGood(page);
    await page.getByRole('button', { name: 'Call me back' }).click();
    await page.getByRole('heading', { name: 'Thank you, we will call' }).waitFor();

    const desk = await open({ width: 360 });
    await signIn(desk, SALES!);
    await desk.getByRole('heading', { name: 'Sales desk' }).waitFor();
    await until('the lead on the desk', async () => {
      await desk.reload();
      return (await desk.getByRole('link', { name: 'Anna Visser' }).count()) > 0;
    });
    expect(await desk.locator('.wish').first().textContent()).toContain('Payroll for 80 people');
    await expectGood(desk);
    await desk.getByRole('button', { name: 'Take this lead' }).click();
    expect(await desk.getByRole('status').textContent()).toContain('It’s yours');
    await desk.getByText('Log a call').click();
    await desk.getByLabel('Note', { exact: true }).fill('Reached the front desk');
    await desk.getByRole('button', { name: 'Save' }).click();
    expect(await desk.locator('#lead-1, .lead-card').first().textContent()).toContain(
      'Reached the front desk',
    );
    await desk.getByRole('link', { name: 'How did it go?' }).click();
    await desk.getByRole('radio', { name: /Won/ }).check();
    await desk.getByRole('button', { name: 'Save', exact: true }).click();
    await desk.goto(`${base}/staff/desk`);
    await desk.getByText('No lead is waiting for a call').waitFor();
  });

  it('a reader reads what is known, and has it erased', async () => {
    const page = await open({ dark: true });
    await page.goto(linkIn(await newestMail(EMAIL, /· Nordwerk News/), /\/preferences\//));
    await expectGood(page);
    await page.getByRole('button', { name: 'Email me the link' }).click();
    await expectGood(page);
    await page.goto(linkIn(await newestMail(EMAIL, /your-data/), /\/your-data\//));
    await expectGood(page);
    await page.getByRole('link', { name: 'Erase my data' }).click();
    await expectGood(page);
    await page.getByLabel('Yes, erase my data').check();
    await page.getByRole('button', { name: 'Erase', exact: true }).click();
    await page.getByRole('heading', { name: 'Your data has been erased' }).waitFor();
  });

  it('axe finds nothing serious on any page, wide and narrow, light and dark, in every language', async () => {
    const looks = [
      { width: 1200, dark: false, language: 'de' },
      { width: 360, dark: true, language: 'de' },
      { width: 360, dark: false, language: 'nl' },
    ];
    const first = await open();
    await signIn(first, ADMIN!);
    await first.goto(`${base}/staff/people/import`);
    await first.locator('#file').setInputFiles(LIST);
    await first.getByRole('button', { name: 'Check the file' }).click();
    await first.getByRole('heading', { name: 'What the columns hold' }).waitFor();
    // Chosen by keyboard alone, and read again.
    await first.getByLabel('Job Title', { exact: true }).focus();
    await first.keyboard.type('Company');
    await first.getByRole('button', { name: 'Check again' }).press('Enter');
    await first.getByText('The file was checked again').waitFor();
    expect(await first.getByLabel('Job Title', { exact: true }).inputValue()).toBe('company');
    PATHS.staff.push(new URL(first.url()).pathname);
    const cookies = await first.context().cookies();
    for (const look of looks) {
      const page = await open(look);
      await page.context().addCookies(cookies);
      for (const path of [...PATHS.open, ...PATHS.staff]) {
        await page.goto(base + path);
        await expectGood(
          page,
          `${path} at ${look.width} px, ${look.dark ? 'dark' : 'light'}, ${look.language}`,
        );
      }
    }
  });

  it('has room for everything on the narrowest phone, in every language, and where a company has long names', async () => {
    const reader = await open({ width: 320, dark: true });
    await reader.goto(linkIn(await newestMail('kim@keyboard.example', /preferences\//), /interest=payroll/));
    await expectRoom(reader);
    // Whoever wants the one topic of the link finds the button without going through the form.
    const { y, height } = (await reader.getByRole('button', { name: 'Confirm and start' }).boundingBox())!;
    expect(y + height).toBeLessThanOrEqual(900);
    await reader.getByRole('button', { name: 'Confirm and start' }).click();
    await expectRoom(reader);
    const { pathname } = new URL(
      linkIn(await newestMail('kim@keyboard.example', /preferences\//), /preferences\//),
    );
    const readers = [pathname, pathname.replace('preferences', 'unsubscribe')];
    const staff = await open();
    await signIn(staff, ADMIN!);
    const cookies = await staff.context().cookies();
    for (const language of ['de', 'nl', 'en', 'fr']) {
      const page = await open({ width: 320, dark: language === 'nl', language });
      await page.context().addCookies(cookies);
      for (const path of [...PATHS.open, ...readers, ...PATHS.staff]) {
        await page.goto(base + path);
        await expectRoom(page, `${path} at 320 px, ${language}`);
        await overfill(page);
        await expectRoom(page, `${path} at 320 px, ${language}, overfull`);
      }
      // The bar of staff stands in one row only where it has the room, whatever a language calls its entries.
      for (const width of [390, 800, 1200, 1280, 1366]) {
        await page.setViewportSize({ width, height: 900 });
        await page.goto(`${base}/staff`);
        await expectRoom(page, `the bar at ${width} px, ${language}`);
        await overfill(page);
        await expectRoom(page, `the bar at ${width} px, ${language}, overfull`);
      }
    }
  });
});
