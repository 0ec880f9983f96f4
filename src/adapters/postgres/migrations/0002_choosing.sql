-- Up Migration

-- What choosing knows about a reader beside the declared interests. Read with the reader's row, so that a claim of 500
-- readers costs no further statement.
alter table subscribers
  -- How much of each mail's rhythm the reader wants: 'every issue' or one a month.
  add column if not exists frequency text not null default 'every-issue' check (frequency in ('every-issue', 'monthly')),
  -- No issue is due before this.
  add column if not exists paused_until timestamptz,
  -- Learnt from clicks: {"at": the last click, "weights": {interest: clicks, decayed up to that click}}.
  add column if not exists affinities jsonb not null default '{}',
  -- Said by the reader: {"interest:payroll": 1, "feed:https://…": -2}. "More of this" adds one, "less" takes one.
  add column if not exists leanings jsonb not null default '{}';
create index if not exists subscribers_by_confirmation on subscribers (confirmed_at) where status = 'active';

-- Mails of the control group: the same digest for all, so that what personal choosing brings can be measured.
alter table deliveries add column if not exists is_control boolean not null default false;
create index if not exists deliveries_of_control on deliveries (issue_id) where is_control;

-- When all readers were last gone through for an issue that is open. Between two such passes only those are looked at
-- who confirmed since.
alter table issues add column if not exists readers_planned_at timestamptz;

-- Which other issues draw from the same articles: only their mails can hold what a reader has had.
create index if not exists issue_articles_by_article on issue_articles (article_id);

-- How far learning from clicks has come. Each event is looked at by two runs, because one with a lower id may be
-- committed after one with a higher id.
create table if not exists learning (
  only_row     boolean primary key default true check (only_row),
  ran_at       timestamptz not null default '-infinity',
  seen_events  bigint not null default 0,           -- what the run before last has seen
  next_events  bigint not null default 0,           -- what the last run has seen
  seen_changes bigint not null default 0,           -- the same for events that turned out to be a machine's
  next_changes bigint not null default 0
);
insert into learning default values on conflict do nothing;
