-- Changes of a person that a passed-on mail could have asked for: they wait for a press behind a link that is mailed to the
-- address alone.
create table change_links (
  token_hash    text primary key,
  subscriber_id bigint not null references subscribers,
  preferences   jsonb not null,
  expires_at    timestamptz not null
);
create index change_links_by_subscriber on change_links (subscriber_id);
