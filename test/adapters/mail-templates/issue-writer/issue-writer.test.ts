import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import PostalMime from 'postal-mime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LoadedMails, loadMails } from '../../../../src/adapters/mail-templates/renderer.ts';
import { loadTexts } from '../../../../src/adapters/templates/texts.ts';
import type { Article } from '../../../../src/domain/content/article.ts';
import { issueMail, type TrackedLink } from '../../../../src/domain/mail/issue-mail.ts';
import { readReturnPath } from '../../../../src/domain/returns/return-path.ts';
import type { IssueMailToWrite } from '../../../../src/journey/delivery/ports/wire.ts';
import { testLinks, testProgramme, testPublicUrl, testSecrets } from '../../../support/programme.ts';
import { testWriter } from '../../../support/writer.ts';

const NOW = new Date('2026-11-24T08:00:00Z');
const programme = testProgramme();
const templates = join(import.meta.dirname, '../../../../templates');
const folder = mkdtempSync(join(tmpdir(), 'simmer-mails-'));
let mails: LoadedMails;

const load = (mailsFolder: string) =>
  loadMails(mailsFolder, loadTexts(join(templates, 'locales')), {
    ...programme.brand,
    publicUrl: testPublicUrl,
  });

beforeAll(async () => {
  mails = await load(join(templates, 'mails'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const TITLES = [
  'Plain',
  'A “quoted” title – with dashes & <b>tags</b> {{name}} {{{x}}}',
  '.\n.dots at\n. the start',
  'Ünïcødé 日本語 😀 zero\u200bwidth',
  `${'long '.repeat(80)}end`,
  '= =3D =\r\n.\r\nQUIT',
  '\uE000name.x&=\uE001 $& $1 \\n',
  "it's  two   blanks\tand a tab ",
];
const articles = Array.from({ length: 24 }, (_, at) => ({
  id: at + 1,
  title: `${TITLES[at % TITLES.length]} ${at}`,
  summary: at % 5 === 4 ? '' : `${TITLES[(at + 3) % TITLES.length]} ${'and more. '.repeat(at)}`,
  imageUrl: at % 3 === 0 ? null : `https://img.example/${at}.png?a=1&b="2"`,
  publishedAt: new Date(NOW.getTime() - at * 7 * 3_600_000),
  url: `https://blog.example/${at}`,
  feedUrl: '',
  language: 'en',
  interests: ['payroll'],
  firstSeenAt: NOW,
  priority: 1,
})) as unknown as Article[];
const issueLinks: TrackedLink[] = programme.languages.flatMap((language, at) => [
  ...(at === 0
    ? articles.map(({ id }) => ({
        number: id,
        role: 'article' as const,
        targetId: String(id),
        language,
        url: 'x',
        label: '',
      }))
    : []),
  ...programme.callsToAction.map(({ id, label }, n) => ({
    number: 100 + at * 50 + n,
    role: 'call-to-action' as const,
    targetId: id,
    language,
    url: 'x',
    label: label[language]!,
  })),
  ...programme.footerLinks.map(({ id, label }, n) => ({
    number: 120 + at * 50 + n,
    role: 'footer' as const,
    targetId: id,
    language,
    url: 'x',
    label: label[language]!,
  })),
]);

const NAMES = [
  null,
  'Ann',
  'Zoë 😀 van “Dam”',
  '<script>&amp;',
  "O'Brien = {{x}}",
  '.',
  'x'.repeat(150),
  'Ann',
];
const ZONES = ['Europe/Amsterdam', 'Pacific/Kiritimati', 'America/Los_Angeles'];
const issue = { issueId: 7, digestId: 'news', articles, issueLinks };

function order(at: number): IssueMailToWrite {
  const others = at % 6;
  const picks = Array.from({ length: others + 1 }, (_, n) => ({
    articleId: ((at * 5 + n * 7) % articles.length) + 1,
    place: n === 0 ? ('main' as const) : ('other' as const),
    interest: ['payroll', 'stock', 'gone'][(at + n) % 3]!,
    score: 1,
    reason: '',
  }));
  const language = programme.languages[at % 3]!;
  return {
    deliveryId: 10 ** (at % 9) + at,
    subscriber: { name: NAMES[at % NAMES.length]!, language, timeZone: ZONES[at % ZONES.length]! },
    picks,
    now: NOW,
    language,
    address: `reader-${at}@reader.example`,
    messageId: `<issue.${at}@tessel.example>`,
  };
}

/** The same mail by the plain renderer. */
function plainly(of: IssueMailToWrite, renderer = mails) {
  const data = issueMail({ ...of, ...issue, programme, links: testLinks, webVersion: false });
  return renderer.render('issue', of.language, data);
}

async function written(
  renderer: LoadedMails,
  of: IssueMailToWrite,
  write: ReturnType<ReturnType<typeof testWriter>['prepare']>,
) {
  const mail = await write(of);
  const raw = mail.buffer.toString('latin1', mail.start, mail.end);
  mail.release();
  return {
    mail,
    raw,
    parsed: await PostalMime.parse(Buffer.from(raw, 'latin1')),
    plain: plainly(of, renderer),
  };
}

const unix = (text: string | undefined) => (text ?? '').replace(/\r\n/g, '\n');
const noWarnings = (seen: string[]) => ({
  debug() {},
  info() {},
  error() {},
  warn: (_: object, message: string) => seen.push(message),
});

async function expectSame(renderer: LoadedMails, count: number): Promise<string[]> {
  const warnings: string[] = [];
  const write = testWriter(renderer.parts, {
    log: noWarnings(warnings),
    returnPathDomain: 'b.tessel.example',
  }).prepare(issue);
  for (let at = 0; at < count; at += 1) {
    const { raw, parsed, plain, mail } = await written(renderer, order(at), write);
    expect(unix(parsed.html).trim()).toBe(unix(plain.html).trim());
    expect(unix(parsed.text).trim()).toBe(unix(plain.text).trim());
    expect(parsed.subject?.replace(/\s+/g, ' ')).toBe(plain.subject.replace(/\s+/g, ' '));
    expect(parsed.to?.[0]?.address).toBe(`reader-${at}@reader.example`);
    expect(parsed.to?.[0]?.name ?? '').toBe(order(at).subscriber.name ?? '');
    expect(parsed.messageId).toBe(`<issue.${at}@tessel.example>`);
    expect(raw.endsWith('\r\n')).toBe(true);
    const isBad = (line: string) => line.length > 998 || line.startsWith('.') || !/^[\x20-\x7e]*$/.test(line);
    expect(raw.split('\r\n').filter(isBad)).toEqual([]);
    const body = raw.slice(raw.indexOf('\r\n\r\n') + 4);
    expect(body).not.toMatch(/ {2}| \r\n/);
    expect(readReturnPath(testSecrets, mail.from, 'b.tessel.example')).toEqual({
      kind: 'delivery',
      id: order(at).deliveryId,
    });
  }
  return warnings;
}

describe('an issue mail put together from pieces', () => {
  it('says what the plain renderer says, to every reader, whatever the articles and names are', async () => {
    expect(await expectSame(mails, 144)).toEqual([]);
  });

  it('has every header field of the standards once', async () => {
    const write = testWriter(mails.parts).prepare(issue);
    const { raw } = await written(mails, order(1), write);
    const head = raw.split('\r\n\r\n', 1)[0]!.replace(/\r\n[ \t]+/g, ' ');
    const names = head.split('\r\n').map((line) => line.slice(0, line.indexOf(':')));
    expect([...names].sort()).toEqual([
      'Auto-Submitted',
      'Content-Language',
      'Content-Type',
      'Date',
      'Feedback-ID',
      'From',
      'List-Id',
      'List-Post',
      'List-Unsubscribe',
      'List-Unsubscribe-Post',
      'MIME-Version',
      'Message-ID',
      'Reply-To',
      'Subject',
      'To',
    ]);
    expect(head).toContain('\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n');
  });

  it('offers a mail that unsubscribes too, where mails that come back are read', async () => {
    const fieldOf = async (returnPathDomain: string | null) => {
      const write = testWriter(mails.parts, { returnPathDomain }).prepare(issue);
      const { raw } = await written(mails, order(1), write);
      return /^List-Unsubscribe: (.*)$/m.exec(raw.replace(/\r\n[ \t]+/g, ' '))![1]!.trim();
    };
    const page = testLinks.unsubscribeFrom(issue.issueId, order(1).deliveryId);
    const token = page.slice(page.lastIndexOf('/') + 1);
    expect(await fieldOf(null)).toBe(`<${page}>`);
    expect(await fieldOf('b.tessel.example')).toBe(
      `<${page}>, <mailto:unsubscribe+${token}@b.tessel.example?subject=unsubscribe>`,
    );
  });

  it('costs no template run once its pieces are known', async () => {
    let rendered = 0;
    const counting = {
      ...mails.parts,
      html: ((...args: Parameters<typeof mails.parts.html>) => {
        rendered += 1;
        return mails.parts.html(...args);
      }) as typeof mails.parts.html,
      unwrappedText: ((...args: Parameters<typeof mails.parts.unwrappedText>) => {
        rendered += 1;
        return mails.parts.unwrappedText(...args);
      }) as typeof mails.parts.unwrappedText,
    };
    const write = testWriter(counting).prepare(issue);
    for (let at = 0; at < 720; at += 1) (await write(order(at))).release();
    const before = rendered;
    for (let at = 0; at < 720; at += 1) (await write(order(at))).release();
    expect(rendered).toBe(before);
  });

  it('of a mail that cannot be written says why', async () => {
    const write = testWriter(mails.parts).prepare(issue);
    const without = {
      ...order(1),
      picks: [{ articleId: 99, place: 'main' as const, interest: 'x', score: 1, reason: '' }],
    };
    await expect(write(without)).rejects.toThrow(/pick 99 has no article/);
  });
});

describe('templates of other people', () => {
  async function changed(
    name: string,
    change: (template: string) => string,
    part = 'html.mjml',
  ): Promise<LoadedMails> {
    const own = join(folder, name);
    cpSync(join(templates, 'mails'), own, { recursive: true });
    const file = join(own, 'issue', part);
    writeFileSync(file, change(readFileSync(file, 'utf8')));
    return load(own);
  }

  it('may use cards outside their blocks, their places, and the reader inside them', async () => {
    const renderer = await changed('inside', (html) =>
      html
        .replace(
          '<div class="unseen">',
          '<div class="unseen">{{main.title}} {{{main.summary}}} {{#if main.imageUrl}}<a href="{{href main.url}}">x</a>{{/if}}{{others.length}} ',
        )
        .replace(
          '{{#each others}}',
          '{{#each others}}{{@index}}{{#if @first}}first{{/if}}{{#if @last}}last{{/if}} {{#if ../name}}for {{../name}}{{/if}}',
        )
        .replace('</mj-body>', '<mj-raw>{{#each others}}<i>{{title}}</i>{{/each}}</mj-raw></mj-body>'),
    );
    expect(await expectSame(renderer, 72)).toEqual([]);
  });

  it('may do so in the text part, with lines of any length and empty lines anywhere', async () => {
    const renderer = await changed(
      'inside-text',
      (text) =>
        `\n\n{{main.title}} / {{main.url}} / {{preheader}}\n\n\n${text
          .replace(
            '{{#each others}}',
            '{{#each others}}\n\n\n{{@index}} {{#if ../name}}for {{../name}}{{/if}}\n',
          )
          .replace(/\{\{\/each\}\}/, '\n\n{{#if @last}}\n\nthe last\n\n{{/if}}{{/each}}')}`,
      'text.hbs',
    );
    expect(await expectSame(renderer, 72)).toEqual([]);
  });

  it('that begin an article in the middle of a line of text have that part rendered whole', async () => {
    const renderer = await changed(
      'mid-line',
      (text) => text.replace('{{#with main}}\n', 'First: {{#with main}}'),
      'text.hbs',
    );
    expect(await expectSame(renderer, 24)).toEqual([expect.stringContaining('text template')]);
  });

  it('that do more with a value than write it are rendered whole, and the log says so', async () => {
    const renderer = await changed('compares', (html) =>
      html.replace(
        '<div class="unseen">',
        '<div class="unseen">{{#if (eq name "Ann")}}It is Ann{{else}}It is not{{/if}} ',
      ),
    );
    expect(await expectSame(renderer, 48)).toEqual([expect.stringContaining('rendered whole')]);
  });

  it('that do so in the text part have that one rendered whole', async () => {
    const renderer = await changed(
      'compares-in-text',
      (text) => `${text}\n{{#if (eq name "Ann")}}It is Ann{{else}}It is not{{/if}}\n`,
      'text.hbs',
    );
    expect(await expectSame(renderer, 48)).toEqual([expect.stringContaining('text template')]);
  });
});
