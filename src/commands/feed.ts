import type { Command } from 'commander';
import { feedReader } from '../adapters/rss/feed-reader.ts';
import { fromInside } from '../adapters/rss/http/from-inside.ts';
import { imageChecker } from '../adapters/rss/images/image-checker.ts';
import type { FeedItem } from '../domain/content/article.ts';
import { isSameLanguage } from '../domain/content/reading/text-language.ts';
import type { Feed } from '../domain/programme.ts';
import { redact, redacted } from '../domain/redact.ts';
import { counted, cut } from '../domain/text.ts';
import type { FeedAnswer, ImageChecker, ImageFacts } from '../journey/content/ports/feeds.ts';
import { retryFeed } from '../journey/content/retry-feed.ts';
import { type FeedHealth, feedHealth } from '../journey/content/watch-feeds.ts';
import type { Runtime } from '../runtime.ts';
import { whoAmI } from './who-am-i.ts';
import { CommandError, print, withProgram } from './with-program.ts';

interface Common {
  json?: boolean;
  programme?: string;
}

/** simmer feed list|check|retry: how the feeds do, and what is found at one. */
export function feedCommands(feed: Command): void {
  feed
    .command('list')
    .description('show every feed with its last reading, its faults and how much of it is used')
    .option('--json', 'print JSON alone on stdout')
    .addHelpText('after', '\nExample:\n  simmer feed list --json')
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<Common>();
      const feeds = await withProgram(options, (program) => feedHealth(program, new Date()));
      print({ json: redacted(feeds), text: feeds.map(healthInWords).join('\n') }, options.json);
    });

  feed
    .command('check')
    .description(
      'read one feed now, whether it is in the programme or not, and say what is found; nothing is stored',
    )
    .argument('<url>', 'address of the feed, or the path of one that Simmer serves itself')
    .option('--allow-private', 'the feed lies in your own network')
    .option('--language <code>', 'language of the feed (default: what the programme says)')
    .option('--json', 'print JSON alone on stdout')
    .addHelpText('after', '\nExample:\n  simmer feed check https://blog.example.com/feed.xml')
    .action(async (url: string, _options, command: Command) => {
      const options = command.optsWithGlobals<Common & { allowPrivate?: boolean; language?: string }>();
      const check = await withProgram(options, (program) => checkFeed(program, url, options));
      print({ json: check, text: checkInWords(check) }, options.json);
      if (check.answer.status !== 'changed') throw new CommandError('the feed cannot be used');
    });

  feed
    .command('retry')
    .description('read a feed again at once, also one that is gone (410) or waits after failures')
    .argument('<url>', 'address as in feeds.config.ts')
    .option('--json', 'print JSON alone on stdout')
    .action(async (url: string, _options, command: Command) => {
      const options = command.optsWithGlobals<Common>();
      const isDue = await withProgram(options, (program) =>
        retryFeed(program, { url, by: whoAmI() }, new Date()),
      );
      if (!isDue) {
        throw new CommandError(
          `found no feed ${url} that was ever read; allowed are those of simmer feed list`,
        );
      }
      print({ json: { url, isDue }, text: `${url} is read at the next occasion.` }, options.json);
    });
}

interface FeedCheck {
  url: string;
  answer: FeedAnswer;
  images: ImageFacts[];
  /** What may be meant, and seldom is, in words. */
  doubts: string[];
}

async function checkFeed(
  { programme, settings, links }: Runtime,
  url: string,
  { allowPrivate, language }: { allowPrivate?: boolean; language?: string },
): Promise<FeedCheck> {
  const known = programme.feeds.find((feed) => feed.url === url);
  const feed: Feed = {
    ...(known ?? { interests: [], language: programme.defaultLanguage, pollEveryMs: 0, priority: 1 }),
    url: links.absolute(url),
    allowPrivateNetwork: allowPrivate ?? known?.allowPrivateNetwork ?? false,
    ...(language === undefined ? {} : { language }),
  };
  const { publicUrl, internalUrl } = settings;
  const answer = await fromInside(feedReader({ publicUrl }), publicUrl, internalUrl).read(feed, null);
  if (answer.status !== 'changed') return { url: feed.url, answer, images: [], doubts: [] };
  const { items, images } = await withPictures(imageChecker({ publicUrl }), feed, answer.items);
  const doubts = [
    ...languageDoubts(feed, known !== undefined || language !== undefined, answer),
    ...guidDoubts(answer.items),
  ];
  return { url: feed.url, answer: { ...answer, items }, images, doubts };
}

/** The items with the picture that a mail would show, as collecting finds it: the first of theirs that can be shown. */
async function withPictures(
  checker: ImageChecker,
  feed: Feed,
  items: FeedItem[],
): Promise<{ items: FeedItem[]; images: ImageFacts[] }> {
  const candidatesOf = ({ imageUrl, otherImages = [] }: FeedItem) => [imageUrl ?? [], otherImages].flat();
  const candidates = [...new Set(items.slice(0, MOST_PICTURES).flatMap(candidatesOf))];
  const images = await Promise.all(candidates.map((image) => checker.check(image, feed)));
  const faults = new Map(images.map(({ url, fault }) => [url, fault]));
  const shown = items.map((item) => {
    const good = candidatesOf(item).find((url) => (faults.get(url) ?? null) === null);
    return { ...item, imageUrl: good ?? null };
  });
  return { items: shown, images };
}

/** Readers of one language would get what is written in another. */
function languageDoubts(
  { language }: Feed,
  isSaid: boolean,
  { findings }: FeedAnswer & { status: 'changed' },
): string[] {
  const { language: said = null, looksLike = null } = findings ?? {};
  const [isSaidOther, isOther] = [said, looksLike].map(
    (one) => one !== null && !isSameLanguage(one, language),
  );
  if (!isSaidOther && !isOther) return [];
  const found = [
    said === null ? [] : `the feed says that it is in "${said}"`,
    looksLike === null ? [] : `its texts look like "${looksLike}"`,
  ].flat();
  // A feed that only says so, and is not, is not the programme's fault.
  if (!isOther && looksLike !== null)
    return [`${found.join(', but ')}: what the programme says ("${language}") is right`];
  const whose = isSaid ? 'the programme says' : 'without --language it is taken for';
  return [
    `${found.join(', and ')}; ${whose} "${language}", and readers of "${language}" would get it. Change language in feeds.config.ts`,
  ];
}

/** Said because nothing else shows it: each story is told apart by its page or title instead. */
function guidDoubts(items: readonly FeedItem[]): string[] {
  const times = new Map<string, number>();
  for (const { guid } of items) if (guid !== null) times.set(guid, (times.get(guid) ?? 0) + 1);
  return [...times]
    .filter(([, n]) => n > 1)
    .slice(0, 3)
    .map(
      ([guid, n]) =>
        `${counted(n, 'item has', 'items have')} the guid "${cut(guid, 80)}": they are told apart by their pages instead`,
    );
}

const MOST_PICTURES = 20;
const MOST_SHOWN = 20;

function checkInWords({ url, answer, images, doubts }: FeedCheck): string {
  if (answer.status === 'unchanged') return `${url}: unchanged`;
  if (answer.status !== 'changed') return `${url}: ${answer.error}`;
  const { items, findings, movedTo } = answer;
  const { format = '', charset = '', title = '', dropped = [], faults = [] } = findings ?? {};
  const more = items.length > MOST_SHOWN ? [`  … and ${items.length - MOST_SHOWN} more`] : [];
  return [
    `${title || url}: ${format}, ${charset}, ${counted(items.length, 'article')}, ${counted(dropped.length, 'item')} dropped`,
    ...(movedTo ? [`It has moved for good to ${movedTo}: change it in feeds.config.ts.`] : []),
    ...faults.map((fault) => `Mended: ${fault}`),
    ...doubts.map((doubt) => `Look: ${doubt}`),
    '',
    ...items.slice(0, MOST_SHOWN).map(itemInWords),
    ...more,
    ...dropped.slice(0, MOST_SHOWN).map((item) => `  dropped: "${item.title}": ${item.why}`),
    ...images
      .filter(({ fault }) => fault !== null)
      .map((image) => `  picture not used: ${image.url}: ${image.fault}`),
  ].join('\n');
}

function itemInWords({ title, url, publishedAt, imageUrl }: FeedItem): string {
  const day = publishedAt?.toISOString().slice(0, 10) ?? 'no date   ';
  return `  ${day}  ${title}\n              ${url}${imageUrl === null ? '' : '  (with picture)'}`;
}

function inARow(failures: number): string {
  return failures === 1 ? 'the last time' : `${failures} times in a row`;
}

function healthInWords({ url: given, state, trouble, articlesPerWeek, shareUsed }: FeedHealth): string {
  const url = redact(given);
  if (state === null) return `${url}\n    not read yet`;
  const at = (date: Date | null) =>
    date === null ? 'never' : `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const used = shareUsed === null ? '' : `, ${Math.round(100 * shareUsed)} % of them went into mails`;
  return [
    `${url}${trouble === null ? '' : `  — ${trouble.toUpperCase()}`}`,
    `    last read ${at(state.lastSuccessAt)}, newest article ${at(state.lastNewAt)}, ` +
      `${articlesPerWeek.toFixed(1)} articles a week${used}`,
    ...(state.lastError === null ? [] : [`    failed ${inARow(state.failures)}: ${state.lastError}`]),
    ...(state.movedTo === null || state.failures > 0
      ? []
      : [`    moved to ${state.movedTo}: change it in feeds.config.ts`]),
  ].join('\n');
}
