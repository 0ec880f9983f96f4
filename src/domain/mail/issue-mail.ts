import type { Subscriber } from '../audience/subscriber.ts';
import type { Article } from '../content/article.ts';
import type { ArticlePick } from '../content/choosing/pick.ts';
import { CALL_BACK_TARGET, type Links } from '../links.ts';
import { inLanguage, type Programme } from '../programme.ts';
import {
  type ArticleCardTexts,
  articleCardTexts,
  type CardAddresses,
  cardAddresses,
  shorten,
} from './article-cards.ts';
import { DATELINE, mailDates } from './mail-dates.ts';
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
  subscriber: Pick<Subscriber, 'name' | 'language' | 'timeZone'> & {
    /** False: plain links and no pixel. */
    tracking?: boolean;
  };
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
  return issueMails(input)(input).mail();
}

/** What all mails of an issue share. */
export type IssueContext = Omit<IssueMailInput, 'deliveryId' | 'subscriber' | 'picks' | 'now'>;

/** What differs from reader to reader. */
export type IssueReader = Pick<IssueMailInput, 'deliveryId' | 'subscriber' | 'picks' | 'now'>;

/** What a mail says, but for where its links lead. */
export interface IssueWords extends Pick<IssueMail, 'digestName' | 'name' | 'dateline' | 'preheader'> {
  main: ArticleCardTexts;
  others: ArticleCardTexts[];
}

export interface WrittenIssueMail {
  words: IssueWords;
  /** With all its addresses. Who puts mails together from pieces needs them for the first of a kind only. */
  mail(): IssueMail;
}

/**
 * Prepares an issue for many readers: what they share is looked up and put into words once. Use it for one batch after
 * the other of the same issue; it keeps the words of every article that was asked for.
 */
export function issueMails(context: IssueContext): (reader: IssueReader) => WrittenIssueMail {
  const { programme, links, issueId } = context;
  const digest = programme.digests.find(({ id }) => id === context.digestId);
  const wordsOf = articleCardTexts(context);
  const dates = mailDates();
  const withoutImage = remembered(
    (card: ArticleCardTexts): ArticleCardTexts => ({ ...card, imageUrl: null }),
  );
  const linksFor = remembered((language: string) => {
    const used = linkLanguage(context.issueLinks, language, programme.defaultLanguage);
    const ofRole = (role: TrackedLink['role']) =>
      context.issueLinks.filter((link) => link.role === role && link.language === used);
    return {
      footer: ofRole('footer'),
      callsToAction: ofRole('call-to-action').map((link) => ({
        ...link,
        kind: callToActionKind(programme, link),
      })),
    };
  });

  const plainly = untracked(links, context.issueLinks);

  return ({ deliveryId, subscriber, picks, now }) => {
    const mainPick = picks.find(({ place }) => place === 'main');
    if (!mainPick)
      throw new Error(`delivery ${deliveryId} of issue ${issueId} has no main article among its picks`);
    const main = wordsOf(mainPick, subscriber, deliveryId);
    const others: ArticleCardTexts[] = [];
    for (const pick of picks) {
      if (pick.place !== 'other') continue;
      const card = wordsOf(pick, subscriber, deliveryId);
      // No image twice in a mail: feeds that give each article the same one would make it look the same all over.
      const isSeen = card.imageUrl !== null && hasImage(card.imageUrl, main, others);
      others.push(isSeen ? withoutImage(card) : card);
    }
    const said: IssueWords = {
      digestName: digest ? inLanguage(digest.name, subscriber.language) : programme.brand.name,
      name: subscriber.name,
      dateline: dates(now, subscriber, DATELINE),
      preheader: shorten(
        others.length > 0 ? others.map(({ title }) => title).join(' · ') : main.summary,
        140,
      ),
      main,
      others,
    };
    return { words: said, mail: () => addressed(said, deliveryId, subscriber) };
  };

  function addressed(
    { main, others, ...said }: IssueWords,
    deliveryId: number,
    subscriber: IssueReader['subscriber'],
  ): IssueMail {
    const isTracked = subscriber.tracking !== false;
    const used = isTracked ? links : plainly;
    const click = (number: number) => used.click(issueId, deliveryId, number);
    const addresses = (number: number) => cardAddresses(used, issueId, deliveryId, number);
    const { callsToAction, footer } = linksFor(subscriber.language);
    return {
      ...said,
      main: card(main, addresses),
      others: others.map((other) => card(other, addresses)),
      callsToAction: callsToAction.map(({ targetId, kind, label, number }) => ({
        id: targetId,
        kind,
        label,
        url: click(number),
      })),
      footerLinks: footer.map(({ targetId, label, number }) => ({ id: targetId, label, url: click(number) })),
      webVersionUrl: links.webVersion(issueId, deliveryId),
      preferencesUrl: links.preferencesFrom(issueId, deliveryId),
      unsubscribeUrl: links.unsubscribeFrom(issueId, deliveryId),
      pixelUrl: context.webVersion || !isTracked ? null : links.pixel(issueId, deliveryId),
    };
  }
}

function hasImage(imageUrl: string, main: ArticleCardTexts, others: readonly ArticleCardTexts[]): boolean {
  return main.imageUrl === imageUrl || others.some((card) => card.imageUrl === imageUrl);
}

/** For a reader who does not want to be measured: links lead straight to their targets. */
function untracked(links: Links, table: readonly TrackedLink[]): Links {
  const targets = new Map(table.map(({ number, url }) => [number, url]));
  return {
    ...links,
    click: (issueId, deliveryId, number) => {
      const target = targets.get(number);
      return target === undefined || target === CALL_BACK_TARGET
        ? links.callBack(issueId, deliveryId)
        : target;
    },
  };
}

function card(
  { articleId: _, linkNumber, ...words }: ArticleCardTexts,
  addresses: (number: number) => CardAddresses,
): ArticleCard {
  return { ...words, ...addresses(linkNumber) };
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

function remembered<Key, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<Key, Value>();
  return (key) => {
    const found = known.get(key);
    if (found !== undefined) return found;
    const made = make(key);
    known.set(key, made);
    return made;
  };
}
