-- Up Migration

-- What came back to us, raw and before anything else is done with it: mails to the return path, posts of providers.
create table returned_mails (
  id              bigint generated always as identity primary key,
  received_at     timestamptz not null,
  source          text not null check (source in ('smtp', 'ses', 'postmark', 'sendgrid', 'mailgun')),
  fingerprint     text not null unique,             -- of source, address and content: the same thing again is kept once
  return_path     text,                             -- the address it came to, for mails
  raw             bytea not null,
  -- waiting → applied (something followed, or it was counted) | ignored (nothing to do, or nobody's)
  status          text not null default 'waiting' check (status in ('waiting', 'applied', 'ignored')),
  attempts        integer not null default 0,
  kind            text,                             -- hard-bounce, soft-bounce, sender-fault, delayed, complaint …
  reason          text,                             -- no-such-user, mailbox-full, blocklist …
  recipient       text,
  enhanced_status text,
  diagnostic      text,
  evidence        text,                             -- why it was read as it was, in words
  effect          text,                             -- what followed, in words
  subscriber_id   bigint references subscribers,
  delivery_id     bigint references deliveries,
  issue_id        bigint references issues,
  applied_at      timestamptz
);
create index returned_mails_waiting on returned_mails (id) where status = 'waiting';
create index returned_mails_by_delivery on returned_mails (delivery_id) where delivery_id is not null;
create index returned_mails_by_subscriber on returned_mails (subscriber_id, id) where subscriber_id is not null;
create index returned_mails_by_issue on returned_mails (issue_id, kind) where issue_id is not null;

-- Addresses that are never written to, with the evidence. A lifted one stays in the list as history.
create table suppressions (
  id               bigint generated always as identity primary key,
  email            text not null,
  subscriber_id    bigint references subscribers,
  at               timestamptz not null,
  cause            text not null check (cause in ('bounce', 'refused', 'by-hand')),
  why              text not null,                   -- the server's words, or a person's
  returned_mail_id bigint references returned_mails,
  delivery_id      bigint references deliveries,
  by_whom          text,                            -- a person; null: Simmer
  lifted_at        timestamptz,
  lifted_by        text,
  lifted_why       text
);
create unique index suppressions_standing on suppressions (email) where lifted_at is null;
create index suppressions_by_time on suppressions (id desc);

-- Why Simmer paused a reader (repeated soft bounces); null when the reader did.
alter table subscribers add column if not exists paused_until timestamptz;
alter table subscribers add column pause_reason text;

-- Why a delivery failed: a reason of domain/delivery/returned-mail/reasons.ts.
alter table deliveries add column fault text;

-- The brake. What had been done and had failed when an issue was resumed no longer counts for pausing it again.
alter table issues drop constraint issues_status_check;
alter table issues add constraint issues_status_check check (status in ('open', 'paused', 'done', 'cancelled'));
alter table issues add column paused_at timestamptz;
alter table issues add column pause_reason text;
alter table issues add column pauses integer not null default 0;
alter table issues add column done_before integer not null default 0;
alter table issues add column failed_before integer not null default 0;

-- When a person decided that an uncertain mail is left as it is.
alter table deliveries add column resolved_at timestamptz;
