/**
 * What can be wrong with a feed for so long that a person should look: its server says it is gone; nothing could be
 * read for some time; or it is read and brings nothing new any more.
 */
export type FeedTrouble = 'gone' | 'failing' | 'stale';

export interface FeedWatch {
  /** A feed that brought no new article for so long is stale. */
  staleAfterMs: number;
  /** A feed that could not be read for so long is failing. */
  failingAfterMs: number;
}

export interface FeedFacts {
  status: 'active' | 'gone';
  failures: number;
  lastSuccessAt: Date | null;
  lastNewAt: Date | null;
}

/** Null while all is well. A feed that fails is not called stale too: the first says why. */
export function troubleOf(facts: FeedFacts | null, watch: FeedWatch, now: Date): FeedTrouble | null {
  if (facts === null) return null;
  if (facts.status === 'gone') return 'gone';
  if (facts.failures > 0) {
    // One that never worked has no time it worked at: some tries tell enough.
    const isLong =
      facts.lastSuccessAt === null
        ? facts.failures >= TRIES_THAT_TELL
        : now.getTime() - facts.lastSuccessAt.getTime() >= watch.failingAfterMs;
    return isLong ? 'failing' : null;
  }
  if (facts.lastNewAt === null) return null;
  return now.getTime() - facts.lastNewAt.getTime() >= watch.staleAfterMs ? 'stale' : null;
}

/** About a quarter of an hour, with the pauses between tries. */
const TRIES_THAT_TELL = 4;
