import { join } from 'node:path';
import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { linksIn, unclosedTags } from '../../../src/adapters/mail-templates/html-faults.ts';
import { loadMails } from '../../../src/adapters/mail-templates/renderer.ts';
import { loadTexts } from '../../../src/adapters/templates/texts.ts';
import { makeLinks } from '../../../src/domain/links.ts';
import { securityHeaders } from '../../../src/web/security.ts';
import { webVersion } from '../../../src/web/subscriber/web-version.ts';
import { addArticles, addReaders } from '../../support/content.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { testLinks, testProgramme, testPublicUrl } from '../../support/programme.ts';
import { testApp, testWebContext } from '../../support/web.ts';

const templates = join(import.meta.dirname, '../../../templates');
const programme = testProgramme();
const sentAt = new Date('2026-11-17T08:00:00Z');
let db: TestDatabase;
let app: FastifyInstance;
let issueId: number;
const deliveries = { sent: 0, skipped: 0 };
const pathOf = (url: string) => url.slice(testPublicUrl.length);

beforeAll(async () => {
  db = await testDatabase();
  await addReaders(db.pool, 2);
  await addArticles(db.pool, 5, new Date('2026-11-16T08:00:00Z'));
  const { rows: articles } = await db.pool.query('select id, url, title, language from articles order by id');
  const issue = await db.database.stores.issues.open({
    digestId: 'news',
    slot: '2026-11-17',
    plannedAt: sentAt,
    firstDueAt: sentAt,
    lastDueAt: sentAt,
    articleIds: articles.map(({ id }) => id),
    links: [
      ...articles.map(({ id, url, title, language }, at) => ({
        number: at + 1,
        role: 'article' as const,
        targetId: String(id),
        language,
        url,
        label: title,
      })),
      {
        number: 6,
        role: 'footer',
        targetId: 'press',
        language: 'en',
        url: 'https://tessel.example/press',
        label: 'Press',
      },
    ],
  });
  issueId = issue.id;
  const picks = articles.map(({ id }, at) => ({
    articleId: id,
    place: at === 0 ? 'main' : 'other',
    interest: 'payroll',
    score: 1,
    reason: 'fits',
  }));
  const { rows } = await db.pool.query(
    `insert into deliveries (issue_id, subscriber_id, status, due_at, picks, sent_at)
     select $1, id, case id when 1 then 'sent' else 'skipped' end, $2,
            case id when 1 then $3::jsonb end, case id when 1 then $2::timestamptz end
       from subscribers order by id returning id`,
    [issueId, sentAt, JSON.stringify(picks)],
  );
  [deliveries.sent, deliveries.skipped] = rows.map(({ id }) => id) as [number, number];

  const mails = await loadMails(join(templates, 'mails'), loadTexts(join(templates, 'locales')), {
    ...programme.brand,
    publicUrl: testPublicUrl,
  });
  app = await testApp(
    testWebContext(db.database, { mails, programme }),
    async (scope) => {
      await scope.register(helmet, securityHeaders(testPublicUrl));
    },
    webVersion,
  );
});
afterAll(async () => {
  await app?.close();
  await db?.close();
});

describe('GET /web/:token', () => {
  it('shows the mail from its stored picks, dated when it was sent, with its tracked links and no pixel', async () => {
    const answer = await app.inject(pathOf(testLinks.webVersion(issueId, deliveries.sent)));
    expect(answer.statusCode).toBe(200);
    expect(unclosedTags(answer.body)).toEqual([]);
    expect(answer.body).toContain('Article 1');
    expect(answer.body).toContain('Article 5');
    expect(answer.body).toContain('17 November 2026');
    const addresses = linksIn(answer.body);
    for (const number of [1, 2, 3, 4, 5, 6]) {
      expect(addresses).toContain(testLinks.click(issueId, deliveries.sent, number));
    }
    expect(addresses).toContain(testLinks.unsubscribeFrom(issueId, deliveries.sent));
    expect(answer.body).not.toContain('/o/');
  });

  it('lets its inline styles and pictures through and nothing run, and keeps out of search engines and caches', async () => {
    const { headers } = await app.inject(pathOf(testLinks.webVersion(issueId, deliveries.sent)));
    expect(headers['content-security-policy']).toContain(
      "default-src 'none'; style-src 'unsafe-inline'; img-src",
    );
    expect(headers['content-security-policy']).not.toContain('script-src');
    expect(headers['x-robots-tag']).toContain('noindex');
    expect(headers['cache-control']).toContain('no-store');
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
  });

  it('leaves no trace: reading in the browser is no event and changes nothing', async () => {
    await app.inject(pathOf(testLinks.webVersion(issueId, deliveries.sent)));
    const { rows } = await db.pool.query(
      'select (select count(*)::int from events) as events, (select count(*)::int from consent_entries) as consents',
    );
    expect(rows).toEqual([{ events: 0, consents: 0 }]);
  });

  it('says kindly that a link is broken: altered, signed by others, of another kind, or of a mail never written', async () => {
    const good = pathOf(testLinks.webVersion(issueId, deliveries.sent));
    const foreign = makeLinks(testPublicUrl, ['not our secret']);
    for (const path of [
      `${good.slice(0, -1)}${good.endsWith('A') ? 'B' : 'A'}`,
      '/web/nonsense',
      pathOf(foreign.webVersion(issueId, deliveries.sent)),
      pathOf(testLinks.unsubscribe(1)).replace('/unsubscribe/', '/web/'),
      pathOf(testLinks.webVersion(issueId, deliveries.skipped)),
      pathOf(testLinks.webVersion(issueId, 99_999)),
    ]) {
      const answer = await app.inject(path);
      expect(answer.statusCode, path).toBe(404);
      expect(answer.body).not.toContain('Article 1');
      expect(answer.headers['content-type']).toContain('text/html');
    }
  });
});
