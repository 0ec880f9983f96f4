-- Up Migration

-- Opens and clicks as they came in, durable before the reader is answered, and not yet taken in. Taking in moves them
-- to events and scores them, in one transaction. One row per write of the web process: a row per hit, with an index over
-- their keys, costs four times as much at the one moment when a reader waits. That a hit counts once is told by
-- events.key.
create table arrived_events (
  id      bigint generated always as identity primary key,
  hits    text not null,                            -- a JSON list; the network is shortened or hashed, never the whole address
  n       integer not null,                         -- how many they are
  at      timestamptz not null                      -- of the first
);

alter table events
  add column key uuid,                              -- of the hit, the API call, the imported line: the same one counts once
  add column signs text[] not null default '{}';
create unique index events_by_key on events (key) where key is not null;
-- A mail's hits around a moment are read whenever it is hit again.
drop index events_by_delivery;
create index events_by_delivery on events (delivery_id, at) where delivery_id is not null;
comment on column events.class is 'what it is taken for now; what it was taken for before stands in event_class_changes';

-- An event that turned out to be a machine's. Only ever added to.
create table event_class_changes (
  id         bigint generated always as identity primary key,
  event_id   bigint not null references events,
  at         timestamptz not null,
  from_class text not null,
  to_class   text not null,
  reasons    text[] not null
);
create index event_class_changes_by_event on event_class_changes (event_id, id);

-- The entry that this one takes back; an entry is taken back once.
alter table score_entries add column reverses bigint references score_entries;
create unique index score_entries_reversed on score_entries (reverses) where reverses is not null;
create index score_entries_by_event on score_entries (event_id) where event_id is not null;

-- Who receives the mail of a domain, looked up by the worker now and then.
create table mail_domains (
  domain       text primary key,
  mx           text[] not null default '{}',
  gateway      text,                                -- the mail gateway that reads its mail first, if one is known
  looked_up_at timestamptz not null,
  look_up_at   timestamptz not null                 -- when to look again
);
create index mail_domains_due on mail_domains (look_up_at);

-- Keys of programs that use the API. Only a hash is kept.
create table api_keys (
  id           bigint generated always as identity primary key,
  name         text not null,
  key_hash     text not null unique,
  key_start    text not null,                       -- the first characters, to tell keys apart in a list
  scopes       text[] not null,
  created_at   timestamptz not null,
  last_used_at timestamptz,
  revoked_at   timestamptz
);

-- What an API call answered, so that repeating it answers the same and does nothing.
create table api_answers (
  api_key_id   bigint not null references api_keys,
  key          text not null,
  request_hash text not null,
  status       integer not null,
  body         jsonb not null,
  at           timestamptz not null,
  primary key (api_key_id, key)
);
create index api_answers_by_age on api_answers (at);

-- What somebody did on the company's site under an address nobody had proven yet. It counts once the address is confirmed,
-- or its owner's browser shows itself by a token of a mail.
create table held_touchpoints (
  id            bigint generated always as identity primary key,
  subscriber_id bigint not null references subscribers,
  happening     jsonb not null,
  held_at       timestamptz not null
);
create index held_touchpoints_by_subscriber on held_touchpoints (subscriber_id, id);
