-- Up Migration

-- One-off mails of which nobody knows whether they arrived: when somebody decided to leave them as they are.
alter table outbox add column resolved_at timestamptz;
create index outbox_uncertain on outbox (created_at) where status = 'uncertain' and resolved_at is null;
