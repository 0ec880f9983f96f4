import { join } from 'node:path';
import PostalMime from 'postal-mime';
import { expect, it } from 'vitest';
import { loadMails } from '../../../src/adapters/mail-templates/renderer.ts';
import { loadTexts } from '../../../src/adapters/templates/texts.ts';
import type { Article } from '../../../src/domain/content/article.ts';
import { linkTable } from '../../../src/domain/delivery/issue-plan.ts';
import { testLinks, testProgramme, testPublicUrl } from '../../support/programme.ts';
import { testWriter } from '../../support/writer.ts';

const NOW = new Date('2026-11-24T08:00:00Z');
const programme = testProgramme();
const templates = join(import.meta.dirname, '../../../templates');
const articles = Array.from(
  { length: 5 },
  (_, at): Article => ({
    id: at + 1,
    feedUrl: 'https://blog.example/feed.xml',
    url: `https://blog.example/${at}`,
    title: `Title ${at}`,
    summary: 'A summary.',
    imageUrl: null,
    language: 'en',
    interests: ['payroll'],
    publishedAt: NOW,
    firstSeenAt: NOW,
    priority: 1,
  }),
);

it('of two readers of one batch, only the one who agreed to be measured gets tracked links and a pixel', async () => {
  const mails = await loadMails(join(templates, 'mails'), loadTexts(join(templates, 'locales')), {
    ...programme.brand,
    publicUrl: testPublicUrl,
  });
  const issueLinks = linkTable(programme, articles, testLinks);
  const write = testWriter(mails.parts).prepare({ issueId: 7, digestId: 'news', articles, issueLinks });
  const mailTo = async (tracking: boolean, deliveryId: number) => {
    const mail = await write({
      deliveryId,
      subscriber: { name: 'Anna', language: 'en', timeZone: 'UTC', tracking },
      picks: articles.map(({ id }, at) => ({
        articleId: id,
        place: at === 0 ? 'main' : 'other',
        interest: 'payroll',
        score: 1,
        reason: '',
      })),
      now: NOW,
      language: 'en',
      address: 'anna@reader.example',
      messageId: `<issue.${deliveryId}@tessel.example>`,
    });
    const parsed = await PostalMime.parse(mail.buffer.subarray(mail.start, mail.end));
    mail.release();
    return `${parsed.html} ${parsed.text}`;
  };
  const [measured, plain, again] = [await mailTo(true, 1), await mailTo(false, 2), await mailTo(true, 3)];
  for (const text of [measured, again]) {
    expect(text).toContain(`${testPublicUrl}/c/`);
    expect(text).toContain(`${testPublicUrl}/o/`);
  }
  expect(plain).not.toMatch(/\/[co]\/[\w-]{8,}/);
  for (const { url } of articles) expect(plain).toContain(url);
  expect(plain).toContain(testLinks.unsubscribeFrom(7, 2));
});
