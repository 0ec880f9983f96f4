-- Up Migration

-- Why Simmer itself paused an issue: a code, and values for the sentence that pages say it with. Null: a person did, in words.
alter table issues add column paused_because jsonb;

-- Every time the database was restored from a backup. What may have been sent between `made_at` and `at` nobody knows, so what
-- was due by `at` is not sent by itself.
create table restores (
  id        bigint generated always as identity primary key,
  at        timestamptz not null,
  made_at   timestamptz not null,                   -- of the backup
  file_name text not null,
  held      jsonb not null                          -- how many of what were held back
);
