import type { Article } from '../content/article.ts';
import type { ArticlePick } from '../content/choosing/pick.ts';
import type { Links } from '../links.ts';
import { inLanguage, type Programme } from '../programme.ts';
import { DAY, mailDates, perPlace, type Reader } from './mail-dates.ts';
import type { ArticleCard } from './mails.ts';

export type CardAddresses = Pick<ArticleCard, 'url' | 'moreUrl' | 'lessUrl'>;

/** A card but for its addresses: readers who see the same words share the object, so that it is encoded once. */
export interface ArticleCardTexts extends Omit<ArticleCard, keyof CardAddresses> {
  readonly articleId: number;
  readonly linkNumber: number;
}

/** Where the links of a card lead. */
export function cardAddresses(
  links: Links,
  issueId: number,
  deliveryId: number,
  linkNumber: number,
): CardAddresses {
  return {
    url: links.click(issueId, deliveryId, linkNumber),
    moreUrl: links.more(issueId, deliveryId, linkNumber),
    lessUrl: links.less(issueId, deliveryId, linkNumber),
  };
}

interface CardContext {
  programme: Programme;
  links: Links;
  issueId: number;
  articles: readonly Article[];
  /** The issue's link table. */
  issueLinks: readonly { role: string; targetId: string; number: number }[];
}

/** Puts picks into words, each only once for all who see the same. Throws when a pick has no article or no link. */
export function articleCardTexts(context: CardContext) {
  const { programme, links, issueId } = context;
  const dates = mailDates();
  const articles = new Map(context.articles.map((article) => [article.id, article]));
  const numbers = new Map(
    context.issueLinks.filter(({ role }) => role === 'article').map((link) => [link.targetId, link.number]),
  );
  const known = new Map<string, ArticleCardTexts>();
  /** What readers of one language and zone were given, by article: seldom more than two or three. */
  const given = perPlace(() => new Map<number, { pick: ArticlePick; card: ArticleCardTexts }[]>());

  return (pick: ArticlePick, reader: Reader, deliveryId: number): ArticleCardTexts => {
    const ofReaders = given(reader);
    let ofArticle = ofReaders.get(pick.articleId);
    if (!ofArticle) {
      ofArticle = [];
      ofReaders.set(pick.articleId, ofArticle);
    }
    for (const one of ofArticle) if (saysTheSame(one.pick, pick)) return one.card;
    const card = cardOf(pick, reader, deliveryId);
    ofArticle.push({ pick, card });
    return card;
  };

  function cardOf(pick: ArticlePick, reader: Reader, deliveryId: number): ArticleCardTexts {
    const { articleId, place } = pick;
    const article = articles.get(articleId);
    const linkNumber = numbers.get(String(articleId));
    if (!article || linkNumber === undefined) {
      const lacking = article ? 'no number in the link table' : 'no article';
      throw new Error(`delivery ${deliveryId} of issue ${issueId}: pick ${articleId} has ${lacking}`);
    }
    const published = dates(article.publishedAt, reader, DAY);
    const because = pick.because ?? 'chosen';
    // Zones in which it is the same day share it.
    const key = `${articleId} ${place} ${pick.interest} ${because} ${reader.language} ${published}`;
    const found = known.get(key);
    if (found) return found;
    const interest = programme.interests.find(({ id }) => id === pick.interest);
    const made = {
      articleId,
      linkNumber,
      title: article.title,
      summary: shorten(article.summary, place === 'main' ? 320 : 150),
      imageUrl: imageAddress(article.imageUrl, links),
      interestLabel: interest ? inLanguage(interest.label, reader.language) : pick.interest,
      because,
      published,
    };
    known.set(key, made);
    return made;
  }
}

function saysTheSame(one: ArticlePick, other: ArticlePick): boolean {
  return one.place === other.place && one.interest === other.interest && one.because === other.because;
}

/** Feeds are hostile: only web addresses and our own paths become images in a mail. */
function imageAddress(url: string | null, links: Links): string | null {
  return url !== null && /^(https?:\/\/|\/(?!\/))/i.test(url) ? links.absolute(url) : null;
}

/** Cuts at a word, and says so with an ellipsis. */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  const cut = text.slice(0, most - 1);
  const end = cut.lastIndexOf(' ');
  return `${cut.slice(0, end > most / 2 ? end : cut.length).replace(/(?<![\s.,;:·–-])[\s.,;:·–-]+$/u, '')}…`;
}
