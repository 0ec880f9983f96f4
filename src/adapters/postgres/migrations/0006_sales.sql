-- Up Migration

-- Whom the lead was handed to, who took it, and whom nobody's silence was told.
alter table qualifications
  add column handed_to    text,                     -- address the alert goes to
  add column held_until   timestamptz,              -- sales said "not before": the alert waits until then
  add column claimed_by   text,                     -- member of staff who said "I take this one"
  add column claimed_at   timestamptz,
  add column reminded_at  timestamptz,
  add column escalated_at timestamptz;
update qualifications q set handed_to = o.to_address from outbox o where o.id = q.alert_id;
-- Those that may still have to be reminded of; few at a time.
create index qualifications_unclaimed on qualifications (id)
  where closed_at is null and claimed_at is null and escalated_at is null;

-- On sending a lead back sales may ask for quiet until a day.
alter table outcomes add column not_before date;

-- How often each list of addresses that take turns has had one.
create table hand_out_turns (
  list  text primary key,
  turns bigint not null
);

-- A one-off mail can be taken again as long as it was not handed over: only then nobody could know whether it arrived.
-- Each taking has its number, so that one who was thought dead cannot go on beside his successor.
alter table outbox
  add column claims         integer not null default 0,
  add column handed_over_at timestamptz;
alter table outbox drop constraint outbox_kind_check;
alter table outbox add constraint outbox_kind_check check (kind in
  ('confirmation', 'already-subscribed', 'sales-alert', 'sales-reminder', 'account-alert', 'sign-in', 'notice'));

-- Leads of one e-mail domain are colleagues.
alter table subscribers
  add column email_domain text not null generated always as (split_part(email, '@', 2)) stored;
create index subscribers_by_domain on subscribers (email_domain) include (status, score);

-- A crossing of an account's own threshold. Open until sales has answered for good about one of its leads; at most one
-- open per account. `base` is the joint warmth that was left when it was closed: the next crossing counts from there.
create table account_qualifications (
  id        bigint generated always as identity primary key,
  domain    text not null,
  at        timestamptz not null,
  warmth    integer not null,
  alert_id  bigint references outbox,
  closed_at timestamptz,
  base      integer
);
create unique index account_qualifications_one_open on account_qualifications (domain) where closed_at is null;
create index account_qualifications_by_domain on account_qualifications (domain, id);

-- When each kind of periodic look was last taken, so that many workers take it once.
create table looks (
  name text primary key,
  at   timestamptz not null
);

-- Other programs that are told what happens to leads (Standard Webhooks).
create table webhooks (
  id            bigint generated always as identity primary key,
  url           text not null,
  secret        text not null,                      -- whsec_ and base64, as the specification writes it
  types         text[] not null,                    -- lead.qualified, lead.outcome, lead.returned
  allow_private boolean not null default false,     -- may lead into the company's own network
  created_at    timestamptz not null,
  ended_at      timestamptz,                        -- removed, or the receiver said 410 Gone
  end_reason    text
);

-- planned → sending → delivered | failed; or back to planned for a further try.
create table webhook_messages (
  id           bigint generated always as identity primary key,
  webhook_id   bigint not null references webhooks,
  message_id   text not null,                       -- the header webhook-id: the same for every try
  dedupe_key   text not null,                       -- one cause, one message
  type         text not null,
  at           timestamptz not null,
  data         jsonb not null,
  status       text not null default 'planned' check (status in ('planned', 'sending', 'delivered', 'failed')),
  due_at       timestamptz not null,
  attempts     integer not null default 0,          -- since it was last asked for; a re-send starts anew
  claims       integer not null default 0,
  lease_until  timestamptz,
  delivered_at timestamptz,
  unique (webhook_id, dedupe_key)
);
create index webhook_messages_due on webhook_messages (due_at) where status = 'planned';
create index webhook_messages_in_hand on webhook_messages (lease_until) where status = 'sending';

-- Every try, as it went.
create table webhook_attempts (
  id                 bigint generated always as identity primary key,
  webhook_message_id bigint not null references webhook_messages,
  at                 timestamptz not null,
  status_code        integer,                       -- null: no answer came
  error              text,
  took_ms            integer not null
);
create index webhook_attempts_by_message on webhook_attempts (webhook_message_id, id);
