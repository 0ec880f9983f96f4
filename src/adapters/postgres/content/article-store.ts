import type { Article } from '../../../domain/content/article.ts';
import type { Named, RepeatedArticle, SameArticle } from '../../../domain/content/choosing/one-story.ts';
import { isTitleKey } from '../../../domain/content/reading/identity.ts';
import type { ArticleStore, NewArticle } from '../../../journey/content/ports/feeds.ts';
import { asJson } from '../as-json.ts';
import type { Queryable } from '../pool.ts';
import { transactional } from '../transaction.ts';

export interface ArticleRow {
  id: number;
  feed_url: string;
  url: string;
  title: string;
  summary: string;
  image_url: string | null;
  language: string;
  interests: string[];
  published_at: Date;
  first_seen_at: Date;
  priority: number;
  same_as: number | null;
  also_in: string[];
}

/** Articles in Postgres. Each is stored once, however many names and feeds it comes under. */
export function articleStore(db: Queryable): ArticleStore {
  return {
    add: (articles, tellApart) =>
      transactional(db, async (tx) => {
        if (articles.length === 0) return 0;
        // Two feeds that bring one story at the same moment take turns; readers are not held up.
        await tx.query('lock table article_keys in share row exclusive mode');
        const known = await findKnown(tx, [...new Set(articles.flatMap(({ keys }) => keys))]);
        const titled = await namesKnown(tx, articles, known);
        const { fresh, repeated, same } = tellApart(articles, known, titled);
        await insert(tx, fresh);
        await join(tx, same);
        await merge(tx, repeated);
        return fresh.length;
      }),

    async publishedSince(since) {
      const { rows } = await db.query<ArticleRow>(
        'select * from articles where published_at >= $1 and same_as is null order by id',
        [since],
      );
      return rows.map(readArticle);
    },

    async find(ids) {
      const { rows } = await db.query<ArticleRow>(
        'select * from articles where id = any($1::bigint[]) order by id',
        [ids],
      );
      return rows.map(readArticle);
    },
  };
}

export function readArticle(row: ArticleRow): Article {
  return {
    id: row.id,
    feedUrl: row.feed_url,
    url: row.url,
    title: row.title,
    summary: row.summary,
    imageUrl: row.image_url,
    language: row.language,
    interests: row.interests,
    publishedAt: row.published_at,
    firstSeenAt: row.first_seen_at,
    priority: row.priority,
    ...(row.same_as === null ? {} : { sameAs: row.same_as }),
    ...(row.also_in.length === 0 ? {} : { alsoIn: row.also_in }),
  };
}

/**
 * Makes one of articles that were stored as several. The oldest goes on, under the names of all; the others stay for
 * the mails that have them. Who had any of them has had the story (see had_articles_of_issue).
 */
async function join(tx: Queryable, same: readonly SameArticle[]): Promise<void> {
  if (same.length === 0) return;
  const [ids, into] = [same.map(({ id }) => id), same.map((one) => one.into)];
  await tx.query(
    `update articles a set same_as = s.into_id
       from unnest($1::bigint[], $2::bigint[]) as s(id, into_id) where a.id = s.id or a.same_as = s.id`,
    [ids, into],
  );
  await tx.query(
    `update article_keys k set article_id = s.into_id
       from unnest($1::bigint[], $2::bigint[]) as s(id, into_id) where k.article_id = s.id`,
    [ids, into],
  );
  await tx.query(
    `update articles a
        set interests = array(select distinct unnest(a.interests || s.interests) order by 1),
            also_in = array(select distinct unnest(a.also_in || s.feeds) except select a.feed_url order by 1),
            priority = greatest(a.priority, s.priority)
       from (select same_as, max(priority) as priority, array_agg(distinct interest) as interests,
                    array_agg(distinct feed) as feeds
               from articles, unnest(interests) as interest, unnest(also_in || feed_url) as feed
              where id = any($1::bigint[]) group by same_as) as s
      where a.id = s.same_as`,
    [ids],
  );
}

async function findKnown(tx: Queryable, keys: string[]): Promise<Map<string, number>> {
  const { rows } = await tx.query<{ key: string; article_id: number }>(
    'select key, article_id from article_keys where key = any($1::text[])',
    [keys],
  );
  return new Map(rows.map((row) => [row.key, row.article_id]));
}

/** All names of the articles that are known by a title of these. */
async function namesKnown(
  tx: Queryable,
  articles: readonly NewArticle[],
  known: Map<string, number>,
): Promise<Map<number, Named>> {
  const ids = articles.flatMap(({ keys }) => keys.filter(isTitleKey).flatMap((key) => known.get(key) ?? []));
  if (ids.length === 0) return new Map();
  const { rows } = await tx.query<{ id: number; feed_url: string; published_at: Date; keys: string[] }>(
    `select a.id, a.feed_url, a.published_at, array_agg(k.key) as keys
       from articles a join article_keys k on k.article_id = a.id
      where a.id = any($1::bigint[]) group by a.id`,
    [[...new Set(ids)]],
  );
  return new Map(
    rows.map((row) => [row.id, { keys: row.keys, feedUrl: row.feed_url, publishedAt: row.published_at }]),
  );
}

async function insert(tx: Queryable, articles: readonly NewArticle[]): Promise<void> {
  if (articles.length === 0) return;
  const taken = new Set<string>();
  // A title that comes again in its feed is from now on the name of the newer story.
  const keysOf = (keys: readonly string[]) => keys.filter((key) => !taken.has(key) && taken.add(key));
  const rows = articles.map(({ publishedAt, firstSeenAt, keys, ...rest }, place) => ({
    ...rest,
    keys: keysOf(keys),
    place,
    publishedAt: publishedAt.toISOString(),
    firstSeenAt: firstSeenAt.toISOString(),
  }));
  // Each gets its id before it is stored, so that its keys find it.
  await tx.query(
    `with given as materialized (
       select nextval(pg_get_serial_sequence('articles', 'id')) as id, new.*
         from jsonb_to_recordset($1) as new(
           place int, "feedUrl" text, url text, title text, summary text, "imageUrl" text, language text,
           interests jsonb, "publishedAt" timestamptz, "firstSeenAt" timestamptz, priority real, keys jsonb)
        order by new.place
     ), stored as (
       insert into articles (id, feed_url, url, title, summary, image_url, language, interests, published_at,
                             first_seen_at, priority)
       overriding system value
       select id, "feedUrl", url, title, summary, "imageUrl", language,
              array(select jsonb_array_elements_text(interests)), "publishedAt", "firstSeenAt", priority
         from given
       returning id
     )
     insert into article_keys (key, article_id)
     select key, given.id from given join stored using (id), jsonb_array_elements_text(given.keys) as key
     on conflict (key) do update set article_id = excluded.article_id`,
    [asJson(rows)],
  );
}

/** One without a date is dated by its first reading; a later one does not make its title its name for further days. */
function namesOf({ keys, publishedAt, firstSeenAt }: NewArticle): string[] {
  const isUndated = publishedAt.getTime() === firstSeenAt.getTime();
  return isUndated ? keys.filter((key) => !isTitleKey(key)) : keys;
}

/**
 * What is known gets further names and interests. A correction of its words is taken over as long as no issue has it:
 * a reader must find behind the link what the mail said.
 */
async function merge(tx: Queryable, repeated: readonly RepeatedArticle<NewArticle>[]): Promise<void> {
  if (repeated.length === 0) return;
  const keys = repeated.flatMap(({ id, article }) => namesOf(article).map((key) => ({ id, key })));
  await tx.query(
    `insert into article_keys (key, article_id)
     select key, id from unnest($1::text[], $2::bigint[]) as new(key, id)
     on conflict (key) do nothing`,
    [keys.map(({ key }) => key), keys.map(({ id }) => id)],
  );
  // The last of several repeats holds, as the last of several corrections would; interests of all are joined.
  const byId = new Map<number, { id: number; article: NewArticle; interests: string[] }>();
  for (const { id, article } of repeated) {
    byId.set(id, {
      id,
      article,
      interests: [...(byId.get(id)?.interests ?? []), ...article.interests],
    });
  }
  const rows = [...byId.values()].map(({ id, article, interests }) => ({
    id,
    interests,
    feedUrl: article.feedUrl,
    title: article.title,
    summary: article.summary,
    imageUrl: article.imageUrl,
    priority: article.priority,
  }));
  await tx.query(
    `update articles a
        set interests = array(select distinct unnest(a.interests || new.all_interests) order by 1),
            priority  = greatest(a.priority, new.priority),
            also_in   = case when new.is_other then array(select distinct unnest(a.also_in || new."feedUrl") order by 1)
                             else a.also_in end,
            title     = case when new.corrects then new.title else a.title end,
            summary   = case when new.corrects then new.summary else a.summary end,
            image_url = case when new.corrects then new."imageUrl" else a.image_url end
       from (select given.*,
                    array(select jsonb_array_elements_text(given.interests)) as all_interests,
                    owner.feed_url <> given."feedUrl" as is_other,
                    owner.feed_url = given."feedUrl"
                      and not exists (select from issue_articles i where i.article_id = given.id) as corrects
               from jsonb_to_recordset($1) as given(
                 id bigint, interests jsonb, "feedUrl" text, title text, summary text, "imageUrl" text, priority real)
               join articles owner on owner.id = given.id) as new
      where a.id = new.id
        and (not a.interests @> new.all_interests or a.priority < new.priority
             or (new.is_other and not new."feedUrl" = any(a.also_in))
             or (new.corrects and (a.title, a.summary, a.image_url)
                                  is distinct from (new.title, new.summary, new."imageUrl")))`,
    [asJson(rows)],
  );
}
