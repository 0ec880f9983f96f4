import type { ArticleReach, ContentViews } from '../../../journey/content/ports/content-views.ts';
import { asJson } from '../as-json.ts';
import type { Queryable } from '../pool.ts';

export function contentViews(db: Queryable): ContentViews {
  return {
    async articles({ interest, language, beforeId, limit }) {
      const { rows } = await db.query<ArticleReach>(ARTICLES, [
        interest === null ? null : [interest],
        language,
        beforeId,
        limit,
      ]);
      return rows;
    },

    async audience() {
      const { rows } = await db.query<{ interest: string; language: string; readers: number }>(
        `select interest, language, count(*)::int as readers
           from subscribers cross join lateral unnest(interests) as interest
          where status = 'active' group by 1, 2`,
      );
      return rows;
    },

    async supply(since, feeds) {
      const { rows } = await db.query<{ interest: string; language: string; articles: number }>(
        `select f.interest, a.language, count(distinct a.id)::int as articles
           from articles a
           join jsonb_to_recordset($2) as f(url text, interest text) on f.url = a.feed_url or f.url = any(a.also_in)
          where a.published_at >= $1 and a.same_as is null group by 1, 2`,
        [
          since,
          asJson(feeds.flatMap(({ url, interests }) => interests.map((interest) => ({ url, interest })))),
        ],
      );
      return rows;
    },
  };
}

// Without what went to one person alone. The clicks stand in the kept numbers of the issues that had the article: nothing is counted from the events here.
const ARTICLES = `
  with shown as materialized (
    select * from articles
     where ($1::text[] is null or interests @> $1) and ($2::text is null or language = $2)
       and ($3::bigint is null or (published_at, id) < (select published_at, id from articles where id = $3))
     order by published_at desc, id desc limit $4)
  select a.id, a.title, a.url, a.feed_url as "feedUrl", a.also_in as "alsoIn", a.language, a.interests, a.published_at as "publishedAt",
         coalesce(r.issues, 0)::int as issues, coalesce(r.mails, 0)::int as mails, coalesce(r.clicks, 0)::int as clicks,
         coalesce(r.clicks_of_mails, 0)::int as "clicksOfMails"
    from shown a
    left join lateral (
      select count(*) as issues, sum(i.mails) as mails, sum(c.people) as clicks,
             sum(c.people) filter (where i.mails is not null) as clicks_of_mails
        from issue_articles i
        join issues s on s.id = i.issue_id and not s.to_one
        left join issue_numbers n on n.issue_id = i.issue_id
        left join lateral (
          select (link ->> 'people')::int as people from jsonb_array_elements(n.numbers -> 'links') as link
           where link ->> 'role' = 'article' and link ->> 'targetId' = a.id::text limit 1) c on true
       where i.article_id = a.id) r on true
   order by a.published_at desc, a.id desc`;
