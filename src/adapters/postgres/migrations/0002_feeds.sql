-- Up Migration

alter table feeds
  -- 'gone': its server answered 410. It is read no more until somebody asks for it (simmer feed retry).
  add column if not exists status text not null default 'active' check (status in ('active', 'gone')),
  -- Where its server says it has moved to for good, and how often in a row it has said so.
  add column if not exists moved_to text,
  add column if not exists moved_seen integer not null default 0,
  -- The date of the newest article it brought.
  add column if not exists last_new_at timestamptz,
  -- While a worker reads it. Of one host, no more than two are read at once, whoever reads them.
  add column if not exists leased_until timestamptz,
  add column if not exists host text generated always as (
    lower(split_part(split_part(coalesce(case when moved_seen >= 3 then moved_to end, url), '//', 2), '/', 1))) stored,
  -- What the marketers were told is wrong with it; null: nothing, so that the next trouble is told again.
  add column if not exists told_trouble text check (told_trouble in ('gone', 'failing', 'stale')),
  add column if not exists told_at timestamptz;
create index if not exists feeds_in_hand on feeds (host, leased_until) where leased_until is not null;

-- An article that turned out to tell the story of another one. It stays for the mails that have it, and is not chosen again.
alter table articles add column if not exists same_as bigint references articles;
create index if not exists articles_of_one_story on articles (same_as) where same_as is not null;
create index if not exists articles_by_feed on articles (feed_url, first_seen_at);

-- Per article that an issue could draw from: how many mails it went into. Counted once, when the issue is done.
alter table issue_articles add column if not exists mails integer;

-- What pictures turned out to be. `fault` says in words why a mail cannot show it.
create table if not exists article_images (
  url        text primary key,
  checked_at timestamptz not null,
  width      integer,
  height     integer,
  fault      text
);

-- The articles that a reader must not have had to be given one of an issue's: itself, and the others of its story.
create or replace function had_articles_of_issue(issue bigint) returns table (article_id bigint, had_id bigint)
language sql stable as $$
  select article_id, article_id from issue_articles where issue_id = issue
  union all
  select chosen.article_id, other.id
    from issue_articles chosen
    join articles own on own.id = chosen.article_id
    join articles other on other.id = own.same_as or other.same_as = coalesce(own.same_as, own.id)
   where chosen.issue_id = issue and other.id <> own.id
$$;
