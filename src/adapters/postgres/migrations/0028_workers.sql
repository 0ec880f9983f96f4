-- Up Migration

-- Processes that take work. Each says every few seconds that it is there, so that what a dead one held is known within half a
-- minute, and at once on its own machine. All times here are the database's: clocks of machines differ by more than that.
create table workers (
  name         text primary key,                    -- as in the rows that it holds: host, process number, a mark of its own
  boot         text,                                -- the machine since it was last switched on; null where nobody can tell
  process      text,                                -- its process there, with its start: numbers are used again
  seen_at      timestamptz not null,
  steady_since timestamptz not null,                -- since when it was heard of without a gap
  gone_at      timestamptz                          -- when others saw that its process has ended
);

-- Who holds a row. What a living worker loses track of is free when its lease is over.
alter table outbox add column worker text;
alter table webhook_messages add column worker text;
alter table feeds add column leased_by text;
create index outbox_in_hand on outbox (worker) where status = 'sending';

-- Of how many mails nobody knew whether they arrived when an issue was resumed: they no longer count for pausing it again.
alter table issues add column uncertain_before integer not null default 0;
