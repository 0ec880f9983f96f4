-- Up Migration

-- How fast mail may go out, across all workers. A row per rate ("second", "hour", "domain gmail.com …"): the next mail of
-- that rate may leave at next_at. Who wants to send moves it forward, and has those places in time for itself.
create table send_rates (
  name    text primary key,
  next_at timestamptz not null
);

-- Mails of a day (UTC), for the warm-up. Counted when they are claimed; what is not sent after all is given back.
create table send_days (
  day   date primary key,
  mails integer not null default 0
);

-- Recipient domains that asked for fewer mails (421) or dropped connections. Nothing goes there until paused_until; then
-- one mail at a time, and with every step of time one more. A row whose domain has recovered is taken out.
create table slow_domains (
  domain       text primary key,
  paused_until timestamptz not null,
  strikes      integer not null default 1,          -- how often since it was well; each makes the next pause longer
  reply        text not null                        -- what it said last
);

-- How many mails to a domain a batch may have on the wire at once; over when the batch's lease is.
create table domain_slots (
  domain   text not null,
  batch_id bigint not null references batches,
  slots    integer not null,
  primary key (domain, batch_id)
);


-- When all mails of the batch that were sent had been counted in the ledger. Mails are settled one by one and counted many
-- at a time; what a worker that died had settled and not counted is counted by the schedule.
alter table batches add column counted_at timestamptz;
create index batches_uncounted on batches (lease_until) where counted_at is null;
