import type { FeedReader } from '../../../journey/content/ports/feeds.ts';

/**
 * Reads feeds that Simmer serves itself under the address its own processes reach it by, where that is another than the
 * readers' (INTERNAL_URL: in containers the public address often leads nowhere). Other feeds are read as they are.
 */
export function fromInside(reader: FeedReader, publicUrl: string, internalUrl: string): FeedReader {
  if (internalUrl === publicUrl) return reader;
  return {
    read(feed, state) {
      if (!feed.url.startsWith(`${publicUrl}/`)) return reader.read(feed, state);
      const url = internalUrl + feed.url.slice(publicUrl.length);
      return reader.read({ ...feed, url, allowPrivateNetwork: true }, state);
    },
  };
}
