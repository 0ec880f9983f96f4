import type { FeedItem } from '../../src/domain/content/article.ts';
import type { Feed } from '../../src/domain/programme.ts';
import type { FeedAnswer, FeedReader } from '../../src/journey/content/ports/feeds.ts';

const DAY = 86_400_000;

/** The same numbers every time (mulberry32): `random(6)` is 0 to 5. */
export function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

interface Story {
  number: number;
  at: Date;
  /** The feeds that carry it; the first one wrote it. */
  feeds: string[];
  language: string;
}

const WORDS = [
  'duty',
  'ledger',
  'pallet',
  'forecast',
  'border',
  'audit',
  'wage',
  'shift',
  'tariff',
  'scanner',
];

/** Known by its number, which stands in every title: who has two titles with one number has had a story twice. */
export function storyOf(title: string): number {
  return Number(/#(\d+)/.exec(title)?.[1]);
}

/**
 * Feeds as they are in the wild. Every week brings new stories; a third is also in another feed, under the page of the
 * first one (with tracking, http, www, a slash) or, hours later, under one of its own with the same words. Some feeds
 * change their guids with every reading; some stories come up again weeks later with a new date and a new link.
 */
export function wildFeeds(feeds: readonly Feed[], from: Date, to: Date): FeedReader {
  const random = numbers(11);
  const stories: Story[] = [];
  for (let at = from.getTime(); at < to.getTime(); at += DAY / 2) {
    for (const feed of feeds) {
      if (random(3) > 0) continue;
      const others = feeds.filter(
        (other) =>
          other !== feed && other.language === feed.language && other.interests[0] === feed.interests[0],
      );
      const copies = random(3) === 0 && others.length > 0 ? [others[random(others.length)]!.url] : [];
      stories.push({
        number: stories.length,
        at: new Date(at + random(DAY / 2)),
        feeds: [feed.url, ...copies],
        language: feed.language,
      });
    }
  }
  const reading = numbers(12);
  return {
    async read(feed): Promise<FeedAnswer> {
      const now = readAt.at.getTime();
      const ours = stories.filter(
        ({ at, feeds: carriers }) => carriers.includes(feed.url) && at.getTime() <= now,
      );
      const latest = ours.slice(-25);
      // One of the old ones is warmed up again.
      const again = ours.length > 60 && reading(4) === 0 ? [ours[reading(ours.length - 40)]!] : [];
      const items = [
        ...latest.map((story) => itemOf(story, feed, reading)),
        ...again.map((story) => ({
          ...itemOf(story, feed, reading),
          publishedAt: new Date(now - 3_600_000),
        })),
      ];
      return { status: 'changed', items, etag: null, lastModified: null };
    },
  };
}

/** The clock of the simulation, for feeds: a reader of feeds is given no time. */
export const readAt = { at: new Date(0) };

function itemOf(story: Story, feed: Feed, random: (below: number) => number): FeedItem {
  const isCopy = story.feeds[0] !== feed.url;
  const hasDate = story.number % 11 !== 0;
  // Words alone, on another page and without a date, make no story the same.
  const hasOwnPage = isCopy && hasDate && story.number % 2 === 0;
  const page = hasOwnPage
    ? `https://${new URL(feed.url).host}/copied/${story.number}`
    : `https://${new URL(story.feeds[0]!).host}/stories/${story.number}`;
  const spellings = [
    page,
    `${page}/`,
    page.replace('https:', 'http:'),
    page.replace('https://', 'https://www.'),
    `${page}?utm_source=rss&utm_medium=feed&utm_campaign=${random(1000)}`,
    `${page}#comments`,
  ];
  const changesGuids = feed.url.length % 2 === 0;
  const word = (n: number) => WORDS[(story.number * 7 + n * 3) % WORDS.length]!;
  // Dates move about by some hours from reading to reading; a copy has its own.
  const moved =
    story.at.getTime() + (isCopy ? 5_400_000 : 0) + (story.number % 5 === 0 ? random(3_600_000) : 0);
  return {
    guid: changesGuids ? `${story.number}-${random(1e9)}` : `${feed.url} ${story.number}`,
    url: spellings[random(spellings.length)]!,
    title: `How the ${word(1)} and the ${word(2)} changed the ${word(3)} of firm #${story.number}`,
    summary: `What ${word(4)} means for ${word(5)}.`,
    imageUrl: story.number % 3 === 0 ? `https://${new URL(feed.url).host}/always-the-same.png` : null,
    publishedAt: hasDate ? new Date(moved) : null,
  };
}
