-- How many mails of a purpose a mailbox has had, of those that anybody can cause who knows its address. A mailbox is what all
-- spellings of an address lead to: without a tag, without Gmail's dots.
create table mail_allowances (
  mailbox     text not null,
  purpose     text not null,
  sent        integer not null,
  last_at     timestamptz,
  -- What was kept back since the last one went out.
  withheld    integer not null default 0,
  withheld_at timestamptz,
  primary key (mailbox, purpose)
);
-- Many sign-ups at once for one domain, or from one network: their mails wait for each other.
create table sign_up_pace (
  key     text primary key,
  free_at timestamptz not null
);
create index sign_up_pace_by_free_at on sign_up_pace (free_at);
