-- Up Migration

-- Which other feeds brought an article beside the one that brought it first: what leaves the programme with one feed stays
-- in it with another. Until now only the article's names told: "guid <feed> <guid>".
alter table articles add column also_in text[] not null default '{}';
update articles a set also_in = found.feeds
  from (select k.article_id, array_agg(distinct split_part(k.key, ' ', 2)) as feeds
          from article_keys k join articles owner on owner.id = k.article_id
         where k.key like 'guid %' and split_part(k.key, ' ', 2) <> owner.feed_url
         group by k.article_id) as found
 where a.id = found.article_id;
