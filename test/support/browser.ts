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

/** What the window cuts off at its edges, or what stands over other text in the bar at the top; empty: nothing. */
export async function whatCollides(page: Page): Promise<string[]> {
  return (await page.evaluate(`(() => {
    const isShown = (one) => one.checkVisibility({ visibilityProperty: true }) && !one.closest('.skip, .visually-hidden, .trap, .scroll, pre, textarea, option');
    const lines = (root) => {
      const found = [];
      const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        if (!node.data.trim() || !isShown(node.parentElement)) continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        for (const box of range.getClientRects())
          if (box.width > 1 && box.height > 1) found.push({ box, node, text: node.data.trim().slice(0, 40) });
      }
      return found;
    };
    const cut = lines(document.body)
      .filter(({ box }) => box.right > innerWidth + 1 || box.left < -1)
      .map(({ text }) => 'cut off: ' + text);
    const over = [...document.querySelectorAll('header')].flatMap((bar) => {
      const all = lines(bar);
      return all.flatMap((one, place) => all.slice(place + 1)
        .filter(({ node, box }) => node !== one.node
          && Math.min(box.right, one.box.right) - Math.max(box.left, one.box.left) > 1
          && Math.min(box.bottom, one.box.bottom) - Math.max(box.top, one.box.top) > 3)
        .map(({ text }) => one.text + ' and ' + text + ' stand over each other'));
    });
    return [...cut, ...over].slice(0, 8);
  })()`)) as string[];
}

/** Words that break in their middle though a line of the window has room for them; not addresses and code. Empty: none. */
export async function whatBreaksInWords(page: Page): Promise<string[]> {
  return (await page.evaluate(`(() => {
    const isRead = (one) => one.checkVisibility({ visibilityProperty: true }) && one.getBoundingClientRect().width > 1
      && !one.closest('code, pre, textarea, option, .url') && !(one.closest('thead')?.getBoundingClientRect().width <= 1);
    const isBroken = (node, from, to) => {
      const range = document.createRange();
      range.setStart(node, from);
      range.setEnd(node, to);
      const boxes = [...range.getClientRects()].filter(({ width }) => width > 0);
      const width = boxes.reduce((sum, box) => sum + box.width, 0);
      return width <= innerWidth - 80 && boxes.some(({ top }) => top >= boxes[0].bottom - 2);
    };
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (!isRead(node.parentElement)) continue;
      const runs = [...node.data.matchAll(/\\S+/g)].filter(([run]) => !/[@_=]|:\\/\\/|[a-z]\\.[a-z]/i.test(run));
      for (const { 0: run, index } of runs)
        for (const { 0: word, index: at } of run.matchAll(/[^\\u2010-\\u2015\\u00ad\\-/]{3,}/g))
          if (isBroken(node, index + at, index + at + word.length)) found.push(node.parentElement.tagName + ': ' + word);
    }
    return [...new Set(found)].slice(0, 8);
  })()`)) as string[];
}

/** Fills a page as hardly any company does: long names, a word of sixty letters, numbers of eight digits. */
export async function overfill(page: Page): Promise<void> {
  await page.evaluate(`(() => {
    const put = (where, text) => {
      for (const one of document.querySelectorAll(where)) {
        const node = [...one.childNodes].find((child) => child.nodeType === 3 && child.data.trim());
        if (node) node.data = text;
      }
    };
    put('header .mark', 'Unternehmenssoftware Nordwerk');
    put('.staff-who > a', 'Maximiliane von Hohenstein-Oedenburg');
    put('tbody th a, .lead-head h3 a, .profile-head h1, .rows a', 'Wolfeschlegelsteinhausenbergerdorffvoralternwarengewissenhaft');
    put('.figure > b', '12.345.678,90 €');
    put('td.n, .funnel-people, .lead-score b, .big-score, .rows b.n', '12.345.678');
  })()`);
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
