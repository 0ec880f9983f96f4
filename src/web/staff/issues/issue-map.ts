import type { ArticlePick } from '../../../domain/content/choosing/pick.ts';
import { issueMail } from '../../../domain/mail/issue-mail.ts';
import type { IssueNumbers, LinkNumbers, ListedIssue } from '../../../journey/delivery/ports/issue-views.ts';
import { plainLinks } from '../../../journey/delivery/preview/preview-issue.ts';
import type { WebContext } from '../../context.ts';
import { issueDay } from './issues.ts';
import { inScheme } from './mail-frame.ts';

/**
 * The issue's mail in one language with the people who clicked each link written on it. Readers got different articles,
 * so it shows those that were clicked most. Null when the issue has too few articles in the language for a mail.
 */
export async function clickMap(
  { programme, links, mails, database }: WebContext,
  issue: ListedIssue,
  { links: numbers }: IssueNumbers,
  language: string,
): Promise<string | null> {
  const digest = programme.digests.find(({ id }) => id === issue.digestId);
  const { main, others } = digest?.layout ?? { main: 1, others: 4 };
  const shown = numbers
    .filter((link) => link.role === 'article' && link.language === language)
    .slice(0, main + others);
  if (shown.length === 0) return null;
  const articles = await database.stores.articles.find(shown.map(({ targetId }) => Number(targetId)));
  const picks = shown.flatMap(({ targetId }, at): ArticlePick[] => {
    const article = articles.find(({ id }) => id === Number(targetId));
    if (!article) return [];
    const place = at === 0 ? 'main' : 'other';
    return [
      {
        articleId: article.id,
        place,
        interest: article.interests[0] ?? '',
        score: 0,
      },
    ];
  });
  if (picks[0]?.place !== 'main') return null;
  const data = issueMail({
    programme,
    links: {
      ...plainLinks(links, []),
      click: (_issue, _delivery, number) => links.absolute(`/link/${number}`),
    },
    digestId: issue.digestId,
    issueId: issue.id,
    deliveryId: 0,
    subscriber: { name: null, language, timeZone: 'UTC' },
    picks,
    articles,
    issueLinks: numbers,
    now: issueDay(issue),
    webVersion: true,
  });
  const known = programme.languages.includes(language) ? language : programme.defaultLanguage;
  return withCounts(inScheme(mails.render('issue', known, data).html, false), numbers);
}

/** Writes each link's count behind its words. A link that stands in the mail twice (title, "read more") has it once. */
function withCounts(html: string, numbers: readonly LinkNumbers[]): string {
  const counts = new Map(numbers.map((link) => [link.number, link]));
  const most = Math.max(1, ...numbers.map(({ people }) => people));
  const written = new Set<number>();
  return html.replace(
    /(<a\b[^<>]*?href="[^"<>]*\/link\/(\d+)"[^<>]*>)((?:(?!<a\b)[\s\S])*?)<\/a>/g,
    (whole, open: string, digits: string, inside: string) => {
      const link = counts.get(Number(digits));
      // A picture alone has no room for a number; its title has.
      if (!link || written.has(link.number) || !/[^\s<>]/.test(inside.replace(/<[^<>]*>/g, ''))) return whole;
      written.add(link.number);
      return `${open}${inside}${badge(link.people, most)}</a>`;
    },
  );
}

function badge(people: number, most: number): string {
  // Warm where many clicked, pale where nobody did.
  const warmth = people / most;
  const ground =
    people === 0 ? '#e5e7eb' : `hsl(${Math.round(45 - 40 * warmth)} 95% ${Math.round(80 - 38 * warmth)}%)`;
  const ink = people > 0 && warmth > 0.85 ? '#ffffff' : '#1a1d23';
  return `<span style="display:inline-block;margin:0 0 0 8px;padding:0 11px;border-radius:99px;background:${ground};color:${ink};font:700 15px/26px system-ui,sans-serif;text-decoration:none;vertical-align:middle">${people}</span>`;
}
