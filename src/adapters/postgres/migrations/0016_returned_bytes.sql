-- Up Migration

-- A mail that came to several addresses of ours: its bytes stand in the row of the first one. They are empty once
-- everything that they are needed for is settled: what they said stands in the other columns.
alter table returned_mails add column bytes_of bigint references returned_mails on delete set null;
create index returned_mails_by_bytes on returned_mails (bytes_of) where bytes_of is not null;
update returned_mails set raw = '' where status <> 'waiting' and octet_length(raw) > 0;

-- What was nobody's is dropped after some time.
create index returned_mails_nobodys on returned_mails (applied_at) where status = 'ignored' and subscriber_id is null;
