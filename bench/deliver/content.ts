import type pg from 'pg';
import type { Article } from '../../src/domain/content/article.ts';
import { issueMails, type TrackedLink } from '../../src/domain/mail/issue-mail.ts';
import type { Programme } from '../../src/domain/programme.ts';

/** The main article and two others. */
export const PICKS = 3;

const WORDS =
  'The rules for paying people on time have changed – and for many companies that means a new look at the calendar. ';

/** Articles like those of the sample feeds, and their link table. */
export function articlesForBaseline(programme: Programme): {
  articles: Article[];
  issueLinks: TrackedLink[];
} {
  const at = new Date();
  const articles = Array.from({ length: 60 }, (_, n) => ({
    id: n + 1,
    feedUrl: '',
    url: `https://blog.example/${n}`,
    title: titleOf(n),
    summary: summaryOf(n),
    imageUrl: `https://img.example/${n}.jpg`,
    language: 'en',
    interests: ['payroll'],
    publishedAt: at,
    firstSeenAt: at,
    priority: 1,
  })) as unknown as Article[];
  const link = (number: number, role: TrackedLink['role'], targetId: string, label: string): TrackedLink => ({
    number,
    role,
    targetId,
    language: 'en',
    url: 'https://tessel.example/',
    label,
  });
  return {
    articles,
    issueLinks: [
      ...articles.map(({ id }) => link(id, 'article', String(id), '')),
      ...programme.callsToAction.map(({ id, label }, n) => link(100 + n, 'call-to-action', id, label.en!)),
      ...programme.footerLinks.map(({ id, label }, n) => link(200 + n, 'footer', id, label.en!)),
    ],
  };
}

const titleOf = (n: number) => `What changes for payroll this year, part ${n}: dates, rates & “small print”`;
const summaryOf = (n: number) => `${n}. ${WORDS.repeat(2)}`;

/** Readers and articles, once. */
export async function fill(pool: pg.Pool, readers: number): Promise<void> {
  await pool.query(
    `insert into subscribers (email, name, status, language, time_zone, interests, created_at, confirmed_at)
     select 'reader-' || n || '@reader-' || n % 50 || '.example', 'Reader ' || n, 'active', 'en', 'Europe/Amsterdam', '{payroll}', '2026-01-01', '2026-01-01'
       from generate_series(1, $1) n`,
    [readers],
  );
  const n = Array.from({ length: 60 }, (_, at) => at);
  await pool.query(
    `insert into articles (feed_url, url, title, summary, image_url, language, interests, published_at, first_seen_at)
     select 'https://feeds.tessel.example/en/payroll.xml', 'https://blog.example/' || a.n, a.title, a.summary, 'https://img.example/' || a.n || '.jpg',
            'en', '{payroll}', now() - a.n * interval '1 hour', now()
       from unnest($1::int[], $2::text[], $3::text[]) as a(n, title, summary)`,
    [n, n.map(titleOf), n.map(summaryOf)],
  );
}

/** The wire size of a mail of the bench, for smtp-source. */
export function htmlOf(
  programme: Programme,
  render: (data: ReturnType<ReturnType<ReturnType<typeof issueMails>>['mail']>) => string,
  links: Parameters<typeof issueMails>[0]['links'],
): string {
  const { articles, issueLinks } = articlesForBaseline(programme);
  const picks = articles.slice(0, PICKS).map(({ id: articleId }, at) => ({
    articleId,
    place: at === 0 ? ('main' as const) : ('other' as const),
    interest: 'payroll',
    score: 1,
    reason: '',
  }));
  const mails = issueMails({
    programme,
    links,
    digestId: programme.digests[0]!.id,
    issueId: 1,
    articles,
    issueLinks,
    webVersion: false,
  });
  return render(
    mails({
      deliveryId: 12345,
      subscriber: { name: 'Reader 1', language: 'en', timeZone: 'Europe/Amsterdam' },
      picks,
      now: new Date(),
    }).mail(),
  );
}
