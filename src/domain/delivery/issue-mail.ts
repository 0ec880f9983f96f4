import type { Subscriber } from '../audience/subscriber.ts';
import type { Article } from '../content/article.ts';
import type { Pick as ArticlePick } from '../content/pick.ts';
import { CALL_BACK_TARGET, type Links } from '../links.ts';
import { dateLocale } from '../locale.ts';
import { inLanguage, type Programme } from '../programme.ts';
import type { ArticleCard, IssueMail } from './mails.ts';

/** A row of the issue's link table. */
export interface TrackedLink {
  number: number;
  role: 'article' | 'call-to-action' | 'footer';
  targetId: string;
  language: string;
  url: string;
  label: string;
}

export interface IssueMailInput {
  programme: Programme;
  links: Links;
  digestId: string;
  issueId: number;
  deliveryId: number;
  subscriber: Pick<Subscriber, 'name' | 'language' | 'timeZone'>;
  picks: readonly ArticlePick[];
  /** At least the picked ones. */
  articles: readonly Article[];
  issueLinks: readonly TrackedLink[];
  /** The date the mail bears. */
  now: Date;
  /** True for the page in the browser: the same mail without the pixel. */
  webVersion: boolean;
}

/**
 * What the issue's mail says to one reader. Calls to action and footer links come from the issue's link table, not
 * from the programme: the table was fixed when the issue was planned, so a mail and its web version stay the same
 * when the programme changes. Throws when a pick has no article or no link: a mail with a hole must not go out.
 */
export function issueMail(input: IssueMailInput): IssueMail {
  const { programme, links, issueId, deliveryId, subscriber, issueLinks } = input;
  const language = linkLanguage(issueLinks, subscriber.language, programme.defaultLanguage);
  const click = (link: TrackedLink) => links.click(issueId, deliveryId, link.number);
  const linksOf = (role: TrackedLink['role']) =>
    issueLinks.filter((link) => link.role === role && link.language === language);

  const cards = input.picks.map((pick) => ({ place: pick.place, card: articleCard(input, pick) }));
  const main = cards.find(({ place }) => place === 'main')?.card;
  if (!main)
    throw new Error(`delivery ${deliveryId} of issue ${issueId} has no main article among its picks`);
  const others = cards.filter(({ place }) => place === 'other').map(({ card }) => card);
  const digest = programme.digests.find(({ id }) => id === input.digestId);

  return {
    digestName: digest ? inLanguage(digest.name, subscriber.language) : programme.brand.name,
    name: subscriber.name,
    dateline: dateInWords(input.now, subscriber, { dateStyle: 'long' }),
    preheader: shorten(others.length > 0 ? others.map(({ title }) => title).join(' · ') : main.summary, 140),
    main,
    others,
    callsToAction: linksOf('call-to-action').map((link) => ({
      id: link.targetId,
      kind: callToActionKind(programme, link),
      label: link.label,
      url: click(link),
    })),
    footerLinks: linksOf('footer').map((link) => ({
      id: link.targetId,
      label: link.label,
      url: click(link),
    })),
    webVersionUrl: links.webVersion(issueId, deliveryId),
    preferencesUrl: links.preferencesFrom(issueId, deliveryId),
    unsubscribeUrl: links.unsubscribeFrom(issueId, deliveryId),
    pixelUrl: input.webVersion ? null : links.pixel(issueId, deliveryId),
  };
}

function articleCard(input: IssueMailInput, pick: ArticlePick): ArticleCard {
  const { programme, links, issueId, deliveryId, subscriber } = input;
  const article = input.articles.find(({ id }) => id === pick.articleId);
  const link = input.issueLinks.find(
    ({ role, targetId }) => role === 'article' && targetId === String(pick.articleId),
  );
  if (!article || !link) {
    const lacking = article ? 'no number in the link table' : 'no article';
    throw new Error(`delivery ${deliveryId} of issue ${issueId}: pick ${pick.articleId} has ${lacking}`);
  }
  const interest = programme.interests.find(({ id }) => id === pick.interest);
  return {
    title: article.title,
    summary: shorten(article.summary, pick.place === 'main' ? 320 : 150),
    imageUrl: imageAddress(article.imageUrl, links),
    url: links.click(issueId, deliveryId, link.number),
    interestLabel: interest ? inLanguage(interest.label, subscriber.language) : pick.interest,
    published: dateInWords(article.publishedAt, subscriber, { day: 'numeric', month: 'long' }),
  };
}

/** Feeds are hostile: only web addresses and our own paths become images in a mail. */
function imageAddress(url: string | null, links: Links): string | null {
  return url !== null && /^(https?:\/\/|\/(?!\/))/i.test(url) ? links.absolute(url) : null;
}

/** The reader's language where the table has it; else the programme's, so that no mail loses its calls to action. */
function linkLanguage(table: readonly TrackedLink[], wanted: string, fallback: string): string {
  const hasWanted = table.some(({ role, language }) => role !== 'article' && language === wanted);
  return hasWanted ? wanted : fallback;
}

function callToActionKind(
  programme: Programme,
  link: TrackedLink,
): IssueMail['callsToAction'][number]['kind'] {
  const known = programme.callsToAction.find(({ id }) => id === link.targetId)?.kind;
  return known ?? (link.url === CALL_BACK_TARGET ? 'call-back' : 'brochure');
}

function dateInWords(
  at: Date,
  reader: IssueMailInput['subscriber'],
  style: Intl.DateTimeFormatOptions,
): string {
  return new Intl.DateTimeFormat(dateLocale(reader.language), { ...style, timeZone: reader.timeZone }).format(
    at,
  );
}

/** Cuts at a word, and says so with an ellipsis. */
function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  const cut = text.slice(0, most - 1);
  const end = cut.lastIndexOf(' ');
  return `${cut.slice(0, end > most / 2 ? end : cut.length).replace(/[\s.,;:·–-]+$/u, '')}…`;
}
