import { describe, expect, it } from 'vitest';
import type { Article } from '../../../src/domain/content/article.ts';
import type { ArticlePick } from '../../../src/domain/content/choosing/pick.ts';
import { CALL_BACK_TARGET } from '../../../src/domain/links.ts';
import { type IssueMailInput, issueMail, type TrackedLink } from '../../../src/domain/mail/issue-mail.ts';
import { testLinks, testProgramme, testPublicUrl } from '../../support/programme.ts';

const article = (id: number, parts: Partial<Article> = {}): Article => ({
  id,
  feedUrl: 'https://blog.example/feed.xml',
  url: `https://blog.example/${id}`,
  title: `Title ${id}`,
  summary: `Summary ${id}`,
  imageUrl: null,
  language: 'nl',
  interests: ['payroll'],
  publishedAt: new Date('2026-11-20T23:30:00Z'),
  firstSeenAt: new Date('2026-11-20T23:40:00Z'),
  priority: 1,
  ...parts,
});

const pick = (articleId: number, place: ArticlePick['place'] = 'other'): ArticlePick => ({
  articleId,
  place,
  interest: 'payroll',
  score: 1,
});

const link = (
  number: number,
  role: TrackedLink['role'],
  targetId: string,
  language = 'nl',
  url = 'https://tessel.example/x',
): TrackedLink => ({ number, role, targetId, language, url, label: `${targetId} ${language}` });

const issueLinks = [
  link(1, 'article', '7'),
  link(2, 'article', '8'),
  link(3, 'call-to-action', 'brochure', 'en'),
  link(4, 'call-to-action', 'brochure'),
  link(5, 'call-to-action', 'call-back', 'nl', CALL_BACK_TARGET),
  link(6, 'footer', 'software', 'en'),
  link(7, 'footer', 'software'),
];

const input = (parts: Partial<IssueMailInput> = {}): IssueMailInput => ({
  programme: testProgramme(),
  links: testLinks,
  digestId: 'news',
  issueId: 3,
  deliveryId: 99,
  subscriber: { name: 'Anna', language: 'nl', timeZone: 'Europe/Amsterdam' },
  picks: [pick(8), pick(7, 'main')],
  articles: [article(7), article(8)],
  issueLinks,
  now: new Date('2026-11-24T08:00:00Z'),
  webVersion: false,
  ...parts,
});

describe('issueMail', () => {
  it('puts the main pick first and tracks every link under its number in the table', () => {
    const mail = issueMail(input());
    expect(mail.main.title).toBe('Title 7');
    expect(mail.main.url).toBe(testLinks.click(3, 99, 1));
    expect(mail.others.map(({ url }) => url)).toEqual([testLinks.click(3, 99, 2)]);
    expect(mail.callsToAction.map(({ url }) => url)).toEqual([
      testLinks.click(3, 99, 4),
      testLinks.click(3, 99, 5),
    ]);
    expect(mail.footerLinks.map(({ url }) => url)).toEqual([testLinks.click(3, 99, 7)]);
  });

  it('holds plain links and no pixel for a reader who does not want to be measured', () => {
    const subscriber = { ...input().subscriber, tracking: false };
    const mail = issueMail(input({ subscriber }));
    expect(mail.main.url).toBe('https://tessel.example/x');
    expect(mail.pixelUrl).toBeNull();
    expect(mail.callsToAction.map(({ url }) => url)).toEqual([
      'https://tessel.example/x',
      testLinks.callBack(3, 99),
    ]);
    expect(mail.unsubscribeUrl).toBe(testLinks.unsubscribeFrom(3, 99));
    expect(JSON.stringify(mail)).not.toContain('/c/');
  });

  it("writes labels, dates and the digest's name in the reader's language and zone", () => {
    const mail = issueMail(input());
    expect(mail.digestName).toBe('Tessel Nieuws');
    expect(mail.dateline).toBe('24 november 2026');
    // 23:30 UTC is the next day in Amsterdam.
    expect(mail.main.published).toBe('21 november');
    expect(mail.main.interestLabel).toBe('Salarissen');
    expect(mail.callsToAction[0]?.label).toBe('brochure nl');
  });

  it("takes the programme's language for calls to action when the table lacks the reader's", () => {
    const mail = issueMail(input({ subscriber: { name: null, language: 'de', timeZone: 'UTC' } }));
    expect(mail.callsToAction.map(({ label }) => label)).toEqual(['brochure en']);
    expect(mail.footerLinks.map(({ label }) => label)).toEqual(['software en']);
  });

  it('keeps what the table says when the programme has changed since', () => {
    const mail = issueMail(input({ programme: testProgramme({ callsToAction: [], footerLinks: [] }) }));
    expect(mail.callsToAction.map(({ kind }) => kind)).toEqual(['brochure', 'call-back']);
    expect(mail.footerLinks).toHaveLength(1);
  });

  it('has a pixel in the mail and none in the web version', () => {
    expect(issueMail(input()).pixelUrl).toBe(testLinks.pixel(3, 99));
    expect(issueMail(input({ webVersion: true })).pixelUrl).toBeNull();
  });

  it('shows only pictures from web addresses and makes our own paths absolute', () => {
    const imageOf = (imageUrl: string | null) =>
      issueMail(input({ articles: [article(7, { imageUrl }), article(8)] })).main.imageUrl;
    expect(imageOf('/sample/images/a.png')).toBe(`${testPublicUrl}/sample/images/a.png`);
    expect(imageOf('https://cdn.example/a.png')).toBe('https://cdn.example/a.png');
    for (const hostile of [
      'javascript:alert(1)',
      'data:text/html,x',
      '//evil.example/a.png',
      'file:///etc/passwd',
    ]) {
      expect(imageOf(hostile)).toBeNull();
    }
  });

  it('shortens long teasers at a word', () => {
    const summary = `${'word '.repeat(100)}end`;
    const { main } = issueMail(input({ articles: [article(7, { summary }), article(8)] }));
    expect(main.summary.length).toBeLessThanOrEqual(320);
    expect(main.summary).toMatch(/word…$/);
  });

  it('refuses to write a mail with a hole', () => {
    expect(() => issueMail(input({ articles: [article(7)] }))).toThrow('pick 8 has no article');
    expect(() => issueMail(input({ issueLinks: issueLinks.slice(1) }))).toThrow('pick 7 has no number');
    expect(() => issueMail(input({ picks: [pick(8)] }))).toThrow('no main article');
  });
});
