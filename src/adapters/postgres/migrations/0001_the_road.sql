-- Up Migration

-- Words: see the glossary in README.md. Times are timestamptz. A status is a named word in a row; every
-- change of status names the status it starts from (update … where status = …), so repeating it does nothing.

create table subscribers (
  id              bigint generated always as identity primary key,
  email           text not null unique,             -- lower case, as written by domain/audience/email-address.ts
  status          text not null default 'pending' check (status in ('pending', 'active', 'unsubscribed', 'suppressed')),
  stage           text not null default 'mql' check (stage in ('mql', 'sql', 'customer')),
  is_customer     boolean not null default false,
  score           integer not null default 0,       -- always the sum of score_entries.points
  mails_sent      integer not null default 0,       -- issue mails accepted by the SMTP server
  name            text,
  company         text,
  job_title       text,
  phone           text,
  language        text not null,
  time_zone       text not null,
  interests       text[] not null default '{}',
  source          jsonb not null default '{}',      -- utm_*, referrer, landing page, download, form
  created_at      timestamptz not null,
  confirmed_at    timestamptz,
  unsubscribed_at timestamptz,
  last_act_at     timestamptz
);
create index subscribers_active on subscribers (id) where status = 'active';
create index subscribers_by_stage on subscribers (stage, score desc, id);

-- What a person agreed to or took back. Only ever added to.
create table consent_entries (
  id            bigint generated always as identity primary key,
  subscriber_id bigint not null references subscribers,
  at            timestamptz not null,
  act           text not null check (act in ('signed-up', 'confirmed', 'interests-changed', 'unsubscribed', 'resubscribed')),
  how           text not null,                      -- 'sign-up form', 'preference page', 'unsubscribe page', 'one-click'
  email         text not null,                      -- the address it was given for, as it was then
  text_version  text not null,
  ip            text,
  user_agent    text,
  details       jsonb not null default '{}'
);
create index consent_entries_by_subscriber on consent_entries (subscriber_id, id);

-- What is known about each feed of the programme. The programme says which feeds there are.
create table feeds (
  url             text primary key,
  etag            text,
  last_modified   text,
  next_check_at   timestamptz not null,
  last_checked_at timestamptz,
  last_success_at timestamptz,
  failures        integer not null default 0,
  last_error      text
);

create table articles (
  id            bigint generated always as identity primary key,
  feed_url      text not null,
  url           text not null,
  title         text not null,
  summary       text not null,
  image_url     text,
  language      text not null,
  interests     text[] not null,
  published_at  timestamptz not null,
  first_seen_at timestamptz not null,
  priority      real not null default 1
);
create index articles_by_published on articles (published_at desc);

-- The names one article is known by (guid in its feed, canonical URL …). An item that has any of them is that article.
create table article_keys (
  key        text primary key,
  article_id bigint not null references articles
);
create index article_keys_by_article on article_keys (article_id);

create table issues (
  id          bigint generated always as identity primary key,
  digest_id   text not null,
  slot        text not null,                        -- the schedule's local day (YYYY-MM-DD), or 'now-…' when sent by hand
  status      text not null default 'open' check (status in ('open', 'done', 'cancelled')),
  planned_at  timestamptz not null,
  first_due_at timestamptz not null,
  last_due_at timestamptz not null,
  finished_at timestamptz,
  unique (digest_id, slot)
);

-- The articles an issue may draw from, fixed when it is planned.
create table issue_articles (
  issue_id   bigint not null references issues,
  article_id bigint not null references articles,
  primary key (issue_id, article_id)
);

-- Where the tracked links of an issue lead. Fixed when the issue is planned: a mail's links must never change.
create table issue_links (
  issue_id   bigint not null references issues,
  number     integer not null,
  role       text not null check (role in ('article', 'call-to-action', 'footer')),
  target_id  text not null,                         -- article id, call-to-action id, footer link id
  language   text not null,
  url        text not null,                         -- 'simmer:call-back' stands for the reader's own call-back page
  label      text not null,
  primary key (issue_id, number)
);

-- A batch of deliveries in one worker's hands. When its lease runs out, others take over what it left.
create table batches (
  id          bigint generated always as identity primary key,
  issue_id    bigint not null references issues,
  worker      text not null,
  claimed_at  timestamptz not null,
  lease_until timestamptz not null
);
create index batches_by_lease on batches (lease_until);

-- planned → claimed (picks chosen, in a batch) → sending (on the wire) → sent | failed | uncertain; or skipped, cancelled.
create table deliveries (
  id              bigint generated always as identity primary key,
  issue_id        bigint not null references issues,
  subscriber_id   bigint not null references subscribers,
  status          text not null default 'planned'
                  check (status in ('planned', 'claimed', 'sending', 'sent', 'failed', 'uncertain', 'skipped', 'cancelled')),
  due_at          timestamptz not null,
  batch_id        bigint references batches,
  attempts        integer not null default 0,
  picks           jsonb,                            -- [{articleId, place, interest, score, reason}]
  message_id      text,
  sent_at         timestamptz,
  reason          text,                             -- why skipped, failed, cancelled or uncertain, in words
  smtp_reply      text,
  unique (issue_id, subscriber_id)
);
create index deliveries_due on deliveries (due_at, id) where status = 'planned';
create index deliveries_in_hand on deliveries (batch_id) where status in ('claimed', 'sending');
create index deliveries_by_subscriber on deliveries (subscriber_id, id);
create index deliveries_by_status on deliveries (issue_id, status);

-- One-off mails: confirmation, sales alert, sign-in link, notice. Written in the transaction that causes them.
create table outbox (
  id            bigint generated always as identity primary key,
  kind          text not null check (kind in ('confirmation', 'already-subscribed', 'sales-alert', 'sign-in', 'notice')),
  dedupe_key    text not null unique,               -- one cause, one mail
  to_address    text not null,
  language      text not null,
  data          jsonb not null default '{}',
  subscriber_id bigint references subscribers,
  status        text not null default 'planned'
                check (status in ('planned', 'sending', 'sent', 'failed', 'uncertain', 'dropped')),
  due_at        timestamptz not null,
  attempts      integer not null default 0,
  lease_until   timestamptz,
  message_id    text not null,
  sent_at       timestamptz,
  reason        text,
  created_at    timestamptz not null
);
create index outbox_due on outbox (due_at) where status = 'planned';
create index outbox_by_subscriber on outbox (subscriber_id, kind, created_at);

-- What came back: raw, append-only, with what it was taken for and why.
create table events (
  id            bigint generated always as identity primary key,
  subscriber_id bigint not null references subscribers,
  delivery_id   bigint references deliveries,
  kind          text not null,                      -- open, click, form, confirm, unsubscribe, mail-sent, outcome
  link_number   integer,
  at            timestamptz not null,
  class         text not null check (class in ('human', 'machine', 'proxied')),
  class_reasons text[] not null default '{}',
  method        text,
  ip            text,
  user_agent    text,
  details       jsonb not null default '{}'
);
create index events_by_subscriber on events (subscriber_id, at);
create index events_by_delivery on events (delivery_id, kind);

create table score_entries (
  id            bigint generated always as identity primary key,
  subscriber_id bigint not null references subscribers,
  at            timestamptz not null,
  points        integer not null,
  rule          text not null,                      -- the rule's id: open, click-article, click-brochure …
  rule_version  text not null,
  once_key      text not null,                      -- e.g. 'open:d17', 'click:d17:3': the same cause counts once
  cause         text not null,                      -- in words, for people
  event_id      bigint references events,
  delivery_id   bigint references deliveries,
  unique (subscriber_id, once_key)
);

-- A crossing of the threshold. Open until sales has answered for good; at most one open per lead.
create table qualifications (
  id            bigint generated always as identity primary key,
  subscriber_id bigint not null references subscribers,
  at            timestamptz not null,
  score         integer not null,
  rule          text not null,                      -- the rule that carried the lead over
  by_post       boolean not null,                   -- a person pressed a button: the alert need not wait
  alert_id      bigint references outbox,
  closed_at     timestamptz
);
create unique index qualifications_one_open on qualifications (subscriber_id) where closed_at is null;
create index qualifications_by_subscriber on qualifications (subscriber_id, id);

-- What sales said after the call. Only ever added to; the latest one holds.
create table outcomes (
  id               bigint generated always as identity primary key,
  qualification_id bigint not null references qualifications,
  at               timestamptz not null,
  staff_email      text not null,
  status           text not null check (status in ('in-progress', 'won', 'lost', 'rejected')),
  is_duplicate     boolean not null,
  has_running_deal boolean not null,
  note             text not null default ''
);
create index outcomes_by_qualification on outcomes (qualification_id, id);

create table sign_in_links (
  token_hash text primary key,
  email      text not null,
  next_path  text not null,
  expires_at timestamptz not null,
  used_at    timestamptz
);

create table sessions (
  id_hash    text primary key,
  email      text not null,
  csrf_token text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null
);

-- The built-in inbox of the embedded set-up.
create table inbox_mails (
  id          bigint generated always as identity primary key,
  received_at timestamptz not null,
  mail_from   text not null,
  rcpt_to     text[] not null,
  subject     text not null,
  raw         bytea not null
);
