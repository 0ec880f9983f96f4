/** An article as far as it tells whether another is the same in another language. */
export interface InLanguage {
  url: string;
  language: string;
  imageUrl: string | null;
  publishedAt: Date;
}

const HOUR = 3_600_000;

/**
 * The given articles, those of one story in several languages together: sites keep the address but for the language in it
 * ("/en/blog/payroll", "nl.example.com/…", "?lang=de"), or publish all languages at one moment with one picture. In the
 * order in which each story comes first.
 */
export function byStory<One extends InLanguage>(articles: readonly One[]): One[][] {
  const stories: One[][] = [];
  const byAddress = new Map<string, One[]>();
  for (const article of articles) {
    const address = withoutLanguage(article);
    const story = [byAddress.get(address), ...stories].find(
      (one) => one !== undefined && isOfStory(article, one, address),
    );
    if (story) story.push(article);
    else stories.push([article]);
    const own = story ?? stories.at(-1)!;
    if (!byAddress.has(address)) byAddress.set(address, own);
  }
  return stories;
}

/** One language of a story is one article. */
function isOfStory(article: InLanguage, story: readonly InLanguage[], address: string): boolean {
  if (story.some(({ language }) => language === article.language)) return false;
  return story.some(
    (other) =>
      withoutLanguage(other) === address ||
      (article.imageUrl !== null &&
        article.imageUrl === other.imageUrl &&
        Math.abs(article.publishedAt.getTime() - other.publishedAt.getTime()) <= HOUR),
  );
}

/** A page's address without what says its language: a name to compare by. */
function withoutLanguage({ url, language }: InLanguage): string {
  const parsed = URL.canParse(url, 'http://own.invalid') ? new URL(url, 'http://own.invalid') : null;
  if (!parsed) return url;
  const code = new RegExp(`^${language.slice(0, 2).replace(/[^a-z]/gi, '')}(?:[-_][a-z]{2})?$`, 'i');
  const isOfLanguage = (part: string) => code.test(part);
  // "example.nl" and "example.de" are sites of one company as often as "example.com/nl" and "example.com/de" are.
  const site = parsed.hostname
    .replace(/^www\./, '')
    .replace(/(?:\.(?:com?|org|net|gov|ac))?\.[a-z]{2,}$/, '');
  const host = site.split('.').filter((part) => !isOfLanguage(part));
  const path = parsed.pathname.split('/').filter((part) => part !== '' && !isOfLanguage(part));
  const parameters = [...parsed.searchParams]
    .filter(([, value]) => !isOfLanguage(value))
    .map((parts) => parts.join('='))
    .sort();
  return `${host.join('.')}/${path.join('/')}?${parameters.join('&')}`;
}
