-- Up Migration

-- A reader may say no to being measured: mails then hold plain links and no pixel.
alter table subscribers add column tracking boolean not null default true;
-- When the person behind the row asked to be forgotten. What is left names nobody; the sums stay right.
alter table subscribers add column erased_at timestamptz;

-- Why somebody left, if they cared to say.
create table unsubscribe_answers (
  id            bigint generated always as identity primary key,
  subscriber_id bigint not null references subscribers,
  at            timestamptz not null,
  reason        text not null check (reason in ('too-often', 'not-relevant', 'never-asked', 'other')),
  note          text not null default ''
);
create index unsubscribe_answers_by_subscriber on unsubscribe_answers (subscriber_id);

-- Where a session was opened, so that its owner recognises it.
alter table sessions add column ip text;
alter table sessions add column user_agent text;
create index sessions_by_email on sessions (email);

-- What the programme cost, entered by month.
create table costs (
  month      date primary key check (extract(day from month) = 1),
  amount     numeric(12, 2) not null check (amount >= 0),
  note       text not null default '',
  changed_at timestamptz not null,
  changed_by text not null
);

-- A search of people that is worth keeping, as the query of its address.
create table saved_views (
  id          bigint generated always as identity primary key,
  name        text not null,
  query       text not null,
  owner_email text not null,
  created_at  timestamptz not null,
  unique (owner_email, name)
);

-- What staff changed: who, when, what. Only ever added to.
create table audit_entries (
  id          bigint generated always as identity primary key,
  at          timestamptz not null,
  staff_email text not null,
  act         text not null,                        -- 'cost set', 'people imported' … a key of staff.audit.act
  subject     text not null default '',             -- what it was done to, in words
  details     jsonb not null default '{}'
);
create index audit_entries_by_time on audit_entries (at desc, id desc);

-- A list of people from a file: checked first, then imported row by row.
create table people_imports (
  id          bigint generated always as identity primary key,
  at          timestamptz not null,
  staff_email text not null,
  file_name   text not null,
  status      text not null default 'checked' check (status in ('checked', 'running', 'done', 'discarded')),
  columns     text[] not null,                      -- of the file, in its order
  ignored     text[] not null default '{}',         -- those of them nobody knows what to do with
  finished_at timestamptz
);
create table people_import_rows (
  import_id     bigint not null references people_imports on delete cascade,
  number        integer not null,                   -- the line of the file it begins on
  status        text not null check (status in ('good', 'bad', 'done')),
  fields        jsonb not null,                     -- as they stood in the file
  person        jsonb,                              -- as they were read, when they could be
  problems      jsonb not null default '[]',        -- [{key, values}]: texts of the locales
  outcome       text check (outcome in ('added', 'filled-in', 'unchanged', 'left-alone')),
  subscriber_id bigint references subscribers,
  primary key (import_id, number)
);
create index people_import_rows_by_status on people_import_rows (import_id, status, number);

-- What the overview counts over a period.
create index subscribers_by_sign_up on subscribers (created_at);
create index subscribers_by_confirmed_at on subscribers (confirmed_at) where confirmed_at is not null;
create index subscribers_by_leaving on subscribers (unsubscribed_at) where unsubscribed_at is not null;
create index deliveries_sent on deliveries (sent_at) include (id, subscriber_id) where status = 'sent';
create index events_hits on events (kind, at) include (class, subscriber_id, delivery_id, link_number)
  where kind in ('open', 'click');
create index events_forms on events (subscriber_id, at) where kind = 'form';
create index qualifications_by_time on qualifications (at);
create index qualifications_by_close on qualifications (closed_at) where closed_at is not null;
create index outcomes_by_status on outcomes (status, at);

-- What lists of people are searched by. Trigrams find a part of a name among 100,000 at once; where the server does not
-- bring them (or does not let us), the same search reads the table.
do $$
begin
  create extension if not exists pg_trgm;
  create index subscribers_by_words on subscribers
    using gin (lower(email || ' ' || coalesce(name, '') || ' ' || coalesce(company, '')) gin_trgm_ops);
exception when others then
  raise notice 'pg_trgm is not available (%): searching people reads the whole table', sqlerrm;
end $$;
create index subscribers_by_interest on subscribers using gin (interests);
create index subscribers_by_score on subscribers (score desc, id desc);
create index subscribers_by_last_act on subscribers ((coalesce(last_act_at, '-infinity'::timestamptz)) desc, id desc);

-- What came of an issue, counted once and kept: issues of long ago do not change, and fresh ones only now and then.
create table issue_numbers (
  issue_id   bigint primary key references issues,
  counted_at timestamptz not null,
  numbers    jsonb not null
);
create index deliveries_of_issue on deliveries (issue_id, id);
-- Few, and looked for often.
create index deliveries_uncertain on deliveries (id) where status = 'uncertain';

-- A test of an issue goes to staff as a mail of its own.
alter table outbox drop constraint outbox_kind_check;
alter table outbox add constraint outbox_kind_check check (kind in
  ('confirmation', 'already-subscribed', 'sales-alert', 'sales-reminder', 'account-alert', 'sign-in', 'notice', 'issue'));

alter table consent_entries drop constraint consent_entries_act_check;
alter table consent_entries add constraint consent_entries_act_check check (act in
  ('signed-up', 'confirmed', 'interests-changed', 'unsubscribed', 'resubscribed', 'measuring-refused',
   'measuring-allowed', 'erased'));

-- A link to all that is known about a person, mailed to that person alone: mails with their links are passed on.
create table own_data_links (
  token_hash    text primary key,
  subscriber_id bigint not null references subscribers,
  expires_at    timestamptz not null
);

-- Numbers of the overview that take long to count, kept for some minutes.
create table kept_counts (
  key        text primary key,
  counted_at timestamptz not null,
  took_ms    integer not null,
  value      jsonb not null
);
