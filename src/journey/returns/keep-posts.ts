import type { Database } from '../ports.ts';
import type { ReturnSource } from './ports/returns.ts';

type Deps = { database: Pick<Database, 'stores'> };

/** What a mail provider posted is kept as it came, to be read by a worker (apply-returns.ts). */
export async function keepPosts(
  { database }: Deps,
  { source, posts }: { source: ReturnSource; posts: readonly string[] },
  now: Date,
): Promise<void> {
  for (const post of posts) await database.stores.returns.keep(posted(source, post, now));
}

/** The same for a post that is signed once: false when its signature has served before. */
export async function keepSignedPost(
  { database }: Deps,
  { source, post, token }: { source: ReturnSource; post: string; token: string },
  now: Date,
): Promise<boolean> {
  return database.stores.returns.keepSigned(posted(source, post, now), token);
}

const posted = (source: ReturnSource, post: string, receivedAt: Date) => ({
  receivedAt,
  source,
  returnPath: null,
  raw: Buffer.from(post),
});
