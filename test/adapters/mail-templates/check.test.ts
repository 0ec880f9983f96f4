import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkMails, mailFaults } from '../../../src/adapters/mail-templates/check.ts';
import { loadTexts } from '../../../src/adapters/templates/texts.ts';
import { testProgramme, testPublicUrl } from '../../support/programme.ts';

const templates = join(import.meta.dirname, '../../../templates');
const languages = loadTexts(join(templates, 'locales'));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'simmer-mails-'));
  cpSync(join(templates, 'mails'), folder, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

const check = (texts = languages) => checkMails(folder, texts, testProgramme(), testPublicUrl);
function change(file: string, from: string, to: string): void {
  const source = readFileSync(join(folder, file), 'utf8');
  expect(source).toContain(from);
  writeFileSync(join(folder, file), source.replace(from, to));
}

describe('checkMails', () => {
  it('finds nothing in the mails that come with Simmer', async () => {
    expect(await check()).toEqual([]);
  });

  it('names template and line of every MJML fault, also in a partial', async () => {
    change('sign-in/html.mjml', '<mj-button href', '<mj-button shape="round" href');
    change('partials/footer.mjml', 'padding="20px 32px 40px"', 'paddings="20px"');
    const problems = await check();
    expect(problems).toHaveLength(2);
    expect(problems).toContainEqual(
      expect.stringMatching(/^sign-in\/html\.mjml line 12 \(mj-button\) — .*shape/),
    );
    expect(problems).toContainEqual(
      expect.stringMatching(/^partials\/footer\.mjml line 1 \(mj-section\) — .*paddings/),
    );
  });

  it('names an unknown colour and those there are', async () => {
    change('notice/html.mjml', 'background-color="$page"', 'background-color="$pgae"');
    expect(await check()).toEqual([
      expect.stringMatching(/^notice\/html\.mjml: \$pgae is no colour; there are \$primary, /),
    ]);
  });

  it('finds a block that is not closed, a tag that is not closed, and a link the text lacks', async () => {
    change('notice/text.hbs', '{{/each}}', '');
    expect((await check())[0]).toMatch(/mail "notice".*Parse error/s);
    change('notice/text.hbs', '{{#each paragraphs}}\n{{this}}\n', '');
    change('sign-in/html.mjml', '</p></mj-text>\n          <mj-button', '</mj-text>\n          <mj-button');
    change('already-subscribed/text.hbs', '{{preferencesUrl}}', '');
    change('partials/reader-footer.hbs', '{{preferencesUrl}}', '');
    const problems = await check();
    expect(problems).toContainEqual(
      expect.stringMatching(/mail "sign-in" in language "en": <\/div> closes nothing; <p> is open/),
    );
    expect(problems).toContainEqual(
      expect.stringMatching(
        /mail "already-subscribed" in language "de": the text part lacks a link .*\/preferences\//,
      ),
    );
  });

  it('finds a text that one language lacks, and a place that nothing fills', async () => {
    const texts = new Map(languages);
    const dutch = new Map(texts.get('nl'));
    dutch.delete('mails.issue.more');
    dutch.set('mails.sign-in.title', 'Dag {naam}');
    texts.set('nl', dutch);
    const problems = await check(texts);
    expect(problems).toHaveLength(2);
    expect(problems).toContainEqual(
      expect.stringContaining('mail "issue" in language "nl": there is no text "mails.issue.more"'),
    );
    expect(problems).toContainEqual(
      expect.stringContaining('text "mails.sign-in.title" has {naam}, which nothing fills'),
    );
  });
});

describe('mailFaults', () => {
  const page = (body: string) =>
    `<html lang="en" dir="ltr"><head><title>t</title></head><body><h1>t</h1>${body}</body></html>`;
  const faults = (body: string, text = '') => mailFaults({ subject: 's', html: page(body), text });

  it('finds what a screen reader stumbles over', () => {
    expect(faults('<img src="x.png">')[0]).toMatch('no alt');
    expect(faults('<a href="https://x.example"></a>', 'https://x.example')[0]).toMatch('no words');
    expect(faults('<h3>x</h3>')).toEqual(['h3 follows h1']);
    expect(faults('<h1>x</h1>')).toEqual(['there must be exactly one h1']);
  });

  it('finds a mail that Gmail would clip, and left-over template signs', () => {
    expect(faults(`<p>\n${'many words\n'.repeat(8000)}</p>`)[0]).toMatch('Gmail clips');
    expect(faults('<p>{{oops}}</p>')[0]).toMatch('left over');
  });
});
