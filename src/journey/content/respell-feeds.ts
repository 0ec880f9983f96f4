import type { Log } from '../ports.ts';
import type { FeedStore } from './ports/feeds.ts';

/**
 * An address that the programme now keeps in another spelling than before is still the same feed: what is known of it, its
 * articles and what readers said of it go along, so that nothing comes twice and nothing is lost. Never rejects.
 */
export async function respellFeeds(
  { feeds, log }: { feeds: Pick<FeedStore, 'respell'>; log: Log },
  respelled: readonly { path: string; written: string; used: string }[],
): Promise<void> {
  const changed = respelled.filter(({ path }) => /^feeds\[\d+\]\.url$/.test(path));
  try {
    for (const { written, used } of changed)
      if (await feeds.respell(written, used))
        log.info({ feed: used, before: written }, 'a feed is known by another spelling of its address');
  } catch (error) {
    log.warn({ error: String(error) }, 'the spelling of feeds could not be changed; the next start does it');
  }
}
