-- Up Migration

-- Browsers in which a reader pressed a button that leaves no event: that of the preference page. No machine does, so what the
-- same browser followed before was followed by a person.
create table pressed_buttons (
  subscriber_id bigint not null references subscribers,
  network       text not null,                      -- shortened or hashed
  user_agent    text not null,
  first_at      timestamptz not null,
  last_at       timestamptz not null,
  primary key (subscriber_id, network, user_agent)
);
