/**
 * Takes pictures of the mails with Chromium, to be looked at.
 *   npx tsx test/support/shoot-mails.ts          the five that the documentation shows, into docs/img
 *   npx tsx test/support/shoot-mails.ts FOLDER   every mail in every language: 600 and 360 px, dark, images off; in one
 *     language as programs show it that drop <style>; and the issue with fewer articles, with pictures and without
 *   npx tsx test/support/shoot-mails.ts FOLDER WORD   of these, those with WORD in their name
 */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { exampleMails } from '../../src/adapters/mail-templates/examples.ts';
import { loadMails } from '../../src/adapters/mail-templates/renderer.ts';
import { loadTexts } from '../../src/adapters/templates/texts.ts';
import { loadProgramme } from '../../src/config/load-programme.ts';
import { makeLinks } from '../../src/domain/links.ts';
import type { ArticleCard, IssueMail, MailKind } from '../../src/domain/mail/mails.ts';
import { MAIL_KINDS } from '../../src/domain/mail/mails.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PUBLIC_URL = 'http://simmer.example';

interface Shot {
  name: string;
  kind: MailKind;
  language: string;
  width: number;
  isDark?: boolean;
  withoutImages?: boolean;
  /** As GMX, Web.de and Gmail on phones in part show it. */
  withoutStyle?: boolean;
  /** Every picture of an article is as high as it is wide. */
  withSquares?: boolean;
  /** Of the issue: so many articles. */
  articles?: number;
  /** Of the issue: no article has a picture. */
  withoutPictures?: boolean;
}

const forDocs: Shot[] = [
  { name: 'mail-issue-600', kind: 'issue', language: 'en', width: 600 },
  { name: 'mail-issue-360', kind: 'issue', language: 'en', width: 360 },
  { name: 'mail-issue-dark', kind: 'issue', language: 'en', width: 600, isDark: true },
  { name: 'mail-confirmation', kind: 'confirmation', language: 'en', width: 600 },
  { name: 'mail-sales-alert', kind: 'sales-alert', language: 'en', width: 600 },
];

const everything = (languages: string[]): Shot[] =>
  languages.flatMap((language) =>
    MAIL_KINDS.flatMap((kind) => [
      { name: `${kind}-${language}-600`, kind, language, width: 600 },
      { name: `${kind}-${language}-360`, kind, language, width: 360 },
      { name: `${kind}-${language}-600-dark`, kind, language, width: 600, isDark: true },
      { name: `${kind}-${language}-600-no-images`, kind, language, width: 600, withoutImages: true },
    ]),
  );

const WIDTHS = [600, 360];
const plain = (): Shot[] =>
  MAIL_KINDS.flatMap((kind) =>
    WIDTHS.map((width) => ({
      name: `${kind}-en-${width}-plain`,
      kind,
      language: 'en',
      width,
      withoutStyle: true,
    })),
  );
const squares = (): Shot[] =>
  WIDTHS.flatMap((width) =>
    [false, true].map((withoutStyle) => ({
      name: `issue-en-${width}-squares${withoutStyle ? '-plain' : ''}`,
      kind: 'issue' as const,
      language: 'en',
      width,
      withSquares: true,
      withoutStyle,
    })),
  );
const SQUARE =
  '<svg xmlns="http://www.w3.org/2000/svg" width="600" height="600"><rect width="600" height="600" fill="#cde"/><circle cx="300" cy="300" r="280" fill="#357"/></svg>';
const short = (): Shot[] =>
  [1, 2, 3, 4, 5].flatMap((articles) =>
    [false, true].flatMap((withoutPictures) =>
      WIDTHS.map((width) => ({
        name: `issue-en-${width}-of-${articles}${withoutPictures ? '-without-pictures' : ''}`,
        kind: 'issue' as const,
        language: 'en',
        width,
        articles,
        withoutPictures,
      })),
    ),
  );

const { programme } = await loadProgramme(join(ROOT, 'feeds.config.ts'), true);
const mails = await loadMails(join(ROOT, 'templates/mails'), loadTexts(join(ROOT, 'templates/locales')), {
  ...programme.brand,
  publicUrl: PUBLIC_URL,
});
const links = makeLinks(PUBLIC_URL, ['a-secret-for-pictures']);

const folder = process.argv[2] ?? join(ROOT, 'docs/img');
mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-lcd-text'],
});
try {
  const all = process.argv[2]
    ? [...everything(programme.languages), ...plain(), ...squares(), ...short()]
    : forDocs;
  for (const shot of all.filter(({ name }) => name.includes(process.argv[3] ?? '')))
    await shoot(browser, shot);
} finally {
  await browser.close();
}

async function shoot(browser: Browser, shot: Shot): Promise<void> {
  const page = await browser.newPage({
    viewport: { width: shot.width, height: 800 },
    colorScheme: shot.isDark ? 'dark' : 'light',
  });
  // The sample company's pictures come from their folder; nothing is fetched from anywhere else.
  await page.route('**/*', (route) => {
    const file = join(ROOT, 'templates/sample/images', basename(new URL(route.request().url()).pathname));
    if (shot.withSquares && !file.endsWith('logo.png'))
      return route.fulfill({ body: SQUARE, contentType: 'image/svg+xml' });
    return shot.withoutImages || !existsSync(file)
      ? route.abort()
      : route.fulfill({ body: readFileSync(file), contentType: 'image/png' });
  });
  const examples = exampleMails(programme, links, shot.language);
  const data = { ...examples, issue: shortened(examples.issue, shot) };
  const { html } = mails.render(shot.kind, shot.language, data[shot.kind]);
  const shown = shot.withoutStyle ? html.replace(/<style[\s\S]*?<\/style>/g, '') : html;
  await page.setContent(shown, { waitUntil: 'networkidle' });
  const overflow = await page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
  if (Number(overflow) > 0) console.warn(`${shot.name} is ${overflow} px wider than its window`);
  await page.screenshot({ path: join(folder, `${shot.name}.png`), fullPage: true });
  await page.close();
}

function shortened(
  issue: IssueMail,
  { articles = issue.others.length + 1, withoutPictures }: Shot,
): IssueMail {
  const card = (one: ArticleCard) => (withoutPictures ? { ...one, imageUrl: null } : one);
  return { ...issue, main: card(issue.main), others: issue.others.slice(0, articles - 1).map(card) };
}
