import { createRequire } from 'node:module';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { findService } from './services.ts';

/** Ends a hang; how long a page takes on a busy machine is not what it measures. */
const PATIENCE_MS = 5 * 60_000;

const axeFile = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** Debian's Chromium, as the tests use it. Close it afterwards. */
export function launchBrowser(): Promise<Browser> {
  const executablePath = findService('chromium');
  if (!executablePath) throw new Error('chromium is missing; see "npm test" for how to get it');
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-lcd-text'],
  });
}

export interface Fault {
  rule: string;
  impact: string;
  where: string[];
  help: string;
}

/** What axe finds on the page that keeps somebody from using it: WCAG 2.2 A and AA, of serious or critical impact. */
export async function seriousFaults(page: Page): Promise<Fault[]> {
  // Through the debugger, not as a tag in the page: its security policy allows no script but its own.
  const isThere = await page.evaluate('typeof axe !== "undefined"');
  if (!isThere) await page.addScriptTag({ path: axeFile });
  const found = (await page.evaluate(`axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations'], iframes: false,
  })`)) as {
    violations: {
      id: string;
      impact: string;
      help: string;
      nodes: { html: string; any: { message: string }[] }[];
    }[];
  };
  return found.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, impact, help, nodes }) => ({
      rule: id,
      impact,
      help,
      where: nodes.slice(0, 5).map(({ html, any }) => `${html.slice(0, 160)} ${any[0]?.message ?? ''}`),
    }));
}

/** What makes a page wider than its window, so that it has to be pushed around on a phone; empty: nothing. */
export async function whatSticksOut(page: Page): Promise<string[]> {
  return (await page.evaluate(`(() => {
    const crowded = [...document.querySelectorAll('nav')]
      .filter((one) => getComputedStyle(one).overflowX === 'visible' && one.scrollWidth > one.clientWidth + 1)
      .map((one) => 'NAV: ' + one.textContent.trim().slice(0, 60));
    if (document.documentElement.scrollWidth <= innerWidth) return crowded;
    const wide = [...document.querySelectorAll('body *')]
      .filter((one) => one.getBoundingClientRect().right > innerWidth + 0.5);
    const guilty = wide.filter((one) => !one.closest('.scroll, nav, svg'));
    return (guilty.length > 0 ? guilty : wide)
      .slice(0, 5)
      .map((one) => one.tagName + '.' + one.className + ': ' + (one.textContent ?? '').trim().slice(0, 60));
  })()`)) as string[];
}

/** Cells so narrow that their words stand letter by letter; empty: none. */
export async function whatIsSqueezed(page: Page): Promise<string[]> {
  return (await page.evaluate(`[...document.querySelectorAll('th, td')]
    .filter((one) => {
      if (one.closest('thead')?.getBoundingClientRect().width <= 1) return false;
      const { width, height } = one.getBoundingClientRect();
      const text = one.textContent.trim();
      return text.length > 6 && height > 0 && width > 1 && width < 44 && height > width * 2;
    })
    .slice(0, 5)
    .map((one) => one.tagName + ': ' + one.textContent.trim().slice(0, 40))`)) as string[];
}

/** A window of its own for one person, with the wishes of that person's device. `bypassCSP` lets axe in. */
export async function openWindow(
  browser: Browser,
  wishes: { width?: number; dark?: boolean; language?: string; javaScript?: boolean } = {},
): Promise<BrowserContext> {
  const window = await browser.newContext({
    viewport: { width: wishes.width ?? 1200, height: 900 },
    colorScheme: wishes.dark ? 'dark' : 'light',
    locale: wishes.language ?? 'en',
    javaScriptEnabled: wishes.javaScript ?? true,
    bypassCSP: true,
  });
  window.setDefaultTimeout(PATIENCE_MS);
  return window;
}
