-- Up Migration

-- Signatures of providers that cover a token instead of the post: each serves for one post.
create table signatures_used (
  source  text not null,                             -- the provider
  token   bytea not null,                            -- SHA-256 of it
  post    bytea not null,                            -- SHA-256 of what came with it: the same may come again
  used_at timestamptz not null,
  primary key (source, token)
);
create index signatures_used_by_time on signatures_used (used_at);
